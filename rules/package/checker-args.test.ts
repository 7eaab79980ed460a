import { describe, expect, it } from "vitest";
import { checkerOptions, FLOAT, plainChecker } from "./checker-args.ts";

describe("arguments of the default output validator", () => {
  it.each([
    [[], {}],
    [["case_sensitive"], { caseSensitive: true }],
    [["space_change_sensitive"], { spaceChangeSensitive: true }],
    [["float_absolute_tolerance", "1e-6"], { floatAbsoluteTolerance: 1e-6 }],
    [["float_relative_tolerance", "0.5"], { floatRelativeTolerance: 0.5 }],
    [["float_tolerance", "1E-4"], { floatAbsoluteTolerance: 1e-4, floatRelativeTolerance: 1e-4 }],
    [
      ["float_relative_tolerance", "1e-9", "case_sensitive", "float_absolute_tolerance", "0"],
      { caseSensitive: true, floatAbsoluteTolerance: 0, floatRelativeTolerance: 1e-9 },
    ],
  ])("%j", (args, options) => {
    expect(checkerOptions(args)).toEqual({ options: { ...plainChecker, ...options } });
  });

  it.each([
    [["float_tolerance"], '"float_tolerance" needs a number after it'],
    [["float_tolerance", "-1"], '"float_tolerance" needs a number of at least 0 after it, found "-1"'],
    [["float_tolerance", "0x1"], '"float_tolerance" needs a number of at least 0 after it, found "0x1"'],
    [["float_tolerance", "1e999"], '"float_tolerance" needs a number of at least 0 after it, found "1e999"'],
    [["float_tolerance", "1", "float_tolerance", "1"], '"float_tolerance" is given twice'],
    [
      ["float_tolerance", "1", "float_relative_tolerance", "1"],
      '"float_tolerance" stands for both other tolerances and excludes them',
    ],
    [["ignore_case"], '"ignore_case" is not an argument of the default output validator'],
    [["1e-6"], '"1e-6" is not an argument of the default output validator'],
  ])("%j is refused", (args, fault) => {
    expect(checkerOptions(args)).toEqual({ fault });
  });
});

describe("the grammar of numbers", () => {
  it.each(["1", "+1", "-1.5", ".5", "5.", "1e5", "1.E+05", "00.00e-0"])("has %s", (text) => {
    expect(FLOAT.test(text)).toBe(true);
  });
  it.each(["", ".", "-", "e5", "1e", "1e+", "1.2.3", "0x1", "inf", "nan", " 1", "1\n", "1,5", "١"])(
    "has no %j",
    (text) => {
      expect(FLOAT.test(text)).toBe(false);
    },
  );
});
