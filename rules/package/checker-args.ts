import type { CheckerOptions } from "../../protocol/problem.ts";

/** The grammar of floating-point numbers in 2025-09, "General requirements". */
export const FLOAT = /^[+-]?(?:\d*\.\d+|\d+\.?)(?:[Ee][+-]?\d+)?$/;

export const plainChecker: CheckerOptions = {
  caseSensitive: false,
  spaceChangeSensitive: false,
  floatAbsoluteTolerance: null,
  floatRelativeTolerance: null,
};

/**
 * Reads `output_validator_args` as the default output validator does (2025-09, "Default output validator
 * specification").
 *
 * @returns the options, or a sentence that says which argument is wrong
 */
export function checkerOptions(args: readonly string[]): { options: CheckerOptions } | { fault: string } {
  const options: CheckerOptions = { ...plainChecker };
  const seen = new Set<string>();
  for (let index = 0; index < args.length; index++) {
    const name = args[index] ?? "";
    if (name === "case_sensitive") options.caseSensitive = true;
    else if (name === "space_change_sensitive") options.spaceChangeSensitive = true;
    else if (isTolerance(name)) {
      if (seen.has(name)) return { fault: `"${name}" is given twice` };
      seen.add(name);
      index++;
      const said = args[index];
      if (said === undefined) return { fault: `"${name}" needs a number after it` };
      const tolerance = FLOAT.test(said) ? Number(said) : NaN;
      if (!(tolerance >= 0 && Number.isFinite(tolerance))) {
        return { fault: `"${name}" needs a number of at least 0 after it, found "${said}"` };
      }
      if (name !== "float_relative_tolerance") options.floatAbsoluteTolerance = tolerance;
      if (name !== "float_absolute_tolerance") options.floatRelativeTolerance = tolerance;
    } else {
      return { fault: `"${name}" is not an argument of the default output validator` };
    }
  }
  if (seen.has("float_tolerance") && seen.size > 1) {
    return { fault: '"float_tolerance" stands for both other tolerances and excludes them' };
  }
  return { options };
}

function isTolerance(name: string): boolean {
  return (
    name === "float_tolerance" || name === "float_absolute_tolerance" || name === "float_relative_tolerance"
  );
}

export function sameOptions(a: CheckerOptions, b: CheckerOptions): boolean {
  return (
    a.caseSensitive === b.caseSensitive &&
    a.spaceChangeSensitive === b.spaceChangeSensitive &&
    a.floatAbsoluteTolerance === b.floatAbsoluteTolerance &&
    a.floatRelativeTolerance === b.floatRelativeTolerance
  );
}
