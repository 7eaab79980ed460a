import { describe, expect, it } from "vitest";
import { compilerMessages } from "./compiler-messages.ts";

describe("places that a compiler's output speaks of", () => {
  it("are found in what gcc writes, warnings too", () => {
    const output = `main.cpp: In function 'int main()':
main.cpp:5:3: error: 'foo' was not declared in this scope
    5 |   foo();
      |   ^~~
main.cpp:9:7: warning: unused variable 'x' [-Wunused-variable]
`;
    expect(compilerMessages(output)).toEqual([
      {
        file: "main.cpp",
        line: 5,
        column: 3,
        severity: "error",
        text: "'foo' was not declared in this scope",
      },
      {
        file: "main.cpp",
        line: 9,
        column: 7,
        severity: "warning",
        text: "unused variable 'x' [-Wunused-variable]",
      },
    ]);
  });

  it("are found in what javac writes, which knows no columns", () => {
    expect(
      compilerMessages("Main.java:3: error: ';' expected\n        int n\n             ^\n1 error\n"),
    ).toEqual([{ file: "Main.java", line: 3, column: null, severity: "error", text: "';' expected" }]);
  });

  it("are found in what Python writes", () => {
    const output = `  File "main.py", line 4\n    print(1\n         ^\nSyntaxError: '(' was never closed\n`;
    expect(compilerMessages(output)).toEqual([
      {
        file: "main.py",
        line: 4,
        column: null,
        severity: "error",
        text: "SyntaxError: '(' was never closed",
      },
    ]);
  });

  it("are found in what Node writes", () => {
    const output = `/box/main.js:2\nconst = 3;\n      ^\n\nSyntaxError: Unexpected token '='\n    at wrapSafe (node:internal:1)\n`;
    expect(compilerMessages(output)).toEqual([
      {
        file: "main.js",
        line: 2,
        column: null,
        severity: "error",
        text: "SyntaxError: Unexpected token '='",
      },
    ]);
  });

  it("are none where the output names none", () => {
    expect(compilerMessages("")).toEqual([]);
    expect(compilerMessages("collect2: error: ld returned 1 exit status\n")).toEqual([]);
  });
});
