import { joined } from "../bytes.ts";
import { Kind, leb128, named, partsOf, readerOf, SectionId, sectionsOf, type Reader } from "./binary.ts";

/**
 * Reads and changes what decides whether and how a WebAssembly module may run (WebAssembly specification, "Binary Format",
 * "Modules").
 */

export interface Import {
  module: string;
  name: string;
}

/** @throws Error when the bytes are no module of this form */
export function importsOf(module: Uint8Array): Import[] {
  const section = sectionsOf(module).find(({ id }) => id === SectionId.import);
  if (section === undefined) return [];
  const reader = readerOf(section.content);
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
  const own = sections.find(({ id }) => id === SectionId.memory);
  const reader = own && readerOf(own.content);
  if (reader === undefined || reader.number() !== 1) throw new Error("The program has no memory of its own.");
  const pages = limits(reader);
  const imported = [...named(from.module), ...named(from.name), Kind.memory, 0, ...leb128(pages)];
  if (!sections.some(({ id }) => id === SectionId.import)) throw new Error("The program imports nothing.");
  const note = [...named(PAGES_SECTION), ...new Uint8Array(new Uint32Array([pages]).buffer)];
  const changed = sections
    .map(({ id, content }) => ({
      id,
      content: id === SectionId.import ? withOneMore(content, imported) : content,
    }))
    .filter(({ id }) => id !== SectionId.memory);
  return joined(partsOf(module, [...changed, { id: SectionId.custom, content: new Uint8Array(note) }]));
}

function withOneMore(vector: Uint8Array, entry: readonly number[]): Uint8Array {
  const reader = readerOf(vector);
  const count = reader.number();
  return joined([new Uint8Array(leb128(count + 1)), reader.rest(), new Uint8Array(entry)]);
}

/** @throws Error when the module was not made by `importMemory` */
export function pagesOf(module: WebAssembly.Module): number {
  const [section] = WebAssembly.Module.customSections(module, PAGES_SECTION);
  if (section?.byteLength !== 4) throw new Error("The program does not tell how much memory it starts with.");
  return new DataView(section).getUint32(0, true);
}
