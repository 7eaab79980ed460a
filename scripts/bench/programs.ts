import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type LanguageId, languages } from "../../protocol/language.ts";
import type { SourceFile } from "../../wasm-runtimes/contract.ts";

const folder = join(import.meta.dirname, "programs");

/** Where the source of a program lies: `sieve`, in C: programs/sieve.c. */
export const sourcePath = (program: string, language: LanguageId): string =>
  join(folder, `${program}.${languages[language].extensions[0]}`);

export async function sourceOf(program: string, language: LanguageId): Promise<SourceFile> {
  const text = await readFile(sourcePath(program, language), "utf8");
  return { name: `main.${languages[language].extensions[0]}`, text };
}

/** The same program with another last line, so that it was never compiled before. */
export function variant({ name, text }: SourceFile): SourceFile {
  const comment = name.endsWith(".py") ? "#" : "//";
  return { name, text: `${text}${comment} ${crypto.randomUUID()}\n` };
}

/** The input of `contest`, in all languages. */
export const CONTEST_INPUT = "5 5\na b 3\nb c 4\nc d 1\na d 9\nd e 2\n";
export const CONTEST_OUTPUT = "0: 1\n3: 1\n7: 1\n8: 1\n10: 1\n";

/** The shortest programs that write something. */
export const hello: Readonly<Partial<Record<LanguageId, SourceFile>>> = {
  c: { name: "main.c", text: '#include <stdio.h>\nint main(void) { puts("hello"); }\n' },
  cpp: {
    name: "main.cpp",
    text: '#include <bits/stdc++.h>\nint main() { std::cout << "hello\\n"; }\n',
  },
  python3: { name: "main.py", text: 'print("hello")\n' },
  javascript: { name: "main.js", text: 'console.log("hello");\n' },
  typescript: { name: "main.ts", text: 'const word: string = "hello";\nconsole.log(word);\n' },
};

export type CpuProgram = "sieve" | "bodies" | "tally" | "matrix";

/** Programs that do nothing but compute, with inputs that keep them busy for some tenths of a second, native. */
export const cpuPrograms: Readonly<Partial<Record<LanguageId, Readonly<Record<CpuProgram, number>>>>> = {
  c: { sieve: 60_000_000, bodies: 4_000_000, tally: 20_000_000, matrix: 900 },
  cpp: { sieve: 100_000_000, bodies: 6_000_000, tally: 5_000_000, matrix: 900 },
  python3: { sieve: 3_000_000, bodies: 80_000, tally: 500_000, matrix: 200 },
  javascript: { sieve: 60_000_000, bodies: 4_000_000, tally: 1_500_000, matrix: 700 },
};
