import { describe, expect, it } from "vitest";
import { bytes } from "../../rules/package/example.ts";
import { argumentsFor } from "./input-arguments.ts";

const files = new Map(
  Object.entries({
    "data/test_group.yaml": 'input_validator_args: ["all"]',
    "data/secret/test_group.yaml": "max_score: 100",
    "data/secret/small/test_group.yaml": 'input_validator_args: ["--max", "10"]',
    "data/secret/small/02.yaml": 'input_validator_args: ["--max", "20"]',
    "data/secret/split/test_group.yaml": 'input_validator_args: {format: ["f"], range.py: ["r"]}',
    "data/secret/old/testdata.yaml": "input_validator_flags: ' max=3  strict'",
    "data/secret/none/test_group.yaml": "input_validator_args: []",
  }).map(([path, text]) => [path, bytes(text)]),
);

describe("arguments of an input validator", () => {
  it.each([
    ["secret/small/02", "validate.py", ["--max", "20"], "the test's own"],
    ["secret/small/01", "validate.py", ["--max", "10"], "its group's"],
    ["secret/large/01", "validate.py", ["all"], "those of all data"],
    ["sample/1", "validate.py", ["all"], "those of all data"],
    ["secret/none/01", "validate.py", [], "none, where the group says so"],
    ["secret/split/01", "range.py", ["r"], "those for its name"],
    ["secret/split/01", "format.cpp", ["f"], "those for its name without the ending"],
    ["secret/split/01", "other.py", [], "none, where only others are named"],
    ["secret/old/01", "validate.py", ["max=3", "strict"], "the older format's, split at spaces"],
  ])("of %s for %s are %j: %s", (test, validator, expected) => {
    expect(argumentsFor(files, test, validator)).toEqual(expected);
  });
});
