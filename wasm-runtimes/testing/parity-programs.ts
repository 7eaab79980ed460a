/** Small programs whose output in the browser is compared with Node's own. */
export interface ParityProgram {
  name: string;
  program: string;
  stdin: string;
}

const words = "one two\nthree\n\nfour five six\n";
const noFinalNewline = "1 2\r\n3 4\r\nlast";
const long = Array.from({ length: 30_000 }, (_, index) => `line ${index} é`).join("\n");

export const parityPrograms: readonly ParityProgram[] = [
  ["readFileSync(0) as text", `console.log(require("fs").readFileSync(0, "utf8").split("\\n"))`, words],
  [
    // Not by process.stdin.fd: once a program has looked at process.stdin, Node finds nothing in a pipe that is still empty (EAGAIN).
    "readFileSync with an options object",
    `console.log(require("node:fs").readFileSync(0, { encoding: "utf-8" }), process.stdin.fd)`,
    words,
  ],
  [
    "readFileSync without an encoding",
    `const b = require("fs").readFileSync("/dev/stdin"); console.log(b, b.length, b.toString().trim(), Buffer.isBuffer(b)); console.log(String(b.subarray(0, 3)), b[0], b.toString("hex", 0, 4))`,
    words,
  ],
  [
    "a file that is not there",
    `try { require("fs").readFileSync("input.txt") } catch (e) { console.log(e.code, e.message) }`,
    "",
  ],
  [
    "stdin events with setEncoding",
    `let s = ""; process.stdin.setEncoding("utf8"); process.stdin.on("data", (d) => (s += d)); process.stdin.on("end", () => console.log(s.length, s.slice(-20)))`,
    long,
  ],
  [
    "stdin events with buffers",
    `const c = []; process.stdin.on("data", (d) => c.push(d)).on("end", () => console.log(c.every(Buffer.isBuffer), Buffer.concat(c).toString().length))`,
    long,
  ],
  [
    "stdin in the manner of resume",
    `process.stdin.resume(); process.stdin.setEncoding("ascii"); let t = ""; process.stdin.on("data", function (x) { t += x }); process.stdin.on("end", function () { t.split("\\n").forEach((l) => console.log("[" + l + "]")) })`,
    words,
  ],
  [
    "stdin by readable and read",
    `let s = ""; process.stdin.on("readable", () => { let c; while ((c = process.stdin.read()) !== null) s += c }); process.stdin.on("end", () => console.log(s))`,
    words,
  ],
  [
    "async iteration of stdin",
    `(async () => { let s = ""; for await (const c of process.stdin) s += c; console.log(s.length); process.stdout.write(s.slice(0, 30) + "\\n") })()`,
    long,
  ],
  ["stdin that nobody reads", `console.log("done")`, words],
  [
    "empty stdin",
    `process.stdin.on("data", () => console.log("data")); process.stdin.on("end", () => console.log("end"))`,
    "",
  ],
  [
    "readline events",
    `const rl = require("readline").createInterface({ input: process.stdin, output: process.stdout, terminal: false }); let n = 0; rl.on("line", (l) => console.log(++n, JSON.stringify(l))); rl.on("close", () => console.log("closed"))`,
    words,
  ],
  [
    "readline with CRLF and no last newline",
    `const rl = require("readline").createInterface({ input: process.stdin }); rl.on("line", (l) => console.log(JSON.stringify(l))).on("close", () => console.log("closed"))`,
    noFinalNewline,
  ],
  [
    "readline by async iteration",
    `(async () => { const rl = require("node:readline").createInterface({ input: process.stdin }); let n = 0, last; for await (const l of rl) { n++; last = l } console.log(n, last) })()`,
    long,
  ],
  [
    "readline once",
    `const { once } = require("events"); (async () => { const rl = require("readline").createInterface({ input: process.stdin }); const lines = []; rl.on("line", (l) => lines.push(l)); await once(rl, "close"); console.log(lines) })()`,
    words,
  ],
  [
    "readline question",
    `const rl = require("readline").createInterface({ input: process.stdin, output: process.stdout }); rl.question("name? ", (a) => { console.log("hi " + a); rl.close() })`,
    words,
  ],
  [
    "readline closed at its first line",
    `const rl = require("readline").createInterface({ input: process.stdin }); rl.on("line", (l) => { console.log(l); rl.close() }); rl.on("close", () => console.log("closed"))`,
    words,
  ],
  [
    "readline with the iterator by hand",
    `const it = require("readline").createInterface({ input: process.stdin })[Symbol.asyncIterator](); (async () => { console.log((await it.next()).value); console.log((await it.next()).value) ; process.exit(0) })()`,
    words,
  ],
  [
    "readSync in pieces",
    `const fs = require("fs"); const b = Buffer.alloc(8); let n, s = ""; while ((n = fs.readSync(0, b, 0, 8, null)) > 0) s += b.toString("utf8", 0, n); console.log(s)`,
    words,
  ],
  [
    "writing without console",
    `process.stdout.write("a"); process.stdout.write(Buffer.from("b\\n")); require("fs").writeSync(1, "c\\n"); require("fs").writeFileSync("/dev/stdout", "d\\n"); console.error("not here"); process.stderr.write("nor this")`,
    "",
  ],
  ["exit codes", `process.exitCode = 7; console.log("x")`, ""],
  [
    "exit events",
    `process.on("exit", (c) => console.log("exit", c)); setTimeout(() => process.exit(4), 5); console.log("first")`,
    "",
  ],
  ["an uncaught exception", `console.log(1); throw new Error("x")`, ""],
  ["a rejected promise", `Promise.reject(new Error("no")); setTimeout(() => console.log("never"), 50)`, ""],
  [
    "uncaughtException handlers",
    `process.on("uncaughtException", (e) => console.log("caught", e.message)); setTimeout(() => console.log("goes on"), 5); throw new Error("boom")`,
    "",
  ],
  [
    "the order of ticks, microtasks and timers",
    `setTimeout(() => console.log("timeout"), 0); setImmediate(() => setTimeout(() => console.log("later"), 5)); Promise.resolve().then(() => console.log("micro")); queueMicrotask(() => console.log("micro 2")); process.nextTick(() => console.log("tick")); console.log("sync")`,
    "",
  ],
  [
    "timers with values and clearing",
    `const t = setTimeout(console.log, 5, "a", 1); const i = setInterval(() => { console.log("i"); if (++n === 3) clearInterval(i) }, 3); let n = 0; clearTimeout(setTimeout(() => console.log("never"), 1)); setTimeout(() => {}, 1e6).unref()`,
    "",
  ],
  [
    "await of a timer",
    `const sleep = (ms) => new Promise((r) => setTimeout(r, ms)); (async () => { for (let i = 0; i < 3; i++) { await sleep(2); console.log(i) } })()`,
    "",
  ],
  [
    "module variables",
    `console.log(typeof module, typeof exports, typeof require, this === module.exports, typeof __filename, require.main === module, typeof global, globalThis === global, process.argv.length)`,
    "",
  ],
  [
    "sloppy mode and return at the top",
    `x = 5; console.log(x, (function () { return this === globalThis })()); if (x) return; console.log("never")`,
    "",
  ],
  ["a shebang line", `#!/usr/bin/env node\nconsole.log("ran")`, ""],
  [
    "an ES module",
    `import fs from "fs";\nimport { createInterface as open, default as d } from 'node:readline';\nimport * as os from "os"\nimport {\n  format,\n  inspect\n} from "util";\nexport const x = 1;\nexport default function main() {}\nconst lines = [];\nfor await (const line of open({ input: process.stdin })) lines.push(line);\nconsole.log(lines, typeof fs.readFileSync, JSON.stringify(os.EOL), format("%d", x), this, typeof require, typeof module, main.name);`,
    words,
  ],
  ["await outside of functions", `const x = await Promise.resolve(5);\nconsole.log(x)`, ""],
  ["a module that fails", `import fs from "fs";\nconsole.log(1);\nawait null;\nthrow new Error("x")`, ""],
  ["a module that waits for ever", `import fs from "fs";\nconsole.log(1);\nawait new Promise(() => {});`, ""],
  [
    "words of modules in a script",
    `const text = \`\nno import here\n\`; console.log(text.length, "export"); const o = { import: 1, await: 2 }; console.log(o); var await = 3; console.log(await)`,
    "",
  ],
  [
    "primitives",
    `console.log(1, -0, 1.5e300, NaN, "text", true, null, undefined, 12n, Symbol("s"), "a\\nb"); console.log([1, -0, "a'b", 'q"q', "it's \\"x\\"", "tab\\t", null, undefined, 3n, Symbol("s")])`,
    "",
  ],
  [
    "arrays",
    `console.log([], [1], [1, 2, 3], ["a", "b"], [[1, 2], [3, 4]], [[[[1]]]], [, 1, , , 2], new Array(5)); console.log(Object.assign([1, 2], { x: 1 })); console.log([undefined, null], [[]], [{}])`,
    "",
  ],
  [
    "long arrays",
    `for (const n of [6, 7, 10, 26, 27, 99, 100, 101, 150]) console.log(Array.from({ length: n }, (_, i) => i * i))`,
    "",
  ],
  [
    "arrays of all lengths and widths",
    `let x = 7; const next = () => (x = (x * 48271) % 2147483647); for (let i = 0; i < 150; i++) { const max = 10 ** (1 + (next() % 9)); console.log(Array.from({ length: next() % 40 }, () => (next() % max) * (i % 3 === 0 ? 0.5 : 1))); console.log(Array.from({ length: next() % 30 }, () => "abcdefghijklmnopqrstuvwxyz".slice(0, next() % (1 + (i % 26))))) }`,
    "",
  ],
  [
    "long arrays of text and of mixed values",
    `console.log("the quick brown fox jumps over the lazy dog and runs away".split(" ")); console.log(Array.from({ length: 30 }, (_, i) => "item" + i)); console.log([1, "two", 3, null, 5, undefined, 7, 8.25]); console.log(Array.from({ length: 12 }, (_, i) => 1000000 / (i + 1)))`,
    "",
  ],
  [
    "nested long arrays",
    `console.log(Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => i * j))); console.log({ a: Array.from({ length: 20 }, (_, i) => i), b: [Array.from({ length: 30 }, (_, i) => -i)] })`,
    "",
  ],
  [
    "objects",
    `console.log({}, { a: 1, "b-c": "x", 3: 4, [Symbol("k")]: 5 }, { a: { b: { c: { d: 1 } } } }, { f() {}, g: () => 1, h: class A {}, i: class extends Array {} }); console.log({ get x() { return 1 }, set y(v) {}, get z() { return 1 }, set z(v) {} })`,
    "",
  ],
  [
    "objects that need several lines",
    `console.log({ first: "some longer text for this", second: "another longer text for that", third: [1, 2, 3], fourth: { deep: true } }); console.log([{ a: 1, b: "x".repeat(30) }, { a: 2, b: "y".repeat(40) }]); console.log({ text: "line one\\nline two is here\\nand a third one that is rather long for the row, is it not" })`,
    "",
  ],
  [
    "instances",
    `class P { constructor(x) { this.x = x } } class Q extends P {} console.log(new P(1), new Q([1, 2]), Object.create(null), Object.assign(Object.create(null), { a: 1 }), [new P(2)], P, Q, new (class {})()); class T { get [Symbol.toStringTag]() { return "Tag" } } console.log(new T())`,
    "",
  ],
  [
    "maps and sets",
    `console.log(new Map(), new Set(), new Map([[1, "a"], ["b", { c: 2 }]]), new Set([1, "x", [2]]), { m: new Map([[{ k: 1 }, new Set([1])]]) }); console.log(new Map(Array.from({ length: 12 }, (_, i) => ["key" + i, i]))); console.log(new Set(Array.from({ length: 40 }, (_, i) => i)), new WeakMap(), new WeakSet())`,
    "",
  ],
  [
    "typed arrays and buffers",
    `console.log(new Uint8Array(3), new Float64Array([1.5, -2]), new Int32Array(10), Buffer.from("héllo"), new BigInt64Array(2), [Buffer.alloc(2)], new Uint8Array())`,
    "",
  ],
  [
    "functions, dates, expressions and boxed values",
    `function named() {} console.log(named, () => {}, async () => {}, function* g() {}, [named], new Date(0), /a+b/gi, new Number(3), new String("abc"), new Boolean(false), Object.assign(named, { a: 1 }), new Date(NaN)); console.log([new Date(86400000), /x/], Math.max)`,
    "",
  ],
  [
    "circular objects",
    `const a = { name: "a" }; a.self = a; const b = { a, list: [a] }; console.log(a, b)`,
    "",
  ],
  [
    "format strings",
    `console.log("%d apples and %s", 3, "pears", "more", { a: 1 }); console.log("%i %f %j %O %%", 3.7, "2.5", { a: [1] }, { b: 2 }); console.log("%s %s %s %s", null, undefined, 12n, -0, [1, [2, [3]]], "x"); console.log("100%", 5, "%d", 4); console.log("%d", "0x10", "%c", "styled"); console.log("%s", { toString() { return "own" } }, class A {}, Symbol("q"))`,
    "",
  ],
  [
    "util",
    `const util = require("util"); console.log(util.format("%s=%d", "a", 1), util.inspect({ a: { b: { c: { d: {} } } } }, { depth: 0 }), util.inspect("x"), util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: null }))`,
    "",
  ],
  [
    "console groups, tables and counts",
    `console.group("g"); console.log("in\\nside"); console.group(); console.log({ a: 1 }); console.groupEnd(); console.groupEnd(); console.log("out"); console.count(); console.count("x"); console.count(); console.table([{ a: 1, b: "x" }, { a: 2, c: true }]); console.table([[1, 2], [3, 4]]); console.table([5, "y"]); console.info("i"); console.debug("d"); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })`,
    "",
  ],
  [
    "small modules",
    `const os = require("os"), path = require("node:path"), { EventEmitter } = require("events"), assert = require("assert"); console.log(JSON.stringify(os.EOL), path.join("a", "..", "b", "c.txt"), path.basename("/x/y.js", ".js"), path.extname("a.b.c"), path.dirname("/x/y")); const e = new EventEmitter(); e.on("x", (v) => console.log("x", v)); e.once("x", () => console.log("once")); console.log(e.emit("x", 1), e.emit("x", 2), e.emit("y")); assert.strictEqual(1, 1); try { assert(false, "bad") } catch (error) { console.log(error.message, error.name) }`,
    "",
  ],
  [
    "buffers",
    `const b = Buffer.from("héllo wörld"); console.log(b.length, b.toString(), b.toString("latin1").length, b.toString("base64"), Buffer.from("aGk=", "base64").toString(), Buffer.concat([b, Buffer.from([33])]).toString(), Buffer.byteLength("é"), b.slice(0, 2), b.equals(Buffer.from("x")), JSON.stringify(Buffer.from("a")), Buffer.from("68", "hex").toString(), Buffer.alloc(3, 1), Buffer.from("abc") + "")`,
    "",
  ],
  [
    "globals that Node has too",
    `console.log(typeof structuredClone, typeof TextEncoder, typeof atob, typeof performance.now(), typeof URLSearchParams, new TextDecoder().decode(new TextEncoder().encode("é")), structuredClone({ a: [1] }), typeof window, typeof self, typeof document, typeof importScripts)`,
    "",
  ],
  [
    "BigInt, generators and iterators",
    `function* g() { yield 1; yield 2 } console.log([...g()], 2n ** 100n, [1n, 2n], Object.entries({ a: 1 }), [..."héy"]); console.log(String([1, [2, 3]]), \`\${[1, 2]}\`, JSON.stringify({ a: undefined, b: [null] }))`,
    "",
  ],
].map(([name, program, stdin]) => ({ name: name ?? "", program: program ?? "", stdin: stdin ?? "" }));
