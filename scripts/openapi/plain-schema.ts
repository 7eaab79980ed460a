import * as v from "valibot";

/**
 * Schemas of `protocol/` without what a JSON Schema can't say. Their fields are read step by step, so that what is wrong can be
 * named (protocol/chat-field.ts): a list is first any list, then not too long, then a list of something; what is right depends
 * on what was sent. Here each becomes the one schema, or the few, that it comes to in the end.
 */

/** One of each kind that JSON has. */
const kinds: readonly unknown[] = ["", 0, false, null, [], {}];

/** What something that depends on its input is asked with: objects are told apart by whether they say their type, too. */
const probes: readonly unknown[] = [...kinds, { type: "" }];

const shapeOfKind = new Map<unknown, v.GenericSchema>([
  [kinds[0], v.string()],
  [kinds[1], v.number()],
  [kinds[2], v.boolean()],
  [kinds[3], v.null()],
  [kinds[4], v.array(v.unknown())],
  [kinds[5], v.record(v.string(), v.unknown())],
]);

/** @param named schemas to be put in the place of others, which stand for themselves and can't be looked into */
export function plainSchemas(named: ReadonlyMap<v.GenericSchema, v.GenericSchema>) {
  const known = new Map(named);

  /** The same for the same schema, so that references to it can be found again. */
  function plain(schema: v.GenericSchema): v.GenericSchema {
    const before = known.get(schema);
    if (before !== undefined) return before;
    const made = "pipe" in schema && Array.isArray(schema.pipe) ? piped(schema.pipe) : single(schema);
    known.set(schema, made);
    return made;
  }

  function single(schema: v.GenericSchema): v.GenericSchema {
    if (schema.type === "lazy" && "getter" in schema && typeof schema.getter === "function") {
      const { getter } = schema;
      return anyOf(probes.map((probe): unknown => getter(probe)).filter(isSchema));
    }
    if (schema.type === "custom")
      return anyOf([...shapeOfKind].filter(([kind]) => v.is(schema, kind)).map(([, shape]) => shape));
    return { ...schema, ...mapValues(schema, rewritten) };
  }

  /** Up to where a value is turned into another, the narrowest schema and all that is asked of it. */
  function piped(pipe: readonly unknown[]): v.GenericSchema {
    const turn = pipe.findIndex(transforms);
    const read = turn === -1 ? pipe : pipe.slice(0, isSchema(pipe[turn]) ? turn + 1 : turn);
    const last = read.findLast(isSchema);
    if (last === undefined) throw new Error("a pipe without a schema");
    const root = plain(last);
    const actions = read.filter(isSaid);
    if (actions.length === 0) return root;
    const before = "pipe" in root && Array.isArray(root.pipe) ? root.pipe : [root];
    const narrowed = { ...root, pipe: [...before, ...actions] };
    return narrowed;
  }

  function anyOf(schemas: readonly v.GenericSchema[]): v.GenericSchema {
    const options = [...new Set(schemas)].filter(({ type }) => type !== "never").map(plain);
    const [only, ...others] = options;
    if (only === undefined) throw new Error("a schema that nothing in JSON satisfies");
    return others.length === 0 ? only : v.union(options);
  }

  /** A schema, or what holds schemas: the entries of an object, the options of a union. */
  function rewritten(value: unknown): unknown {
    if (isSchema(value)) return plain(value);
    if (Array.isArray(value)) return value.map(rewritten);
    const holdsSchemas = isRecord(value) && Object.values(value).every(isSchema);
    return holdsSchemas ? mapValues(value, rewritten) : value;
  }

  return plain;
}

/** Whether what comes out is something else than what went in. */
const transforms = (item: unknown): boolean =>
  kindOf(item) === "transformation" ||
  (isSchema(item) && "pipe" in item && Array.isArray(item.pipe) && item.pipe.slice(1).some(transforms));

/** Not what JSON Schema can't say, and says no less for it: sums that add up, fields that need one another, finite numbers. */
const isSaid = (item: unknown): boolean =>
  isRecord(item) && item["kind"] === "validation" && item["type"] !== "check" && item["type"] !== "finite";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): unknown => (isRecord(value) ? value["kind"] : undefined);

const isSchema = (value: unknown): value is v.GenericSchema => kindOf(value) === "schema";

const mapValues = (value: object, of: (entry: unknown) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, of(entry)]));
