import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../testing/browser.ts";
import type { Trial } from "../testing/page.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(["c", "cpp"]);
}, 300_000);
afterAll(() => bench.close());

const c = (program: Trial["program"], more: Partial<Trial> = {}) =>
  bench.attempt({ language: "c", program, ...more });
const cpp = (program: Trial["program"], more: Partial<Trial> = {}) =>
  bench.attempt({ language: "cpp", program, ...more });

describe("programs in C", () => {
  it("read with scanf, print with printf and end with 0", async () => {
    const program = `
      #include <math.h>
      #include <stdio.h>
      int main(void) { int a, b; if (scanf("%d %d", &a, &b) != 2) return 1; printf("%d %.3f\\n", a + b, sqrt(a)); }`;
    const result = await c(program, { stdin: "20 22\n" });
    expect(result).toMatchObject({ ended: "exit", exitCode: 0, stdout: "42 4.472\n", stderr: "" });
    expect(result.heard).toBe("42 4.472\n");
  });
});

describe("programs in C++", () => {
  it("have the whole standard library by bits/stdc++.h", async () => {
    const program = `
      #include <bits/stdc++.h>
      using namespace std;
      int main() { map<string, int> m; string w; while (cin >> w) m[w]++; for (auto &[k, v] : m) cout << k << ' ' << v << endl; }`;
    const result = await cpp(program, { stdin: "b a b\n" });
    expect(result).toMatchObject({ ended: "exit", exitCode: 0, stdout: "a 1\nb 2\n", stderr: "" });
  });
});
