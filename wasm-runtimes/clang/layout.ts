import { joined } from "../bytes.ts";

/**
 * Reads and changes what decides whether and how a WebAssembly module may run (WebAssembly specification, "Binary Format",
 * "Modules").
 */

export interface Import {
  module: string;
  name: string;
}

const HEADER_BYTES = 8;
const CUSTOM_SECTION = 0;
const IMPORT_SECTION = 2;
const MEMORY_SECTION = 5;
const Kind = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

interface Section {
  id: number;
  content: Uint8Array;
}

function sectionsOf(module: Uint8Array): Section[] {
  const reader = readerOf(module, HEADER_BYTES);
  const sections: Section[] = [];
  while (reader.more()) {
    const id = reader.byte();
    sections.push({ id, content: reader.bytes(reader.number()) });
  }
  return sections;
}

/** @throws Error when the bytes are no module of this form */
export function importsOf(module: Uint8Array): Import[] {
  const section = sectionsOf(module).find(({ id }) => id === IMPORT_SECTION);
  if (section === undefined) return [];
  const reader = readerOf(section.content, 0);
  const imports: Import[] = [];
  for (let left = reader.number(); left > 0; left -= 1) {
    imports.push({ module: reader.name(), name: reader.name() });
    skipType(reader);
  }
  return imports;
}

function skipType(reader: Reader): void {
  const kind = reader.byte();
  switch (kind) {
    case Kind.function:
      return void reader.number();
    case Kind.table:
      reader.byte();
      return void limits(reader);
    case Kind.memory:
      return void limits(reader);
    case Kind.global:
      return void reader.bytes(2);
    case Kind.tag:
      reader.byte();
      return void reader.number();
    default:
      throw new Error(`The program imports something of the unknown kind ${kind}.`);
  }
}

/** @returns the lower one */
function limits(reader: Reader): number {
  const hasUpper = (reader.byte() & 1) === 1;
  const lower = reader.number();
  if (hasUpper) reader.number();
  return lower;
}

/** The name of the custom section in which a program carries how many pages it starts with, for who cannot see its bytes. */
export const PAGES_SECTION = "tabarena.pages";

/**
 * Makes a module that has a memory of its own into one that imports it, so that it runs in whatever memory it is given. (The linker
 * could do so too, but then writes out every zero of every global array: that memory might hold something. What is given here is
 * empty.) How many pages it starts with is noted in a custom section.
 * @throws Error when it has not exactly one memory of its own
 */
export function importMemory(module: Uint8Array, from: Import): Uint8Array<ArrayBuffer> {
  const sections = sectionsOf(module);
  const own = sections.find(({ id }) => id === MEMORY_SECTION);
  const reader = own && readerOf(own.content, 0);
  if (reader === undefined || reader.number() !== 1) throw new Error("The program has no memory of its own.");
  const pages = limits(reader);
  const imported = [...named(from.module), ...named(from.name), Kind.memory, 0, ...leb128(pages)];
  const parts: Uint8Array[] = [module.subarray(0, HEADER_BYTES)];
  const add = (id: number, content: Uint8Array): void =>
    void parts.push(new Uint8Array([id, ...leb128(content.length)]), content);
  const hasImports = sections.some(({ id }) => id === IMPORT_SECTION);
  for (const { id, content } of sections) {
    if (id === IMPORT_SECTION) add(id, withOneMore(content, imported));
    // Types come first, then imports.
    else if (id > IMPORT_SECTION && !hasImports) throw new Error("The program imports nothing.");
    else if (id !== MEMORY_SECTION) add(id, content);
  }
  const note = [...named(PAGES_SECTION), ...new Uint8Array(new Uint32Array([pages]).buffer)];
  add(CUSTOM_SECTION, new Uint8Array(note));
  return joined(parts);
}

function withOneMore(vector: Uint8Array, entry: readonly number[]): Uint8Array {
  const reader = readerOf(vector, 0);
  const count = reader.number();
  return joined([new Uint8Array(leb128(count + 1)), reader.rest(), new Uint8Array(entry)]);
}

/** @throws Error when the module was not made by `importMemory` */
export function pagesOf(module: WebAssembly.Module): number {
  const [section] = WebAssembly.Module.customSections(module, PAGES_SECTION);
  if (section?.byteLength !== 4) throw new Error("The program does not tell how much memory it starts with.");
  return new DataView(section).getUint32(0, true);
}

interface Reader {
  more(): boolean;
  byte(): number;
  bytes(count: number): Uint8Array;
  rest(): Uint8Array;
  /** LEB128, unsigned. */
  number(): number;
  name(): string;
}

function readerOf(source: Uint8Array, from: number): Reader {
  let at = from;
  const bytes = (count: number): Uint8Array => {
    if (at + count > source.length) throw new Error("The program ends in the middle.");
    at += count;
    return source.subarray(at - count, at);
  };
  const byte = (): number => bytes(1)[0] ?? 0;
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
    byte,
    bytes,
    rest: () => source.subarray(at),
    number,
    name: () => new TextDecoder().decode(bytes(number())),
  };
}

function leb128(number: number): number[] {
  const low = number % 128;
  const rest = Math.floor(number / 128);
  return rest === 0 ? [low] : [low + 128, ...leb128(rest)];
}

function named(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...leb128(bytes.length), ...bytes];
}
