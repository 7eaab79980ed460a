/** The value that a JSON text means, or undefined when it is no JSON; to be parsed by a schema next. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
