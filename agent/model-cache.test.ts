import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DownloadOptions } from "./download.ts";
import { redirected } from "./download-request.ts";
import { cachedName, cacheFolder, fetchModel, type RemoteModel } from "./model-cache.ts";
import { type FileServer, openFileServer, told } from "./testing-files.ts";
import { until } from "./testing-market.ts";

/** Begins as GGUF of version 3, and is no two of its bytes apart the same. */
function modelOf(size: number, seed = 1): Buffer {
  const content = Buffer.alloc(size);
  for (let at = 0, state = seed; at < size; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    content[at] = state >>> 24;
  }
  content.write("GGUF", 0, "latin1");
  content.writeUInt32LE(3, 4);
  return content;
}

const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");
const SIZE = 300_000;

describe("a model that is fetched", () => {
  let server: FileServer;
  let folder: string;
  let said: string[];
  let progress: [number, number | null][];

  beforeEach(async () => {
    server = await openFileServer(modelOf(SIZE));
    folder = join(await mkdtemp(join(tmpdir(), "tabarena-models-")), "models");
    said = [];
    progress = [];
    server.arrived = hasArrived;
  });
  afterEach(async () => {
    await server.close();
    await rm(join(folder, ".."), { recursive: true, force: true });
  });

  const fetched = (
    model: Partial<RemoteModel> = {},
    options: Partial<DownloadOptions> = {},
  ): Promise<string> =>
    fetchModel(
      { url: server.url, sha256: null, key: null, folder, ...model },
      {
        say: (line) => said.push(line),
        progress: { at: (done, total) => void progress.push([done, total]), end: () => undefined },
        signal: new AbortController().signal,
        waits: { silenceMs: 5_000, againMs: 1, attempts: 3 },
        ...options,
      },
    );
  const hasArrived = (end: number): Promise<void> => until(() => progress.at(-1)?.[0] === end);
  const sent = (): number[] => server.asked.map((one) => one.sent);
  const ranges = (): (string | undefined)[] => server.asked.map(({ headers }) => headers.range);

  it("is there as the server has it, once, and is not asked for again", async () => {
    const path = await fetched({ sha256: sha256(server.content) });
    expect(readFileSync(path).equals(server.content)).toBe(true);
    expect(await fetched({ sha256: sha256(server.content) })).toBe(path);
    expect(server.asked).toHaveLength(1);
    expect(await readdir(folder)).toHaveLength(1);
    expect(progress.at(-1)).toEqual([SIZE, SIZE]);
    expect(server.asked[0]?.headers["accept-encoding"]).toBe("identity");
    expect(said[0]).toBe(`fetches ${server.url.href}`);
    expect(said[1]).toContain(`(SHA-256 ${sha256(server.content)})`);
  });

  it.each(["an ETag", "a date", "a checksum alone"])("goes on where it was cut, by %s", async (by) => {
    if (by !== "an ETag") server.etag = null;
    if (by === "a date") server.lastModified = "Mon, 23 Nov 2026 10:00:00 GMT";
    server.script = [server.cutAfter(100_000), server.cutAfter(50_000)];
    const checked = by === "a checksum alone" ? { sha256: sha256(server.content) } : {};
    const path = await fetched(checked);
    expect(readFileSync(path).equals(server.content)).toBe(true);
    expect(sent()).toEqual([100_000, 50_000, 150_000]);
    expect(ranges()).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
    expect(said[1]).toMatch(/; asks again in 0.001 s for what is after 100.0 kB$/);
  });

  it("goes on where an agent that has ended was", async () => {
    server.script = [server.cutAfter(100_000), told(500), told(500), told(500)];
    await expect(fetched()).rejects.toThrow(
      /the server answers 500; given up after 3 times\. What came is kept/,
    );
    expect(readFileSync(await fetched()).equals(server.content)).toBe(true);
    expect(sent()).toEqual([100_000, 0, 0, 0, 200_000]);
  });

  it("asks for nothing more where only its name was missing", async () => {
    const path = await fetched();
    await writeFile(`${path}.part`, server.content);
    const known = { url: server.url.href, validator: '"one"', total: SIZE };
    await writeFile(`${path}.part.json`, JSON.stringify(known));
    await rm(path);
    expect(readFileSync(await fetched()).equals(server.content)).toBe(true);
    expect(sent()).toEqual([SIZE, 0]);
  });

  it("begins again where the file was changed meanwhile", async () => {
    const other = modelOf(SIZE, 2);
    server.script = [
      server.cutAfter(100_000),
      (response, request) => {
        server.content = other;
        server.etag = '"two"';
        return server.cutAfter(Infinity)(response, request);
      },
    ];
    expect(readFileSync(await fetched()).equals(other)).toBe(true);
    expect(sent()).toEqual([100_000, SIZE]);
    expect(said).toContain(`${server.url.href} is sent from its beginning`);
  });

  it("begins again where a part is sent of a file that is longer now, or none of what was asked for", async () => {
    for (const range of [`bytes 100000-${SIZE}/${SIZE + 1}`, `bytes 0-${SIZE - 1}/${SIZE}`]) {
      await rm(folder, { recursive: true, force: true });
      const before = server.asked.length;
      server.script = [
        server.cutAfter(100_000),
        (response) => void response.writeHead(206, { "content-range": range }).end("x"),
      ];
      expect(readFileSync(await fetched()).equals(server.content)).toBe(true);
      expect(sent().slice(before)).toEqual([100_000, 0, SIZE]);
    }
  });

  it("begins again where the server sends no parts, or does not tell one version from another", async () => {
    for (const [hasRanges, etag, range] of [
      [false, '"one"', "bytes=100000-"],
      [true, null, undefined],
      // Two files with the same weak tag need not have the same bytes.
      [true, 'W/"one"', undefined],
    ] as const) {
      await rm(folder, { recursive: true, force: true });
      const before = server.asked.length;
      Object.assign(server, { hasRanges, etag });
      server.script = [server.cutAfter(100_000)];
      expect(readFileSync(await fetched()).equals(server.content)).toBe(true);
      expect(sent().slice(before)).toEqual([100_000, SIZE]);
      expect(ranges().at(-1)).toBe(range);
    }
  });

  it("is put aside, and not used, where it is another than its checksum says", async () => {
    const wanted = sha256(modelOf(SIZE, 2));
    await expect(fetched({ sha256: wanted })).rejects.toThrow(
      `has the SHA-256 ${sha256(server.content)}, not ${wanted}: it is not used, and kept as `,
    );
    const [aside, ...more] = await readdir(folder);
    expect([aside?.endsWith(".wrong"), more]).toEqual([true, []]);
    server.content = modelOf(SIZE, 2);
    expect(readFileSync(await fetched({ sha256: wanted })).equals(server.content)).toBe(true);
  });

  it("comes in drips, of which each is told", async () => {
    server.script = [server.inPieces(10_000)];
    expect(readFileSync(await fetched()).equals(server.content)).toBe(true);
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).toSorted((a, b) => a - b));
  });

  it("comes from a server that does not tell its length", async () => {
    server.script = [(response) => void response.writeHead(200).write(server.content, () => response.end())];
    expect(readFileSync(await fetched()).equals(server.content)).toBe(true);
    expect(progress.at(-1)).toEqual([SIZE, null]);
  });

  it("is asked for again where nothing comes any more", async () => {
    server.script = [
      (response) =>
        void response
          .writeHead(200, { etag: '"one"', "content-length": SIZE })
          .write(server.content.subarray(0, 1_000)),
      () => undefined,
    ];
    const path = await fetched({}, { waits: { silenceMs: 100, againMs: 1, attempts: 3 } });
    expect(readFileSync(path).equals(server.content)).toBe(true);
    expect(said[1]).toContain("nothing came for 0.1 s");
    expect(ranges()).toEqual([undefined, "bytes=1000-", "bytes=1000-"]);
  });

  it.each([
    [told(404), /there is no such file \(404\)/],
    [told(403), /answers 403; a key for it is read from AGENT_DOWNLOAD_KEY/],
    [told(204), /answers 204, which is no file/],
    [told(200, "<html>", { "content-type": "text/html; charset=utf-8" }), /is a page, not a model's file/],
    [told(200, "PK\u0003\u0004"), /is no GGUF file/],
    [told(200, "GGUF\u0001\u0000\u0000\u0000"), /is GGUF of version 1/],
    [told(200, "GGUF", { "content-encoding": "gzip" }), /is sent packed \(gzip\)/],
  ])("is given up at once where asking again is of no use: %#", async (answer, message) => {
    server.script = [answer];
    await expect(fetched()).rejects.toThrow(message);
    expect(server.asked).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => name.endsWith(".gguf"))).toEqual([]);
  });

  it("is given up where nobody answers, after some times, with the reason", async () => {
    await server.close();
    await expect(fetched()).rejects.toThrow(/ECONNREFUSED.*given up after 3 times/);
  });

  it("is given up where the disk has no room for it, before a byte is written", async () => {
    await expect(fetched({}, { freeBytes: async () => 1_000 })).rejects.toThrow(
      `${folder} has room for 1.0 kB, and 300.0 kB are missing; make room, or choose another folder by --models`,
    );
  });

  it("breaks off when it is told to, and keeps what came", async () => {
    const abort = new AbortController();
    server.script = [
      (response) =>
        void response
          .writeHead(200, { etag: '"one"', "content-length": SIZE })
          .write(server.content.subarray(0, 1_000)),
    ];
    const broken = fetched({}, { signal: abort.signal }).catch((error: unknown) => error);
    await until(() => progress.length > 0);
    abort.abort();
    expect(await broken).toMatchObject({ name: "AbortError" });
    await fetched();
    expect(ranges()).toEqual([undefined, "bytes=1000-"]);
    expect((await readdir(folder)).filter((name) => name.includes("lock"))).toEqual([]);
  });

  it("is fetched once by two agents that want it", async () => {
    let go: () => void = () => undefined;
    server.script = [
      async (response, request) => {
        await new Promise<void>((resolve) => (go = resolve));
        await server.cutAfter(Infinity)(response, request);
      },
    ];
    const lockWaits = { lookMs: 5, beatMs: 1_000, staleMs: 60_000 };
    const both = [0, 1].map(() =>
      fetchModel(
        { url: server.url, sha256: null, key: null, folder },
        {
          say: (line) => said.push(line),
          progress: { at: () => undefined, end: () => undefined },
          signal: new AbortController().signal,
          lockWaits,
        },
      ),
    );
    await until(() => said.some((line) => line.startsWith("waits for process ")));
    await until(() => server.asked.length === 1);
    go();
    const [one, two] = await Promise.all(both);
    expect(one).toBe(two);
    expect(server.asked).toHaveLength(1);
  });

  describe("from somewhere else", () => {
    let other: FileServer;
    beforeEach(async () => {
      other = await openFileServer(server.content);
      other.arrived = hasArrived;
    });
    afterEach(() => other.close());

    it("comes from where it is sent to, which gets no key", async () => {
      server.script = [told(302, "", { location: "/moved" }), told(307, "", { location: other.url.href })];
      expect(readFileSync(await fetched({ key: "secret" })).equals(server.content)).toBe(true);
      expect(server.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
        ["/models/tiny.gguf", "Bearer secret"],
        ["/moved", "Bearer secret"],
      ]);
      expect(other.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    });

    it("goes on there too", async () => {
      server.script = [1, 2].map(() => told(302, "", { location: other.url.href }));
      other.script = [other.cutAfter(100_000)];
      await fetched();
      expect(other.asked.map((one) => one.sent)).toEqual([100_000, 200_000]);
    });

    it.each([
      ["ftp://127.0.0.1/x", /sends to ftp:\/\/127\.0\.0\.1, which is not followed/],
      ["file:///etc/passwd", /sends to file:\/\/, which is not followed/],
      ["http://user:secret@127.0.0.1/x", /^(?!.*secret).*is not followed/],
      ["http://", /sends to no address/],
    ])("does not come from %s", async (location, message) => {
      server.script = [told(302, "", { location })];
      await expect(fetched()).rejects.toThrow(message);
    });

    it("comes from https by https only", () => {
      const from = new URL("https://models.example/a");
      expect(redirected(from, "//cdn.example/b").href).toBe("https://cdn.example/b");
      for (const to of ["http://models.example/a", "http://127.0.0.1/a"])
        expect(() => redirected(from, to)).toThrow("https://models.example/a sends to http://");
      expect(redirected(new URL("http://models.example/a"), "https://cdn.example/b").protocol).toBe("https:");
    });

    it("does not go round in circles", async () => {
      server.script = Array.from({ length: 20 }, () => told(302, "", { location: server.url.href }));
      await expect(fetched()).rejects.toThrow("it sends elsewhere more than 10 times");
    });
  });

  it("is named without what its address lets in by", async () => {
    server.url.search = "?signature=secret";
    await fetched();
    expect(said.join()).not.toContain("secret");
    expect((await readdir(folder)).join()).not.toContain("secret");
  });
});

describe("the cache of models", () => {
  const name = (url: string, checksum: string | null = null): string =>
    cachedName({ url: new URL(url), sha256: checksum });

  it("is where the platform has such", () => {
    expect(cacheFolder("linux", {}, "/home/a")).toBe("/home/a/.cache/tabarena/models");
    expect(cacheFolder("linux", { XDG_CACHE_HOME: "/cache" }, "/home/a")).toBe("/cache/tabarena/models");
    expect(cacheFolder("linux", { XDG_CACHE_HOME: "cache" }, "/home/a")).toBe(
      "/home/a/.cache/tabarena/models",
    );
    expect(cacheFolder("darwin", { XDG_CACHE_HOME: "/cache" }, "/Users/a")).toBe(
      "/Users/a/Library/Caches/tabarena/models",
    );
    expect(cacheFolder("win32", { LOCALAPPDATA: "D:\\Local" }, "C:\\Users\\a")).toBe(
      "D:\\Local\\tabarena\\models",
    );
    expect(cacheFolder("win32", {}, "C:\\Users\\a")).toBe("C:\\Users\\a\\AppData\\Local\\tabarena\\models");
  });

  it("has another name for each address and each checksum, which every platform can have", () => {
    expect(name("https://a.example/m/x.gguf")).toMatch(/^[0-9a-f]{12}-x\.gguf$/);
    expect(name("https://a.example/m/x.gguf")).not.toBe(name("https://b.example/m/x.gguf"));
    expect(name("https://a.example/m/x.gguf")).not.toBe(name("https://a.example/m/x.gguf", "ab"));
    expect(name("https://a.example/a%2F..%5Cb%3Ac%20%C3%A9.gguf")).toMatch(
      /^[0-9a-f]{12}-a_\.\._b_c__\.gguf$/,
    );
    expect(name("https://a.example/%E0%A4.gguf")).toMatch(/-_E0_A4\.gguf$/);
    expect(name("https://a.example/")).toMatch(/-model$/);
    expect(name(`https://a.example/${"x".repeat(500)}.gguf`)).toHaveLength(113);
  });
});
