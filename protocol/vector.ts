import * as v from "valibot";

/** More than any model's vectors have. */
export const MAX_DIMENSIONS = 16_384;

/** Numbers of all vectors of an answer: 2,048 for each of 2,048 texts. They are gathered in memory, in 16 MiB. */
export const MAX_NUMBERS = 2 ** 22;

/** Four bytes a number, four characters for three bytes. */
const MAX_BASE64 = 4 * Math.ceil((4 * MAX_DIMENSIONS) / 3);

/** The vector of one text of a request. */
export const Vector = v.object({
  /** Which text, from 0. */
  index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** 32-bit floating point numbers, little end first, in base64 (RFC 4648, section 4): what `encoding_format: "base64"` asks for. */
  values: v.pipe(v.string(), v.minLength(8), v.maxLength(MAX_BASE64), v.base64()),
});
export type Vector = v.InferOutput<typeof Vector>;
