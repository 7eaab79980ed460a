import { randomBytes } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LanguageId } from "../protocol/language.ts";
import { launchBrowser } from "../scripts/browser/launch.ts";
import { openDownloadSite, type DownloadSite } from "./testing/download-site.ts";

let site: DownloadSite;
let browser: Browser;
let page: Page;

const PYTHON = "print('hello')\n".repeat(200);
/** Does not shrink, so that there is something to cut. */
const CLANG = randomBytes(12_000);
const LIBCXX = randomBytes(4000);
const HEADER = randomBytes(2000);
const LIST = "/runtimes/cpp-header.1.json";

beforeAll(async () => {
  site = await openDownloadSite();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  site.files.clear();
  const python = site.put("python", Buffer.from(PYTHON), 2);
  const stdlib = site.put("stdlib", CLANG, 10, "identity");
  const clang = site.put("clang", CLANG, 3);
  const libcxx = site.put("libcxx", LIBCXX, 1);
  site.manifest = {
    python3: { files: [python, stdlib], prepared: null },
    c: { files: [clang], prepared: null },
    cpp: { files: [clang, libcxx], prepared: LIST },
  };
  Object.assign(site, { asked: [], atOnce: 0, before: () => {} });
  await freshPage();
});

async function freshPage(): Promise<void> {
  await page?.context().close();
  page = await (await browser.newContext()).newPage();
  await go();
}

async function go(): Promise<void> {
  await page.goto(site.url);
  await page.waitForFunction(() => document.title === "ready");
}

const readiness = (language: LanguageId) => page.evaluate((id) => loading.readiness(id), language);

/** Downloads a language: its files as text of bytes, what was heard of it, or what was thrown. */
const download = (language: LanguageId) =>
  page.evaluate(async (id) => {
    const heard: number[] = [];
    try {
      const needed = await loading.filesOf(await loading.loadManifest(), id);
      const blobs = await loading.download(needed, (loaded) => heard.push(loaded));
      const files: Record<string, string> = {};
      for (const [name, blob] of blobs)
        files[name] = [...new Uint8Array(await blob.arrayBuffer())].map((byte) => byte.toString(16)).join();
      return { files, heard, error: "" };
    } catch (error) {
      return { files: {}, heard, error: String(error) };
    }
  }, language);

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16)).join();

/** Begins a download that `cancel` ends; gives what it threw, and what it heard until then. */
const begin = (language: LanguageId) =>
  page.evaluate((id) => {
    const stop = new AbortController();
    const heard: number[] = [];
    const ended = loading
      .fetchLanguage(id, (loaded) => heard.push(loaded), stop.signal)
      .then(
        () => "here",
        (error: unknown) => (error instanceof Error ? error.name : "?"),
      );
    Object.assign(globalThis, { [`of ${id}`]: { stop, ended, heard } });
  }, language);

const cancel = (language: LanguageId) =>
  page.evaluate((id) => Reflect.get(globalThis, `of ${id}`).stop.abort(), language);

const endOf = (language: LanguageId): Promise<{ ended: string; heard: number[] }> =>
  page.evaluate(async (id) => {
    const { ended, heard } = Reflect.get(globalThis, `of ${id}`);
    return { ended: await ended, heard };
  }, language);

const keptPieces = () =>
  page.evaluate(async () => [...(await loading.keptPaths())].filter((path) => path.endsWith(".bin")).sort());

describe("a download", () => {
  it("puts files together from their pieces, a few at a time, and tells bytes that never fall and end at their sum", async () => {
    const before = await readiness("python3");
    expect(before).toMatchObject({ language: "python3", cachedBytes: 0, prepared: true });
    const four = Promise.withResolvers<void>();
    site.before = () => {
      if (site.asked.length === 4) four.resolve();
      return four.promise;
    };
    const { files, heard, error } = await download("python3");
    expect(error).toBe("");
    expect(files).toEqual({ python: hex(Buffer.from(PYTHON)), stdlib: hex(CLANG) });
    expect(heard[0]).toBe(0);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    expect(heard.at(-1)).toBe(before.bytes);
    expect(before.bytes).toBe(
      [...site.files].reduce((sum, [path, { length }]) => sum + (/python|stdlib/.test(path) ? length : 0), 0),
    );
    expect(await readiness("python3")).toEqual({ ...before, cachedBytes: before.bytes });
    expect(site.asked.toSorted()).toEqual(
      [...site.files.keys()].filter((path) => /python|stdlib/.test(path)).toSorted(),
    );
    expect(site.atOnce).toBe(4);
  });

  it("asks for nothing that is on this machine already, on the next visit too", async () => {
    await download("python3");
    await go();
    site.asked = [];
    const { files, error } = await download("python3");
    expect({ error, asked: site.asked }).toEqual({ error: "", asked: [] });
    expect(files["stdlib"]).toBe(hex(CLANG));
  });

  it("that was cancelled leaves what has come, and goes on with the rest", async () => {
    const late = new Set(["/runtimes/stdlib.7.bin", "/runtimes/stdlib.8.bin", "/runtimes/stdlib.9.bin"]);
    site.before = (path) => (late.has(path) ? new Promise(() => {}) : undefined);
    await begin("python3");
    await expect.poll(keptPieces).toHaveLength(9);
    await cancel("python3");
    expect((await endOf("python3")).ended).toBe("AbortError");
    const { bytes, cachedBytes } = await readiness("python3");
    expect(cachedBytes).toBe(
      bytes - [...late].reduce((sum, path) => sum + (site.files.get(path)?.length ?? 0), 0),
    );
    Object.assign(site, { asked: [], before: () => {} });
    const { heard, error } = await download("python3");
    expect(error).toBe("");
    expect(site.asked.toSorted()).toEqual([...late]);
    expect([heard[0], heard.at(-1)]).toEqual([cachedBytes, bytes]);
  });

  it("refuses a piece that has not the promised size, and names it; the next attempt asks for that one only", async () => {
    const path = "/runtimes/clang.1.bin";
    const right = site.files.get(path) ?? Buffer.of();
    for (const wrong of [
      right.subarray(1),
      Buffer.concat([right, right]),
      Buffer.from("<html>Sign in to this network</html>"),
    ]) {
      site.files.set(path, wrong);
      expect((await download("c")).error).toBe(
        `Error: ${path} has not the ${right.length} bytes that were promised.`,
      );
    }
    site.files.delete(path);
    expect((await download("c")).error).toBe(`Error: ${path} could not be loaded (HTTP 404).`);
    expect(await keptPieces()).not.toContain(path);
    site.files.set(path, right);
    await download("c");
    site.asked = [];
    expect((await download("c")).files).toEqual({ clang: hex(CLANG) });
    expect(site.asked).toEqual([]);
  });

  it("finds a damaged file, and fetches it anew the next time", async () => {
    const path = "/runtimes/clang.1.bin";
    const right = site.files.get(path) ?? Buffer.of();
    site.files.set(path, Buffer.alloc(right.length, 255));
    expect((await download("c")).error).toBe("Error: clang arrived damaged; it will be downloaded anew.");
    site.files.set(path, right);
    expect((await download("c")).files).toEqual({ clang: hex(CLANG) });
  });

  it("asks again for a piece in which the line broke, without telling that there is less", async () => {
    let broken = false;
    site.before = async (path) => {
      if (broken || path !== "/runtimes/clang.2.bin") return;
      broken = true;
      return "break";
    };
    const { files, heard, error } = await download("c");
    expect(error).toBe("");
    expect(files).toEqual({ clang: hex(CLANG) });
    expect(site.asked.filter((path) => path === "/runtimes/clang.2.bin")).toHaveLength(2);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  });

  it("of two languages at the same time fetches what they share once, and one of them may be cancelled", async () => {
    const released = Promise.withResolvers<void>();
    site.before = (path) => (path.endsWith(".bin") ? released.promise : undefined);
    await begin("c");
    await begin("cpp");
    await expect.poll(() => site.asked.filter((path) => path.endsWith(".bin"))).toHaveLength(4);
    await cancel("c");
    expect((await endOf("c")).ended).toBe("AbortError");
    released.resolve();
    const { ended, heard } = await endOf("cpp");
    expect(ended).toBe("here");
    expect(heard.at(-1)).toBe((await readiness("cpp")).bytes);
    const pieces = site.asked.filter((path) => path.endsWith(".bin"));
    expect(pieces).toHaveLength(4);
    expect(new Set(pieces).size).toBe(4);
    const c = await readiness("c");
    expect(c.cachedBytes).toBe(c.bytes);
  });
});

describe("what the site makes after its start", () => {
  it("is missed as long as it is not there, and found without a reload", async () => {
    const { files } = await download("cpp");
    expect(Object.keys(files)).toEqual(["clang", "libcxx"]);
    const early = await readiness("cpp");
    expect(early).toMatchObject({ prepared: false, cachedBytes: early.bytes });
    const header = site.put("header", HEADER, 2, "identity");
    site.files.set(LIST, Buffer.from(JSON.stringify([header])));
    const late = await readiness("cpp");
    expect(late).toEqual({
      language: "cpp",
      prepared: true,
      bytes: early.bytes + HEADER.length,
      cachedBytes: early.bytes,
    });
    site.asked = [];
    expect((await download("cpp")).files["header"]).toBe(hex(HEADER));
    expect(site.asked.toSorted()).toEqual(["/runtimes/header.0.bin", "/runtimes/header.1.bin"]);
  });
});

describe("what is kept", () => {
  it("is dropped when no runtime of the site uses it any more, prepared files and snapshots too", async () => {
    const header = site.put("header", HEADER, 1, "identity");
    site.files.set(LIST, Buffer.from(JSON.stringify([header])));
    await download("cpp");
    await download("python3");
    const all = () => page.evaluate(async () => [...(await loading.keptPaths())].sort());
    await page.evaluate(async () => {
      const manifest = await loading.loadManifest();
      await loading.snapshotShelf(manifest.python3?.files ?? []).put(new Blob(["memory"]));
      await loading.dropStale(manifest);
    });
    const before = await all();
    expect(before.filter((path) => path.includes("snapshot"))).toHaveLength(1);
    expect(before).toEqual(
      expect.arrayContaining([LIST, "/runtimes/header.0.bin", "/runtimes/libcxx.0.bin"]),
    );
    const { cpp, python3 } = site.manifest;
    const python = site.put("python-new", Buffer.from("pass\n"), 1);
    site.manifest = {
      ...(cpp && { cpp: { ...cpp, prepared: "/runtimes/cpp-header.2.json" } }),
      ...(python3 && { python3: { ...python3, files: [python, ...python3.files.slice(1)] } }),
    };
    await page.evaluate(async () => loading.dropStale(await loading.loadManifest()));
    const gone = before.filter((path) => /snapshot|header|\/python\./.test(path));
    expect(gone).toHaveLength(5);
    expect(await all()).toEqual(before.filter((path) => !gone.includes(path)));
  });

  it("is told by language, and deleted without what another language here needs", async () => {
    const use = async (language: LanguageId) =>
      (await page.evaluate(() => loading.keptOnThisMachine())).languages.find(
        (one) => one.language === language,
      );
    await download("cpp");
    const clang = (await readiness("c")).bytes;
    const libcxx = site.files.get("/runtimes/libcxx.0.bin")?.length ?? 0;
    expect(await use("cpp")).toEqual({
      language: "cpp",
      bytes: clang + libcxx,
      keptBytes: clang + libcxx,
      snapshotBytes: 0,
      wanted: true,
      freesBytes: clang + libcxx,
    });
    expect(await use("c")).toMatchObject({ keptBytes: clang, wanted: false });
    await download("c");
    expect(await use("cpp")).toMatchObject({ freesBytes: libcxx });
    await page.evaluate(() => loading.deleteLanguage("cpp"));
    expect(await use("cpp")).toMatchObject({ keptBytes: clang, wanted: false });
    expect((await download("c")).files).toEqual({ clang: hex(CLANG) });
    await page.evaluate(() => loading.deleteLanguage("c"));
    expect(await keptPieces()).toEqual([]);
    await download("python3");
    await page.evaluate(async () =>
      (await caches.open("programs")).put("/runtimes/program?of=1", new Response("12345")),
    );
    const { programs, estimate, lasts } = await page.evaluate(() => loading.keptOnThisMachine());
    expect({ programs, lasts }).toEqual({ programs: { count: 1, bytes: 5 }, lasts: true });
    expect(estimate?.usage).toBeGreaterThan(0);
    await page.evaluate(() => loading.deleteEverything());
    expect(await page.evaluate(() => caches.keys())).toEqual([]);
    expect(await use("python3")).toMatchObject({ keptBytes: 0, wanted: false });
  });

  it("counts what is fetched on demand only when it is here, and deletes it with its language", async () => {
    const checker = site.put("checker", LIBCXX, 2, "identity");
    const { c } = site.manifest;
    site.manifest = c ? { ...site.manifest, c: { ...c, onDemand: [checker] } } : {};
    await download("c");
    const ready = await readiness("c");
    const clang = ready.bytes;
    const kept = async () =>
      (await page.evaluate(() => loading.keptOnThisMachine())).languages.find(
        ({ language }) => language === "c",
      );
    expect(await kept()).toMatchObject({ bytes: clang, keptBytes: clang });
    const names = await page.evaluate(async () => {
      const manifest = await loading.loadManifest();
      const files = await loading.download(loading.onDemandOf(manifest, "c"), () => {});
      await loading.dropStale(manifest);
      return [...files.keys()];
    });
    expect(names).toEqual(["checker"]);
    expect(await readiness("c")).toEqual(ready);
    const all = clang + LIBCXX.length;
    expect(await kept()).toMatchObject({ bytes: all, keptBytes: all, freesBytes: all });
    await page.evaluate(() => loading.deleteLanguage("c"));
    expect(await keptPieces()).toEqual([]);
  });

  it("serves without a network; what is not here says so", async () => {
    await download("c");
    await page.context().setOffline(true);
    expect((await download("c")).files).toEqual({ clang: hex(CLANG) });
    const { bytes, cachedBytes } = await readiness("c");
    expect(cachedBytes).toBe(bytes);
    expect((await download("python3")).error).toMatch(
      /^Error: \/runtimes\/.* could not be loaded \(the connection broke\)\.$/,
    );
  });

  it("is kept for the page's life where the browser has no cache for it", async () => {
    await page.context().addInitScript(() => Reflect.deleteProperty(globalThis, "caches"));
    await go();
    expect(await page.evaluate(() => loading.keptOnThisMachine())).toMatchObject({
      lasts: false,
      programs: { count: 0 },
    });
    await begin("python3");
    expect((await endOf("python3")).ended).toBe("here");
    site.asked = [];
    expect((await download("python3")).files["stdlib"]).toBe(hex(CLANG));
    expect(site.asked).toEqual([]);
    await go();
    expect((await readiness("python3")).cachedBytes).toBe(0);
    expect((await download("python3")).error).toBe("");
  });
});

describe("the list of runtimes", () => {
  it("that is none is refused, and says what is wrong with it; the one that was heard before serves on", async () => {
    const right = site.manifest;
    site.manifest = JSON.parse(
      '{"c":{"files":[{"name":"clang","encoding":"zip","pieces":[]}],"prepared":null}}',
    );
    expect((await download("c")).error).toMatch(/^Error: \/runtimes\.json does not describe runtimes: /);
    const wrong = site.manifest;
    site.manifest = right;
    expect((await download("java")).error).toBe("Error: java does not run in the browser on this site.");
    site.manifest = wrong;
    expect((await download("c")).files).toEqual({ clang: hex(CLANG) });
  });
});
