import type { Box } from "./box/box.ts";
import { openCompiler, type CompilerWorker } from "./compiler.ts";
import { openPool, type Pool } from "./pool.ts";
import type { Adapter } from "./runtime.ts";

const SCRIPT = "boot.js";
const COMPILER_SCRIPT = "compiler.js";
const SNAPSHOT = "snapshot";
/** Compiled programs that a box has at hand. */
const PROGRAMS = 8;

/** A box with the resources of one language in it, and workers that have booted from them. */
export interface Session {
  box: Box;
  pool: Pool;
  /** Null when programs of this language are run as they are written. */
  compiler: CompilerWorker | null;
  /** Puts a compiled program into the box, unless it is there. @returns its name among the resources */
  place(program: Blob): Promise<string>;
}

/** Keeps a snapshot for the next box and the next visit; belongs to exactly one version of the language's files. */
export interface SnapshotShelf {
  get(): Promise<Blob | null>;
  /** Null: what was there is of no use. */
  put(snapshot: Blob | null): Promise<void>;
}

export async function openSession(
  adapter: Adapter,
  opening: Promise<Box>,
  blobs: ReadonlyMap<string, Blob>,
  shelf: SnapshotShelf,
  signal?: AbortSignal,
): Promise<Session> {
  const box = await opening;
  const onAbort = (): void => box.close();
  signal?.addEventListener("abort", onAbort);
  try {
    const { compiler, modules } = adapter;
    const forCompiler = new Set<string>(compiler ? [COMPILER_SCRIPT, ...compiler.files] : []);
    const split = Map.groupBy(blobs, ([name]) => (forCompiler.has(name) ? "compiler" : "programs"));
    const resources = split.get("programs") ?? [];
    await Promise.all(
      resources.map(([name, blob]) =>
        box.store({ name, blob, as: modules.includes(name) ? "module" : "blob" }),
      ),
    );
    const uses = resources.map(([name]) => name).filter((name) => name !== SCRIPT);
    const start = adapter.snapshot === true ? startFromSnapshot : startPool;
    const compilerParts = compiler && {
      script: COMPILER_SCRIPT,
      language: compiler.language,
      files: new Map(split.get("compiler")),
      modules,
      exercises: { programs: compiler.exercises ?? [], need: compiler.files },
    };
    return {
      box,
      pool: await start(box, adapter.spareWorkers, uses, shelf),
      compiler: compilerParts ? openCompiler(box, compilerParts) : null,
      place: placeIn(box, compiler?.makes ?? "blob"),
    };
  } catch (error) {
    box.close();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

function placeIn(box: Box, as: "blob" | "module"): Session["place"] {
  const placed = new Map<Blob, { name: string; stored: Promise<void> }>();
  let last = 0;
  return async (program) => {
    const known = placed.get(program) ?? { name: `program ${(last += 1)}`, stored: Promise.resolve() };
    if (!placed.has(program)) known.stored = box.store({ name: known.name, blob: program, as });
    // The last used stands last.
    placed.delete(program);
    placed.set(program, known);
    for (const [oldest, { name }] of placed) {
      if (placed.size <= PROGRAMS) break;
      placed.delete(oldest);
      box.forget(name);
    }
    await known.stored;
    return known.name;
  };
}

async function startPool(box: Box, size: number, uses: readonly string[]): Promise<Pool> {
  const pool = openPool(() => box.spawn(SCRIPT, uses), size);
  await pool.ready();
  return pool;
}

/**
 * From the snapshot that was kept, else from one that is made now, else without. Without one everything works, only slower; that one
 * does not work is reported as an error of the page.
 */
async function startFromSnapshot(
  box: Box,
  size: number,
  uses: readonly string[],
  shelf: SnapshotShelf,
): Promise<Pool> {
  const withSnapshot = [...uses, SNAPSHOT];
  const kept = await shelf.get();
  if (kept !== null) {
    try {
      await box.store({ name: SNAPSHOT, blob: kept, as: "blob" });
      return await startPool(box, size, withSnapshot);
    } catch (error) {
      if (!box.open) throw error;
      reportError(error);
      await shelf.put(null);
    }
  }
  try {
    void shelf.put(await box.produce(SNAPSHOT, SCRIPT, uses));
  } catch (error) {
    if (!box.open) throw error;
    reportError(error);
    return startPool(box, size, uses);
  }
  return startPool(box, size, withSnapshot);
}
