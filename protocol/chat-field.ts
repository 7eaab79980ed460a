import * as v from "valibot";

/**
 * The kinds of fields that OpenAI's requests have. What is found wrong is a clause that goes on from the field's name, as in
 * `temperature: must be a number from 0 to 2`, and never repeats what was sent.
 */

/** A field that may be left out or null, which mean the same: then it is undefined. */
export const given = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(
    v.pipe(
      v.nullable(schema),
      v.transform((value) => value ?? undefined),
    ),
  );

/** A field of the official API that would change the answer and has no effect here: only null is taken for it. */
export const notServed = (sentence: string) =>
  v.optional(
    v.pipe(
      v.null(sentence),
      v.transform(() => undefined),
    ),
  );

export const Text = v.string("must be a string");

export const Flag = v.boolean("must be true or false");

export const stringUpTo = (length: number) =>
  v.pipe(Text, v.maxLength(length, `must have at most ${length} characters`));

export function numberFrom(least: number, most: number) {
  const message = `must be a number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.minValue(least, message), v.maxValue(most, message));
}

export function integerFrom(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
}

export const oneOf = <const Options extends readonly string[]>(...options: Options) =>
  v.picklist(options, mustBe(options.join(", ")));

/** @param names separated by commas */
const mustBe = (names: string): string => `must be ${names.includes(", ") ? "one of " : ""}${names}`;

const isList = (value: unknown): boolean => Array.isArray(value);

/** A list whose length is looked at before what it holds. */
export const listOf = <const Item extends v.GenericSchema>(item: Item, most: number, expected = "a list") =>
  v.pipe(
    v.custom<unknown[]>(isList, `must be ${expected}`),
    v.maxLength(most, `must have at most ${most} entries`),
    v.array(item),
  );

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const AnyObject = v.custom<Record<string, unknown>>(isObject, "must be an object");

/** An object with these fields; others are ignored. */
export const objectOf = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(AnyObject, v.object(entries, objectMessage));

/** An object with these fields and no others. */
export const strictObjectOf = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(AnyObject, v.strictObject(entries, objectMessage));

/** An object with any keys, at most `most` of them. */
export const mapOf = <const Value extends v.GenericSchema>(
  key: v.GenericSchema<string, string>,
  value: Value,
  most: number,
) => v.pipe(AnyObject, v.maxEntries(most, `must have at most ${most} entries`), v.record(key, value));

/** What an object schema finds wrong: no object, a field missing, or a field too many. */
export const objectMessage = ({ expected }: { expected: string | null }): string =>
  expected === "Object" ? "must be an object" : expected === "never" ? "is not known here" : "is required";

const NoObject = v.never("must be an object");

/** One of several objects, told apart by the field `key`. Whoever has another name there is told those that there are. */
export function variantOf<const Key extends string, const Options extends v.VariantOptions<Key>>(
  key: Key,
  options: Options,
) {
  const variant = v.variant(key, options, ({ expected }) =>
    mustBe(expected.replace(/[("|)]+/g, "").replaceAll("  ", ", ")),
  );
  return v.lazy((input) => (isObject(input) ? variant : NoObject));
}

/** As deep as any schema of a function goes. Beyond, writing it down again would exhaust the stack. */
export const MAX_JSON_DEPTH = 64;

/** An object that is passed on as it is, such as a JSON Schema. */
export const JsonObject = v.pipe(
  AnyObject,
  v.check(
    (value) => !isDeeperThan(value, MAX_JSON_DEPTH),
    `must not be nested deeper than ${MAX_JSON_DEPTH} levels`,
  ),
);

/** Layer by layer, since a depth that recursion survives is what is asked for. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let layer: unknown[] = [value];
  for (let level = 0; level <= levels; level++) {
    layer = layer.flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []));
    if (layer.length === 0) return false;
  }
  return true;
}
