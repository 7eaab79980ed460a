import * as v from "valibot";

export type ParsedBody<Request> =
  | { ok: true; request: Request }
  /** `param` names the field as OpenAI writes it (`messages[3].content`), or is null for the body as a whole. */
  | { ok: false; param: string | null; message: string };

/**
 * Reads the body of a request; never throws, and stops at the first thing found wrong.
 * @param body what JSON.parse gave
 */
export function parseBody<const Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): ParsedBody<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (parsed.success) return { ok: true, request: parsed.output };
  const { path, message } = parsed.issues[0];
  if (!path) return { ok: false, param: null, message: `The body ${message}.` };
  const param = paramOf(path);
  return { ok: false, param, message: `${param}: ${message}.` };
}

/** No name of a field comes near this; keys of maps are the sender's. */
const MAX_PARAM = 200;

function paramOf(path: readonly { key: unknown }[]): string {
  const param = path.reduce((left, { key }) => {
    if (typeof key === "number") return `${left}[${key}]`;
    return left === "" ? String(key) : `${left}.${String(key)}`;
  }, "");
  return param.length > MAX_PARAM ? `${param.slice(0, MAX_PARAM)}…` : param;
}
