import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../testing/browser.ts";
import type { Trial } from "../testing/page.ts";
import { exercisesOf } from "./exercises.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(["c", "cpp"]);
}, 300_000);
afterAll(() => bench.close());

const c = (program: Trial["program"], more: Partial<Trial> = {}) =>
  bench.attempt({ language: "c", program, ...more });
const cpp = (program: Trial["program"], more: Partial<Trial> = {}) =>
  bench.attempt({ language: "cpp", program, ...more });

const MEBIBYTE = 1024 * 1024;

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

  it("are refused with the places of their errors", async () => {
    const result = await c(`#include <stdio.h>\nint main(void) {\n  int a\n  puts("x");\n}\n`);
    expect(result.ended).toBe("refused");
    expect(result.stderr).toContain("main.c:3:8: error: expected ';' at end of declaration");
  });

  it("can consist of several files, in folders too", async () => {
    const result = await c([
      {
        name: "main.c",
        text: `#include <stdio.h>\n#include "lib/twice.h"\nint main(void) { printf("%d\\n", twice(21)); }`,
      },
      { name: "lib/twice.h", text: "int twice(int);" },
      { name: "lib/twice.c", text: `#include "twice.h"\nint twice(int x) { return 2 * x; }` },
    ]);
    expect(result).toMatchObject({ ended: "exit", stdout: "42\n" });
  });

  it("do not see what an earlier run left", async () => {
    const program = `#include <stdio.h>\nstatic int runs;\nint main(void) { printf("%d %d\\n", ++runs, getchar()); }`;
    expect((await c(program, { stdin: "a" })).stdout).toBe("1 97\n");
    expect((await c(program)).stdout).toBe("1 -1\n");
  });

  it("run one after another as quickly as they end, however many", async () => {
    const program = `#include <stdio.h>\nint main(void) { puts("x"); }`;
    // Workers that lingered after their program's end once had taken all addresses after about a hundred.
    const pairs = process.env["TEST_LONG"] === "1" ? 250 : 10;
    for (let pair = 0; pair < pairs; pair += 1) {
      const both = await Promise.all([c(program), c(program)]);
      for (const result of both) expect(result).toMatchObject({ ended: "exit", stdout: "x\n" });
    }
  });

  it("are ended at their time limit and their output limit, with what they wrote", async () => {
    const endless = `#include <stdio.h>\nint main(void) { puts("before"); fflush(stdout); for (volatile int i = 0;; i++); }`;
    const late = await c(endless, { limits: { wallMs: 500 } });
    expect(late).toMatchObject({ ended: "timeout", exitCode: null, stdout: "before\n" });
    expect(late.ticks).toBeGreaterThan(5);
    const flood = await c(`#include <stdio.h>\nint main(void) { for (;;) puts("flood"); }`, {
      limits: { outputBytes: 10_000 },
    });
    expect(flood).toMatchObject({ ended: "output", exitCode: null });
    expect(flood.stdout.length).toBe(10_000);
  });

  it("have the memory that they may have, global arrays too, and are told when they ask for more", async () => {
    const asks = (mebibytes: number) => `
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      char globals[32 << 20];
      char *volatile kept[1000];
      int main(void) {
        for (int i = 0; i < ${mebibytes}; i++) {
          if (!(kept[i] = malloc(1 << 20))) return 3;
          memset(kept[i], 1, 1 << 20);
        }
        globals[5] = 1;
        printf("%d\\n", globals[5]);
      }`;
    const limits = { memoryBytes: 64 * MEBIBYTE };
    const within = await c(asks(20), { limits });
    expect(within).toMatchObject({ ended: "exit", exitCode: 0, stdout: "1\n" });
    expect(within.memoryBytes).toBeGreaterThan(52 * MEBIBYTE);
    expect(within.memoryBytes).toBeLessThanOrEqual(64 * MEBIBYTE);
    const beyond = await c(asks(100), { limits });
    expect(beyond).toMatchObject({ ended: "memory", exitCode: null });
    expect(beyond.stderr).toContain("more than the 64 MiB of memory that it may have");
    const global = await c("char all[80 << 20]; int main(int n, char **v) { return all[n]; }", { limits });
    expect(global.ended).toBe("memory");
  });

  it("end with a sentence and a code that tells the fault", async () => {
    const faulty = (statement: string) => `
      #include <stdlib.h>
      #include <assert.h>
      #include <unistd.h>
      volatile int zero; int (*volatile none)(int); char *volatile wild = (char *)0xfffffff0;
      int main(void) { ${statement}; }`;
    const faults = [
      ["return 5 % zero", 136, "divided by zero"],
      ["return *wild", 139, "outside of its memory"],
      ["return (int)write(1, wild, 100)", 139, "outside of its memory"],
      ["return none(1)", 139, "function pointer"],
      ["assert(zero == 1)", 134, "Assertion failed: zero == 1 (main.c: main: 6)"],
      ["exit(3)", 3, ""],
    ] as const;
    for (const [statement, exitCode, sentence] of faults) {
      const result = await c(faulty(statement));
      expect(result).toMatchObject({ ended: "exit", exitCode });
      expect(result.stderr).toContain(sentence);
    }
  });

  it("that recurse without end, or have too much on their stack, end of that and nothing else does", async () => {
    const endless = "int f(int n) { volatile int a[9]; a[n % 9] = n; return f(n + 1) + a[n % 7]; }\n";
    const large =
      "int f(int n) { volatile char a[100 << 20]; for (int i = n; i < 100 << 20; i += 4096) a[i] = 1; return a[n]; }\n";
    // With nothing in memory: all that it takes are stacks.
    const bare = "int f(int n) { return n == -1 ? 1 : f(n + 1) * 3 ^ n; }\n";
    for (const f of [endless, large, bare]) {
      const result = await c(`${f}int main(int n, char **v) { return f(n); }`);
      expect(result).toMatchObject({ ended: "stack", exitCode: null });
      expect(result.stderr).toContain("recursed more deeply than the browser allows");
    }
    expect((await c(`#include <stdio.h>\nint main(void) { puts("alive"); }`)).stdout).toBe("alive\n");
  });

  it("may go a million calls deep, and come back, write, end, fail and be ended from there", async () => {
    const deep = (below: string) => `
      #include <stdio.h>
      #include <stdlib.h>
      volatile int zero, sink;
      int down(int n) {
        if (n % 100000 == 0) { printf("%d\\n", n / 100000); fflush(stdout); }
        if (n == 0) { ${below}; return 1; }
        int r = down(n - 1);
        sink = r;
        return r + 1;
      }
      int main(void) { printf("%d\\n", down(1000000)); return 0; }`;
    const way = Array.from({ length: 11 }, (_, index) => `${10 - index}\n`).join("");
    expect(await c(deep(""))).toMatchObject({ ended: "exit", exitCode: 0, stdout: `${way}1000001\n` });
    expect(await c(deep("exit(3)"))).toMatchObject({ ended: "exit", exitCode: 3, stdout: way });
    const faulty = await c(deep("return 5 / zero"));
    expect(faulty).toMatchObject({ ended: "exit", exitCode: 136, stdout: way });
    expect(faulty.stderr).toContain("divided by zero");
    const late = await c(deep("for (;;) sink = 1"), { limits: { wallMs: 2000 } });
    expect(late).toMatchObject({ ended: "timeout", exitCode: null });
  });

  it("cannot ask the page for anything, by whatever name", async () => {
    const program = `
      __attribute__((import_module("constructor"), import_name("constructor"))) __externref_t make(int);
      __attribute__((import_module("wasi_snapshot_preview1"), import_name("constructor"))) void build(void);
      int main(void) { make(1); build(); }`;
    const result = await c(program);
    expect(result.ended).toBe("refused");
    expect(result.stderr).toContain(`cannot import "constructor" of "constructor"`);
    expect(result.stderr).toContain(`"constructor" of "wasi_snapshot_preview1"`);
  });

  it("are compiled once: what is known from earlier visits needs no compiler", async () => {
    const program = `#include <stdio.h>\nint main(void) { puts("kept"); }`;
    await c(program);
    const outcome = await bench.page.evaluate((text) => tools.withoutCompiler(text), program);
    expect(outcome).toEqual({ known: "kept\n", unknown: expect.stringContaining("no compiler here") });
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

  it("may give names to what they did not include", async () => {
    const program = `#include <cstdio>\nusing namespace std;\nint map[9], queue = 2;\nint main() { printf("%d\\n", map[0] + queue); }`;
    expect(await cpp(program)).toMatchObject({ ended: "exit", stdout: "2\n" });
  });

  it("are not taken for programs in C that were kept, though their files are the same", async () => {
    const program = [
      { name: "main.c", text: '#include <stdio.h>\nint main(void) { puts("C"); }' },
      { name: "main.cpp", text: '#include <cstdio>\nint main() { puts("C++"); }' },
    ];
    expect((await bench.attempt({ language: "c", program })).stdout).toBe("C\n");
    expect((await bench.attempt({ language: "cpp", program })).stdout).toBe("C++\n");
  });

  it("that call exit() run nothing after it: no destructor on the way out, and no handler that catches all", async () => {
    const program = `
      #include <cstdio>
      #include <cstdlib>
      struct Loud { ~Loud() { std::puts("destroyed"); } };
      void leave() { Loud loud; std::exit(3); }
      int main() { Loud loud; try { leave(); } catch (...) { std::puts("caught"); } std::puts("after"); }`;
    expect(await cpp(program)).toMatchObject({ ended: "exit", exitCode: 3, stdout: "", stderr: "" });
  });

  it("throw what they do not catch, and run out of memory, in words", async () => {
    const thrown = await cpp(`#include <stdexcept>\nint main() { throw std::runtime_error("boom"); }`);
    expect(thrown).toMatchObject({ ended: "exit", exitCode: 134 });
    expect(thrown.stderr).toContain("terminate called after throwing an instance of 'std::runtime_error'");
    const hog = await cpp(
      `#include <vector>\nint main() { std::vector<long long> v; for (;;) v.push_back(1); }`,
    );
    expect(hog).toMatchObject({ ended: "memory", exitCode: null });
  });
});

it.each(["c", "cpp"] as const)(
  "what the compiler exercises with in %s are whole programs",
  async (language) => {
    const ends = [];
    for (const { text: program } of exercisesOf(language))
      ends.push((await bench.attempt({ language, program, stdin: "2 1\na b 5\n" })).ended);
    expect(ends).toEqual(exercisesOf(language).map(() => "exit"));
  },
);
