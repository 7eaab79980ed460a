/** Reading and writing of WebAssembly's binary format (WebAssembly specification, "Binary Format"). */

const HEADER_BYTES = 8;

/** Numbers of sections ("Modules", "Sections"; of tags: "Exception Handling" proposal). */
export const SectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  memory: 5,
  global: 6,
  export: 7,
  element: 9,
  code: 10,
  tag: 13,
} as const;

/** What is imported or exported ("Imports", "Exports"). */
export const Kind = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

export interface Section {
  id: number;
  content: Uint8Array;
}

/** @throws Error when the bytes are no module of this form */
export function sectionsOf(module: Uint8Array): Section[] {
  const reader = readerOf(module, HEADER_BYTES);
  const sections: Section[] = [];
  while (reader.more()) {
    const id = reader.byte();
    sections.push({ id, content: reader.bytes(reader.number()) });
  }
  return sections;
}

/** The module's header and the given sections, as parts of a module in their order. */
export function partsOf(module: Uint8Array, sections: readonly Section[]): Uint8Array[] {
  const parts: Uint8Array[] = [module.subarray(0, HEADER_BYTES)];
  for (const { id, content } of sections)
    parts.push(new Uint8Array([id, ...leb128(content.length)]), content);
  return parts;
}

export interface Reader {
  more(): boolean;
  /** How many bytes lie before what is read next. */
  at(): number;
  byte(): number;
  bytes(count: number): Uint8Array;
  rest(): Uint8Array;
  /** LEB128, unsigned. */
  number(): number;
  /** A LEB128 of any width and sign, which nobody wants to know. */
  skipNumber(): void;
  name(): string;
}

/** @throws Error, from whatever is read of it, where the bytes end too early */
export function readerOf(source: Uint8Array, from = 0): Reader {
  let at = from;
  const bytes = (count: number): Uint8Array => {
    if (at + count > source.length) throw new Error("The program ends in the middle.");
    at += count;
    return source.subarray(at - count, at);
  };
  const byte = (): number => {
    const next = source[at];
    if (next === undefined) throw new Error("The program ends in the middle.");
    at += 1;
    return next;
  };
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = byte();
      value += (next & 127) * scale;
      if (next < 128) return value;
    }
  };
  return {
    more: () => at < source.length,
    at: () => at,
    byte,
    bytes,
    rest: () => source.subarray(at),
    number,
    skipNumber: () => {
      while (byte() >= 128);
    },
    name: () => new TextDecoder().decode(bytes(number())),
  };
}

/** Reads a vector: its length, then so many entries. */
export function vectorOf<Entry>(reader: Reader, read: (reader: Reader) => Entry): Entry[] {
  return Array.from({ length: reader.number() }, () => read(reader));
}

/** @param number not negative */
export function leb128(number: number): number[] {
  const low = number % 128;
  const rest = Math.floor(number / 128);
  return rest === 0 ? [low] : [low + 128, ...leb128(rest)];
}

/** @param number of 32 bits */
export function signedLeb128(number: number): number[] {
  const low = number & 127;
  const rest = number >> 7;
  const isAll = rest === 0 ? low < 64 : rest === -1 && low >= 64;
  return isAll ? [low] : [low | 128, ...signedLeb128(rest)];
}

export function named(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...leb128(bytes.length), ...bytes];
}
