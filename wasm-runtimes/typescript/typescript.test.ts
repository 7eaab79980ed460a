import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../testing/browser.ts";
import type { TrialResult } from "../testing/page.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(["typescript"]);
}, 60_000);
afterAll(() => bench.close());

const run = (files: string | Record<string, string>, more: object = {}): Promise<TrialResult> => {
  const texts = typeof files === "string" ? { "main.ts": files } : files;
  const program = Object.entries(texts).map(([name, text]) => ({ name, text }));
  return bench.attempt({ language: "typescript", program, ...more });
};

describe("programs in TypeScript", () => {
  it("print, read standard input and end with 0", async () => {
    const program = `import { readFileSync } from "node:fs";
interface Pair { a: number; b: number }
const [a, b] = readFileSync(0, "utf8").trim().split(" ").map(Number) as [number, number];
const pair: Pair = { a, b };
console.log(pair.a + pair.b satisfies number);`;
    expect(await run(program, { stdin: "2 40\n" })).toMatchObject({
      ended: "exit",
      exitCode: 0,
      stdout: "42\n",
      stderr: "",
    });
  });

  it("may use what is code in TypeScript: enums, namespaces and parameter properties", async () => {
    const program = `enum Colour { Red, Green = "g", Blue = 1 << 4 }
const enum Size { Small = 1 }
namespace Maths { export const tau = 6; export function double(x: number): number { return 2 * x; } }
abstract class Shape { constructor(protected readonly name: string, public sides = 4) {} abstract area(): number }
class Square extends Shape { constructor(private side: number) { super("square"); } area() { return this.side ** 2; } tell() { return this.name; } }
const square = new Square(3);
const first = <T,>(list: readonly T[]): T | undefined => list[0];
console.log(Colour.Red, Colour.Green, Colour[16], Size.Small, Maths.double(Maths.tau), square.area(), square.tell(), square.sides, first([7])!);
function over(x: string): string; function over(x: number): number; function over(x: unknown): unknown { return x; }
console.log(over("x"), <number>5, [1, 2] as const);`;
    expect((await run(program)).stdout).toBe("0 g Blue 1 12 9 square 4 7\nx 5 [ 1, 2 ]\n");
  });

  it("do not need to be right by their types", async () => {
    expect((await run(`const x: number = "text";\nconsole.log(x);`)).stdout).toBe("text\n");
  });

  it("are refused with line and column when they are no TypeScript", async () => {
    const result = await run("let a: number = 1;\nlet b: = 2;\n");
    expect(result.ended).toBe("refused");
    expect(result.stderr).toMatch(/^main\.ts:2:8: error: Unexpected token `=`/);
    expect(result.stderr).toMatch(/let b: = 2;\n {7}\^/);
  });

  it("are refused with the line that was written when only the browser sees what is wrong", async () => {
    const program = "interface Gone {\n  a: 1;\n}\n\nlet twice: number = 1;\n  let twice: number = 2;\n";
    const result = await run(program);
    expect(result.ended).toBe("refused");
    expect(result.stderr).toContain("main.ts:6\n  let twice: number = 2;\n      ^\n\nSyntaxError: ");
  });

  it("show an exception with the line that was written, and the calls to it", async () => {
    const program = `interface Gone {
  a: 1;
}
class Counter {
  constructor(private count: number) {}

  fail(): never { throw new RangeError("at " + this.count); }
}

const run = (counter: Counter): void =>
  counter.fail();
run(new Counter(3));
`;
    const result = await run(program);
    expect(result).toMatchObject({ ended: "exit", exitCode: 1 });
    expect(result.stderr).toContain("main.ts:7\n  fail(): never { throw new RangeError");
    expect(result.stderr).toContain("RangeError: at 3\n    at Counter.fail (main.ts:7:");
    expect(result.stderr).toContain("main.ts:11:");
    expect(result.stderr).toContain("main.ts:12:1");
  });

  it("can consist of several files that import one another by their names", async () => {
    const result = await run({
      "main.ts": `import total, { type Item, Kind, items as all } from "./items.ts";
import * as text from "./text.ts";
import { limit } from "./late.ts";
const item: Item = all[0]!;
console.log(total(), item.name, Kind.Big, text.shout("x"), text.default.length, limit, Object.keys(text).sort().join());`,
      "items.ts": `export interface Item { name: string }
export enum Kind { Small, Big }
const items: Item[] = [{ name: "one" }, { name: "two" }];
export { items };
export default function total(): number { return items.length; }`,
      "text.ts": `export const shout = (x: string): string => x.toUpperCase() + mark, mark = "!";
export default class Text {}
export * from "./items.ts";`,
      "late.ts": `const limit: number = await Promise.resolve(5);\nexport { limit };`,
    });
    expect(result).toMatchObject({ stdout: "2 one 1 X! 0 5 Kind,default,items,mark,shout\n", stderr: "" });
  });

  it("hear of an import that is not exported, as of a type that is imported without saying so", async () => {
    const result = await run({
      "main.ts": `import { Item } from "./items.ts";\nconst item: Item = { name: "x" };\nconsole.log(item);`,
      "items.ts": `export interface Item { name: string }\nexport const x = 1;`,
    });
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain(
      "The requested module './items.ts' does not provide an export named 'Item'",
    );
  });

  it("can be CommonJS", async () => {
    const result = await run({
      "main.ts": `import fs = require("fs");\nconst helper = require("./helper.cts");\nconsole.log(helper.twice(21), typeof fs.readFileSync, require.main === module);`,
      "helper.cts": `export = { twice: (x: number): number => 2 * x };`,
    });
    expect(result.stdout).toBe("42 function true\n");
  });

  it("are killed at their time limit, and the next runs", async () => {
    expect((await run(`for (;;);`, { limits: { wallMs: 300 } })).ended).toBe("timeout");
    expect((await run(`console.log("after" as string)`)).stdout).toBe("after\n");
  });
});
