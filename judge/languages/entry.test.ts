import { describe, expect, it } from "vitest";
import { languageOfFile } from "../../protocol/language.ts";
import { judgeLanguages } from "./index.ts";

const startOf = (
  id: keyof typeof judgeLanguages,
  files: Record<string, string>,
  asked: string | null = null,
) => judgeLanguages[id].start(new Map(Object.entries(files)), asked);

describe("what starts a program of several files", () => {
  it("is the file that was asked for, else the usual one, else nobody knows", () => {
    const files = { "a.py": "", "main.py": "", "b.py": "" };
    expect(startOf("python3", files, "b.py")).toBe("b.py");
    expect(startOf("python3", files)).toBe("main.py");
    expect(startOf("python3", files, "c.py")).toBeNull();
    expect(startOf("python3", { "a.py": "", "b.py": "" })).toBeNull();
  });

  it("is the only file in the language, whatever it is called", () => {
    expect(startOf("ruby", { "solution.rb": "" })).toBe("solution.rb");
  });

  it("is in Java the class asked for, else Main, else the first with a main", () => {
    const main = "public static void main(String[] words) {}";
    const files = { "A.java": `class A { ${main} }`, "Main.java": `package p; class Main { ${main} }` };
    expect(startOf("java", files, "A.java")).toBe("A");
    expect(startOf("java", files)).toBe("p.Main");
    expect(startOf("java", { "B.java": "class B {}", "C.java": `class C { ${main} }` })).toBe("C");
  });

  it("is in Kotlin the class of the file that has a main", () => {
    const files = { "list.kt": "fun f() {}", "start.kt": "package p.q\nfun main() {}" };
    expect(startOf("kotlin", files)).toBe("p.q.StartKt");
    expect(startOf("kotlin", files, "list.kt")).toBe("ListKt");
    expect(startOf("kotlin", files, "OtherKt")).toBe("OtherKt");
  });

  it("is in Pascal the file that is no unit", () => {
    const files = { "tools.pas": "{ for all }\nunit Tools;", "go.pas": "program Go;" };
    expect(startOf("pascal", files)).toBe("go.pas");
  });
});

describe("the language of a file", () => {
  it("is the usual one of those that share an ending, and C++ for a capital C", () => {
    expect(["a.cpp", "a.py", "a.C", "a.c", "a.CPP", "x.tar.rs"].map(languageOfFile)).toEqual([
      "cpp",
      "python3",
      "cpp",
      "c",
      "cpp",
      "rust",
    ]);
  });

  it("is never that of output files", () => {
    expect(languageOfFile("1.out")).toBeNull();
  });
});
