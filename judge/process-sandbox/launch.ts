import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { SandboxError } from "../sandbox.ts";
import { endGroup } from "./process-group.ts";

/** A command with all that a shell sets up for it. */
export interface Launch {
  argv: readonly [string, ...string[]];
  env: NodeJS.ProcessEnv;
  folder: string;
  /** Paths of the files or named pipes that become its standard streams. */
  input: string;
  output: string;
  errors: string;
  bounds: Bounds;
}

/** Bounds of each single process, behind those on the whole group. */
export interface Bounds {
  cpuSeconds: number;
  fileBytes: number;
  /** Null for none. */
  addressSpaceBytes: number | null;
}

/** How a program ended: one of the two is null. */
export interface Exit {
  exitCode: number | null;
  signal: number | null;
  /** CPU time of the program and all that it waited for, all that those waited for …; null when nobody could tell. */
  waitedMs: number | null;
}

export interface Launched {
  /** The number of its process group. */
  readonly group: number;
  /** The processes of the group that are ours and not the program's. */
  readonly ours: ReadonlySet<number>;
  /** Resolves when the program's own streams are open. */
  started: Promise<void>;
  /** Resolves when its first process has ended; the group's leader stays until the group is killed. */
  ended: Promise<Exit>;
  /** Resolves when the group's leader is gone. */
  gone: Promise<void>;
}

/**
 * Starts a program and tells how it ended. A shell leads its process group:
 *
 *     leader ----+--- watch      kills the group when the judge dies: its own stdin, a pipe of ours, ends then
 *       |        |
 *       |        +--- program    opens its streams, takes its bounds, becomes the program
 *       |
 *       +--> says on stdout: watch PID, started, [what the shell says of a signal], status N, CPU times, end
 *       +--> waits, so that the group keeps its number until it is killed
 *
 * `times` is the one way of POSIX's to learn the CPU time of descendants that have ended. The status alone does not
 * tell a signal from an exit code over 128, but the shell puts a signal into words (`Segmentation fault`).
 */
const script = `exec 2>&1 3<&0
{ read _; kill -KILL 0; } <&3 3<&- &
echo "watch $!"
(
  exec 4>&1 <"$1" >"$2" 2>"$3" 3<&-
  echo started >&4
  exec 4>&-
  {
    ulimit -c 0
    ulimit -H -t $(($4 + 1))
    ulimit -S -t "$4"
    ulimit -f "$5"
    ulimit -n 256
    ulimit -s unlimited || ulimit -s "$(ulimit -H -s)"
    [ -z "$6" ] || ulimit -v "$6"
  } 2>/dev/null
  shift 6
  exec "$@"
)
echo "status $?"
times
echo end
wait
`;

/** `ulimit -f` counts in these. */
const BLOCK_BYTES = 512;

/** @throws SandboxError when the shell cannot do its work; `started` and `ended` reject with one when it fails later */
export async function launch(shell: string, { env, folder, ...rest }: Launch): Promise<Launched> {
  const child = spawn(shell, ["-c", script, "sh", ...scriptWords(rest)], {
    cwd: folder,
    env,
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  // Ends with the leader, whatever that had still to say.
  child.stdin.on("error", () => undefined);
  const failed = once(child, "error").then(([error]) => `${shell} could not be started: ${String(error)}`);
  const { pid } = child;
  if (pid === undefined) throw new SandboxError(await failed);
  return { group: pid, ...follow(child, pid), gone };
}

function scriptWords({ argv, input, output, errors, bounds }: Omit<Launch, "env" | "folder">): string[] {
  const { cpuSeconds, fileBytes, addressSpaceBytes } = bounds;
  return [
    input,
    output,
    errors,
    String(Math.ceil(cpuSeconds)),
    String(Math.ceil(fileBytes / BLOCK_BYTES)),
    addressSpaceBytes === null ? "" : String(Math.ceil(addressSpaceBytes / 1024)),
    ...argv,
  ];
}

/** Reads the leader's report as it comes. */
function follow(child: ChildProcessByStdio<Writable, Readable, null>, pid: number) {
  const ours = new Set([pid]);
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Exit>();
  // Nobody may be waiting yet, or any more.
  started.promise.catch(() => undefined);
  ended.promise.catch(() => undefined);
  let report = "";
  child.stdout.on("data", (part: Buffer) => {
    report += part.toString("utf8");
    const watch = /^watch (\d+)\n/.exec(report)?.[1];
    if (watch !== undefined) ours.add(Number(watch));
    if (/^started\n/m.test(report)) started.resolve();
    const exit = readReport(report);
    if (exit !== null) ended.resolve(exit);
  });
  child.once("close", (_code, signal) => {
    const fault = new SandboxError(`the shell could not start a program: ${report.trim()}`);
    started.reject(fault);
    // A program may kill its whole group, and the leader with it.
    if (/^started\n/m.test(report) && signal !== null)
      ended.resolve({ exitCode: null, signal: constants.signals[signal], waitedMs: null });
    else ended.reject(fault);
  });
  return { ours, started: started.promise, ended: ended.promise };
}

/** Null while the report is not complete, and when it is that of a program that could not be started. */
function readReport(report: string): Exit | null {
  const [, words = "", code, times = ""] =
    /^started\n([\s\S]*?)^status (\d+)\n([\s\S]*)^end\n/m.exec(report) ?? [];
  if (code === undefined) return null;
  const waitedMs = childrensMs(times);
  const number = Number(code) - 128;
  return isSignal(number, words)
    ? { exitCode: null, signal: number, waitedMs }
    : { exitCode: Number(code), signal: null, waitedMs };
}

/** Shells say nothing of an interrupt and a broken pipe; a program that ends with 130 or 141 by itself is a rare one. */
function isSignal(number: number, words: string): boolean {
  const { SIGINT, SIGPIPE } = constants.signals;
  return number > 0 && (words !== "" || number === SIGINT || number === SIGPIPE);
}

/** The second line of what `times` prints, `0m1.230000s 0m0.010000s`, are the children's. */
function childrensMs(times: string): number {
  const [, line = ""] = times.split("\n");
  const parts = [...line.matchAll(/(\d+)m(\d+)[.,](\d+)s/g)];
  return Math.round(
    parts.reduce((sum, [, minutes, seconds, part]) => {
      return sum + Number(minutes) * 60_000 + Number(`${seconds}.${part}`) * 1000;
    }, 0),
  );
}

/** Where shells are, those first that are known to put signals into words. */
const SHELLS = ["/bin/dash", "/bin/bash", "/bin/sh"];

/**
 * Finds a shell that does all that is asked of it here, by trying.
 *
 * @throws SandboxError when there is none
 */
export async function findShell(): Promise<string> {
  const faults: string[] = [];
  for (const shell of SHELLS) {
    try {
      const { signal, exitCode } = await trial(shell, "kill -SEGV $$");
      const other = await trial(shell, "exit 139");
      if (signal === constants.signals.SIGSEGV && other.exitCode === 139) return shell;
      faults.push(`${shell} does not tell a signal from an exit code (${exitCode})`);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      faults.push(error.message);
    }
  }
  throw new SandboxError(`no shell can start programs here: ${faults.join("; ")}`);
}

async function trial(shell: string, command: string): Promise<Exit> {
  const nothing = "/dev/null";
  const { group, ended, gone } = await launch(shell, {
    argv: ["/bin/sh", "-c", command],
    env: {},
    folder: "/",
    input: nothing,
    output: nothing,
    errors: nothing,
    bounds: { cpuSeconds: 10, fileBytes: 0, addressSpaceBytes: null },
  });
  try {
    return await ended;
  } finally {
    await endGroup(group);
    await gone;
  }
}
