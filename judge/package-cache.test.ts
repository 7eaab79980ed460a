import { mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exampleFiles } from "../rules/package/example.ts";
import { openPackageCache, type PackageCache, type PackageCacheOptions } from "./package-cache.ts";
import { openStore, type Store } from "./store.ts";
import { hashOf, packed } from "./testing-queue.ts";

describe("the cache of packages", () => {
  let root: string;
  let store: Store;
  /** What the server has, by hash. */
  let served: Map<string, Uint8Array>;
  let fetched: string[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "judge-test-"));
    store = await openStore(root);
    served = new Map();
    fetched = [];
  });
  afterEach(async () => {
    await store.close();
    await rm(root, { recursive: true, force: true });
  });

  const open = (options: Partial<PackageCacheOptions> = {}): PackageCache =>
    openPackageCache({
      store,
      fetch: async (hash) => {
        fetched.push(hash);
        const bytes = served.get(hash);
        if (bytes === undefined) throw new Error("not there");
        return bytes;
      },
      ...options,
    });
  /** A package of its own for each number, all of one size. */
  const serve = (number: number): string => {
    const { zip, hash } = packed(
      exampleFiles({ "data/secret/02.in": `${number} 0\n`, "data/secret/02.ans": `${number}\n` }),
    );
    served.set(hash, zip);
    return hash;
  };
  const use = (cache: PackageCache, hash: string): Promise<string> =>
    cache.use(hash, async ({ pkg }) => pkg.groups[0]?.tests.map(({ name }) => name).join(" ") ?? "");
  const onDisk = async (): Promise<string[]> => (await readdir(store.absolute("packages"))).sort();

  it("fetches a package once, for all who use it at the same time or later, in memory or from disk", async () => {
    const cache = open();
    const hash = serve(1);
    expect(await Promise.all([use(cache, hash), use(cache, hash)])).toEqual(
      Array(2).fill("secret/01 secret/02"),
    );
    await use(cache, hash);
    await use(open(), hash);
    expect(fetched).toEqual([hash]);
    expect(await onDisk()).toEqual([`${hash}.zip`]);
  });

  it("keeps on disk those used last, up to its bound", async () => {
    const hashes = [1, 2, 3].map(serve);
    const [first = "", second = "", third = ""] = hashes;
    const size = served.get(first)?.length ?? 0;
    const cache = open({ diskBytes: 2.5 * size, inMemory: 0 });
    for (const [index, hash] of [first, second].entries()) {
      await use(cache, hash);
      await utimes(store.absolute(`packages/${hash}.zip`), index, index);
    }
    await use(cache, first);
    await use(cache, third);
    expect(await onDisk()).toEqual([`${first}.zip`, `${third}.zip`].sort());
    expect(fetched).toEqual(hashes);
    await use(cache, second);
    expect(fetched).toEqual([...hashes, second]);
  });

  it("works with a package that is larger than its bound, without keeping it", async () => {
    expect(await use(open({ diskBytes: 10 }), serve(1))).toBe("secret/01 secret/02");
    expect(await onDisk()).toEqual([]);
  });

  it("fetches again what has been damaged on disk", async () => {
    const hash = serve(1);
    await use(open(), hash);
    await store.write(`packages/${hash}.zip`, (served.get(hash) ?? new Uint8Array()).slice(0, -1));
    expect(await use(open(), hash)).toBe("secret/01 secret/02");
    expect(fetched).toEqual([hash, hash]);
    expect(hashOf(await readFile(store.absolute(`packages/${hash}.zip`)))).toBe(hash);
  });

  it("believes no server that gives something else than was asked for, and keeps none of it", async () => {
    const cache = open();
    const hash = "1".repeat(64);
    served.set(hash, packed(exampleFiles()).zip);
    await expect(use(cache, hash)).rejects.toThrow(`the package ${hash} arrived damaged`);
    expect(await readdir(root)).not.toContain("packages");
  });

  it("says why a package is not usable, and tries again the next time", async () => {
    const cache = open();
    const bad = packed(exampleFiles({ "data/secret/01.ans": null }));
    served.set(bad.hash, bad.zip);
    const notZip = hashOf("no zip");
    served.set(notZip, Buffer.from("no zip"));
    await expect(use(cache, bad.hash)).rejects.toThrow(/is not usable: data\/secret\/01/);
    await expect(use(cache, notZip)).rejects.toThrow(/is not usable/);
    const late = "2".repeat(64);
    await expect(use(cache, late)).rejects.toThrow("not there");
    await expect(use(cache, late)).rejects.toThrow("not there");
    expect(fetched.filter((hash) => hash === late)).toHaveLength(2);
  });

  it("keeps what a package needs on disk while somebody uses it, whatever else comes", async () => {
    const cache = open({ inMemory: 0 });
    const [used = "", other = ""] = [serve(1), serve(2)];
    await cache.use(used, async (problem) => {
      const [test] = problem.pkg.samples;
      if (test === undefined) throw new Error("no sample");
      const data = await problem.data(test);
      await use(cache, other);
      expect(await readdir(store.absolute(data))).toEqual(["answer", "input"]);
    });
    expect(await readdir(store.absolute(`live/${process.pid}`))).toEqual([]);
  });
});
