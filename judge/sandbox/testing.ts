/** For tests that speak with a supervisor themselves, rightly and wrongly, without the service between. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setImmediate } from "node:timers/promises";
import { buildSanitizedSupervisor, buildSupervisor } from "./build.ts";
import { frameReader, type Limits, type Program, type Reply } from "./wire.ts";

/** What every test of the wire is run against. */
export const supervisors: readonly [name: string, build: () => Promise<string>][] = [
  ["the supervisor", buildSupervisor],
  ["the supervisor under sanitizers", buildSanitizedSupervisor],
];

export const limits: Limits = {
  cpuMs: 1000,
  wallMs: 1000,
  memoryBytes: 2 ** 25,
  outputBytes: 1000,
  errorBytes: 1000,
  workBytes: 2 ** 20,
  workInodes: 100,
  processes: 10,
};

export const program: Program = {
  argv: ["/bin/true"],
  env: [],
  input: null,
  collect: null,
  mounts: [],
  limits,
};

/** Something to say: pieces written one after the other, and what to wait for before the next step. */
export interface Step {
  pieces: readonly Buffer[];
  /** How many answers. */
  answers: number;
  /** And what else, before the input goes on or ends. */
  meanwhile?: () => Promise<void>;
}

/** A frame as one whole, and its answer. */
export function asked(frame: Buffer): Step {
  return { pieces: [frame], answers: 1 };
}

/** Bytes that need not be whole frames: nobody waits for an answer. */
export function said(...pieces: Buffer[]): Step {
  return { pieces, answers: 0 };
}

export interface Conversation {
  pid: number | undefined;
  code: number | null;
  replies: Reply[];
  /** What a sanitized supervisor had on its heap at its end. */
  leftBytes: number | null;
}

/**
 * Speaks with a new supervisor, and ends its input after the last step.
 *
 * @throws Error when the supervisor writes anything on stderr: it has nothing to say there, but its sanitizers have
 */
export async function converse(supervisor: string, ...steps: Step[]): Promise<Conversation> {
  const child = spawn(supervisor, [], { env: {} });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const replies: Reply[] = [];
  const heard = listen(child, replies);
  let errors = "";
  child.stderr.on("data", (bytes: Buffer) => (errors += bytes.toString()));
  // It may end, having said why, before it has read everything.
  child.stdin.on("error", () => undefined);
  let answers = 0;
  for (const step of steps) {
    for (const piece of step.pieces) {
      child.stdin.write(piece);
      // Else the pieces would be written as one.
      if (step.pieces.length > 1) await setImmediate();
    }
    answers += step.answers;
    await Promise.race([heard(answers), ended]);
    await step.meanwhile?.();
  }
  child.stdin.end();
  const code = await ended;
  const left = /^left on the heap: (\d+) bytes\n/m.exec(errors);
  const complaint = errors.replace(left?.[0] ?? "", "");
  if (complaint !== "") throw new Error(`the supervisor ended with ${code} and said:\n${complaint}`);
  return { pid: child.pid, code, replies, leftBytes: left === null ? null : Number(left[1]) };
}

/** Collects replies. Returns how to wait until there are so many. */
function listen(
  child: ChildProcessWithoutNullStreams,
  replies: Reply[],
): (count: number) => Promise<void> | undefined {
  const read = frameReader();
  let waiting: { count: number; resolve: () => void } | null = null;
  child.stdout.on("data", (bytes: Buffer) => {
    replies.push(...read(bytes));
    if (waiting !== null && replies.length >= waiting.count) waiting.resolve();
  });
  return (count) =>
    replies.length >= count
      ? undefined
      : new Promise((resolve) => {
          waiting = { count, resolve };
        });
}
