import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { codeOf, writeFault } from "./file-errors.ts";

export interface LockOptions {
  /** Told once if somebody else has it. */
  onWait(owner: string): void;
  /** Ends the waiting, by a rejection. */
  signal: AbortSignal;
  waits?: LockWaits;
}

/** In milliseconds. */
export interface LockWaits {
  /** Between two looks at a lock of somebody else. */
  lookMs: number;
  /** Between two signs of life. */
  beatMs: number;
  /** One without a sign of life for so long is nobody's. */
  staleMs: number;
}

const WAITS: LockWaits = { lookMs: 1_000, beatMs: 10_000, staleMs: 60_000 };

const Owner = v.object({ id: v.string(), pid: v.number(), host: v.string() });
type Owner = v.InferOutput<typeof Owner>;

/** Ids of the locks of this process. */
const mine = new Set<string>();

/**
 * Does something while no other program does that holds the same lock: a file, which its owner touches now and then.
 *
 *     free --made--> held --beat, beat, …--> released: free
 *                      |
 *                      +-- its owner is dead on this machine, or gave no sign of life for staleMs --> taken over
 *
 * @param work gets a signal that is aborted if the lock was taken over, as can happen to a machine that slept
 */
export async function withLock<T>(
  path: string,
  { onWait, signal, waits = WAITS }: LockOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const own: Owner = { id: randomUUID(), pid: process.pid, host: hostname() };
  mine.add(own.id);
  try {
    for (let hasWaited = false; !(await make(path, own));) {
      const other = await look(path, waits.staleMs);
      if (other?.isStale) await takeAway(path, other.text);
      if (other === null || other.isStale) continue;
      if (!hasWaited) onWait(other.owner);
      hasWaited = true;
      await sleep(waits.lookMs, undefined, { signal });
    }
    const lost = new AbortController();
    const beat = setInterval(() => {
      void keep(path, own).catch(() => lost.abort(new Error(`${path} was taken over by another program`)));
    }, waits.beatMs);
    try {
      return await work(lost.signal);
    } finally {
      clearInterval(beat);
      if (await isOwn(path, own)) await rm(path, { force: true });
    }
  } finally {
    mine.delete(own.id);
  }
}

/** False if there is one already. */
async function make(path: string, own: Owner): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(JSON.stringify(own));
    await file.close();
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    const fault = writeFault(error, path);
    throw fault === null ? error : new Error(fault, { cause: error });
  }
}

interface Other {
  text: string;
  /** In words. */
  owner: string;
  isStale: boolean;
}

/** Null if there is none any more. */
async function look(path: string, staleMs: number): Promise<Other | null> {
  try {
    const text = await readFile(path, "utf8");
    const { mtimeMs } = await stat(path);
    const owner = ownerOf(text);
    const isOld = Date.now() - mtimeMs > staleMs;
    return {
      text,
      owner: owner === null ? "somebody" : `process ${owner.pid} on ${owner.host}`,
      isStale: isOld || (owner !== null && isGone(owner)),
    };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Null for one that is being written. */
function ownerOf(text: string): Owner | null {
  try {
    return v.parse(Owner, JSON.parse(text));
  } catch {
    return null;
  }
}

/** A process of this machine that surely is not there any more; of another machine, nobody knows. */
function isGone({ id, pid, host }: Owner): boolean {
  if (host !== hostname()) return false;
  // In a container every process has the same number.
  if (pid === process.pid) return !mine.has(id);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

/** Of several that take away the same one, one succeeds; what is not that one is put back. */
async function takeAway(path: string, text: string): Promise<void> {
  const away = `${path}.${randomUUID()}`;
  try {
    await rename(path, away);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if ((await readFile(away, "utf8")) !== text)
    await copyFile(away, path, constants.COPYFILE_EXCL).catch(() => undefined);
  await rm(away, { force: true });
}

async function keep(path: string, own: Owner): Promise<void> {
  if (!(await isOwn(path, own))) throw new Error("it is another's");
  const now = new Date();
  await utimes(path, now, now);
}

const isOwn = async (path: string, { id }: Owner): Promise<boolean> =>
  ownerOf(await readFile(path, "utf8").catch(() => ""))?.id === id;
