import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { ROOT } from "./folders.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A judge that lived this long is worth a quick new start. */
const STEADY_MS = 60_000;
/** A judge that has been asked to end gets this long. */
const PATIENCE_MS = 3000;

export interface JudgeSettings {
  /** The site's address. */
  url: string;
  token: string;
  /** The folder for packages and for what is being judged. */
  cache: string;
  /** How many submissions it judges at once; by default as many as it thinks fit. */
  slots?: number;
}

/**
 * Runs `node judge/main.ts` beside the site and starts it anew when it dies, waiting longer each time that it dies young.
 * Its standard input is a pipe from here and never written to: when this process ends, however it does, the judge reads the
 * end of it and ends too.
 *
 * @param say told each line that the judge prints, and each of its deaths
 * @returns ends the judge and waits for it
 */
export function runJudge(settings: JudgeSettings, say: (line: string) => void): () => Promise<void> {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let wait = FIRST_WAIT_MS;
  let stopping = false;

  const start = (): void => {
    const began = Date.now();
    const words = settings.slots === undefined ? [] : ["--slots", String(settings.slots)];
    const judge = spawn(process.execPath, ["judge/main.ts", ...words], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        JUDGE_URL: settings.url,
        JUDGE_TOKEN: settings.token,
        JUDGE_CACHE: settings.cache,
        JUDGE_LIFELINE: "1",
      },
    });
    child = judge;
    judge.stdin.on("error", () => {});
    eachLine(judge.stdout, say);
    eachLine(judge.stderr, say);
    judge.once("error", (error) => say(`cannot be started: ${error.message}`));
    judge.once("close", (code, signal) => {
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
    const judge = child;
    if (!judge) return;
    const ended = new Promise((done) => judge.once("close", done));
    judge.stdin?.end();
    judge.kill("SIGTERM");
    const impatience = setTimeout(() => judge.kill("SIGKILL"), PATIENCE_MS);
    await ended;
    clearTimeout(impatience);
  };
}

/** A judge alone says who speaks; here that stands before the line already. */
function eachLine(stream: Readable, say: (line: string) => void): void {
  createInterface({ input: stream }).on("line", (line) => say(line.replace(/^judge: /, "")));
}
