/** A package or this host cannot be used; the message says why. */
export class Unusable extends Error {}

/** What is wrong with what was asked for is its author's to know: a sentence. Anything else is a defect of ours. */
export function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
