import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytes } from "../rules/package/example.ts";
import type { Package } from "../rules/package/package.ts";
import { packageOf } from "./example-package.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";
import { judgedIn, told } from "./testing-submissions.ts";
import { readTestlib } from "./testlib.ts";

const read = (exitCode: number | null, stderr: string, isScored = false) =>
  readTestlib({ exitCode, stderr: bytes(stderr) }, isScored);

describe("how a testlib checker ended", () => {
  it.each([
    [0, "ok 3 numbers\n", "accepted"],
    [1, "wrong answer 1st numbers differ - expected: '3', found: '4'\n", "rejected"],
    [2, 'wrong output format Expected integer, but "x" found\n', "rejected"],
    [4, "wrong output format Extra information in the output file\n", "rejected"],
    [8, "unexpected eof Unexpected end of file - token expected\n", "rejected"],
  ])("with %d, having said %j: %s, and its words are for the jury", (exitCode, stderr, check) => {
    expect(read(exitCode, stderr)).toEqual({
      check,
      feedback: new Map([["judgemessage.txt", stderr.trim()]]),
    });
  });

  it.each([
    [3, 'FAIL Expected integer, but "?" found', /says that it failed/],
    [6, "", /exit code 6, which is none of testlib's/],
    [9, "", /exit code 9, which is none/],
    [null, "", /none of testlib's/],
  ])("with %s is a failure of the checker", (exitCode, stderr, fault) => {
    expect(read(exitCode, stderr)).toMatchObject({ check: null, fault: expect.stringMatching(fault) });
  });

  it.each([
    [7, "points 12.5 nearly\n", "12.5"],
    [5, "points 3.0\n", "3.0"],
    [16, "partially correct (16) some\n", "16"],
    [66, "partially correct (16) some\n", "16"],
    [1, "partially correct (1) some\n", "1"],
    [0, "partially correct (7) some\n", "7"],
  ])("with %d and %j: accepted with %s points", (exitCode, stderr, points) => {
    const feedback = new Map([
      ["judgemessage.txt", stderr.trim()],
      ["score.txt", points],
    ]);
    expect(read(exitCode, stderr, true)).toEqual({ check: "accepted", feedback });
    expect(read(exitCode, stderr, false)).toMatchObject({
      check: null,
      fault: expect.stringMatching(/gave points .*not scored/),
    });
  });

  it("without any points is rejected", () => {
    expect(read(7, "points 0.0 nothing\n", true)).toMatchObject({ check: "rejected" });
    expect(read(16, "partially correct (0) nothing\n", true)).toMatchObject({ check: "rejected" });
  });

  it("with points that it did not print is a failure", () => {
    expect(read(7, "", true)).toMatchObject({ check: null, fault: expect.stringMatching(/printed none/) });
    expect(read(20, "something else\n", true)).toMatchObject({ check: null });
  });
});

/** What checkers here use of testlib.h, with its words and exit codes. */
const header = `#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
enum TResult { _ok = 0, _wa = 1, _pe = 2, _fail = 3, _dirt = 4, _points = 7 };
inline std::ifstream inf, ouf, ans;
inline void registerTestlibCmd(int count, char **words) {
  if (count < 4) std::exit(3);
  inf.open(words[1]); ouf.open(words[2], std::ios::ate); ans.open(words[3]);
  if (!inf || !ouf || !ans) std::exit(3);
  ouf.seekg(0);
}
inline void quit(int result, const char *kind, const std::string &words) {
  std::fprintf(stderr, "%s%s\\n", kind, words.c_str());
  std::exit(result);
}
`;
const checker = `#include "testlib.h"
int main(int count, char **words) {
  registerTestlibCmd(count, words);
  long expected, found;
  ans >> expected;
  if (expected < 0) quit(_fail, "FAIL ", "a negative answer");
  if (!(ouf >> found)) quit(_pe, "wrong output format ", "Expected integer");
  if (count > 4 && std::string(words[4]) == "points") quit(_points, "points ", std::to_string(found) + ".50 as printed");
  std::string more;
  if (ouf >> more) quit(_dirt, "wrong output format ", "Extra information in the output file");
  if (found != expected) quit(_wa, "wrong answer ", "expected " + std::to_string(expected) + ", found " + std::to_string(found));
  quit(_ok, "ok ", "single number");
}
`;
const withChecker = { "output_validator/testlib.h": header, "output_validator/check.cpp": checker };

describe.skipIf((await whyNoSandbox()) !== null)("a problem with a testlib checker", () => {
  let slot: Slot;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  const judge = async (pkg: Package, source: string): Promise<string> =>
    told(await judgedIn(slot, pkg, "python3", source));

  it("is judged by it as it is: input, output and answer by name, its words for the jury", async () => {
    const pkg = packageOf(withChecker);
    expect(pkg.validatorInterface).toBe("testlib");
    expect(await judge(pkg, "print(sum(map(int, input().split())))")).toBe(
      "AC: sample/1 AC (ok single number), secret/01 AC (ok single number)",
    );
    expect(await judge(pkg, "print(3)")).toBe(
      "WA: sample/1 AC (ok single number), secret/01 WA (wrong answer expected 7, found 3)",
    );
    expect(await judge(pkg, "print('x')")).toBe("WA: sample/1 WA (wrong output format Expected integer)");
    expect(await judge(pkg, "print(3, 4)")).toBe(
      "WA: sample/1 WA (wrong output format Extra information in the output file)",
    );
    expect(await judge(pkg, "")).toBe("WA: sample/1 WA (wrong output format Expected integer)");
  });

  it("has no verdict where the checker fails, or gives points that the problem has not", async () => {
    const negative = packageOf({ ...withChecker, "data/sample/1.ans": "-3\n" });
    expect(await judge(negative, "print(3)")).toMatch(
      /^failure: .*failed on sample\/1: it says that it failed .*FAIL a negative answer/,
    );
    const points = packageOf({
      ...withChecker,
      "data/secret/test_group.yaml": "output_validator_args: [points]\n",
    });
    expect(await judge(points, "print(3)")).toMatch(/^failure: .*secret\/01: it gave points .*not scored/);
  });

  it("may be a dialogue with an interactor, which has a file for its output", async () => {
    const interactor = `#include "testlib.h"
int main(int count, char **words) {
  if (count < 4) return 3;
  std::ifstream test(words[1]);
  std::ofstream log(words[2]);
  int a, b, said;
  test >> a >> b;
  std::printf("%d %d\\n", a, b);
  std::fflush(stdout);
  if (std::scanf("%d", &said) != 1) quit(8, "unexpected eof ", "nothing");
  if (!(log << said << std::endl)) quit(_fail, "FAIL ", "no log");
  quit(said == a + b ? _ok : _wa, said == a + b ? "ok " : "wrong answer ", std::to_string(said));
}
`;
    const pkg = packageOf(
      {
        "data/sample/1.in": null,
        "data/sample/1.ans": null,
        "output_validator/testlib.h": header,
        "output_validator/interact.cpp": interactor,
      },
      "type: interactive\n",
    );
    const answer = "print(sum(map(int, input().split())), flush=True)";
    const { outcome, evidence } = await judgedIn(slot, pkg, "python3", answer);
    expect(outcome).toMatchObject({ verdict: "AC", runs: [{ message: "ok 7" }] });
    expect(evidence?.runs[0]?.transcript).toBe("<3 4\n>7\n");
    expect(await judge(pkg, "print(8)")).toBe("WA: secret/01 WA (wrong answer 8)");
    expect(await judge(pkg, "")).toBe("WA: secret/01 WA (unexpected eof nothing)");
  });

  it("gets the points that the checker prints, where it is scored", async () => {
    const scored = packageOf(
      {
        ...withChecker,
        "data/secret/01.in": null,
        "data/secret/01.ans": null,
        "data/secret/test_group.yaml": "output_validator_args: [points]\n",
        "data/secret/all/test_group.yaml": "max_score: 100\nscore_aggregation: sum\n",
        "data/secret/all/01.in": "3 4\n",
        "data/secret/all/01.ans": "7\n",
      },
      "type: scoring\n",
    );
    const { outcome } = await judgedIn(slot, scored, "python3", "print(sum(map(int, input().split())))");
    expect(outcome).toMatchObject({ verdict: "AC", score: 7.5 });
  });
});
