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

  it("are where a template of the library was used, as clang tells it, below the complaint", () => {
    const output = `In file included from main.cpp:1:
In file included from /usr/include/c++/v1/algorithm:1842:
/usr/include/c++/v1/__algorithm/comp.h:42:18: error: invalid operands to binary expression ('const P' and 'const P')
   42 |     return __lhs < __rhs;
/usr/include/c++/v1/__algorithm/sort.h:951:8: note: in instantiation of function template specialization 'std::sort<P *>' requested here
  951 |   std::sort(
main.cpp:6:5: note: in instantiation of function template specialization 'std::sort<P *>' requested here
    6 |     sort(a.begin(), a.end());
main.cpp:3:8: note: candidate function not viable
/usr/include/c++/v1/map:1:2: warning: nobody in the source led here
1 error generated.
`;
    expect(compilerMessages(output)).toEqual([
      {
        file: "main.cpp",
        line: 6,
        column: 5,
        severity: "error",
        text: "invalid operands to binary expression ('const P' and 'const P')",
      },
    ]);
  });

  it("are where a template of the library was used, as gcc tells it, above the complaint", () => {
    const output = `/usr/include/c++/12/bits/predefined_ops.h: In instantiation of 'bool less()':
/usr/include/c++/12/bits/stl_algo.h:1849:14:   required from 'void std::__sort()'
main.cpp:6:9:   required from here
/usr/include/c++/12/bits/predefined_ops.h:43:23: error: no match for 'operator<'
   43 |       { return *__it1 < *__it2; }
/usr/include/c++/12/bits/new.h:9:1: error: of nobody
`;
    expect(compilerMessages(output)).toEqual([
      { file: "main.cpp", line: 6, column: 9, severity: "error", text: "no match for 'operator<'" },
    ]);
  });

  it("are where the source called the library, where that raised an exception", () => {
    const traceback = `Traceback (most recent call last):
  File "/box/main.py", line 4, in read
    return json.loads("{bad}")
  File "/lib/python314.zip/json/decoder.py", line 361, in raw_decode
    obj, end = self.scan_once(s, idx)
json.decoder.JSONDecodeError: Expecting property name
`;
    const java = `Exception in thread "main" java.util.NoSuchElementException
\tat java.base/java.util.Scanner.throwFor(Scanner.java:937)
\tat Main.main(Main.java:7)
`;
    const node = `node:fs:573
    return binding.open();
                 ^

Error: ENOENT: no such file
    at Object.readFileSync (node:fs:573:20)
    at Object.<anonymous> (/box/main.js:3:15)
`;
    expect([traceback, java, node].flatMap(compilerMessages)).toMatchObject([
      { file: "main.py", line: 4, text: "json.decoder.JSONDecodeError: Expecting property name" },
      { file: "Main.java", line: 7, text: 'Exception in thread "main" java.util.NoSuchElementException' },
      { file: "main.js", line: 3, column: 15, text: "Error: ENOENT: no such file" },
    ]);
  });

  it("are found in what go, rustc, mcs, fpc and ghc write", () => {
    const outputs = [
      "# command-line-arguments\n./main.go:7:2: declared and not used: x\n",
      "error[E0425]: cannot find value `y` in this scope\n --> main.rs:3:20\n  |\n3 |     println!(y)\n",
      "main.cs(4,9): error CS0103: The name `x' does not exist\n",
      'main.pas(4,3) Error: Identifier not found "foo"\n',
      "main.hs:4:8: error: [GHC-88464]\n    Variable not in scope: foo\n  |\n",
    ];
    expect(outputs.flatMap(compilerMessages)).toEqual([
      { file: "main.go", line: 7, column: 2, severity: "error", text: "declared and not used: x" },
      {
        file: "main.rs",
        line: 3,
        column: 20,
        severity: "error",
        text: "cannot find value `y` in this scope",
      },
      { file: "main.cs", line: 4, column: 9, severity: "error", text: "The name `x' does not exist" },
      { file: "main.pas", line: 4, column: 3, severity: "error", text: 'Identifier not found "foo"' },
      { file: "main.hs", line: 4, column: 8, severity: "error", text: "Variable not in scope: foo" },
    ]);
  });

  it("are none where the output names none", () => {
    expect(compilerMessages("")).toEqual([]);
    expect(compilerMessages("collect2: error: ld returned 1 exit status\n")).toEqual([]);
  });
});
