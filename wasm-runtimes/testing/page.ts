import { languages, type LanguageId } from "../../protocol/language.ts";
import { openBox, type WorkerEvent } from "../box/box.ts";
import type { CompileError, Progress, RunLimits, RunResult, Runtime } from "../contract.ts";
import { clang } from "../clang/adapter.ts";
import { download, filesOf, loadManifest, snapshotShelf } from "../download.ts";
import * as host from "../host.ts";
import { programShelf } from "../programs.ts";
import { python } from "../python/adapter.ts";
import { startRuntime } from "../runtime.ts";

/** The page of the browser tests: the host, and what the tests ask of it, with results that can leave the page. */

export interface Trial {
  language: LanguageId;
  /** The text of the only file, or several files. */
  program: string | { name: string; text: string }[];
  stdin?: string;
  limits?: Partial<RunLimits>;
}

export interface TrialResult {
  /** "refused": it did not compile. */
  ended: RunResult["ended"] | "refused";
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** What `onOutput` heard. */
  heard: string;
  wallMs: number;
  memoryBytes: number | null;
  /** How often the page's own timer fired meanwhile. */
  ticks: number;
}

const runtimes = new Map<LanguageId, Promise<Runtime>>();

function runtimeOf(language: LanguageId): Promise<Runtime> {
  const runtime = runtimes.get(language) ?? host.openRuntime(language, () => {});
  runtimes.set(language, runtime);
  return runtime;
}

export async function attempt(trial: Trial, given?: Runtime): Promise<TrialResult> {
  const runtime = given ?? (await runtimeOf(trial.language));
  const name = `main.${languages[trial.language].extensions[0]}`;
  const files = typeof trial.program === "string" ? [{ name, text: trial.program }] : trial.program;
  const compiled = await runtime.compile(files);
  if (!compiled.ok) {
    const nothing = { exitCode: null, stdout: "", heard: "", wallMs: 0, ticks: 0, memoryBytes: null };
    return { ...nothing, ended: "refused", stderr: compiled.error.text };
  }
  let heard = "";
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 10);
  const limits = { wallMs: 10_000, outputBytes: 1_000_000, memoryBytes: 256 * 1024 * 1024, ...trial.limits };
  const stdin = new TextEncoder().encode(trial.stdin ?? "");
  const result = await compiled.program.run(stdin, limits, (text) => (heard += text));
  clearInterval(timer);
  return { ...result, stdout: new TextDecoder().decode(result.stdout), heard, ticks };
}

export interface TypeTrial {
  /** Null when the types fit. */
  error: CompileError | null;
  /** What the check was ended with, or else why there is none; null when it came to its end. */
  thrown: string | null;
  heard: Progress[];
  ms: number;
}

/** Checks the types of a program in TypeScript; stops `stopAfterMs` after it has begun. */
export async function checkTypes(
  files: readonly { name: string; text: string }[],
  stopAfterMs = Infinity,
): Promise<TypeTrial> {
  const { checkTypes } = await runtimeOf("typescript");
  if (checkTypes === null) throw new Error("Nothing checks types.");
  const heard: Progress[] = [];
  const stop = new AbortController();
  const timer = stopAfterMs === Infinity ? undefined : setTimeout(() => stop.abort(), stopAfterMs);
  const began = performance.now();
  const trial = await checkTypes(files, (progress) => heard.push(progress), stop.signal).then(
    (error) => ({ error, thrown: null }),
    (thrown: unknown) => ({ error: null, thrown: String(thrown) }),
  );
  clearTimeout(timer);
  return { ...trial, heard, ms: performance.now() - began };
}

/** Runs a program twice at once and stops one of the runs when it has written something; what became of each, and of a run after them. */
export async function stopOne(
  language: LanguageId,
  text: string,
): Promise<{ stopped: string; other: string; next: string }> {
  const runtime = await runtimeOf(language);
  const compiled = await runtime.compile([{ name: `main.${languages[language].extensions[0]}`, text }]);
  if (!compiled.ok) throw new Error(compiled.error.text);
  const limits = { wallMs: 10_000, outputBytes: 1_000_000, memoryBytes: 256 * 1024 * 1024 };
  const stop = new AbortController();
  const run = (stdin: string, hear?: () => void, signal?: AbortSignal): Promise<string> =>
    compiled.program.run(new TextEncoder().encode(stdin), limits, hear, signal).then(
      ({ ended, stdout }) => `${ended}: ${new TextDecoder().decode(stdout).trim()}`,
      (error: unknown) => String(error),
    );
  const other = run("other");
  const stopped = await run("for ever", () => stop.abort("stopped"), stop.signal);
  return { stopped, other: await other, next: await run("next") };
}

/** What a worker with any script whatever does in a box; the script has all that a browser gives to workers there. */
export async function watchWorkers(
  scripts: string[],
  forMs: number,
): Promise<{ worker: number; event: WorkerEvent }[]> {
  const box = await openBox();
  const events: { worker: number; event: WorkerEvent }[] = [];
  const over = Promise.withResolvers<void>();
  for (const [index, script] of scripts.entries()) {
    await box.store({ name: `script ${index}`, blob: new Blob([script]), as: "blob" });
    const worker = box.spawn(`script ${index}`, []);
    worker.listener = (event) => {
      events.push({ worker: index, event });
      if (event.type === "gone" && index === 0) over.resolve();
    };
  }
  await Promise.race([over.promise, new Promise((resolve) => setTimeout(resolve, forMs))]);
  box.close();
  return events;
}

/** Python as it starts when no snapshot can be made: from the given one, if it can; and what the page is told of it. */
export async function pythonThatMakesNoSnapshot(
  use: "kept" | "spoilt",
): Promise<{ result: TrialResult; reported: string[]; left: boolean }> {
  const reported: string[] = [];
  const onError = (event: ErrorEvent): void => {
    event.preventDefault();
    reported.push(String(event.message));
  };
  window.addEventListener("error", onError);
  const files = await filesOf(await loadManifest(), "python3");
  const blobs = await download(files, () => {});
  const script =
    (await blobs.get("boot.js")?.text())?.replaceAll("makeMemorySnapshot", "noSuchFunction") ?? "";
  let snapshot = use === "kept" ? await snapshotShelf(files.files).get() : null;
  if (use === "spoilt") snapshot = new Blob(["not a snapshot"]);
  const snapshots = {
    get: async () => snapshot,
    put: async (made: Blob | null) => void (snapshot = made),
  };
  const runtime = await startRuntime(
    python,
    openBox(),
    new Map([...blobs, ["boot.js", new Blob([script])]]),
    {
      snapshot: snapshots,
      programs: programShelf("python3"),
      prepared: null,
      onDemand: async () => new Map(),
    },
  );
  const result = await attempt({ language: "python3", program: "print(6 * 7)" }, runtime);
  runtime.close();
  window.removeEventListener("error", onError);
  return { result, reported, left: snapshot !== null };
}

/** What becomes of a program that was compiled here before, and of another one, where the compiler does not start. */
export async function withoutCompiler(known: string): Promise<{ known: string; unknown: string }> {
  const { files } = await filesOf(await loadManifest(), "c");
  const blobs = await download({ language: "c", files, prepared: true }, () => {});
  const broken = new Blob([`throw new Error("no compiler here")`]);
  const runtime = await startRuntime(clang("c"), openBox(), new Map([...blobs, ["compiler.js", broken]]), {
    snapshot: snapshotShelf(files),
    programs: programShelf(host.toolchainOf("c", files)),
    prepared: null,
    onDemand: async () => new Map(),
  });
  const { stdout } = await attempt({ language: "c", program: known }, runtime);
  const unknown = await attempt({ language: "c", program: `${known}\n` }, runtime).then(
    ({ ended }) => ended,
    String,
  );
  runtime.close();
  return { known: stdout, unknown };
}

const tools = {
  host,
  attempt,
  stopOne,
  checkTypes,
  watchWorkers,
  withoutCompiler,
  pythonThatMakesNoSnapshot,
};
export type Tools = typeof tools;

declare global {
  var tools: Tools;
}

globalThis.tools = tools;
document.title = "ready";
