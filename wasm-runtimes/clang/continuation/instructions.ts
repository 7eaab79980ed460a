import { readerOf, type Reader } from "../binary.ts";

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
}

/** The program has an instruction or another part of which nothing is known here. */
export class UnknownForm extends Error {}

const Opcode = {
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  referFunction: 0xd2,
  moreNumeric: 0xfc,
  vectors: 0xfd,
} as const;

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
 * @throws UnknownForm
 */
export function callsIn(code: Uint8Array, from: number): Calls {
  const reader = readerOf(code, from);
  const found: Calls = { calls: [], referred: [] };
  const call = (at: number, how: Call["how"], isTail: boolean): void => {
    found.calls.push({ at, how, index: reader.number(), isTail });
    // The table's.
    if (how === "indirect") reader.skipNumber();
  };
  while (reader.more()) {
    const at = reader.at();
    const opcode = reader.byte();
    switch (opcode) {
      case Opcode.call:
      case Opcode.returnCall:
        call(at, "direct", opcode === Opcode.returnCall);
        break;
      case Opcode.callIndirect:
      case Opcode.returnCallIndirect:
        call(at, "indirect", opcode === Opcode.returnCallIndirect);
        break;
      case Opcode.referFunction:
        found.referred.push(reader.number());
        break;
      case Opcode.moreNumeric:
        skip(numeric, reader.number(), reader);
        break;
      case Opcode.vectors:
        skip(vectors, reader.number(), reader);
        break;
      default:
        skip(plain, opcode, reader);
    }
  }
  return found;
}

function skip(table: readonly (Skip | undefined)[], opcode: number, reader: Reader): void {
  const immediates = table[opcode];
  if (immediates === undefined)
    throw new UnknownForm(`The instruction 0x${opcode.toString(16)} is not known.`);
  immediates(reader);
}
