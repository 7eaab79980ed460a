import { joined } from "../../bytes.ts";
import { leb128, signedLeb128 } from "../binary.ts";
import { FILLED_BYTES, frameBytes } from "./frames.ts";
import type { Call } from "./instructions.ts";
import { typeOf, type Code, type FunctionType, type Module, type ValueType } from "./module.ts";
import { Op } from "./opcodes.ts";
import type { Recursion } from "./recursion.ts";
import type { Spills } from "./spills.ts";

/** The code that `rewrite.ts` puts into a program. */

export interface Plan {
  module: Module;
  recursion: Recursion;
  /** Indices of globals. */
  depth: number;
  outcome: number;
  spills: Spills;
  /** The functions that can go on on another stack; the number of each is its place. */
  movable: readonly number[];
  /** The function that leaves the present stack. */
  onward: number;
  /** The first of the functions that stand in for those that can go on on another stack, in their order. */
  movers: number;
}

/** How what was called on the other stack has ended. What it threw is told by the tag's number, counted from `thrown`. */
export const Outcome = { none: 0, returned: 1, thrown: 2 } as const;

const I32: ValueType = 0x7f;
const EMPTY_BLOCK = 0x40;

const get = (global: number): number[] => [Op.globalGet, ...leb128(global)];
const set = (global: number): number[] => [Op.globalSet, ...leb128(global)];
const i32 = (value: number): number[] => [Op.i32Const, ...signedLeb128(value)];

/** From the operand stack, where the last value lies on top. */
const leave = ({ spills }: Plan, values: readonly ValueType[]): number[] =>
  spills.places(values).toReversed().flatMap(set);
const take = ({ spills }: Plan, values: readonly ValueType[]): number[] => spills.places(values).flatMap(get);

/** The code of a function that leads to recursion: it counts and, where it has a number, goes on on another stack. */
export function countedCode(
  plan: Plan,
  code: Code,
  type: FunctionType,
  number: number | undefined,
): Uint8Array {
  const own = code.locals.reduce((sum, { count }) => sum + count, type.parameters.length);
  const frame = frameBytes(type, code);
  const next = [Op.localGet, ...leb128(own)];
  const begin = [...get(plan.depth), ...i32(frame), Op.i32Add, Op.localSet, ...leb128(own)];
  const check = number === undefined ? [] : [...next, ...moveWhenFull(plan, type, number)];
  const writeNext = new Uint8Array([...next, ...set(plan.depth)]);
  // Whoever is called last takes the caller's place.
  const writeOwn = new Uint8Array([...next, ...i32(-frame), Op.i32Add, ...set(plan.depth)]);

  const calls = code.calls.filter((call) => leads(plan.recursion, call));
  const start = startOf(code, calls);
  const parts = [
    localsWithOneMore(code),
    code.bytes.subarray(code.body, start),
    new Uint8Array([...begin, ...check]),
  ];
  let copied = start;
  for (const { at, isTail } of calls) {
    parts.push(code.bytes.subarray(copied, at), isTail ? writeOwn : writeNext);
    copied = at;
  }
  return joined([...parts, code.bytes.subarray(copied)]);
}

/** As late as can be: what ends a recursion is mostly asked first, and need not count for that. */
function startOf({ beginnings, body }: Code, calls: readonly Call[]): number {
  const [first, last] = [calls[0]?.at ?? body, calls.at(-1)?.at ?? body];
  return beginnings.findLast(({ at, until }) => at <= first && last < until)?.at ?? body;
}

function localsWithOneMore({ locals }: Code): Uint8Array {
  const entries = [...locals, { count: 1, type: I32 }].flatMap(({ count, type }) => [...leb128(count), type]);
  return new Uint8Array([...leb128(locals.length + 1), ...entries]);
}

/**
 * Takes the depth from the operand stack. It is as little as can be: engines put small functions into each other, and what they go by
 * is how large those are.
 */
function moveWhenFull({ movers }: Plan, { parameters }: FunctionType, number: number): number[] {
  const passed = parameters.flatMap((_, at) => [Op.localGet, ...leb128(at)]);
  const isFull = [...i32(FILLED_BYTES), Op.i32GtS];
  return [...isFull, Op.if, EMPTY_BLOCK, ...passed, Op.call, ...leb128(movers + number), Op.return, Op.end];
}

/** Called in the place of a function whose stack is full, of the same type: has it called on the next one. */
export function moverCode(plan: Plan, { parameters, results }: FunctionType, number: number): Uint8Array {
  const passed = parameters.flatMap((_, at) => [Op.localGet, ...leb128(at)]);
  const moves = [...passed, ...leave(plan, parameters), ...i32(number), Op.call, ...leb128(plan.onward)];
  return new Uint8Array([0, ...moves, ...take(plan, results), Op.end]);
}

const leads = ({ leading, leadingTypes }: Recursion, { how, index }: Call): boolean =>
  how === "direct" ? leading.has(index) : leadingTypes.has(index);

/** On the fresh stack: calls the function of the given number. */
export function resumeCode(plan: Plan): Uint8Array {
  const { module, movable } = plan;
  const targets = movable.flatMap((_, number) => leb128(number));
  const chosen = [
    Op.localGet,
    0,
    Op.brTable,
    ...leb128(movable.length),
    ...targets,
    ...leb128(movable.length),
  ];
  const cases = movable.flatMap((index, number) => {
    const { parameters, results } = typeOf(module, index);
    const body = [...take(plan, parameters), Op.call, ...leb128(index), ...leave(plan, results)];
    // Out of the blocks of all further cases.
    return [Op.end, ...body, Op.br, ...leb128(movable.length - 1 - number)];
  });
  const blocks = Array.from({ length: movable.length + 1 }, () => [Op.block, EMPTY_BLOCK]).flat();
  const calls = [...i32(0), ...set(plan.depth), ...blocks, ...chosen, ...cases, Op.end];
  const returned = [...i32(Outcome.returned), ...set(plan.outcome)];
  const caught = module.tags.flatMap((values, tag) => [
    Op.catch,
    ...leb128(tag),
    ...leave(plan, values),
    ...i32(Outcome.thrown + tag),
    ...set(plan.outcome),
  ]);
  const guarded =
    module.tags.length === 0
      ? [...calls, ...returned]
      : [Op.try, EMPTY_BLOCK, ...calls, ...returned, ...caught, Op.end];
  return new Uint8Array([0, ...guarded, Op.end]);
}

/** On the stack that is full: has a function of the given number called elsewhere, and returns when it has returned. */
export function onwardCode(plan: Plan, goOn: number): Uint8Array {
  const { module, outcome } = plan;
  const hasEnded = (how: number, then: readonly number[]): number[] => [
    ...get(outcome),
    ...i32(how),
    Op.i32Eq,
    Op.if,
    EMPTY_BLOCK,
    ...then,
    Op.end,
  ];
  const code = [
    ...i32(Outcome.none),
    ...set(outcome),
    Op.localGet,
    0,
    Op.call,
    ...leb128(goOn),
    ...hasEnded(Outcome.returned, [Op.return]),
    ...module.tags.flatMap((values, tag) =>
      hasEnded(Outcome.thrown + tag, [...take(plan, values), Op.throw, ...leb128(tag)]),
    ),
    // It has trapped, or there was no other stack: so this one ends too, and the host knows of what.
    Op.unreachable,
  ];
  return new Uint8Array([0, ...code, Op.end]);
}
