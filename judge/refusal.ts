import * as v from "valibot";
import { ErrorBody } from "../protocol/errors.ts";

const MAX_CHARACTERS = 300;

/**
 * An answer of the site's that is no success, in words: `401 This judge's token is not known.`
 *
 * @param text - the answer's body: an `ErrorBody`, unless something between here and the site has answered
 */
export function refusal(status: number, text: string): string {
  return `${status} ${(messageOf(text) ?? text).slice(0, MAX_CHARACTERS)}`.trim();
}

function messageOf(text: string): string | null {
  try {
    const parsed = v.safeParse(ErrorBody, JSON.parse(text));
    return parsed.success ? [parsed.output.message, ...(parsed.output.details ?? [])].join(" ") : null;
  } catch {
    return null;
  }
}
