/**
 * What the beginning of a GGUF file tells of its model. Little-endian: a header, then facts by name, of which those that list a
 * vocabulary are skipped.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export interface GgufFacts {
  /** As its makers call it; null where it tells none. */
  name: string | null;
  architecture: string;
  /** `Q4_K_M`; null for a type of file that is not known here. */
  quantisation: string | null;
  /** What it was trained for, in tokens; null where it tells none. */
  contextTokens: number | null;
  hasChatTemplate: boolean;
  /** What each token of the context takes in memory at 16 bits, in bytes; null where it does not tell enough. */
  bytesPerToken: number | null;
}

/**
 * - `more`     the bytes end before the facts do
 * - `unknown`  this is no GGUF, or a version that is not in use
 */
export type GgufReading = GgufFacts | "more" | "unknown";

/** @param bytes from the beginning of the file on, as many as there are so far */
export function readGgufFacts(bytes: Uint8Array): GgufReading {
  const cursor: Cursor = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  try {
    return factsOf(factsByName(cursor));
  } catch (error) {
    // A DataView's own, for what lies beyond its end.
    if (error instanceof RangeError) return "more";
    if (error instanceof NotGguf) return "unknown";
    throw error;
  }
}

class NotGguf extends Error {}

type Fact = string | number | boolean | null;

interface Cursor {
  view: DataView;
  at: number;
}

/** As the format numbers its value types, each with its bytes; strings (8) and lists (9) tell their own length. */
const SIZES: Partial<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const STRING = 8;
const LIST = 9;
const MAGIC = 0x46554747;
/** Those in use; the first was never more than a draft. */
const VERSIONS = [2, 3];
/** More facts than any file has. */
const MOST_FACTS = 10_000;

function factsByName(cursor: Cursor): Map<string, Fact> {
  if (u32(cursor) !== MAGIC || !VERSIONS.includes(u32(cursor))) throw new NotGguf();
  u64(cursor);
  const count = u64(cursor);
  if (count > MOST_FACTS) throw new NotGguf();
  const facts = new Map<string, Fact>();
  for (let read = 0; read < count; read++) {
    const name = string(cursor);
    facts.set(name, value(cursor, u32(cursor)));
  }
  return facts;
}

function value(cursor: Cursor, type: number): Fact {
  if (type === STRING) return string(cursor);
  if (type === LIST) {
    skipList(cursor);
    return null;
  }
  const size = SIZES[type];
  if (size === undefined) throw new NotGguf();
  const { view, at } = cursor;
  cursor.at += size;
  switch (type) {
    case 0:
      return view.getUint8(at);
    case 1:
      return view.getInt8(at);
    case 2:
      return view.getUint16(at, true);
    case 3:
      return view.getInt16(at, true);
    case 4:
      return view.getUint32(at, true);
    case 5:
      return view.getInt32(at, true);
    case 6:
      return view.getFloat32(at, true);
    case 7:
      return view.getUint8(at) !== 0;
    case 10:
      return Number(view.getBigUint64(at, true));
    case 11:
      return Number(view.getBigInt64(at, true));
    default:
      return view.getFloat64(at, true);
  }
}

function skipList(cursor: Cursor): void {
  const type = u32(cursor);
  const count = u64(cursor);
  const size = SIZES[type];
  if (size !== undefined) {
    cursor.at += size * count;
    // The last byte must be there, or those after it are not.
    if (count > 0) cursor.view.getUint8(cursor.at - 1);
  } else if (type === STRING) for (let read = 0; read < count; read++) skipString(cursor);
  else if (type === LIST) for (let read = 0; read < count; read++) skipList(cursor);
  else throw new NotGguf();
}

function u32(cursor: Cursor): number {
  const read = cursor.view.getUint32(cursor.at, true);
  cursor.at += 4;
  return read;
}

function u64(cursor: Cursor): number {
  const read = Number(cursor.view.getBigUint64(cursor.at, true));
  cursor.at += 8;
  if (!Number.isSafeInteger(read)) throw new NotGguf();
  return read;
}

const decoder = new TextDecoder();

function string(cursor: Cursor): string {
  const { view } = cursor;
  const length = skipString(cursor);
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + cursor.at - length, length));
}

function skipString(cursor: Cursor): number {
  const length = u64(cursor);
  cursor.at += length;
  if (length > 0) cursor.view.getUint8(cursor.at - 1);
  return length;
}

function factsOf(facts: ReadonlyMap<string, Fact>): GgufFacts {
  const architecture = text(facts.get("general.architecture"));
  if (architecture === null) throw new NotGguf();
  const of = (name: string): number | null => number(facts.get(`${architecture}.${name}`));
  return {
    name: text(facts.get("general.name")),
    architecture,
    quantisation: quantisationOf(number(facts.get("general.file_type"))),
    contextTokens: of("context_length"),
    hasChatTemplate: text(facts.get("tokenizer.chat_template")) !== null,
    bytesPerToken: bytesPerToken(of),
  };
}

const text = (fact: Fact | undefined): string | null => (typeof fact === "string" ? fact : null);
const number = (fact: Fact | undefined): number | null => (typeof fact === "number" ? fact : null);

/** Keys and values of all layers. */
function bytesPerToken(of: (name: string) => number | null): number | null {
  const layers = of("block_count");
  const width = of("embedding_length");
  const heads = of("attention.head_count");
  if (layers === null || width === null || heads === null || heads === 0) return null;
  const shared = of("attention.head_count_kv") ?? heads;
  const keys = of("attention.key_length") ?? width / heads;
  const values = of("attention.value_length") ?? width / heads;
  return 2 * layers * shared * (keys + values);
}

/** As llama.cpp numbers the types of files (enum llama_ftype). */
const QUANTISATIONS: Partial<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  19: "IQ2_XXS",
  20: "IQ2_XS",
  21: "Q2_K_S",
  22: "IQ3_XS",
  23: "IQ3_XXS",
  24: "IQ1_S",
  25: "IQ4_NL",
  26: "IQ3_S",
  27: "IQ3_M",
  28: "IQ2_S",
  29: "IQ2_M",
  30: "IQ4_XS",
  31: "IQ1_M",
  32: "BF16",
  36: "TQ1_0",
  37: "TQ2_0",
  38: "MXFP4_MOE",
};

const quantisationOf = (fileType: number | null): string | null =>
  fileType === null ? null : (QUANTISATIONS[fileType] ?? null);
