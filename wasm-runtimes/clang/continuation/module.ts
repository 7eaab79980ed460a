import { Kind, readerOf, SectionId, sectionsOf, vectorOf, type Reader, type Section } from "../binary.ts";
import { callsIn, UnknownForm, type Calls } from "./instructions.ts";
import { Op } from "./opcodes.ts";

/** What of a module has to be known to see which of its functions can call themselves (WebAssembly specification, "Modules"). */
export interface Module {
  sections: readonly Section[];
  types: readonly FunctionType[];
  /** Of all functions, the imported ones first: the index of its type. */
  functions: readonly number[];
  imported: readonly { module: string; name: string; kind: number }[];
  exported: readonly { name: string; kind: number; index: number }[];
  /** Those that have a place in a table or whose address is taken otherwise. */
  addressed: ReadonlySet<number>;
  globals: number;
  /** Of each tag, the types of what it carries. */
  tags: readonly (readonly ValueType[])[];
  /** Of the functions that are not imported. */
  codes: readonly Code[];
}

/** As it is written in the module. */
export type ValueType = number;

export interface FunctionType {
  parameters: readonly ValueType[];
  results: readonly ValueType[];
}

export interface Code extends Calls {
  /** Locals and body. */
  bytes: Uint8Array;
  /** How many of each type, beside the parameters. */
  locals: readonly { count: number; type: ValueType }[];
  /** Where the body begins, after the locals. */
  body: number;
}

/** @throws Error when there is no such function */
export function typeOf({ types, functions }: Module, index: number): FunctionType {
  const type = types[functions[index] ?? -1];
  if (type === undefined) throw new Error(`The program has no function ${index}.`);
  return type;
}

const FUNCTION_TYPE = 0x60;

/** @throws UnknownForm */
export function parse(bytes: Uint8Array): Module {
  const sections = sectionsOf(bytes);
  const read = <Entry>(id: number, entry: (reader: Reader) => Entry): Entry[] => {
    const section = sections.find((each) => each.id === id);
    return section === undefined ? [] : vectorOf(readerOf(section.content), entry);
  };
  const types = read(SectionId.type, functionType);
  const imports = read(SectionId.import, importEntry);
  const ofKind = (kind: number) => imports.filter((each) => each.kind === kind);
  const functions = ofKind(Kind.function).map(({ type }) => type);
  const declared = read(SectionId.function, (reader) => reader.number());
  functions.push(...declared);
  const tags = ofKind(Kind.tag).map(({ type }) => type);
  tags.push(...read(SectionId.tag, tagEntry));
  const firstCode = functions.length - declared.length;
  const codes = read(SectionId.code, (reader) => reader.bytes(reader.number())).map((code, place) =>
    codeEntry(code, types[functions[firstCode + place] ?? -1]?.parameters.length ?? 0),
  );
  const addressed = new Set(read(SectionId.element, elements).flat());
  for (const { referred } of codes) for (const index of referred) addressed.add(index);
  return {
    sections,
    types,
    functions,
    imported: imports,
    exported: read(SectionId.export, exportEntry),
    addressed,
    globals: ofKind(Kind.global).length + read(SectionId.global, globalEntry).length,
    tags: tags.map((type) => types[type]?.parameters ?? []),
    codes,
  };
}

function functionType(reader: Reader): FunctionType {
  if (reader.byte() !== FUNCTION_TYPE)
    throw new UnknownForm("The program has types beside those of functions.");
  const value = (): ValueType => reader.byte();
  return { parameters: vectorOf(reader, value), results: vectorOf(reader, value) };
}

function importEntry(reader: Reader): { module: string; name: string; kind: number; type: number } {
  const [module, name, kind] = [reader.name(), reader.name(), reader.byte()];
  const entry = { module, name, kind };
  switch (kind) {
    case Kind.tag:
      reader.byte();
      return { ...entry, type: reader.number() };
    case Kind.function:
      return { ...entry, type: reader.number() };
    default:
      throw new UnknownForm("The program imports something beside functions.");
  }
}

const tagEntry = (reader: Reader): number => {
  reader.byte();
  return reader.number();
};

function exportEntry(reader: Reader): Module["exported"][number] {
  return { name: reader.name(), kind: reader.byte(), index: reader.number() };
}

function globalEntry(reader: Reader): void {
  reader.bytes(2);
  constant(reader);
}

/** A constant expression, as far as a linker writes one here. */
function constant(reader: Reader): void {
  const opcode = reader.byte();
  if (opcode === Op.i32Const || opcode === Op.i64Const) reader.skipNumber();
  else if (opcode === Op.f32Const) reader.bytes(4);
  else if (opcode === Op.f64Const) reader.bytes(8);
  else throw new UnknownForm("The program has a constant that is calculated.");
  if (reader.byte() !== Op.end) throw new UnknownForm("The program has a constant that is calculated.");
}

/** The functions that a segment lists. Bits: 0, it has no place of its own; 1, a table or a kind is told; 2, by expressions. */
function elements(reader: Reader): number[] {
  const flags = reader.number();
  if (flags > 3) throw new UnknownForm("The program has a table of what is calculated.");
  if (flags === 2) reader.skipNumber();
  if ((flags & 1) === 0) constant(reader);
  if (flags !== 0) reader.byte();
  return vectorOf(reader, (each) => each.number());
}

function codeEntry(bytes: Uint8Array, parameters: number): Code {
  const reader = readerOf(bytes);
  const locals = vectorOf(reader, () => ({ count: reader.number(), type: reader.byte() }));
  const body = reader.at();
  return { bytes, locals, body, ...callsIn(bytes, body, parameters) };
}
