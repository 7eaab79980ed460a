import { beforeAll, describe, expect, it } from "vitest";
import { LINK } from "../flags.ts";
import { buildObjects } from "../objects.ts";
import { run } from "../toolchain.ts";
import { callsIn, UnknownForm } from "./instructions.ts";
import { parse } from "./module.ts";
import { GO_ON } from "./names.ts";
import { recursionOf } from "./recursion.ts";
import { continueOnFreshStacks } from "./rewrite.ts";
import { openStacks } from "./stacks.ts";

/** Real programs, in the engine that runs the tests: Node has JavaScript Promise Integration too. */

const source = `
  #define EXPORT(name) __attribute__((export_name(#name), noinline)) name
  #define PROGRAM(name, expression) void EXPORT(name)(void) { result = expression; }
  #define HIDDEN __attribute__((noinline))
  static double result;
  double EXPORT(tell)(void) { return result; }
  volatile int sink;

  HIDDEN int leaf(int n) { sink = n; return n + 1; }
  PROGRAM(alone, leaf(20) * 2)

  HIDDEN int deep(int n) { if (n == 0) return 0; int r = deep(n - 1); sink = r; return r + 1; }
  PROGRAM(shallow, deep(100))
  PROGRAM(direct, deep(300000))

  HIDDEN double mixed(int a, long long b, float c, double d) {
    if (a == 0) return (double)b + c + d;
    double r = mixed(a - 1, b + 1, c, d + 0.5);
    sink = a;
    return r + 1;
  }
  PROGRAM(values, mixed(100000, 10000000000, 0.25f, 1.5))

  HIDDEN int odd(int n);
  HIDDEN int even(int n) { if (n == 0) return 1; int r = odd(n - 1); sink = r; return r; }
  HIDDEN int odd(int n) { if (n == 0) return 0; int r = even(n - 1); sink = r; return r; }
  PROGRAM(mutual, even(200001) * 10 + even(200000))

  HIDDEN int pointed(int n, int (*next)(int, int (*)())) { if (n == 0) return 7; int r = next(n - 1, next); sink = r; return r; }
  PROGRAM(indirect, pointed(200000, pointed))

  HIDDEN int around(int n) { sink = n; return deep(n); }
  HIDDEN int often(int n) { int r = 0; for (int i = 0; i < n; i++) r += around(1000); return r; }
  PROGRAM(repeated, often(1000))

  HIDDEN int endlessly(int n) { int r = endlessly(n + 1); sink = r; return r + 1; }
  PROGRAM(endless, endlessly(0))

  HIDDEN int trapping(int n) { if (n == 0) return 5 / (sink - sink); int r = trapping(n - 1); sink = r; return r; }
  PROGRAM(faulty, trapping(100000))
`;

let linked: Uint8Array;
beforeAll(async () => {
  const hear = (text: string): never => {
    throw new Error(text);
  };
  const object = await run(["clang", "-O2", "-c", "a.c", "-o", "-"], { "a.c": source }, hear);
  const stack = (await buildObjects()).get("stack.o");
  if (object === null || stack === undefined) throw new Error("The programs were not compiled.");
  const files = { "a.o": object.output, "stack.o": stack };
  const made = await run([...LINK, "--no-entry", "a.o", "stack.o", "-o", "p.wasm"], files, hear);
  const program = made?.files["p.wasm"];
  if (!(program instanceof Uint8Array)) throw new Error("The programs were not linked.");
  linked = program;
});

/** @returns what it comes to, and how often it went on elsewhere meanwhile */
async function attempt(program: Uint8Array, name: string): Promise<{ result: unknown; moves: number }> {
  const stacks = openStacks();
  let moves = 0;
  const goOn = (number: number): void => {
    moves += 1;
    stacks.goOn(number);
  };
  const module = await WebAssembly.compile(new Uint8Array(program));
  const { exports } = await WebAssembly.instantiate(module, { [GO_ON.module]: { [GO_ON.name]: goOn } });
  const { [name]: start, tell } = exports;
  if (typeof start !== "function" || typeof tell !== "function") throw new Error(`There is no ${name}.`);
  await stacks.run(start, exports);
  return { result: tell(), moves };
}

describe("programs that go on on fresh stacks", () => {
  it("come to the same as on one large stack, with values of all types and by all kinds of calls", async () => {
    const program = continueOnFreshStacks(linked);
    const results = [
      ["direct", 300_000],
      ["values", 10_000_000_000 + 100_000 + 0.25 + 1.5 + 50_000 + 100_000],
      ["mutual", 1],
      ["indirect", 7],
    ] as const;
    for (const [name, result] of results) {
      const attempted = await attempt(program, name);
      expect(attempted.result, name).toBe(result);
      expect(attempted.moves, name).toBeGreaterThan(10);
    }
    await expect(attempt(linked, "direct")).rejects.toThrow(RangeError);
  });

  it("stay where they are until the stack is full, also when they have come back from far below", async () => {
    const program = continueOnFreshStacks(linked);
    expect(await attempt(program, "shallow")).toEqual({ result: 100, moves: 0 });
    expect(await attempt(program, "repeated")).toEqual({ result: 1_000_000, moves: 0 });
  });

  it("end with what they ended with on the innermost stack, and for want of stacks", async () => {
    const program = continueOnFreshStacks(linked);
    await expect(attempt(program, "faulty")).rejects.toThrow(/divide by zero/);
    await expect(attempt(program, "endless")).rejects.toThrow(RangeError);
  });

  it("do without where the engine gives no stacks", async () => {
    const promising = Reflect.get(WebAssembly, "promising");
    Reflect.deleteProperty(WebAssembly, "promising");
    try {
      const program = continueOnFreshStacks(linked);
      expect(await attempt(program, "shallow")).toEqual({ result: 100, moves: 0 });
      await expect(attempt(program, "direct")).rejects.toThrow("Maximum call stack size exceeded");
    } finally {
      Reflect.set(WebAssembly, "promising", promising);
    }
  });

  it("are changed only where recursion is or is led to", () => {
    const before = parse(linked);
    const after = parse(continueOnFreshStacks(linked));
    const { recursive, leading } = recursionOf(before);
    const first = before.functions.length - before.codes.length;
    const indexOf = (name: string) => before.exported.find((each) => each.name === name)?.index ?? -1;
    expect(leading).toContain(indexOf("direct"));
    expect(recursive).not.toContain(indexOf("direct"));
    expect(leading).not.toContain(indexOf("alone"));
    // deep, mixed, even, odd, pointed, endlessly, trapping
    expect(recursive.size).toBe(7);
    const unchanged = before.codes.filter(({ bytes }, place) =>
      Buffer.from(bytes).equals(after.codes[place]?.bytes ?? new Uint8Array()),
    );
    // All but one that was only a place.
    expect(unchanged.length).toBe(before.codes.length - leading.size - 1);
    expect(unchanged.length).toBeGreaterThan(first);
  });
});

describe("instructions", () => {
  it("that are not known leave a program as it is", () => {
    const { codes, sections } = parse(linked);
    const known = codes.at(-1)?.bytes ?? new Uint8Array();
    expect(() => callsIn(new Uint8Array([0xfe, 0, 2, 0, 0x0b]), 0, 0)).toThrow(UnknownForm);
    const strange = linked.slice();
    const code = sections.find(({ id }) => id === 10)?.content ?? new Uint8Array();
    const at = Buffer.from(linked).indexOf(code) + code.length - 1;
    expect(known.at(-1)).toBe(0x0b);
    strange[at] = 0xff;
    expect(continueOnFreshStacks(strange)).toBe(strange);
  });

  it("are found behind immediates that look like calls", () => {
    const code = [
      0x43,
      0x10,
      0x10,
      0x10,
      0x10, // f32.const
      0x42,
      0x90,
      0x90,
      0x10, // i64.const
      0x0e,
      2,
      0x10,
      0x10,
      0x10, // br_table
      0x28,
      2,
      0x90,
      0x10, // i32.load
      0xfd,
      12,
      ...Array.from({ length: 16 }, () => 0x10), // v128.const
      0xfc,
      10,
      0,
      0, // memory.copy
      0x10,
      0x81,
      1, // call 129
      0x11,
      3,
      0, // call_indirect of type 3
      0x12,
      4, // return_call 4
      0x0b,
    ];
    expect(callsIn(new Uint8Array(code), 0, 0).calls).toEqual([
      { at: 40, how: "direct", index: 129, isTail: false },
      { at: 43, how: "indirect", index: 3, isTail: false },
      { at: 46, how: "direct", index: 4, isTail: true },
    ]);
  });
});
