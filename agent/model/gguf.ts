/**
 * GGUF, version 3: the file of a model for llama.cpp. Little-endian: a header, facts by name, a list of tensors, then
 * their numbers, each tensor at a multiple of 32 bytes.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export interface GgufFile {
  facts: Readonly<Record<string, Fact>>;
  tensors: readonly Tensor[];
}

/** A value by its type, which is part of the format: a reader that expects one refuses another. */
export type Fact =
  | { u32: number }
  | { f32: number }
  | { bool: boolean }
  | { string: string }
  | { f32s: readonly number[] }
  | { i32s: readonly number[] }
  | { strings: readonly string[] };

export interface Tensor {
  name: string;
  /** The length of a row first. */
  dimensions: readonly number[];
  values: Float32Array;
  type: keyof typeof tensorTypes;
}

/** As ggml numbers them (enum ggml_type). */
const tensorTypes = { F32: 0, F16: 1 } as const;
/** Of the format's value types (enum gguf_metadata_value_type), those that we write. */
const factTypes = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const VERSION = 3;
const ALIGNMENT = 32;

/** The bytes of the file. */
export function writeGguf({ facts, tensors }: GgufFile): Uint8Array {
  const named = Object.entries(facts);
  const writer = new Writer();
  writer.raw(new TextEncoder().encode("GGUF"));
  writer.u32(VERSION);
  writer.u64(tensors.length);
  writer.u64(named.length);
  for (const [name, fact] of named) {
    writer.string(name);
    writeFact(writer, fact);
  }
  let offset = 0;
  for (const { name, dimensions, type, values } of tensors) {
    writer.string(name);
    writer.u32(dimensions.length);
    for (const dimension of dimensions) writer.u64(dimension);
    writer.u32(tensorTypes[type]);
    writer.u64(offset);
    offset += Math.ceil((values.length * bytesEach[type]) / ALIGNMENT) * ALIGNMENT;
  }
  writer.align();
  for (const tensor of tensors) {
    writer.raw(encode(tensor));
    writer.align();
  }
  return writer.written();
}

const bytesEach = { F32: 4, F16: 2 } as const satisfies Record<Tensor["type"], number>;

function encode({ type, values }: Tensor): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesEach[type]);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) =>
    type === "F32" ? view.setFloat32(index * 4, value, true) : view.setFloat16(index * 2, value, true),
  );
  return bytes;
}

function writeFact(writer: Writer, fact: Fact): void {
  if ("u32" in fact) {
    writer.u32(factTypes.u32);
    writer.u32(fact.u32);
  } else if ("f32" in fact) {
    writer.u32(factTypes.f32);
    writer.f32(fact.f32);
  } else if ("bool" in fact) {
    writer.u32(factTypes.bool);
    writer.raw([fact.bool ? 1 : 0]);
  } else if ("string" in fact) {
    writer.u32(factTypes.string);
    writer.string(fact.string);
  } else if ("f32s" in fact) writeArray(writer, factTypes.f32, fact.f32s, (value) => writer.f32(value));
  else if ("i32s" in fact) writeArray(writer, factTypes.i32, fact.i32s, (value) => writer.u32(value));
  else writeArray(writer, factTypes.string, fact.strings, (value) => writer.string(value));
}

function writeArray<T>(writer: Writer, type: number, values: readonly T[], write: (value: T) => void): void {
  writer.u32(factTypes.array);
  writer.u32(type);
  writer.u64(values.length);
  for (const value of values) write(value);
}

/** Numbers and texts as the format has them, one after the other. */
class Writer {
  #parts: Uint8Array[] = [];
  #length = 0;

  raw(bytes: ArrayLike<number>): void {
    this.#parts.push(Uint8Array.from(bytes));
    this.#length += bytes.length;
  }

  u32(value: number): void {
    this.#number(4, (view) => view.setUint32(0, value, true));
  }

  u64(value: number): void {
    this.#number(8, (view) => view.setBigUint64(0, BigInt(value), true));
  }

  f32(value: number): void {
    this.#number(4, (view) => view.setFloat32(0, value, true));
  }

  /** Its length in bytes, and those. */
  string(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u64(bytes.length);
    this.raw(bytes);
  }

  align(): void {
    this.raw(new Uint8Array((ALIGNMENT - (this.#length % ALIGNMENT)) % ALIGNMENT));
  }

  written(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }

  #number(size: number, set: (view: DataView) => void): void {
    const bytes = new Uint8Array(size);
    set(new DataView(bytes.buffer));
    this.raw(bytes);
  }
}
