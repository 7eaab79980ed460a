import { describe, expect, it } from "vitest";
import type { Source } from "../protocol/source.ts";
import {
  entryFirst,
  entryPoints,
  firstSource,
  freshName,
  isEmpty,
  nameFault,
  oneFile,
  renamed,
  withFile,
  withoutFile,
} from "./source-files.ts";
import { problem } from "./testing/fixtures/problems.ts";

const source = (entryPoint: string | null, ...names: string[]): Source => ({
  files: names.map((name) => ({ name, text: name })),
  entryPoint,
});
const names = ({ files }: Source) => files.map(({ name }) => name);

describe("the files of a source", () => {
  it("begin as one, named as the language wants it", () => {
    expect(names(firstSource(problem, "java"))).toEqual(["Main.java"]);
    expect(isEmpty(firstSource(problem, "java"))).toBe(false);
  });

  it("begin as an empty one for each sample where answers are handed in", () => {
    const first = firstSource({ ...problem, types: ["submit-answer"] }, "python3");
    expect(names(first)).toEqual(["sample-1.out", "sample-2.out", "sample-3.out"]);
    expect(isEmpty(first)).toBe(true);
  });

  it("get names that are free and allowed", () => {
    expect(freshName(oneFile("cpp", ""))).toBe("main2.cpp");
    expect(freshName(source(null, "main.cpp", "main3.cpp"))).toBe("main4.cpp");
    expect(freshName(source(null, "1.out", "2.out"))).toBe("3.out");
    expect(nameFault(source(null, "a.py"), "a.py")).toBe("taken");
    expect(nameFault(source(null, "a.py"), "../a.py")).toBe("invalid");
    expect(nameFault(source(null, "a.py"), "b.py")).toBeNull();
  });

  it("are replaced by one of the same name, and never more than fifty", () => {
    expect(withFile(source(null, "a.py", "b.py"), { name: "a.py", text: "new" }).files[0]?.text).toBe("new");
    const many = source(null, ...Array.from({ length: 50 }, (_, index) => `${index}.py`));
    expect(withFile(many, { name: "more.py", text: "" })).toBe(many);
  });

  it("are never none", () => {
    expect(names(withoutFile(source(null, "a.py", "b.py"), "a.py"))).toEqual(["b.py"]);
    expect(names(withoutFile(source(null, "a.py"), "a.py"))).toEqual(["a.py"]);
  });

  it("keep the start of the program through a new name, and forget it with its file", () => {
    expect(renamed(source("a.py", "a.py", "b.py"), "a.py", "c.py", "python3").entryPoint).toBe("c.py");
    expect(renamed(source("Sum", "Sum.java", "B.java"), "Sum.java", "C.java", "java").entryPoint).toBe("C");
    expect(renamed(source("a.py", "a.py", "b.py"), "b.py", "c.py", "python3").entryPoint).toBe("a.py");
    expect(withoutFile(source("Sum", "Sum.java", "B.java"), "Sum.java").entryPoint).toBeNull();
  });
});

describe("the start of a program of several files", () => {
  it("is chosen among its files, in Java among its classes, and not where the language decides", () => {
    expect(entryPoints(source(null, "a.py", "b.py", "data.txt"), "python3")).toEqual(["a.py", "b.py"]);
    expect(entryPoints(source(null, "A.java", "B.java"), "java")).toEqual(["A", "B"]);
    expect(entryPoints(source(null, "a.cpp", "b.cpp"), "cpp")).toEqual([]);
    expect(entryPoints(source(null, "a.py"), "python3")).toEqual([]);
  });

  it("comes first where the browser runs it: the one chosen, else the language's own", () => {
    const first = (entryPoint: string | null) =>
      entryFirst(source(entryPoint, "a.py", "main.py", "z.py"), "python3")[0]?.name;
    expect(first(null)).toBe("main.py");
    expect(first("z.py")).toBe("z.py");
  });
});
