import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { ROOT } from "./folders.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A program that lived this long is worth a quick new start. */
const STEADY_MS = 60_000;
/** A program that has been asked to end gets this long. */
const PATIENCE_MS = 3000;

export interface ProgramProcess {
  /** The room whose main.ts it is. */
  program: "judge" | "agent";
  words: readonly string[];
  environment: Readonly<Record<string, string>>;
}

/**
 * Runs a program of ours beside the site and starts it anew when it dies, waiting longer each time that it dies young. Its
 * standard input is a pipe from here and never written to: when this process ends, however it does, the program reads the
 * end of it and ends too, as its `…_LIFELINE` tells it.
 *
 * @param say told each line that the program prints, and each of its deaths
 * @returns ends the program and waits for it
 */
export function runProgram(settings: ProgramProcess, say: (line: string) => void): () => Promise<void> {
  const { program, words, environment } = settings;
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let wait = FIRST_WAIT_MS;
  let stopping = false;

  const start = (): void => {
    const began = Date.now();
    const started = spawn(process.execPath, [`${program}/main.ts`, ...words], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...environment, [`${program.toUpperCase()}_LIFELINE`]: "1" },
    });
    child = started;
    started.stdin.on("error", () => {});
    eachLine(program, started.stdout, say);
    eachLine(program, started.stderr, say);
    started.once("error", (error) => say(`cannot be started: ${error.message}`));
    started.once("close", (code, signal) => {
      child = null;
      if (stopping) return;
      if (Date.now() - began > STEADY_MS) wait = FIRST_WAIT_MS;
      say(`ended (${signal ?? `exit code ${code}`}); starts again in ${wait / 1000} s`);
      timer = setTimeout(start, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };
  start();

  return async () => {
    stopping = true;
    if (timer) clearTimeout(timer);
    const ending = child;
    if (!ending) return;
    const ended = new Promise((done) => ending.once("close", done));
    ending.stdin?.end();
    ending.kill("SIGTERM");
    const impatience = setTimeout(() => ending.kill("SIGKILL"), PATIENCE_MS);
    await ended;
    clearTimeout(impatience);
  };
}

/** A program alone says who speaks; here that stands before the line already. */
function eachLine(program: string, stream: Readable, say: (line: string) => void): void {
  const who = `${program}: `;
  createInterface({ input: stream }).on("line", (line) =>
    say(line.startsWith(who) ? line.slice(who.length) : line),
  );
}
