import { describe, expect, it } from "vitest";
import { info } from "pyodide/pyodide-lock.json";
import { clang } from "./clang/adapter.ts";
import { run } from "./clang/toolchain.ts";
import { python } from "./python/adapter.ts";

describe("what a language calls its compiler or interpreter", () => {
  it("is the Clang that compiles", async () => {
    const told = await run(["clang", "--version"], {}, () => {});
    const version = /^clang version (\S+)/.exec(new TextDecoder().decode(told?.output))?.[1];
    expect([clang("c").toolchain, clang("cpp").toolchain]).toEqual([`Clang ${version}`, `Clang ${version}`]);
  });

  it("is the Python that runs", () => {
    expect(python.toolchain).toBe(`CPython ${info.python} (Pyodide)`);
  });
});
