import * as v from "valibot";

/** A language of the interface or of a statement, as a BCP 47 tag: `en`, `pt-BR`, `zh`. */
export const Locale = v.pipe(v.string(), v.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "not a language tag"));

/** One text in several languages: `{ "en": "Sum", "pt": "Soma" }`. */
export const LocalText = v.record(Locale, v.string());
export type LocalText = v.InferOutput<typeof LocalText>;

/** A short name in URLs: lower-case letters, digits and single hyphens. */
export const Slug = v.pipe(
  v.string(),
  v.maxLength(64, "at most 64 characters"),
  v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "only lower-case letters, digits and single hyphens"),
);

/** Bytes by their content: the SHA-256 in lower-case hexadecimal. */
export const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "not a SHA-256 in hexadecimal"));

/** A moment: milliseconds since 1970-01-01 UTC. */
export const Instant = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A moment in OpenAI's answers: seconds since 1970-01-01 UTC. */
export const UnixTime = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A length of time in whole milliseconds. */
export const Milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0));

/** How many of something. */
export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A name for people: trimmed, not empty, no control characters. */
export const DisplayName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(80, "at most 80 characters"),
  v.regex(/^[^\p{Cc}]*$/u, "no control characters"),
);
