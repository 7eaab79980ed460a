/**
 * Reads of a WebAssembly module what decides whether and how it may run (WebAssembly specification, "Binary Format", "Modules").
 */

export interface Import {
  module: string;
  name: string;
}

export interface Layout {
  imports: readonly Import[];
  /** Pages of 64 KiB that the module asks for at its start, of the memory that it imports; null when it imports none. */
  initialPages: number | null;
}

const HEADER_BYTES = 8;
const CUSTOM_SECTION = 0;
const IMPORT_SECTION = 2;
const Kind = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

/** @throws Error when the bytes are no module of this form */
export function readLayout(module: Uint8Array): Layout {
  const reader = readerOf(module, HEADER_BYTES);
  while (reader.more()) {
    const section = reader.byte();
    const size = reader.number();
    if (section === IMPORT_SECTION) return readImports(reader);
    reader.skip(size);
  }
  return { imports: [], initialPages: null };
}

function readImports(reader: Reader): Layout {
  const imports: Import[] = [];
  let initialPages: number | null = null;
  for (let left = reader.number(); left > 0; left -= 1) {
    imports.push({ module: reader.name(), name: reader.name() });
    switch (reader.byte()) {
      case Kind.function:
        reader.number();
        break;
      case Kind.table:
        reader.byte();
        limits(reader);
        break;
      case Kind.memory:
        initialPages = limits(reader);
        break;
      case Kind.global:
        reader.skip(2);
        break;
      case Kind.tag:
        reader.byte();
        reader.number();
        break;
      default:
        throw new Error("The program imports something of an unknown kind.");
    }
  }
  return { imports, initialPages };
}

/** @returns the lower one */
function limits(reader: Reader): number {
  const hasUpper = (reader.byte() & 1) === 1;
  const lower = reader.number();
  if (hasUpper) reader.number();
  return lower;
}

interface Reader {
  more(): boolean;
  byte(): number;
  /** LEB128, unsigned. */
  number(): number;
  name(): string;
  skip(bytes: number): void;
}

function readerOf(bytes: Uint8Array, from: number): Reader {
  let at = from;
  const byte = (): number => {
    const value = bytes[at];
    if (value === undefined) throw new Error("The program ends in the middle.");
    at += 1;
    return value;
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
    more: () => at < bytes.length,
    byte,
    number,
    name() {
      const length = number();
      at += length;
      return new TextDecoder().decode(bytes.subarray(at - length, at));
    },
    skip: (count) => void (at += count),
  };
}

/** The name of the custom section in which a program carries how many pages it starts with, for who cannot see its bytes. */
export const PAGES_SECTION = "tabarena.pages";

/** Adds a custom section of four bytes to a module. */
export function withPages(module: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(PAGES_SECTION);
  const content = new Uint8Array([name.length, ...name, ...new Uint8Array(new Uint32Array([pages]).buffer)]);
  const whole = new Uint8Array(module.length + 2 + content.length);
  whole.set(module);
  whole.set([CUSTOM_SECTION, content.length], module.length);
  whole.set(content, module.length + 2);
  return whole;
}

/** @throws Error when the module was not made by `withPages` */
export function pagesOf(module: WebAssembly.Module): number {
  const [section] = WebAssembly.Module.customSections(module, PAGES_SECTION);
  if (section?.byteLength !== 4) throw new Error("The program does not tell how much memory it starts with.");
  return new DataView(section).getUint32(0, true);
}
