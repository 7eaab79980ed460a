import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../testing/browser.ts";
import { parityPrograms } from "../testing/parity-programs.ts";

const NODE = join(import.meta.dirname, "../../node_modules/.bin/node");

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(["javascript"]);
}, 60_000);
afterAll(() => bench.close());

const run = (program: string, more: object = {}) =>
  bench.attempt({ language: "javascript", program, ...more });

/** What Node itself does with a program, between pipes. */
async function runInNode(
  program: string,
  stdin: string,
): Promise<{ stdout: string; exitCode: number | null }> {
  const folder = await mkdtemp(join(tmpdir(), "parity-"));
  try {
    await writeFile(join(folder, "main.js"), program);
    await writeFile(join(folder, "input"), stdin);
    return await new Promise((resolve) => {
      const command = `cat input | "$0" main.js 2> /dev/null | cat; exit \${PIPESTATUS[1]}`;
      const child = execFile(
        "bash",
        ["-c", command, NODE],
        { cwd: folder, maxBuffer: 1e8 },
        (_error, stdout) => resolve({ stdout, exitCode: child.exitCode }),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("programs in JavaScript", () => {
  it("print, read standard input and end with 0", async () => {
    const result = await run(`console.log("hello " + require("fs").readFileSync(0, "utf8").trim())`, {
      stdin: "world\n",
    });
    expect(result).toMatchObject({
      ended: "exit",
      exitCode: 0,
      stdout: "hello world\n",
      stderr: "",
      heard: "hello world\n",
    });
  });

  it("end at once, and with the given code, at process.exit", async () => {
    const result = await run(`try { process.exit(3) } catch {} finally { console.log("never") }`);
    expect(result).toMatchObject({ ended: "exit", exitCode: 3, stdout: "" });
  });

  it("show an uncaught exception with the line of the program and end with 1", async () => {
    const result = await run(`const a = null;\n\n  a.b();\n`);
    expect(result).toMatchObject({ ended: "exit", exitCode: 1 });
    expect(result.stderr).toContain(
      "main.js:3\n  a.b();\n    ^\n\nTypeError: Cannot read properties of null (reading 'b')\n",
    );
    expect(result.stderr).not.toContain("blob:");
  });

  it("report an exception on the first line at its own column", async () => {
    const result = await run(`null.x`);
    expect(result.stderr).toContain("main.js:1\nnull.x\n     ^\n");
    expect(result.stderr).toContain("main.js:1:6");
  });

  it("end with 1 at a promise that nobody catches", async () => {
    const result = await run(`async function main() { await null; throw new RangeError("far") }\nmain();`);
    expect(result).toMatchObject({ ended: "exit", exitCode: 1 });
    expect(result.stderr).toContain("RangeError: far");
    expect(result.stderr).toContain("main.js:1");
  });

  it("are refused with the line when they are not JavaScript", async () => {
    const result = await run("let x = 1;\nlet = = 5;\n");
    expect(result.ended).toBe("refused");
    expect(result.stderr).toBe("main.js:2\nlet = = 5;\n      ^\n\nSyntaxError: Unexpected token '='");
  });

  it("are refused with the line when they are not a module either", async () => {
    const result = await run(`import {\n  readFileSync\n} from "fs";\nconst x = await 1;\nconst x = 2;\n`);
    expect(result.ended).toBe("refused");
    expect(result.stderr).toBe(
      "main.js:5\nconst x = 2;\n      ^\n\nSyntaxError: Identifier 'x' has already been declared",
    );
  });

  it("show the line of an exception in a module too", async () => {
    const result = await run(`import fs from "fs";\n\n  null.x;\n`);
    expect(result).toMatchObject({ ended: "exit", exitCode: 1 });
    expect(result.stderr).toContain("main.js:3\n  null.x;\n       ^\n\nTypeError");
  });

  it("are refused when they try to leave the function that they are wrapped in", async () => {
    expect((await run("}); (function () {")).ended).toBe("refused");
  });

  it("end when a promise of the browser's own has let go of the last timer", async () => {
    const result = await run(
      `const stay = setInterval(() => {}, 5); import("data:text/javascript,1").catch((e) => console.log(e.name)).then(() => clearInterval(stay));`,
    );
    expect(result).toMatchObject({ ended: "exit", exitCode: 0, stdout: "TypeError\n" });
  });

  it("end with the browser's own bound when they recurse beyond it, and say where", async () => {
    const deep = await run(`console.log("before");\nconst f = (n) => f(n + 1) + 1;\nf(0);`);
    expect(deep).toMatchObject({ ended: "stack", exitCode: null, stdout: "before\n" });
    expect(deep.stderr).toContain("main.js:2\nconst f = (n) => f(n + 1) + 1;");
    const caught = await run(
      `const f = (n) => f(n + 1) + 1;\ntry { f(0) } catch (e) { console.log(e.name) }`,
    );
    expect(caught).toMatchObject({ ended: "exit", exitCode: 0, stdout: "RangeError\n" });
  });

  it("can be modules of several files, with what one exports seen by the others", async () => {
    const program = [
      {
        name: "main.mjs",
        text: `import total, { items as all, Item, count } from "./lib/items.mjs";\nimport * as text from "./lib/text.mjs";\nimport { late } from "./late.mjs";\nimport { exit } from "node:process";\nconsole.log(total(), new Item().name, all, count, Object.keys(text).sort().join(), text.default(2), late, import.meta.filename);\nexit(4);`,
      },
      {
        name: "lib/items.mjs",
        text: `import { name } from "./text.mjs";\nexport class Item { name = name }\nconst list = [1, 2];\nexport { list as items };\nexport default function total() { return list.length }\nexport let count = 1, { length } = list;`,
      },
      {
        name: "lib/text.mjs",
        text: `export const name = "text", double = (x) => 2 * x;\nexport { double as default };`,
      },
      { name: "late.mjs", text: `await null;\nexport const late = "late";\nexport * from "./lib/text.mjs";` },
    ];
    const result = await bench.attempt({ language: "javascript", program });
    expect(result).toMatchObject({
      stdout: "2 text [ 1, 2 ] 1 default,double,name 4 late /program/main.mjs\n",
      exitCode: 4,
      stderr: "",
    });
  });

  it("hear of a name that a module does not export, and of modules in a circle", async () => {
    const attempt = (main: string, other: string) =>
      bench.attempt({
        language: "javascript",
        program: [
          { name: "main.mjs", text: main },
          { name: "other.mjs", text: other },
        ],
      });
    expect((await attempt(`import { a } from "./other.mjs";`, "export const b = 1;")).stderr).toContain(
      "SyntaxError: The requested module './other.mjs' does not provide an export named 'a'",
    );
    expect(
      (
        await attempt(
          `import { a } from "./other.mjs";\nexport const b = 1;`,
          `import { b } from "./main.mjs";\nexport const a = 1;`,
        )
      ).stderr,
    ).toContain("modules cannot import one another in a circle: ./main.mjs");
  });

  it("can consist of several files", async () => {
    const result = await bench.attempt({
      language: "javascript",
      program: [
        {
          name: "main.js",
          text: `const { twice } = require("./lib/twice");\nconsole.log(twice(require("./n.json").n), require.main === module)`,
        },
        { name: "lib/twice.js", text: "exports.twice = (x) => 2 * x;" },
        { name: "n.json", text: `{"n": 21}` },
      ],
    });
    expect(result.stdout).toBe("42 true\n");
  });

  it("hear which modules there are when they ask for another", async () => {
    const result = await run(`require("http")`);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(
      "Cannot find module 'http'. Here a program can use its own files and fs,",
    );
  });

  it("read 200,000 numbers", async () => {
    const numbers = Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 1_000_003);
    const result = await run(
      `const t = require("fs").readFileSync("/dev/stdin", "utf8").split(/\\s+/).map(Number);
       console.log(t.slice(0, 200000).reduce((a, b) => a + b, 0));`,
      { stdin: `${numbers.join(" ")}\n` },
    );
    expect(result.stdout).toBe(`${numbers.reduce((sum, number) => sum + number, 0)}\n`);
  });

  it("write 200,000 lines in order", async () => {
    const result = await run(`for (let i = 0; i < 200000; i++) console.log(i)`, {
      limits: { outputBytes: 2_000_000 },
    });
    expect(result).toMatchObject({ ended: "exit", exitCode: 0 });
    expect(result.stdout).toBe(Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join(""));
    expect(result.heard).toBe(result.stdout);
  });

  it("are ended by a signal, each alone", async () => {
    const program = `const text = require("fs").readFileSync(0, "utf8"); console.log(text); if (text === "for ever") for (;;);`;
    expect(await bench.page.evaluate((text) => tools.stopOne("javascript", text), program)).toEqual({
      stopped: "stopped",
      other: "exit: other",
      next: "exit: next",
    });
  });

  it("are killed at their time limit, keep what they wrote, and do not hold up the page or the next run", async () => {
    const endless = await run(`console.log("before"); for (;;);`, { limits: { wallMs: 600 } });
    expect(endless).toMatchObject({ ended: "timeout", exitCode: null, stdout: "before\n" });
    expect(endless.ticks).toBeGreaterThan(10);
    expect((await run(`console.log("after")`)).stdout).toBe("after\n");
  });

  it("are killed when they wait for ever", async () => {
    expect((await run(`setInterval(() => {}, 10)`, { limits: { wallMs: 300 } })).ended).toBe("timeout");
  });

  it("are ended at the output limit with exactly so many bytes", async () => {
    const result = await run(`for (;;) console.log("flood")`, { limits: { outputBytes: 10_000 } });
    expect(result).toMatchObject({ ended: "output", exitCode: null });
    expect(result.stdout.length).toBe(10_000);
  });

  it("may write exactly as much as the output limit", async () => {
    const result = await run(`process.stdout.write("x".repeat(10000))`, { limits: { outputBytes: 10_000 } });
    expect(result).toMatchObject({ ended: "exit", exitCode: 0 });
    expect(result.stdout.length).toBe(10_000);
  });

  it("do not see what an earlier run left", async () => {
    await run(`globalThis.left = 1; Array.prototype.left = 2; Math.PI2 = 3; console.log("set")`);
    expect((await run(`console.log(typeof left, [].left, Math.PI2)`)).stdout).toBe(
      "undefined undefined undefined\n",
    );
  });
});

describe("the shim of Node", () => {
  it.for(parityPrograms)("does as Node does: $name", async ({ program, stdin }) => {
    const [here, node] = await Promise.all([run(program, { stdin }), runInNode(program, stdin)]);
    expect(here.stdout).toBe(node.stdout);
    expect(here.exitCode).toBe(node.exitCode);
  });
});
