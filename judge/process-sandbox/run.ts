import { access, constants, stat } from "node:fs/promises";
import { constants as os } from "node:os";
import { nodeMount } from "../languages/javascript.ts";
import { MIB } from "../limits.ts";
import { type Dialogue, type Ending, type Mount, type Program, SandboxError } from "../sandbox.ts";
import type { Store } from "../store.ts";
import { openRecorder } from "../transcript.ts";
import { collect, removeFolder } from "./collect.ts";
import { type JailPaths, withoutJail } from "./jail-paths.ts";
import { launch } from "./launch.ts";
import { keep, type Kept, makePipes, type PipeEnd, readPipe, relay, writePipe } from "./named-pipes.ts";
import { endGroup } from "./process-group.ts";
import { atMost, makeStopper, type Stopper, watch, type Watched } from "./watch.ts";

/** What running programs needs of its sandbox. */
export interface Place {
  store: Store;
  binds: readonly Mount[];
  shell: string;
  /** Aborted when the sandbox is closed. */
  closing: AbortSignal;
}

/**
 * One program's life:
 *
 *     prepared (folder, pipes) -> started -> ended by itself ----> group killed -> measured, collected -> removed
 *                                    |                                 ^
 *                                    +--> stopped (a limit, close) ----+
 */
interface Prepared {
  program: Program;
  /** Relative to the store. */
  folder: string;
  paths: JailPaths;
  input: string;
  output: PipeEnd;
  errors: PipeEnd;
  /** Our end of the other one's output, in a dialogue. */
  partner: PipeEnd | null;
}

/** How a program went, and when it ended or closed its stdout for good, by performance.now(). */
export interface Went {
  ending: Ending;
  silentAt: number;
}

/** How one or two programs went, and what two of them said to each other. */
export interface AllWent {
  each: readonly Went[];
  dialogue: Dialogue;
}

/** Runs one program, or two of which each one's stdout is the other's stdin. */
export async function runPrograms(place: Place, programs: readonly Program[]): Promise<AllWent> {
  const recorder = openRecorder();
  const faults = await Promise.all(programs.map((program) => whyNotExecutable(place, program)));
  const fault = faults.find((one) => one !== null);
  if (fault !== undefined) {
    const each = faults.map((own) => neverRan(own ?? `its partner: ${fault}`));
    return { each, dialogue: recorder.dialogue() };
  }
  const prepared: Prepared[] = [];
  try {
    for (const program of programs) prepared.push(await prepare(place, program, programs.length > 1));
    const results = await Promise.allSettled(
      prepared.map((one, index) => {
        const hear = (part: Uint8Array): void => recorder.add(index === 0 ? 0 : 1, part);
        return runOne(place, one, prepared[1 - index] ?? null, hear);
      }),
    );
    const each = results.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
    return { each, dialogue: recorder.dialogue() };
  } finally {
    for (const one of prepared) await release(place, one);
  }
}

/** `exec` in a shell would end in exit codes that a program may have, too. */
async function whyNotExecutable(place: Place, program: Program): Promise<string | null> {
  const [command] = withoutJail(program, mountsOf(place, program)).argv;
  const because = (reason: string): string => `cannot start the program (${program.argv[0]}): ${reason}`;
  try {
    if (!(await stat(command)).isFile()) return because("it is no file");
    await access(command, constants.X_OK);
    return null;
  } catch (error) {
    return because(error instanceof Error && "code" in error ? String(error.code) : String(error));
  }
}

function neverRan(notStarted: string): Went {
  const nothing = new Uint8Array();
  const ending: Ending = {
    exitCode: null,
    signal: null,
    timedOut: false,
    outputExceeded: false,
    outOfMemory: false,
    cpuMs: 0,
    wallMs: 0,
    memoryKiB: 0,
    stdout: nothing,
    stderr: nothing,
    stderrCut: false,
    notStarted,
    notCollected: null,
  };
  return { ending, silentAt: performance.now() };
}

function mountsOf({ store, binds }: Place, program: Program, work?: string): Mount[] {
  const own = program.mounts.map(({ from, to }) => ({ from: store.absolute(from), to }));
  return [...own, ...binds, ...(work === undefined ? [] : [{ from: work, to: "/scratch" }])];
}

async function prepare(place: Place, program: Program, isDialogue: boolean): Promise<Prepared> {
  const { store } = place;
  const folder = await store.newFolder("work", "pipes");
  const at = (name: string): string => store.absolute(`${folder}/${name}`);
  const work = at("work");
  const pipes = { input: at("pipes/input"), output: at("pipes/output"), errors: at("pipes/errors") };
  await makePipes(Object.values(pipes));
  if (program.files !== undefined) {
    const refused = await collect(store.absolute(program.files), work);
    if (refused !== null) throw new SandboxError(`the work folder's files: ${refused}`);
  }
  const paths = withoutJail(program, mountsOf(place, program, work));
  // There is no /tmp in the jail; what a compiler would leave in this machine's goes with the work folder.
  paths.env["TMPDIR"] = work;
  const plain = program.input === null ? "/dev/null" : store.absolute(program.input);
  return {
    program,
    folder,
    paths,
    input: isDialogue ? pipes.input : plain,
    output: readPipe(pipes.output),
    errors: readPipe(pipes.errors),
    partner: isDialogue ? writePipe(pipes.input) : null,
  };
}

async function release({ store }: Place, { folder, output, errors, partner }: Prepared): Promise<void> {
  for (const end of [output, errors, partner]) {
    end?.opened();
    end?.stream.destroy();
  }
  await removeFolder(store.absolute(folder));
}

/**
 * @param other - the other one of two, whose input this one's output is
 * @param hear - told what it says to the other
 */
async function runOne(
  place: Place,
  own: Prepared,
  other: Prepared | null,
  hear: (part: Uint8Array) => void,
): Promise<Went> {
  const { program, paths } = own;
  const { store } = place;
  const { limits } = program;
  const stopper = makeStopper();
  const errors = keep(own.errors.stream, limits.errorBytes);
  const tooMuch = (): void => stopper.stop("output");
  const output = other?.partner
    ? relay(own.output.stream, other.partner.stream, hear, limits.outputBytes, tooMuch)
    : keep(own.output.stream, limits.outputBytes, tooMuch);
  const close = (): void => stopper.stop("closing");
  place.closing.addEventListener("abort", close);
  try {
    const watched = await startAndWatch(place, own, stopper);
    // Its own input is read by nobody any more.
    own.partner?.stream.destroy();
    const drained = Promise.all([output.ended, errors.ended]);
    const [outputEndedAt] = await atMost(DRAIN_MS, drained, [Infinity, Infinity]);
    if (watched.stopped === "closing" || place.closing.aborted)
      throw new SandboxError("the sandbox was closed");
    const ending = conclude(watched, output, errors, paths);
    if (program.collect !== null && ending.exitCode !== null && watched.stopped === null)
      ending.notCollected = await collect(
        store.absolute(`${own.folder}/work`),
        store.absolute(program.collect),
      );
    return { ending, silentAt: Math.min(outputEndedAt, watched.endedAt) };
  } finally {
    place.closing.removeEventListener("abort", close);
  }
}

/** Only what has left the process group can hold a pipe open after its end. */
const DRAIN_MS = 1000;

/** What a program may take before we look again; its address space ends there, lest it take all of this machine. */
const BETWEEN_LOOKS_BYTES = 1024 * MIB;

/** The virtual machines of Java and JavaScript reserve much more than they use, and do not start without it. */
function reservesAddressSpace({ argv: [command = ""] }: Program): boolean {
  return command === nodeMount.to || /\/javac?$/.test(command);
}

/** Longer than the slowest start of a shell. */
const START_MS = 30_000;

/** Starts a program and sees it to its end, and to that of all its group. */
async function startAndWatch(place: Place, own: Prepared, stopper: Stopper): Promise<Watched> {
  const { program, paths, folder } = own;
  const { cpuMs, workBytes, memoryBytes } = program.limits;
  const at = (name: string): string => place.store.absolute(`${folder}/${name}`);
  const launched = await launch(place.shell, {
    argv: paths.argv,
    env: paths.env,
    folder: at("work"),
    input: own.input,
    output: at("pipes/output"),
    errors: at("pipes/errors"),
    bounds: {
      cpuSeconds: cpuMs / 1000,
      fileBytes: workBytes,
      addressSpaceBytes: reservesAddressSpace(program) ? null : memoryBytes + BETWEEN_LOOKS_BYTES,
    },
  });
  try {
    const isStarted = launched.started.then(() => true);
    if (!(await atMost(START_MS, isStarted, false))) throw new SandboxError("the shell hangs");
    for (const end of [own.output, own.errors, own.partner]) end?.opened();
    return await watch(launched, program.limits, stopper);
  } finally {
    await endGroup(launched.group);
    await launched.gone;
  }
}

function conclude(
  { exit, stopped, ...watched }: Watched,
  output: Kept,
  errors: Kept,
  paths: JailPaths,
): Ending {
  const { SIGKILL, SIGXCPU } = os.signals;
  const signal = stopped === "processes" ? SIGKILL : (exit?.signal ?? null);
  return {
    exitCode: exit?.exitCode ?? null,
    signal,
    timedOut: stopped === "cpu" || stopped === "wall" || signal === SIGXCPU,
    outputExceeded: output.cut(),
    outOfMemory: stopped === "memory",
    cpuMs: watched.cpuMs,
    wallMs: watched.wallMs,
    memoryKiB: watched.memoryKiB,
    stdout: output.bytes(),
    stderr: paths.hide(errors.bytes()),
    stderrCut: errors.cut(),
    notStarted: null,
    notCollected: null,
  };
}
