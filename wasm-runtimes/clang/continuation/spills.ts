import { Op } from "./opcodes.ts";
import type { FunctionType, ValueType } from "./module.ts";

/**
 * What a function leaves in globals for the other stack, and what comes back: as many globals of each type as the longest list of
 * values has of it.
 */
export interface Spills {
  /** As they stand in the module. */
  globals: readonly (readonly number[])[];
  /** Of each value in a list, the index of its global. */
  places(values: readonly ValueType[]): number[];
}

const MUTABLE = 1;

/** What can be left in a global, with a constant of the type. Vectors are not among them. */
const zeros: ReadonlyMap<ValueType, readonly number[]> = new Map([
  [0x7f, [Op.i32Const, 0]],
  [0x7e, [Op.i64Const, 0]],
  [0x7d, [Op.f32Const, 0, 0, 0, 0]],
  [0x7c, [Op.f64Const, 0, 0, 0, 0, 0, 0, 0, 0]],
]);

export const canSpill = ({ parameters, results }: FunctionType): boolean =>
  [...parameters, ...results].every((type) => zeros.has(type));

/** @param first the index of the first of these globals */
export function spillsFor(types: readonly FunctionType[], first: number): Spills {
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
