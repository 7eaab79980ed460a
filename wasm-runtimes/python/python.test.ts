import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../testing/browser.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(["python3"]);
}, 60_000);
afterAll(() => bench.close());

const run = (program: string, more: object = {}) => bench.attempt({ language: "python3", program, ...more });

describe("programs in Python", () => {
  it("print, read standard input and end with 0", async () => {
    const result = await run(`print("hello", input())`, { stdin: "wörld\n" });
    expect(result).toMatchObject({ ended: "exit", exitCode: 0, stdout: "hello wörld\n", stderr: "" });
    expect(result.heard).toBe("hello wörld\n");
  });

  it("start from a memory snapshot without a complaint", async () => {
    await run("pass");
    expect(bench.errors).toEqual([]);
  });

  it("start from the snapshot of an earlier visit", async () => {
    const started = await bench.page.evaluate(() => tools.pythonThatMakesNoSnapshot("kept"));
    expect(started).toMatchObject({ result: { ended: "exit", stdout: "42\n" }, reported: [], left: true });
  });

  it("start without a snapshot where one is spoilt and none can be made, and the page is told of both", async () => {
    const { result, reported, left } = await bench.page.evaluate(() =>
      tools.pythonThatMakesNoSnapshot("spoilt"),
    );
    expect(result).toMatchObject({ ended: "exit", stdout: "42\n" });
    expect(reported).toHaveLength(2);
    expect(reported[0]).toContain("The language did not start");
    expect(reported[1]).toContain("snapshot was not made");
    expect(left).toBe(false);
  });

  it("get an EOFError at the end of the input", async () => {
    const result = await run(`a = input()\nb = input()\n`, { stdin: "only\n" });
    expect(result).toMatchObject({ ended: "exit", exitCode: 1 });
    expect(result.stderr).toBe(
      'Traceback (most recent call last):\n  File "main.py", line 2, in <module>\n    b = input()\nEOFError: EOF when reading a line\n',
    );
  });

  it("show only their own lines in a traceback", async () => {
    const result = await run(`def f(x):\n    return 1 // x\n\nprint("before")\nf(0)\n`);
    expect(result).toMatchObject({ ended: "exit", exitCode: 1, stdout: "before\n" });
    expect(result.stderr).toMatch(
      /^Traceback \(most recent call last\):\n {2}File "main.py", line 5, in <module>\n/,
    );
    expect(result.stderr).toContain('  File "main.py", line 2, in f\n    return 1 // x\n');
    expect(result.stderr).toMatch(/\nZeroDivisionError: [^\n]*\n$/);
  });

  it.for([
    ["import sys; sys.exit(3)", 3, ""],
    ["import sys; sys.exit()", 0, ""],
    ["exit(4)", 4, ""],
    ["raise SystemExit", 0, ""],
    ["import sys; sys.exit('no way')", 1, "no way\n"],
    ["import sys; sys.stdout.write('x'); sys.stdout.close(); sys.exit(5)", 5, ""],
  ] as const)("end with the exit code they ask for: %s", async ([program, exitCode, stderr]) => {
    expect(await run(program)).toMatchObject({ ended: "exit", exitCode, stderr });
  });

  it("end with the exit code of os._exit at once", async () => {
    const result = await run(`import os\ntry:\n  os._exit(6)\nfinally:\n  print("never", flush=True)`);
    expect(result).toMatchObject({ ended: "exit", exitCode: 6, stdout: "" });
  });

  it("run what they left to atexit", async () => {
    expect((await run(`import atexit\natexit.register(print, "bye")\nprint("hi")`)).stdout).toBe("hi\nbye\n");
  });

  it("are refused with the line when they are not Python", async () => {
    const result = await run("x = 1\nif x\n  y = 2\n");
    expect(result.ended).toBe("refused");
    expect(result.stderr).toBe(`  File "main.py", line 2\n    if x\n        ^\nSyntaxError: expected ':'\n`);
  });

  it("are refused for bad indentation in any of their files", async () => {
    const result = await bench.attempt({
      language: "python3",
      program: [
        { name: "main.py", text: "import other" },
        { name: "other.py", text: "def f():\nreturn 1\n" },
      ],
    });
    expect(result.ended).toBe("refused");
    expect(result.stderr).toContain('File "other.py", line 2');
  });

  it("can consist of several files, and tracebacks name them", async () => {
    const program = [
      { name: "solution.py", text: "import helper\nprint(helper.twice(21), __name__)\nhelper.fail()\n" },
      {
        name: "helper.py",
        text: "def twice(x):\n    return 2 * x\ndef fail():\n    raise ValueError('x')\n",
      },
    ];
    const result = await bench.attempt({ language: "python3", program });
    expect(result).toMatchObject({ stdout: "42 __main__\n", exitCode: 1 });
    expect(result.stderr).toContain('  File "solution.py", line 3, in <module>\n');
    expect(result.stderr).toContain('  File "helper.py", line 4, in fail\n');
  });

  it("read 200,000 numbers", async () => {
    const numbers = Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 1_000_003);
    const sum = `${numbers.reduce((total, number) => total + number, 0)}\n`;
    const stdin = `${numbers.length}\n${numbers.join(" ")}\n`;
    expect((await run(`input()\nprint(sum(map(int, input().split())))`, { stdin })).stdout).toBe(sum);
    const lines = stdin.replaceAll(" ", "\n");
    expect(
      (await run(`import sys\nprint(sum(int(x) for x in sys.stdin) - 200000)`, { stdin: lines })).stdout,
    ).toBe(sum);
    expect(
      (
        await run(
          `import os\nd = os.read(0, 10**8)\nwhile x := os.read(0, 10**8): d += x\nprint(sum(map(int, d.split()[1:])))`,
          { stdin },
        )
      ).stdout,
    ).toBe(sum);
  });

  it("write 200,000 lines and bytes exactly as they are", async () => {
    const result = await run(`for i in range(200000): print(i)`, { limits: { outputBytes: 2_000_000 } });
    expect(result).toMatchObject({ ended: "exit", exitCode: 0, stderr: "" });
    expect(result.stdout).toBe(Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join(""));
    expect((await run(`import sys\nsys.stdout.buffer.write("é\\r\\n".encode())`)).stdout).toBe("é\r\n");
  });

  it("show each printed line as it comes", async () => {
    const result = await run(`print("step 1")\nprint("step 2")\nwhile True: pass`, {
      limits: { wallMs: 600 },
    });
    expect(result).toMatchObject({ ended: "timeout", stdout: "step 1\nstep 2\n" });
  });

  it("are killed at their time limit without holding up the page or the next run", async () => {
    const result = await run("while True: pass", { limits: { wallMs: 600 } });
    expect(result).toMatchObject({ ended: "timeout", exitCode: null });
    expect(result.ticks).toBeGreaterThan(10);
    expect((await run(`print("after")`)).stdout).toBe("after\n");
  });

  it("cannot escape the time limit by catching everything", async () => {
    const program = "while True:\n  try:\n    while True: pass\n  except BaseException: pass";
    expect((await run(program, { limits: { wallMs: 300 } })).ended).toBe("timeout");
  });

  it("are ended at the output limit with exactly so many bytes", async () => {
    const result = await run(`while True: print("flood")`, { limits: { outputBytes: 10_000 } });
    expect(result.ended).toBe("output");
    expect(result.stdout.length).toBe(10_000);
    expect((await run(`print("after")`)).stdout).toBe("after\n");
  });

  it("do not see what an earlier run left", async () => {
    await run(
      `import math, builtins, sys\nmath.pi = 3\nbuiltins.left = 1\nopen("left.txt", "w").write("x")\nsys.stdout.write("unflushed")`,
    );
    const result = await run(
      `import math, builtins, os\nprint(math.pi, hasattr(builtins, "left"), os.path.exists("left.txt"))`,
    );
    expect(result.stdout).toBe("3.141592653589793 False False\n");
  });

  it("draw other random numbers in each run", async () => {
    const program = `import random, secrets\nprint(random.random(), secrets.token_hex(8))`;
    const [first, second] = [await run(program), await run(program)];
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout.split(" ")[0]).not.toBe(second.stdout.split(" ")[0]);
    expect(first.stdout.split(" ")[1]).not.toBe(second.stdout.split(" ")[1]);
  });

  it("can recurse a hundred thousand calls deep once they ask for it, through caches too", async () => {
    const program = [
      "import sys, functools",
      "sys.setrecursionlimit(10**6)",
      "def f(n): return 0 if n == 0 else 1 + f(n - 1)",
      "@functools.lru_cache(maxsize=None)",
      "def g(n, step=1): return 0 if n == 0 else step + g(n - 1, step=step)",
      "@functools.lru_cache(100)",
      "def h(n): return 0 if n == 0 else 1 + h(n - 1)",
      "print(f(100000), g(100000), h(100000), sys.getrecursionlimit(), g.cache_info())",
    ].join("\n");
    expect((await run(program)).stdout).toBe(
      "100000 100000 100000 1000000 CacheInfo(hits=0, misses=100001, maxsize=None, currsize=100001)\n",
    );
  });

  it("get a RecursionError at the usual depth, in which only their own calls are told, cached or not", async () => {
    const program = "import functools\n@functools.cache\ndef f(n): return n and f(n - 1)\nf(990)\nf(2000)\n";
    const cached = await run(program);
    expect(cached).toMatchObject({ ended: "exit", exitCode: 1 });
    expect(cached.stderr).toMatch(/line 5, in <module>\n.*\n.*\n {2}File "main.py", line 3, in f\n/);
    expect(cached.stderr).toMatch(
      /in f\n(?!.*functools)[\s\S]*RecursionError: maximum recursion depth exceeded\n$/,
    );
    const plain = await run(`def f(n): return f(n + 1)\nf(0)`);
    expect(plain).toMatchObject({ ended: "exit", exitCode: 1 });
    expect(plain.stderr).toContain("RecursionError: maximum recursion depth exceeded");
  });

  it("end with an error, not a dead sandbox, when they recurse through what is not Python too deeply", async () => {
    const result = await run(
      `import sys\nsys.setrecursionlimit(10**6)\nprint("before")\ndef f(n): return max([n], key=lambda x: f(x + 1))\nf(0)`,
    );
    expect(result).toMatchObject({ ended: "stack", exitCode: null, stdout: "before\n" });
    expect(result.stderr).toMatch(
      /line 4 in f\n[\s\S]*\nRecursionError: calls went deeper than this browser allows\n$/,
    );
    expect((await run(`print("after")`)).stdout).toBe("after\n");
  });

  it("end with a MemoryError at the memory limit, which they may catch, and the next run has all its memory", async () => {
    const limits = { memoryBytes: 128 * 1024 * 1024 };
    const hog = await run("held = []\nwhile True: held.append([0] * 1000)", { limits });
    expect(hog).toMatchObject({ ended: "memory", exitCode: null });
    expect(hog.memoryBytes).toBeLessThanOrEqual(limits.memoryBytes);
    // Where it happened is told if there is memory left to say so, which after a single large piece there is.
    const large = await run("x = 1\nbytearray(10**9)", { limits });
    expect(large.stderr).toMatch(/line 2, in <module>[\s\S]*MemoryError\n$/);
    expect(hog.stderr).toMatch(/MemoryError\n$/);
    const caught = await run("try: bytearray(10**9)\nexcept MemoryError: print('caught')", { limits });
    expect(caught).toMatchObject({ ended: "exit", exitCode: 0, stdout: "caught\n" });
    expect(await run("print(len(bytearray(80 * 10**6)))", { limits })).toMatchObject({
      stdout: "80000000\n",
    });
  });

  it("find the disk full when their files hold as much as they may have of memory", async () => {
    const program = `
import os
written = 0
try:
    for name in range(10**6):
        with open(str(name), "wb") as file:
            for _ in range(5): written += file.write(bytes(10**6))
except OSError as error:
    print(error.strerror, written // 10**6)
try:
    os.truncate("0", 10**10)
except OSError as error:
    print(error.strerror)`;
    const result = await bench.attempt({
      language: "python3",
      program,
      limits: { memoryBytes: 64 * 1024 * 1024 },
    });
    const [full, truncated] = result.stdout.split("\n");
    expect(full).toMatch(/^No space left on device [4-6]\d$/);
    expect(truncated).toBe("No space left on device");
  });

  it("find the usual parts of the standard library", async () => {
    const program = [
      "import array, bisect, collections, dataclasses, datetime, decimal, enum, fractions, functools, heapq, io",
      "import itertools, json, math, operator, queue, random, re, statistics, string, sys, time, typing",
      "print(decimal.Decimal(1) / 3, fractions.Fraction(1, 3), heapq.nsmallest(2, [3, 1, 2]), datetime.date(2026, 1, 1))",
      "time.sleep(0.01); print(time.time() > 1e9, functools.lru_cache(None)(lambda x: x * 2)(21))",
    ].join("\n");
    const result = await run(program);
    expect(result.stdout).toBe("0.3333333333333333333333333333 1/3 [1, 2] 2026-01-01\nTrue 42\n");
  });

  it("can use asyncio", async () => {
    const program = [
      "import asyncio",
      "async def part(name):",
      "    for i in range(2):",
      "        await asyncio.sleep(0.01)",
      "        print(name, i)",
      "async def main():",
      "    await asyncio.gather(part('a'), part('b'))",
      "asyncio.run(main())",
      "print('end', input())",
    ].join("\n");
    expect(await run(program, { stdin: "in\n" })).toMatchObject({
      exitCode: 0,
      stdout: "a 0\nb 0\na 1\nb 1\nend in\n",
    });
  });

  it("may run their main function in a thread with a larger stack, as is often done", async () => {
    const program = [
      "import sys, threading",
      "sys.setrecursionlimit(10**6)",
      "threading.stack_size(2**26)",
      "def f(n): return 0 if n == 0 else 1 + f(n - 1)",
      "def main(): print(f(5000), input())",
      "t = threading.Thread(target=main)",
      "t.start()",
      "t.join()",
    ].join("\n");
    expect(await run(program, { stdin: "in\n" })).toMatchObject({
      stdout: "5000 in\n",
      exitCode: 0,
      stderr: "",
    });
  });
});
