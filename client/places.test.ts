import { describe, expect, it } from "vitest";
import type { LanguageId } from "../protocol/language.ts";
import { withPlaces } from "./places.ts";

const source = (...names: string[]) => ({
  files: names.map((name) => ({ name, text: "" })),
  entryPoint: null,
});
const placesIn = (text: string, language: LanguageId, ...names: string[]) =>
  withPlaces(text, source(...names), language).flatMap(({ place }) => (place === null ? [] : [place]));

describe("the places that a message speaks of", () => {
  it.each<[string, LanguageId, string, number, number | null]>([
    ["main.cpp:3:5: error: expected ';'", "cpp", "main.cpp", 3, 5],
    ["Main.java:7: error: cannot find symbol", "java", "Main.java", 7, null],
    ['  File "/home/main.py", line 12, in <module>', "python3", "main.py", 12, null],
    ["    at solve (/run/main.js:2:14)", "javascript", "main.js", 2, 14],
    ["main.ts(4,9): error TS2322: Type 'string'…", "typescript", "main.ts", 4, 9],
    ["main.pas(4,9) Error: Identifier not found", "pascal", "main.pas", 4, 9],
    [" --> main.rs:1:2", "rust", "main.rs", 1, 2],
    ['syntax error at main.pl line 3, near "}"', "perl", "main.pl", 3, null],
    ["PHP Parse error:  syntax error in /box/main.php on line 3", "php", "main.php", 3, null],
    ["main.sh: line 3: foo: command not found", "bash", "main.sh", 3, null],
  ])("are found in %s", (text, language, file, line, column) => {
    expect(placesIn(text, language, file)).toEqual([{ file, line, column }]);
  });

  it("are those of every file of the reader's, and of no other", () => {
    const text =
      "In file included from a.h:1:\nlist.h:2:3: error\n/usr/include/stdio.h:4:5: note\nmain.c:6: note";
    expect(placesIn(text, "c", "main.c", "a.h", "data.h", "list.h")).toEqual([
      { file: "a.h", line: 1, column: null },
      { file: "list.h", line: 2, column: 3 },
      { file: "main.c", line: 6, column: null },
    ]);
    expect(placesIn("data.py:3", "python3", "a.py")).toEqual([]);
  });

  it("of a single file are meant by its language's own name, too", () => {
    expect(placesIn("main.cpp:1:1: error", "cpp", "solution.cpp")).toEqual([
      { file: "solution.cpp", line: 1, column: 1 },
    ]);
  });

  it("leave the text as it was", () => {
    const text = "x main.c:1:2: y\nmain.c:3: z\n";
    const pieces = withPlaces(text, source("main.c"), "c");
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(withPlaces("", source("main.c"), "c")).toEqual([]);
  });
});
