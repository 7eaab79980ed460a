import { joined } from "../../bytes.ts";
import { Kind, leb128, named, partsOf, readerOf, SectionId, signedLeb128 } from "../binary.ts";
import { countedCode, moverCode, onwardCode, Outcome, resumeCode, type Plan } from "./code.ts";
import { UnknownForm } from "./instructions.ts";
import { parse, typeOf, type FunctionType, type Module } from "./module.ts";
import { DEPTH, GO_ON, RESUME } from "./names.ts";
import { Op } from "./opcodes.ts";
import { recursionOf, type Recursion } from "./recursion.ts";
import { canSpill, spillsFor } from "./spills.ts";

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
    ...module.tags.map((parameters) => ({ parameters, results: [] })),
  ];
  const spills = spillsFor(carried, globals + 2);
  const plan: Plan = {
    module,
    recursion,
    depth,
    outcome,
    spills,
    movable,
    onward: functions.length,
    movers: functions.length + 1,
  };

  const numbers = new Map(movable.map((index, number) => [index, number]));
  const changed = codes.map((code, place): Uint8Array => {
    const index = firstCode + place;
    if (index === resume) return resumeCode(plan);
    if (!recursion.leading.has(index)) return code.bytes;
    return countedCode(plan, code, typeOf(module, index), numbers.get(index));
  });
  const movers = movable.map((index, number) => moverCode(plan, typeOf(module, index), number));
  const further: ReadonlyMap<number, readonly (readonly number[])[]> = new Map([
    [SectionId.type, [functionType({ parameters: [I32], results: [] })]],
    [SectionId.function, [types.length, ...movable.map((index) => functions[index] ?? 0)].map(leb128)],
    [SectionId.global, [i32Global(-(2 ** 31)), i32Global(Outcome.none), ...spills.globals]],
    [SectionId.export, [[...named(DEPTH), Kind.global, ...leb128(depth)]]],
  ]);
  const rewritten = sections.flatMap(({ id, content }) => {
    if (id === SectionId.code)
      return [{ id, content: codeSection([...changed, onwardCode(plan, goOn), ...movers]) }];
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

const I32 = 0x7f;
const MUTABLE = 1;
const FUNCTION_TYPE = 0x60;

const i32Global = (value: number): number[] => [I32, MUTABLE, Op.i32Const, ...signedLeb128(value), Op.end];

const functionType = ({ parameters, results }: FunctionType): number[] => [
  FUNCTION_TYPE,
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
