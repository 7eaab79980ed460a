import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../testing/browser.ts";
import type { TypeTrial } from "../testing/page.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(["typescript"]);
}, 120_000);
afterAll(() => bench.close());

type Program = string | Record<string, string>;

const filesOf = (program: Program) =>
  Object.entries(typeof program === "string" ? { "main.ts": program } : program).map(([name, text]) => ({
    name,
    text,
  }));

const check = (program: Program, stopAfterMs?: number): Promise<TypeTrial> =>
  bench.page.evaluate(([files, ms]) => tools.checkTypes(files, ms), [filesOf(program), stopAfterMs] as const);

/** What is printed; "" when the types fit. */
async function said(program: Program): Promise<string> {
  const { error, thrown } = await check(program);
  expect(thrown).toBeNull();
  return error?.text ?? "";
}

const checkerRequests = (): string[] =>
  bench.site.requests.filter((request) => /checker|typescript|declarations/.test(request));

describe("the types of a program", () => {
  const wrong = `const n: number = 1;\n\tconst text: string = n + 1;\nconsole.log(text);\n`;

  it("are not looked at to run it, and what looks at them is not fetched until somebody asks", async () => {
    const ready = () => bench.page.evaluate(() => tools.host.readiness("typescript"));
    const before = await ready();
    const program = filesOf(wrong);
    expect((await bench.attempt({ language: "typescript", program })).stdout).toBe("2\n");
    expect(checkerRequests()).toEqual([]);

    const { error, heard } = await check(wrong);
    expect(error?.text).toBe(
      "main.ts:2:8: error: Type 'number' is not assignable to type 'string'. (TS2322)\n" +
        "\tconst text: string = n + 1;\n\t      ~~~~\n",
    );
    expect(error?.messages).toEqual([
      {
        file: "main.ts",
        line: 2,
        column: 8,
        severity: "error",
        text: "Type 'number' is not assignable to type 'string'. (TS2322)",
      },
    ]);
    const [last, ...earlier] = heard.toReversed();
    expect(last).toEqual({ phase: "starting", loaded: last?.total, total: last?.total });
    expect(earlier.at(-1)).toEqual({ phase: "downloading", loaded: 0, total: last?.total });

    // The language is as ready as it was, and no larger.
    expect(await ready()).toEqual({ ...before, cachedBytes: before.bytes });
    const requests = checkerRequests().length;
    expect((await check(wrong)).heard).toEqual([]);
    expect(checkerRequests()).toHaveLength(requests);
    expect((await bench.attempt({ language: "typescript", program })).stdout).toBe("2\n");
  });

  it("fit in programs as they are written in contests", async () => {
    for (const [name, program] of Object.entries(rightPrograms)) {
      expect({ name, said: await said(program) }).toEqual({ name, said: "" });
    }
  });

  it("are those of all its files", async () => {
    const items = `export interface Item { name: string; next?: Item }\nexport const items: Item[] = [];\n`;
    const main = `import { items, type Item } from "./items.ts";\nconst item: Item = { name: 5 };\nitems.push(item);\n`;
    expect(await said({ "main.ts": main, "items.ts": items })).toMatch(
      /^main\.ts:2:22: error: Type 'number' is not assignable to type 'string'\. \(TS2322\)\n/,
    );
    expect(await said({ "main.ts": main.replace("5", '"five"'), "items.ts": items })).toBe("");
    expect(await said({ "main.ts": "console.log(1);", "items.ts": "export const x: string = 1;" })).toMatch(
      /^items\.ts:1:14: error: /,
    );
  });

  it("cannot be imported in ways in which the program would not run", async () => {
    const items = "export interface Item { name: string }\nexport const x = 1;\n";
    const asValue = `import { Item } from "./items.ts";\nconst item: Item = { name: "x" };\nconsole.log(item);\n`;
    expect(await said({ "main.ts": asValue, "items.ts": items })).toMatch(
      /^main\.ts:1:10: error: 'Item' is a type/,
    );
    const shortened = `import { x } from "./items";\nconsole.log(x);\n`;
    expect(await said({ "main.ts": shortened, "items.ts": items })).toMatch(
      /^main\.ts:1:19: error: Cannot find module '\.\/items'/,
    );
    expect(await said(`import { get } from "node:http";\nget("/");\n`)).toMatch(
      /^main\.ts:1:21: error: Cannot find name 'node:http'\. \(TS2591\)\n/,
    );
  });

  it("are not guessed of a text that is no TypeScript", async () => {
    expect(await said(`const x: string = 1;\nlet b: = 2;\n`)).toBe(
      "main.ts:2:8: error: Type expected. (TS1110)\nlet b: = 2;\n       ~\n",
    );
  });

  it("can be looked at no longer when somebody stops it, and then again", async () => {
    const slow = Array.from({ length: 2000 }, (_, n) => `const x${n}: Loop<${n}> = [];`).join("\n");
    const loop = `type Loop<N, A extends N[] = []> = A["length"] extends 900 ? A : Loop<N, [...A, N]>;\n`;
    for (const after of [0, 1500]) {
      const { error, thrown } = await check(loop + slow, after);
      expect({ error, thrown }).toEqual({ error: null, thrown: expect.stringMatching(/^AbortError/) });
    }
    expect(await said(wrong)).toMatch(/^main\.ts:2:8: error: /);
  });
});

/** Prints the names of all that a program finds of Node: its modules with their exports, its objects, and its globals. */
const PRINT_NAMES = `
function namesOf(value: any): string[] {
  if (typeof value === "function") return Object.keys(value);
  const names = new Set<string>();
  for (let at = value; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
  return [...names];
}
let modules: string[] = [];
try { require("nothing" as string); } catch (error) {
  modules = /files and (.*)\\.$/.exec((error as Error).message)![1].split(", ");
}
const rl = require("readline").createInterface({ input: process.stdin });
const objects: Record<string, unknown> = {
  "NodeJS.Process": process, "NodeJS.ReadStream": process.stdin, "NodeJS.WriteStream": process.stdout,
  "typeof console": console, "typeof performance": performance, "NodeJS.Timeout": setTimeout(() => {}, 0),
  'import("readline").Interface': rl, 'import("events")': new (require("events"))(),
  'typeof import("fs").promises': require("fs").promises,
};
for (const name of modules) objects[name === "process" ? "typeof process" : \`typeof import("\${name}")\`] = require(name as string);
console.log(JSON.stringify({
  objects: Object.fromEntries(Object.entries(objects).map(([name, value]) => [name, namesOf(value)])),
  buffer: Object.getOwnPropertyNames(Buffer.prototype).filter((name) => name !== "constructor"),
  buffers: Object.getOwnPropertyNames(Buffer).filter((name) => !["length", "name", "prototype"].includes(name)),
  globals: Object.getOwnPropertyNames(globalThis),
  modules,
}));
`;

interface Names {
  objects: Record<string, string[]>;
  buffer: string[];
  buffers: string[];
  globals: string[];
  modules: string[];
}

/** What the runtime itself needs of them and programs have no use for. */
const INNER: ReadonlySet<string> = new Set(["idle", "finish", "view"]);
/** Not of Node: constants that browsers do not let go of, and what this browser's engine has beyond Node's. */
const BROWSER = /^(TEMPORARY|PERSISTENT|Temporal)$/;

describe("what is declared of Node", () => {
  let names: Names;
  beforeAll(async () => {
    const program = filesOf(PRINT_NAMES);
    const { stdout, stderr } = await bench.attempt({ language: "typescript", program });
    expect(stderr).toBe("");
    names = JSON.parse(stdout);
  });

  it("are the exports of the modules and the members of the objects that are there, no more and no less", async () => {
    const lines = Object.entries(names.objects).map(([type, members], index) => {
      const all = members.filter((name) => !INNER.has(name)).map((name) => `${name}: 0`);
      return `const t${index}: Record<Exclude<keyof (${type}), "prototype" | symbol>, 0> = { ${all.join(", ")} };`;
    });
    const modules = names.modules.map(
      (name, index) => `import * as m${index} from "node:${name}"; void m${index};`,
    );
    const buffer = `const b: (keyof Buffer)[] = ${JSON.stringify(names.buffer)};`;
    const buffers = names.buffers.filter((name) => !INNER.has(name)).map((name) => `${name}: 0`);
    const constructor = `const c: Record<Exclude<keyof BufferConstructor, "prototype">, 0> = { ${buffers.join(", ")} };`;
    expect(await said([...modules, ...lines, buffer, constructor].join("\n"))).toBe("");
  });

  it("are the globals that are there", async () => {
    const declarations = await readFile(join(import.meta.dirname, "node.d.ts"), "utf8");
    const declared = new Set(
      [...declarations.matchAll(/^declare (?:var|function) (\w+)/gm)].map(([, name = ""]) => name),
    );
    for (const name of ["require", "module", "exports", "__filename", "__dirname"]) declared.delete(name);
    const ofTheLanguage = new Set<string>(runInNewContext("Object.getOwnPropertyNames(globalThis)"));
    const found = names.globals.filter((name) => !ofTheLanguage.has(name) && !BROWSER.test(name));
    expect([...declared].sort()).toEqual([...new Set([...found, "console"])].sort());
  });
});

const rightPrograms: Record<string, Program> = {
  "all of the input at once": `import { readFileSync } from "fs";
const [n, ...values] = readFileSync(0, "utf8").trim().split(/\\s+/).map(Number);
const lines = readFileSync("/dev/stdin").toString().split("\\n");
console.log(n, values.reduce((a, b) => a + b, 0), Math.max(...values), lines.length);`,

  CommonJS: `const fs = require("fs");
const grid = fs.readFileSync(0, "utf8").split("\\n").map((line) => line.split(" ").map(Number));
console.log(grid.map((row) => row.join(" ")).join("\\n"));
const { EventEmitter } = require("node:events");
const rl = require("readline").createInterface({ input: process.stdin, output: process.stdout, terminal: false });
rl.on("line", (line) => console.log(line.length)).on("close", () => process.exit(0));
if (require.main === module) new EventEmitter().once("x", (value: number) => value).emit("x", 1);
exports.name = __filename;`,

  "CommonJS of several files": {
    "main.ts": `import os = require("os");\nconst helper = require("./helper.cts");\nconsole.log(helper.twice(21), os.EOL);`,
    "helper.cts": `export = { twice: (x: number): number => 2 * x };`,
    "types.d.ts": `declare const answer: number;`,
    "data.json": `{ "a": 1 }`,
  },

  "modules that import one another": {
    "main.ts": `import total, { type Item, Kind, items as all } from "./lib/items.ts";
import * as text from "./text.ts";
import data from "./data.json" with { type: "json" };
import { old } from "./old.js";
const item: Item = all[0]!;
console.log(total(), item.name, Kind.Big, text.shout("x"), data.a + 1, old(2));`,
    "lib/items.ts": `export interface Item { name: string }
export enum Kind { Small, Big }
export const items: Item[] = [];
export default function total(): number { return items.length; }`,
    "text.ts": `export const shout = (x: string): string => x.toUpperCase();\nexport * from "./lib/items.ts";`,
    "data.json": `{ "a": 1 }`,
    "old.js": `export function old(x) { return x + 1; }`,
  },

  "lines of the input": `import * as readline from "node:readline";
import { once } from "events";
const rl: readline.Interface = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
const lines: string[] = [];
rl.on("line", (line) => lines.push(line));
await once(rl, "close");
for await (const line of readline.createInterface({ input: process.stdin })) lines.push(line.trim());
const all = rl[Symbol.asyncIterator]();
const next = async (): Promise<string> => (await all.next()).value;
const [a, b] = (await next()).split(" ").map(BigInt);
console.log(a! * b!);`,

  "await without any import": `const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const name = Buffer.concat(chunks).toString("utf8");
await new Promise((resolve) => setTimeout(resolve, 5));
console.log(name);`,

  "events of the input": `let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk: string) => (text += chunk));
process.stdin.on("data", (chunk) => { text += chunk; }).on("end", () => console.log(text.split("\\n")));
process.stdin.resume();`,

  "what else there is of Node": `import fs from "node:fs";
import assert from "node:assert";
import path from "path";
import { setTimeout as wait } from "timers/promises";
import { createInterface } from "node:readline/promises";
import { inspect, promisify } from "util";
import { performance as clock } from "perf_hooks";
const value: unknown = JSON.parse(fs.readFileSync(0, { encoding: "utf8" }));
assert(typeof value === "number");
console.log(value.toFixed(2), path.join("a", "b"), inspect({}), clock.now() - performance.now());
await wait(5);
const answer: string = await createInterface({ input: process.stdin }).question("?");
const timer: NodeJS.Timeout = setTimeout((x: number, y: string) => console.log(x, y), 5, 1, "a");
clearTimeout(timer);
process.on("exit", (code) => console.log(code + 1));
const buffer = Buffer.alloc(1 << 16);
let text = answer;
for (let got; (got = fs.readSync(0, buffer, 0, buffer.length, null)) > 0;) text += buffer.toString("utf8", 0, got);
const read: (path: string) => Promise<Buffer> = promisify(fs.readFile as (path: string, done: (e: Error | null, content: Buffer) => void) => void);
process.stdout.write([text, process.hrtime()[0], process.hrtime.bigint() / 2n, await read("/dev/stdin")].join("\\n"));
console.log(structuredClone({ a: 1 }).a, new TextEncoder().encode("x")[0], import.meta.dirname, process.argv[2] ?? process.env.HOME);
process.exitCode = 1;`,

  "what is code in TypeScript": `enum Colour { Red, Green = "g", Blue = 1 << 4 }
const enum Size { Small = 1 }
namespace Maths { export const tau = 6; export function double(x: number): number { return 2 * x; } }
abstract class Shape { constructor(protected readonly name: string, public sides = 4) {} abstract area(): number }
class Square extends Shape { constructor(private side: number) { super("square"); } override area() { return this.side ** 2; } tell() { return this.name; } }
console.log(Colour.Red, Colour[16], Size.Small, Maths.double(Maths.tau), new Square(3).area(), new Square(2).tell());`,

  "generics, collections and large numbers": `class Heap<T> {
  #items: T[] = [];
  constructor(private readonly less: (a: T, b: T) => boolean) {}
  push(item: T): void { this.#items.push(item); this.#items.sort((a, b) => (this.less(a, b) ? -1 : 1)); }
  pop(): T | undefined { return this.#items.shift(); }
  get size(): number { return this.#items.length; }
}
const heap = new Heap<[cost: number, node: string]>((a, b) => a[0] < b[0]);
heap.push([1, "a"]);
while (heap.size) { const [cost, node] = heap.pop()!; console.log(cost, node); }
const graph = new Map<number, Set<number>>();
for (const [u, v] of [[1, 2]] as [number, number][]) graph.set(u, (graph.get(u) ?? new Set()).add(v));
const memo: Record<string, bigint> = {};
const fib = (n: number): bigint => (memo[n] ??= n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2));
const table: number[][] = Array.from({ length: 5 }, () => new Array<number>(5).fill(0));
table[0][1] = 3;
const flags = new Int32Array(5);
flags[0] |= 1;
function* range(n: number): Generator<number> { for (let i = 0; i < n; i++) yield i; }
function over(x: string): string; function over(x: number): number; function over(x: unknown): unknown { return x; }
const first = <T,>(list: readonly T[]): T | undefined => list[0];
console.log(fib(90), 2n ** 64n, [...range(3)], first([7])!, over("x"), [3, 1].toSorted((a, b) => a - b), new Set([1]).union(new Set([2])),
  Object.groupBy([1, 2], (x) => (x % 2 ? "odd" : "even")).odd, range(5).map((x) => x * 2).toArray(), (5 satisfies number));`,
};
