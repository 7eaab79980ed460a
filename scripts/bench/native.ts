import { execFile, spawn } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import type { LanguageId } from "../../protocol/language.ts";

/** The same sources outside of the browser. */
export interface Native {
  /** What runs them: `gcc -O2`, `Python 3.11.2`. */
  name: string;
  /** @returns what runs it, ready */
  prepare(source: string): Promise<NativeProgram>;
}

export interface NativeProgram {
  /** @throws Error when it does not end well */
  run(stdin: string): Promise<{ stdout: string; wallMs: number }>;
}

const execute = promisify(execFile);

interface Tool {
  /** Prints its version. */
  probe: readonly [string, ...string[]];
  flags: string;
  file: string;
  /** The command that makes `out` from `source`; null where the source itself is run. */
  compile: ((source: string, out: string) => [string, ...string[]]) | null;
  command: (source: string, out: string) => [string, ...string[]];
}

const gnu = (compiler: string, standard: string, file: string): Tool => ({
  probe: [compiler, "-dumpfullversion"],
  flags: ` -O2 -std=${standard}`,
  file,
  compile: (source, out) => [compiler, "-O2", `-std=${standard}`, "-o", out, source, "-lm"],
  command: (_source, out) => [out],
});

/** As the judge compiles and runs them. */
const tools: Readonly<Partial<Record<LanguageId, Tool>>> = {
  c: gnu("gcc", "gnu17", "main.c"),
  cpp: gnu("g++", "gnu++20", "main.cpp"),
  python3: {
    probe: ["python3", "-V"],
    flags: "",
    file: "main.py",
    compile: null,
    command: (source) => ["python3", source],
  },
  javascript: {
    probe: [process.execPath, "--version"],
    flags: "",
    file: "main.js",
    compile: null,
    command: (source) => [process.execPath, source],
  },
};

/**
 * Finds what a language is run with here.
 *
 * @returns null where it is not compared; its programs are gone with `close`
 * @throws Error when the tool is missing
 */
export async function openNative(
  language: LanguageId,
): Promise<(Native & { close(): Promise<void> }) | null> {
  const tool = tools[language];
  if (tool === undefined) return null;
  const [command, ...words] = tool.probe;
  const { stdout } = await execute(command, words);
  const folder = await mkdtemp(join(tmpdir(), "bench-native-"));
  let made = 0;
  return {
    name: `${command === process.execPath ? "node" : command} ${stdout.trim()}${tool.flags}`,
    prepare: async (source) => {
      const number = ++made;
      // Apart from package.json, which would make modules of scripts.
      const file = join(folder, `${number}-${tool.file}`);
      await copyFile(source, file);
      const out = join(folder, `${number}`);
      if (tool.compile !== null) {
        const [compiler, ...args] = tool.compile(file, out);
        await execute(compiler, args);
      }
      return { run: (stdin) => run(tool.command(file, out), stdin) };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function run(
  [command, ...words]: [string, ...string[]],
  stdin: string,
): Promise<{ stdout: string; wallMs: number }> {
  const began = performance.now();
  const child = spawn(command, words, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [stdout, code] = await Promise.all([text(child.stdout), ended]);
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return { stdout, wallMs: performance.now() - began };
}
