import { readerOf, type Reader } from "../binary.ts";
import { Op } from "./opcodes.ts";

/**
 * Finds the calls in a function's code (WebAssembly specification, "Binary Format", "Instructions"; exceptions of both encodings and
 * tail calls by their proposals). Of every other instruction it is only known how long it is.
 */

export interface Call {
  /** Where the instruction begins, from the start of what was read. */
  at: number;
  /** A direct call has a function's index; an indirect one has a type's. */
  how: "direct" | "indirect";
  index: number;
  /** The caller's frame is gone by then. */
  isTail: boolean;
}

export interface Calls {
  calls: Call[];
  /** Functions whose address the code takes. */
  referred: number[];
  /** In the order in which they stand. */
  beginnings: Beginning[];
}

/**
 * A place before which the function has done nothing that anybody could see: called from its start again with its arguments, it comes
 * to the same. Whatever stands from here until the given end is reached by way of this place only, and once.
 */
export interface Beginning {
  at: number;
  until: number;
}

/** The program has an instruction or another part of which nothing is known here. */
export class UnknownForm extends Error {}

type Skip = (reader: Reader) => void;

const nothing: Skip = () => {};
/** An index, a number of any width, or the type of a block. */
const one: Skip = (reader) => reader.skipNumber();
const two: Skip = (reader) => {
  reader.skipNumber();
  reader.skipNumber();
};
const bytes =
  (count: number): Skip =>
  (reader) =>
    void reader.bytes(count);
/** Bit 6 of the alignment says that the memory's index follows. */
const memory: Skip = (reader) => {
  if ((reader.number() & 64) !== 0) reader.skipNumber();
  reader.skipNumber();
};
const memoryAndLane: Skip = (reader) => {
  memory(reader);
  reader.byte();
};
const indices: Skip = (reader) => {
  for (let left = reader.number(); left > 0; left -= 1) reader.skipNumber();
};
const branchTable: Skip = (reader) => {
  indices(reader);
  reader.skipNumber();
};
/** Clauses with a tag (`catch`, `catch_ref`) and without (`catch_all`, `catch_all_ref`), each with a label. */
const tryTable: Skip = (reader) => {
  reader.skipNumber();
  for (let left = reader.number(); left > 0; left -= 1) {
    if (reader.byte() < 2) reader.skipNumber();
    reader.skipNumber();
  }
};

type Row = readonly [from: number, to: number, skip: Skip];

function tableOf(rows: readonly Row[]): readonly (Skip | undefined)[] {
  const table: Skip[] = [];
  for (const [from, to, skip] of rows) for (let code = from; code <= to; code += 1) table[code] = skip;
  return table;
}

/** What follows an opcode of one byte. */
const plain = tableOf([
  [0x00, 0x01, nothing], // unreachable, nop
  [0x02, 0x04, one], // block, loop, if
  [0x05, 0x05, nothing], // else
  [0x06, 0x09, one], // try, catch, throw, rethrow
  [0x0a, 0x0b, nothing], // throw_ref, end
  [0x0c, 0x0d, one], // br, br_if
  [0x0e, 0x0e, branchTable],
  [0x0f, 0x0f, nothing], // return
  [0x18, 0x18, one], // delegate
  [0x19, 0x1b, nothing], // catch_all, drop, select
  [0x1c, 0x1c, indices], // select with types
  [0x1f, 0x1f, tryTable],
  [0x20, 0x26, one], // local.get to table.set
  [0x28, 0x3e, memory], // loads and stores
  [0x3f, 0x42, one], // memory.size, memory.grow, i32.const, i64.const
  [0x43, 0x43, bytes(4)], // f32.const
  [0x44, 0x44, bytes(8)], // f64.const
  [0x45, 0xc4, nothing], // comparisons, arithmetic, conversions
  [0xd0, 0xd0, one], // ref.null
  [0xd1, 0xd1, nothing], // ref.is_null
]);

/** What follows 0xfc and a number. */
const numeric = tableOf([
  [0, 7, nothing], // conversions that saturate
  [8, 8, two], // memory.init
  [9, 9, one], // data.drop
  [10, 10, two], // memory.copy
  [11, 11, one], // memory.fill
  [12, 12, two], // table.init
  [13, 13, one], // elem.drop
  [14, 14, two], // table.copy
  [15, 17, one], // table.grow, table.size, table.fill
]);

/** What follows 0xfd and a number. */
const vectors = tableOf([
  [0, 11, memory], // loads, v128.store
  [12, 13, bytes(16)], // v128.const, i8x16.shuffle
  [14, 20, nothing], // i8x16.swizzle, splats
  [21, 34, bytes(1)], // one lane in or out
  [35, 83, nothing],
  [84, 91, memoryAndLane],
  [92, 93, memory], // v128.load32_zero, v128.load64_zero
  [94, 275, nothing],
]);

/**
 * @param code a function's locals and body, as in the code section
 * @param from where the body begins
 * @param parameters how many the function has
 * @throws UnknownForm
 */
export function callsIn(code: Uint8Array, from: number, parameters: number): Calls {
  const reader = readerOf(code, from);
  const found: Calls = { calls: [], referred: [], beginnings: [] };
  const blocks = openBlocks();
  const begin = (): void => {
    const beginning = blocks.begin(reader.at());
    if (isQuiet && beginning !== null) found.beginnings.push(beginning);
  };
  let isQuiet = true;
  const call = (at: number, how: Call["how"], isTail: boolean): void => {
    isQuiet = false;
    found.calls.push({ at, how, index: reader.number(), isTail });
    // The table's.
    if (how === "indirect") reader.skipNumber();
  };
  begin();
  while (reader.more()) {
    const at = reader.at();
    const opcode = reader.byte();
    switch (opcode) {
      case Op.call:
      case Op.returnCall:
        call(at, "direct", opcode === Op.returnCall);
        break;
      case Op.callIndirect:
      case Op.returnCallIndirect:
        call(at, "indirect", opcode === Op.returnCallIndirect);
        break;
      case Op.referFunction:
        found.referred.push(reader.number());
        break;
      case Op.moreNumeric:
        isQuiet = false;
        skip(numeric, reader.number(), reader);
        break;
      case Op.vectors:
        isQuiet = false;
        skip(vectors, reader.number(), reader);
        break;
      case Op.localSet:
      case Op.localTee:
        if (reader.number() < parameters) isQuiet = false;
        break;
      default:
        skip(plain, opcode, reader);
        if (acts(opcode)) isQuiet = false;
        if (blocks.pass(opcode, at)) begin();
    }
  }
  return found;
}

/** The blocks around the place that is read, the function's own outermost. What is in a loop may be reached again. */
function openBlocks() {
  const open: { repeats: boolean; beginnings: Beginning[] }[] = [{ repeats: false, beginnings: [] }];
  const enter = (repeats: boolean): void => void open.push({ repeats, beginnings: [] });
  const leave = (at: number): void => {
    for (const beginning of open.pop()?.beginnings ?? []) beginning.until = at;
  };
  return {
    begin(at: number): Beginning | null {
      const block = open.at(-1);
      if (block === undefined || block.repeats) return null;
      const beginning = { at, until: Infinity };
      block.beginnings.push(beginning);
      return beginning;
    },
    /** @returns whether the instruction begins, ends or may leave a block, so that what follows it is reached less often */
    pass(opcode: number, at: number): boolean {
      switch (opcode) {
        case Op.block:
        case Op.if:
        case Op.try:
        case Op.tryTable:
          enter(open.at(-1)?.repeats ?? false);
          return true;
        case Op.loop:
          enter(true);
          return true;
        case Op.else:
        case Op.catch:
        case Op.catchAll:
          leave(at);
          enter(open.at(-1)?.repeats ?? false);
          return true;
        case Op.end:
        case Op.delegate:
          leave(at);
          return true;
        default:
          return opcode === Op.brIf;
      }
    },
  };
}

/** Of instructions that are not looked at otherwise. */
function acts(opcode: number): boolean {
  if (opcode >= Op.throw && opcode <= Op.throwRef) return true;
  if (opcode >= Op.firstStore && opcode <= Op.lastStore) return true;
  return opcode === Op.globalSet || opcode === Op.tableSet || opcode === Op.memoryGrow;
}

function skip(table: readonly (Skip | undefined)[], opcode: number, reader: Reader): void {
  const immediates = table[opcode];
  if (immediates === undefined)
    throw new UnknownForm(`The instruction 0x${opcode.toString(16)} is not known.`);
  immediates(reader);
}
