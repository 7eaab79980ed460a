import { describe, expect, it } from "vitest";
import { globMatches } from "./glob.ts";

describe("a glob of submissions.yaml", () => {
  it.each<[string, string, boolean]>([
    ["accepted", "accepted/a.py", true],
    ["accepted/*", "accepted/a.py", true],
    ["accepted/*", "accepted/dir/main.py", true],
    ["*", "accepted/a.py", true],
    ["*.py", "accepted/a.py", false],
    ["*/*.py", "accepted/a.py", true],
    ["*/*.py", "accepted/a.pyc", false],
    ["accepted/a.py", "accepted/a.py", true],
    ["accepted/a.py", "accepted/abpy", false],
    ["accept", "accepted/a.py", false],
    ["{accepted,wrong_answer}/a.*", "wrong_answer/a.cpp", true],
    ["*/{a,b}.{py,cpp}", "accepted/b.cpp", true],
    ["*/{a,b}.{py,cpp}", "accepted/c.cpp", false],
    ["*/{a{1,2},b}.py", "accepted/a2.py", true],
    ["*/{a{1,2},b}.py", "accepted/a.py", false],
    ["*/a,b.py", "accepted/a,b.py", true],
    ["*/[ab].py", "accepted/a.py", false],
    ["**/a.py", "x/y/a.py", false],
    ["*/a?.py", "accepted/ab.py", false],
    ["*/{a.py", "accepted/{a.py", false],
    ["accepted/{a.py", "accepted/{a.py", true],
    ["", "accepted/a.py", false],
  ])("%s matches %s: %s", (pattern, path, matches) => {
    expect(globMatches(pattern, path)).toBe(matches);
  });
});
