import { execFile, spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { missingIncludes } from "./missing.ts";
import { brought, homes } from "./standard-names.ts";

const of = (text: string): string => missingIncludes([{ name: "main.cpp", text }]);

describe("what a C++ program uses and does not include", () => {
  it("is told with its place and its header", () => {
    expect(of("#include <iostream>\nint main() {\n  std::set<int> s;\n  std :: map<int, int> m;\n}\n")).toBe(
      "main.cpp:3:8: error: 'std::set' is declared in <set>, which is not included\n" +
        "main.cpp:4:10: error: 'std::map' is declared in <map>, which is not included\n",
    );
  });

  it("is found without std:: too", () => {
    const program =
      "#include <iostream>\nusing namespace std;\nint main() { priority_queue<pair<int, int>> q; q.empty(); }\n";
    expect(of(program)).toContain("main.cpp:3:14: error: 'std::priority_queue' is declared in <queue>");
  });

  it("is not complained about when another header of GCC's brings it", () => {
    expect(of("#include <iostream>\nint main() { std::string s; }")).toBe("");
    expect(of("#include <functional>\nint main() { std::vector<int> v; }")).toBe("");
    expect(of('#include <map>\n#include "own.h"\nint main() { std::map<int, int> m; }')).toBe("");
  });

  it.each([
    [
      "a name of the program's own",
      "using namespace std;\ntemplate <class T> struct set { T x; };\nset<int> s;",
    ],
    ["a variable", "using namespace std;\nint stack = 1;\nbool f() { return stack < 5 || 7 > stack; }"],
    [
      "a member",
      "using namespace std;\nstruct A { int count; } a, *p;\nbool f() { return a.count < 1 || p->count < 2; }",
    ],
    ["a comment", "// std::set<int>\n/* std::map\n */ int x;"],
    [
      "a text",
      'const char *a = "std::set", *b = R"(std::map " )"; char c = \'"\'; const char *d = "std::list";',
    ],
    ["a digit separator", "int n = 1'000'000; // std::set\nint m = 1'0;"],
    ["a part for another machine", "#ifdef LOCAL\nstd::set<int> s;\n#endif\nint x;"],
    [
      "a program with a header that is not known",
      "#include <ext/pb_ds/assoc_container.hpp>\nstd::set<int> s;",
    ],
    ["a program with all headers", "#include <bits/stdc++.h>\nstd::set<int> s;"],
  ])("is not seen in %s", (_, text) => {
    expect(of(text)).toBe("");
  });

  it("is looked for in all files, and what one includes serves all", () => {
    const files = [
      { name: "main.cpp", text: '#include "a.h"\nint main() { std::set<int> s; std::list<int> l; }' },
      { name: "a.h", text: "#include <set>\n" },
    ];
    expect(missingIncludes(files)).toBe(
      "main.cpp:2:36: error: 'std::list' is declared in <list>, which is not included\n",
    );
  });

  it("is nothing in programs that GCC compiles", () => {
    const programs = [
      ...globSync("problems/*/submissions/!(compile_error)/*.cpp"),
      ...globSync("wasm-runtimes/clang/corpus/programs/**/*.cpp"),
    ];
    expect(programs.length).toBeGreaterThan(60);
    for (const path of programs) {
      expect(missingIncludes([{ name: basename(path), text: readFileSync(path, "utf8") }]), path).toBe("");
    }
  });
});

const withoutGcc = spawnSync("g++", ["--version"]).error !== undefined;

describe.skipIf(withoutGcc)("what headers bring", () => {
  const names = Object.values(homes).flatMap((listed) => listed.split(" "));
  const quick = ["algorithm", "iostream", "math.h", "queue", "vector"];
  const headers = process.env["TEST_LONG"] === "1" ? Object.keys(brought) : quick;

  it.each(headers)("is for <%s> what GCC says", { timeout: 60_000 }, async (header) => {
    expect(await broughtByGcc(header, names)).toEqual(
      (brought[header] ?? "").split(" ").filter(Boolean).toSorted(),
    );
  });
});

async function broughtByGcc(header: string, names: readonly string[]): Promise<string[]> {
  const lines = names.map((name) => `using std::${name};\n`).join("");
  const told = await new Promise<string>((resolve) => {
    const options = ["-std=gnu++20", "-fsyntax-only", "-fmax-errors=0", "-x", "c++", "-"];
    const gcc = execFile("g++", options, { maxBuffer: 1 << 26 }, (_error, _stdout, stderr) =>
      resolve(stderr),
    );
    gcc.stdin?.end(`#include <${header}>\n${lines}`);
  });
  expect(told).not.toContain("fatal error");
  const refused = new Set([...told.matchAll(/<stdin>:(\d+):\d+: error/g)].map(([, line]) => Number(line)));
  return names.filter((_, index) => !refused.has(index + 2)).toSorted();
}
