import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { readPackage } from "../rules/package/read.ts";
import { unzipPackage } from "../rules/package/unzip.ts";
import { PackageError } from "../rules/package/package-error.ts";
import { JudgingFailure } from "./failure.ts";
import { openProblem, type Problem } from "./problem.ts";
import type { Store } from "./store.ts";

export interface PackageCacheOptions {
  store: Store;
  /** Gets the bytes of the zip with this SHA-256 from the server. */
  fetch(hash: string): Promise<Uint8Array>;
  /** How much the zips on disk may take; those used least recently go first. */
  diskBytes?: number;
  /** How many parsed packages are kept in memory, besides those in use. */
  inMemory?: number;
}

/** Problem packages by hash: fetched once, verified, kept on disk, parsed once. */
export interface PackageCache {
  /**
   * Lends a package for the time of some work.
   *
   * @throws JudgingFailure when there is no usable package of this hash
   */
  use<T>(hash: string, work: (problem: Problem) => Promise<T>): Promise<T>;
}

interface Held {
  problem: Promise<Problem>;
  users: number;
}

export function openPackageCache(options: PackageCacheOptions): PackageCache {
  const { diskBytes = 1024 ** 3, inMemory = 4 } = options;
  // In order of use, as a Map keeps that of insertion.
  const held = new Map<string, Held>();

  const take = (hash: string): Held => {
    const entry = held.get(hash) ?? { problem: load(options, diskBytes, hash), users: 0 };
    held.delete(hash);
    held.set(hash, entry);
    entry.users++;
    return entry;
  };
  const shrink = async (): Promise<void> => {
    const idle = [...held].filter(([, { users }]) => users === 0);
    const surplus = idle.slice(0, Math.max(0, idle.length - inMemory));
    for (const [hash] of surplus) held.delete(hash);
    for (const [, { problem }] of surplus) await (await problem.catch(() => null))?.close();
  };

  return {
    use: async (hash, work) => {
      const entry = take(hash);
      try {
        return await work(await entry.problem);
      } catch (error) {
        // A package that could not be had may be had the next time.
        if (held.get(hash) === entry && (await isBroken(entry))) held.delete(hash);
        throw error;
      } finally {
        entry.users--;
        await shrink();
      }
    },
  };
}

async function isBroken(entry: Held): Promise<boolean> {
  return entry.problem.then(
    () => false,
    () => true,
  );
}

async function load(options: PackageCacheOptions, diskBytes: number, hash: string): Promise<Problem> {
  const bytes = await getBytes(options, diskBytes, hash);
  try {
    const { package: pkg, messages } = readPackage(unzipPackage(bytes), hash.slice(0, 12));
    if (pkg !== null) return await openProblem(pkg, options.store);
    const fault = messages.find((message) => message.severity === "error");
    throw new JudgingFailure(
      `the package ${hash} is not usable: ${fault?.file ?? ""}: ${fault?.message ?? ""}`,
    );
  } catch (error) {
    if (error instanceof PackageError)
      throw new JudgingFailure(`the package ${hash} is not usable: ${error.message}`, { cause: error });
    throw error;
  }
}

async function getBytes(options: PackageCacheOptions, diskBytes: number, hash: string): Promise<Uint8Array> {
  const folder = options.store.absolute("packages");
  const file = join(folder, `${hash}.zip`);
  const kept = await readFile(file).catch(() => null);
  if (kept !== null && sha256(kept) === hash) {
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    return kept;
  }
  const bytes = await options.fetch(hash);
  if (sha256(bytes) !== hash)
    throw new JudgingFailure(`the package ${hash} arrived damaged: its SHA-256 is ${sha256(bytes)}`);
  // Whole or not at all, should the judge be killed meanwhile.
  const draft = await options.store.newFolder();
  await options.store.write(`${draft}/zip`, bytes);
  await mkdir(folder, { recursive: true });
  await rename(options.store.absolute(`${draft}/zip`), file);
  await options.store.remove(draft);
  await shrinkFolder(folder, diskBytes);
  return bytes;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Removes the files used least recently until the rest fits. */
async function shrinkFolder(folder: string, diskBytes: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const status = await stat(join(folder, name)).catch(() => null);
      return { name, bytes: status?.size ?? 0, used: status?.mtimeMs ?? 0 };
    }),
  );
  let total = 0;
  for (const { name, bytes } of files.toSorted((a, b) => b.used - a.used)) {
    total += bytes;
    if (total > diskBytes) await rm(join(folder, name), { force: true });
  }
}
