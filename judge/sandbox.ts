import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxLevel } from "../protocol/submission.ts";
import {
  type Configuration,
  type Dialogue,
  encodeConfiguration,
  encodeRun,
  type Ending,
  frameReader,
  type Mount,
  type Program,
  type Reply,
  type SupervisedLevel,
} from "./sandbox/wire.ts";

export type { Dialogue, Ending, Limits, Mount, Program, Said, SupervisedLevel } from "./sandbox/wire.ts";

/** The sandbox could not do its work. Says nothing about the program that it should have run. */
export class SandboxError extends Error {}

export interface SandboxOptions {
  /** The executable that `buildSupervisor` made. */
  supervisor: string;
  /** Absolute path of the folder below which all paths of programs lie. */
  store: string;
  /** Distinguishes the slots of one judge: each has a user of its own. */
  slot: number;
  /** Further files and folders of the host to show in the jail. */
  binds: readonly Mount[];
  /** What should isolate; it does, or opening fails. */
  level: SupervisedLevel;
  /** The folder whose `usr`, `bin`, `lib` … programs see. Default: `/`, the host's own. */
  root?: string;
  /** The processor that programs run on, counted among those that this process may use. Default: any. */
  processor?: number;
}

/** How two joined programs went. */
export interface PairEnding {
  /** The index of the one that ended first. */
  first: number;
  endings: readonly [Ending, Ending];
  dialogue: Dialogue;
}

/** One slot: runs one program (or one pair) at a time; calls wait for each other. */
export interface Sandbox {
  /** Kept with every verdict. */
  readonly level: SandboxLevel;
  /** What isolates here: `cgroup v1: memory, pids, cpuacct`. */
  readonly reason: string;
  readonly store: string;
  run(program: Program): Promise<Ending>;
  /** Two programs, each one's stdout joined to the other's stdin. */
  runPair(a: Program, b: Program): Promise<PairEnding>;
  /** Ends the supervisor, and with it whatever runs. */
  close(): Promise<void>;
}

/** The first user id given to programs; no account of a usual host has it. */
const FIRST_UID = 10_001;

/** More than the longest a program may run: the supervisor itself must have died or hung. */
const GRACE_MS = 30_000;

/**
 * Starts a supervisor and makes its jail. When the supervisor dies later, the request under way fails with a
 * SandboxError and the next one starts another.
 *
 * @throws SandboxError when isolation does not hold here, with the reason
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const jail = join(options.store, "jail");
  await mkdir(jail, { recursive: true });
  const configuration: Configuration = {
    level: options.level,
    uid: FIRST_UID + options.slot,
    processor: options.processor ?? null,
    jail,
    store: options.store,
    root: options.root ?? "/",
    binds: options.binds,
  };
  let { link, reason } = await connect(options.supervisor, configuration);
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  const ask = async (programs: readonly Program[]): Promise<Reply & { type: "result" }> => {
    if (closed) throw new SandboxError("the sandbox is closed");
    if (!link.alive()) ({ link, reason } = await connect(options.supervisor, configuration));
    const wallMs = Math.max(...programs.map((program) => program.limits.wallMs));
    const reply = await link.ask(encodeRun(programs), wallMs + GRACE_MS);
    if (reply.type === "failed") throw new SandboxError(reply.message);
    if (reply.type !== "result" || reply.endings.length !== programs.length)
      throw new SandboxError("the supervisor answered something else than a result");
    return reply;
  };
  /** Waits for the requests before it, whether they succeed or not. */
  const inTurn = (programs: readonly Program[]): Promise<Reply & { type: "result" }> => {
    const turn = last.then(() => ask(programs));
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    level: options.level,
    get reason() {
      return reason;
    },
    store: options.store,
    run: async (program) => {
      const [ending] = (await inTurn([program])).endings;
      if (ending === undefined) throw new SandboxError("a result without an ending");
      return ending;
    },
    runPair: async (a, b) => {
      const { first, endings, dialogue } = await inTurn([a, b]);
      const [one, two] = endings;
      if (one === undefined || two === undefined || dialogue === null)
        throw new SandboxError("a result without two endings and their dialogue");
      return { first, endings: [one, two], dialogue };
    },
    close: () => {
      closed = true;
      return link.close();
    },
  };
}

/** A running supervisor: one question at a time. */
interface Link {
  alive(): boolean;
  ask(request: Buffer, patienceMs: number): Promise<Reply>;
  close(): Promise<void>;
}

async function connect(
  supervisor: string,
  configuration: Configuration,
): Promise<{ link: Link; reason: string }> {
  const link = startSupervisor(supervisor);
  try {
    const reply = await link.ask(encodeConfiguration(configuration), GRACE_MS);
    if (reply.type === "failed") throw new SandboxError(reply.message);
    if (reply.type !== "ready") throw new SandboxError("the supervisor is not ready");
    return { link, reason: reply.reason };
  } catch (error) {
    await link.close();
    throw error;
  }
}

function startSupervisor(supervisor: string): Link {
  const child = spawn(supervisor, [], { stdio: ["pipe", "pipe", "inherit"], env: {} });
  const { stdin, stdout } = child;
  let waiting: { resolve(reply: Reply): void; reject(error: Error): void } | null = null;
  let dead: SandboxError | null = null;
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));

  const fail = (message: string): void => {
    dead ??= new SandboxError(message);
    waiting?.reject(dead);
    waiting = null;
  };
  child.once("error", (error) => fail(`the supervisor could not be started: ${error.message}`));
  child.once("exit", (code, signal) => fail(`the supervisor ended (${signal ?? `exit code ${code}`})`));
  // Writing to a supervisor that just died; its exit tells why.
  stdin.on("error", () => undefined);
  const read = frameReader();
  stdout.on("data", (bytes: Buffer) => {
    try {
      for (const reply of read(bytes)) {
        waiting?.resolve(reply);
        waiting = null;
      }
    } catch (error) {
      fail(
        `the supervisor does not speak our protocol: ${error instanceof Error ? error.message : String(error)}`,
      );
      kill(child);
    }
  });

  return {
    alive: () => dead === null,
    ask: (request, patienceMs) => {
      if (dead !== null) return Promise.reject(dead);
      return new Promise<Reply>((resolve, reject) => {
        const timer = setTimeout(() => {
          fail(`the supervisor did not answer within ${patienceMs} ms`);
          kill(child);
        }, patienceMs);
        const settle = <T>(then: (value: T) => void) => {
          return (value: T) => {
            clearTimeout(timer);
            then(value);
          };
        };
        waiting = { resolve: settle(resolve), reject: settle(reject) };
        stdin.write(request);
      });
    },
    close: () => {
      fail("the sandbox was closed");
      stdin.end();
      return ended;
    },
  };
}

/** A supervisor that hangs or talks nonsense: its programs die with it. */
function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
}
