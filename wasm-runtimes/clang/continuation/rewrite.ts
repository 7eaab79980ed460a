import { joined } from "../../bytes.ts";
import { Kind, leb128, named, partsOf, readerOf, SectionId, signedLeb128 } from "../binary.ts";
import { FILLED_BYTES, frameBytes } from "./frames.ts";
import { UnknownForm, type Call } from "./instructions.ts";
import { parse, type Code, type FunctionType, type Module, type ValueType } from "./module.ts";
import { DEPTH, GO_ON, RESUME } from "./names.ts";
import { recursionOf, type Recursion } from "./recursion.ts";

/**
 * Changes a linked program so that recursion may be deeper than the stack that an engine gives: a function that finds the stack full
 * goes on on a fresh one. Engines with JavaScript Promise Integration give each call of a promising export a stack of its own (JSPI
 * proposal, "Promising"), also when it is called from within another such call, and nothing is ever suspended here:
 *
 *     stack 1                          host               stack 2
 *     f(n): is it full?
 *       leaves n in spill globals
 *       go_on(number of f)  -------->  resume(number) -->  takes n from the globals
 *                                                          f(n), at depth 0: its calls and theirs
 *                                                          leaves the result, or what was thrown
 *       takes the result    <--------  <-----------------
 *       and returns it, or throws
 *
 * How full a stack is, is counted in a global: the depth at which the next function begins. A function adds its own frame to what it
 * finds there and writes that before each call, so that nothing has to be put right after one, nor after an exception:
 *
 *     f(n):  next = depth + frame of f            (a local)
 *            if next > FILLED_BYTES, go on as above
 *            ...
 *            depth = next;  call g                (wherever g may lead to recursion)
 *
 * Functions that do not call themselves, and call none that do, stay as they are, byte by byte.
 */

const Op = {
  unreachable: 0x00,
  block: 0x02,
  if: 0x04,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  end: 0x0b,
  br: 0x0c,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eq: 0x46,
  i32GtS: 0x4a,
  i32Add: 0x6a,
} as const;

const I32: ValueType = 0x7f;
const EMPTY_BLOCK = 0x40;
const MUTABLE = 1;
const NONE: FunctionType = { parameters: [], results: [] };
const TAKES_NUMBER: FunctionType = { parameters: [I32], results: [] };

/** What can be left in a global, with a constant of the type. Vectors are not among them. */
const zeros: ReadonlyMap<ValueType, readonly number[]> = new Map([
  [I32, [Op.i32Const, 0]],
  [0x7e, [Op.i64Const, 0]],
  [0x7d, [Op.f32Const, 0, 0, 0, 0]],
  [0x7c, [Op.f64Const, 0, 0, 0, 0, 0, 0, 0, 0]],
]);

/** How what was called on the other stack has ended. What it threw is told by the tag's number, counted from `thrown`. */
const Outcome = { none: 0, returned: 1, thrown: 2 } as const;

/** @returns the program as it was, where there is something in it that is not known here or nothing that could become deep */
export function continueOnFreshStacks(program: Uint8Array): Uint8Array {
  try {
    const module = parse(program);
    const recursion = recursionOf(module);
    return recursion.recursive.size === 0 ? program : rewrite(program, module, recursion);
  } catch (error) {
    if (error instanceof UnknownForm) return program;
    throw error;
  }
}

interface Plan {
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
}

function rewrite(program: Uint8Array, module: Module, recursion: Recursion): Uint8Array {
  const { functions, codes, globals, types, sections } = module;
  const goOn = importedFunction(module);
  const resume = module.exported.find(({ name }) => name === RESUME)?.index;
  if (goOn === null || resume === undefined) return program;
  const firstCode = functions.length - codes.length;
  const movable = [...recursion.recursive].filter((index) => canSpill(typeOf(module, index)));
  const [depth, outcome] = [globals, globals + 1];
  const carried = [
    ...movable.map((index) => typeOf(module, index)),
    ...module.tags.map((parameters) => ({ ...NONE, parameters })),
  ];
  const spills = spillsFor(carried, globals + 2);
  const plan: Plan = { module, recursion, depth, outcome, spills, movable, onward: functions.length };

  const numbers = new Map(movable.map((index, number) => [index, number]));
  const changed = codes.map((code, place): Uint8Array => {
    const index = firstCode + place;
    if (index === resume) return resumeCode(plan);
    if (!recursion.leading.has(index)) return code.bytes;
    return counted(plan, code, typeOf(module, index), numbers.get(index));
  });
  const further: ReadonlyMap<number, readonly (readonly number[])[]> = new Map([
    [SectionId.type, [functionType(TAKES_NUMBER)]],
    [SectionId.function, [leb128(types.length)]],
    [SectionId.global, [i32Global(-(2 ** 31)), i32Global(Outcome.none), ...spills.globals]],
    [SectionId.export, [[...named(DEPTH), Kind.global, ...leb128(depth)]]],
  ]);
  const rewritten = sections.flatMap(({ id, content }) => {
    if (id === SectionId.code) return [{ id, content: codeSection([...changed, onwardCode(plan, goOn)]) }];
    // They speak of places in the code.
    if (id === SectionId.custom && readerOf(content).name().startsWith("metadata.code.")) return [];
    const entries = further.get(id);
    return [{ id, content: entries === undefined ? content : withMore(content, entries) }];
  });
  return joined(partsOf(program, rewritten));
}

function importedFunction({ imported }: Module): number | null {
  const index = imported
    .filter(({ kind }) => kind === Kind.function)
    .findIndex(({ module, name }) => module === GO_ON.module && name === GO_ON.name);
  return index < 0 ? null : index;
}

const typeOf = ({ types, functions }: Module, index: number): FunctionType =>
  types[functions[index] ?? -1] ?? NONE;

const canSpill = ({ parameters, results }: FunctionType): boolean =>
  [...parameters, ...results].every((type) => zeros.has(type));

// What is left for the other stack, and for the one that waits: as many globals of each type as the longest list has of it.

interface Spills {
  globals: readonly (readonly number[])[];
  /** Of each value in a list, the index of its global. */
  places(values: readonly ValueType[]): number[];
}

function spillsFor(types: readonly FunctionType[], first: number): Spills {
  const most = new Map<ValueType, number>();
  for (const values of types.flatMap(({ parameters, results }) => [parameters, results]))
    for (const type of zeros.keys())
      most.set(type, Math.max(most.get(type) ?? 0, values.filter((each) => each === type).length));
  const globals: number[][] = [];
  const begins = new Map<ValueType, number>();
  for (const [type, zero] of zeros) {
    begins.set(type, first + globals.length);
    for (let left = most.get(type) ?? 0; left > 0; left -= 1) globals.push([type, MUTABLE, ...zero, Op.end]);
  }
  const places = (values: readonly ValueType[]): number[] =>
    values.map(
      (type, at) => (begins.get(type) ?? 0) + values.slice(0, at).filter((each) => each === type).length,
    );
  return { globals, places };
}

const get = (global: number): number[] => [Op.globalGet, ...leb128(global)];
const set = (global: number): number[] => [Op.globalSet, ...leb128(global)];
const i32 = (value: number): number[] => [Op.i32Const, ...signedLeb128(value)];

/** From the operand stack, where the last value lies on top. */
const leave = ({ spills }: Plan, values: readonly ValueType[]): number[] =>
  spills.places(values).toReversed().flatMap(set);
const take = ({ spills }: Plan, values: readonly ValueType[]): number[] => spills.places(values).flatMap(get);

/** The code of a function that leads to recursion: it counts and, where it has a number, goes on on another stack. */
function counted(plan: Plan, code: Code, type: FunctionType, number: number | undefined): Uint8Array {
  const { parameters, results } = type;
  const next = code.locals.reduce((sum, { count }) => sum + count, parameters.length);
  const frame = frameBytes(type, code);
  const begin = [...get(plan.depth), ...i32(frame), Op.i32Add, Op.localTee, ...leb128(next)];
  const isFull = [...i32(FILLED_BYTES), Op.i32GtS, Op.if, EMPTY_BLOCK];
  const moves = [
    ...parameters.flatMap((_, at) => [Op.localGet, ...leb128(at)]),
    ...leave(plan, parameters),
    ...i32(number ?? 0),
    Op.call,
    ...leb128(plan.onward),
    ...take(plan, results),
    Op.return,
  ];
  const locals = [...code.locals, { count: 1, type: I32 }];
  const parts: Uint8Array[] = [
    new Uint8Array([
      ...leb128(locals.length),
      ...locals.flatMap(({ count, type: each }) => [...leb128(count), each]),
    ]),
    new Uint8Array(
      number === undefined
        ? [...begin.slice(0, -leb128(next).length - 1), Op.localSet, ...leb128(next)]
        : [...begin, ...isFull, ...moves, Op.end],
    ),
  ];
  const writeNext = new Uint8Array([Op.localGet, ...leb128(next), ...set(plan.depth)]);
  // Whoever is called last takes the caller's place.
  const writeOwn = new Uint8Array([
    Op.localGet,
    ...leb128(next),
    ...i32(-frame),
    Op.i32Add,
    ...set(plan.depth),
  ]);
  let copied = code.body;
  for (const call of code.calls.filter((each) => leads(plan.recursion, each))) {
    parts.push(code.bytes.subarray(copied, call.at), call.isTail ? writeOwn : writeNext);
    copied = call.at;
  }
  return joined([...parts, code.bytes.subarray(copied)]);
}

const leads = ({ leading, leadingTypes }: Recursion, { how, index }: Call): boolean =>
  how === "direct" ? leading.has(index) : leadingTypes.has(index);

/** On the fresh stack: calls the function of the given number. */
function resumeCode(plan: Plan): Uint8Array {
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
function onwardCode(plan: Plan, goOn: number): Uint8Array {
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

const i32Global = (value: number): number[] => [I32, MUTABLE, ...i32(value), Op.end];

const functionType = ({ parameters, results }: FunctionType): number[] => [
  0x60,
  ...leb128(parameters.length),
  ...parameters,
  ...leb128(results.length),
  ...results,
];

function codeSection(codes: readonly Uint8Array[]): Uint8Array {
  const parts = codes.flatMap((code) => [new Uint8Array(leb128(code.length)), code]);
  return joined([new Uint8Array(leb128(codes.length)), ...parts]);
}

function withMore(vector: Uint8Array, entries: readonly (readonly number[])[]): Uint8Array {
  const reader = readerOf(vector);
  const count = reader.number();
  return joined([
    new Uint8Array(leb128(count + entries.length)),
    reader.rest(),
    new Uint8Array(entries.flat()),
  ]);
}
