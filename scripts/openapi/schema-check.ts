import { isDeepStrictEqual } from "node:util";

/** A JSON Schema, and whatever else is an object in a document. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the document says about schemas without asking anything of a value. */
const annotations = new Set(["$schema", "default", "description", "title", "examples", "contentEncoding"]);

/**
 * What is wrong with a value by a JSON Schema, of which it knows as much as the API's document uses (JSON Schema 2020-12).
 *
 * @param root where references begin, which are fragments: `#/components/schemas/Model`
 * @returns a line for each thing wrong, with the way to it; none where nothing is
 * @throws Error for a keyword that it does not know, and for a reference that leads nowhere
 */
export function schemaFaults(root: unknown, schema: unknown, value: unknown, at = "$"): string[] {
  if (schema === true) return [];
  if (schema === false) return [`${at}: nothing may be here`];
  if (!isObject(schema)) throw new Error(`no schema for ${at}`);
  return Object.entries(schema).flatMap(([keyword, asked]) => {
    if (annotations.has(keyword)) return [];
    const check = keywords[keyword];
    if (check === undefined) throw new Error(`a schema with the keyword ${keyword}`);
    return check({ root, schema, asked, value, at });
  });
}

/** The part of a document that a reference names. */
export function resolveRef(root: unknown, ref: unknown): unknown {
  if (typeof ref !== "string" || !ref.startsWith("#/"))
    throw new Error(`no reference within the document: ${String(ref)}`);
  return ref
    .slice(2)
    .split("/")
    .reduce((part: unknown, key) => {
      const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
      if (!isObject(part) || !Object.hasOwn(part, name)) throw new Error(`nothing at ${ref}`);
      return part[name];
    }, root);
}

interface Asked {
  root: unknown;
  schema: Json;
  /** What stands beside the keyword. */
  asked: unknown;
  value: unknown;
  at: string;
}

type Check = (asked: Asked) => string[];

/** A check of values of one type only: others are not asked. */
const ofType =
  <Value>(
    is: (value: unknown) => value is Value,
    isRight: (value: Value, limit: number) => boolean,
    says: string,
  ): Check =>
  ({ asked, value, at }) =>
    is(value) && !isRight(value, Number(asked)) ? [`${at}: ${says} ${String(asked)}`] : [];

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const lengthOf = (text: string): number => [...text].length;

const listOf = (asked: unknown): unknown[] => (Array.isArray(asked) ? asked : []);
const entriesOf = (asked: unknown): Json => (isObject(asked) ? asked : {});

const typeOf = (value: unknown): string[] => {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return [typeof value];
};

const keywords: Record<string, Check | undefined> = {
  $ref: ({ root, asked, value, at }) => schemaFaults(root, resolveRef(root, asked), value, at),
  type: ({ asked, value, at }) =>
    typeOf(value).some((type) => [asked].flat().includes(type))
      ? []
      : [`${at}: not of type ${String(asked)}`],
  const: ({ asked, value, at }) =>
    isDeepStrictEqual(value, asked) ? [] : [`${at}: not ${JSON.stringify(asked)}`],
  enum: ({ asked, value, at }) => (listOf(asked).includes(value) ? [] : [`${at}: none of ${String(asked)}`]),
  anyOf: ({ root, asked, value, at }) =>
    listOf(asked).some((option) => schemaFaults(root, option, value, at).length === 0)
      ? []
      : [`${at}: fits none of anyOf`],
  oneOf: ({ root, asked, value, at }) => {
    const fitting = listOf(asked).filter((option) => schemaFaults(root, option, value, at).length === 0);
    return fitting.length === 1 ? [] : [`${at}: fits ${fitting.length} of oneOf`];
  },
  properties: ({ root, asked, value, at }) =>
    isObject(value)
      ? Object.entries(entriesOf(asked)).flatMap(([key, schema]) =>
          Object.hasOwn(value, key) ? schemaFaults(root, schema, value[key], `${at}.${key}`) : [],
        )
      : [],
  required: ({ asked, value, at }) =>
    isObject(value)
      ? listOf(asked).flatMap((key) =>
          Object.hasOwn(value, String(key)) ? [] : [`${at}: lacks ${String(key)}`],
        )
      : [],
  additionalProperties: ({ root, schema, asked, value, at }) =>
    isObject(value)
      ? Object.keys(value)
          .filter((key) => !Object.hasOwn(entriesOf(schema["properties"]), key))
          .flatMap((key) => schemaFaults(root, asked, value[key], `${at}.${key}`))
      : [],
  propertyNames: ({ root, asked, value, at }) =>
    isObject(value)
      ? Object.keys(value).flatMap((key) => schemaFaults(root, asked, key, `${at}.${key}`))
      : [],
  prefixItems: ({ root, asked, value, at }) =>
    isList(value)
      ? listOf(asked)
          .slice(0, value.length)
          .flatMap((schema, index) => schemaFaults(root, schema, value[index], `${at}[${index}]`))
      : [],
  items: ({ root, schema, asked, value, at }) =>
    isList(value)
      ? value.flatMap((item, index) =>
          index < listOf(schema["prefixItems"]).length
            ? []
            : schemaFaults(root, asked, item, `${at}[${index}]`),
        )
      : [],
  pattern: ({ asked, value, at }) =>
    isText(value) && !new RegExp(String(asked), "u").test(value)
      ? [`${at}: does not match ${String(asked)}`]
      : [],
  minLength: ofType(isText, (text, least) => lengthOf(text) >= least, "shorter than"),
  maxLength: ofType(isText, (text, most) => lengthOf(text) <= most, "longer than"),
  minimum: ofType(isNumber, (number, least) => number >= least, "less than"),
  maximum: ofType(isNumber, (number, most) => number <= most, "more than"),
  minItems: ofType(isList, (list, least) => list.length >= least, "fewer than"),
  maxItems: ofType(isList, (list, most) => list.length <= most, "more than"),
  minProperties: ofType(isObject, (object, least) => Object.keys(object).length >= least, "fewer keys than"),
  maxProperties: ofType(isObject, (object, most) => Object.keys(object).length <= most, "more keys than"),
};
