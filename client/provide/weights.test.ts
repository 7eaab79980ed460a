import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TabModel } from "../../protocol/tab-model.ts";
import { type PrivateFiles, privateFiles } from "../testing/private-files.ts";
import type { LoadProgress, WeightsSource } from "./tab-messages.ts";
import { loadWeights } from "./weights.ts";
import { downloadFile } from "./weights-download.ts";
import { deleteKept, keptFile, keptFiles, openDraft } from "./weights-store.ts";

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31 + (index >> 8)) % 256);
const sha256 = hashOf(content);
const path = (name: string): string => `weights/${name}`;

/** What the server does with each request, in their order; the last for all others. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let answers: Answer[] = [];
let ranges: (string | undefined)[] = [];
let url = "";
let storage: PrivateFiles;
const server = createServer((request, response) => {
  ranges.push(request.headers.range);
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  answer?.(request, response);
});

const whole: Answer = (_, response) => void response.end(content);
const ranged: Answer = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "bytes=0-")?.[1]);
  response.writeHead(from === 0 ? 200 : 206).end(content.subarray(from));
};
/** Breaks the line after so many bytes of what it would have sent. */
const broken =
  (bytes: number): Answer =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "bytes=0-")?.[1]);
    response.writeHead(from === 0 ? 200 : 206, { "content-length": content.length - from });
    response.write(content.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 20));
  };
const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end("no");

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/file`;
});
afterAll(() => server.close());
beforeEach(() => {
  answers = [ranged];
  ranges = [];
  storage = privateFiles();
  vi.stubGlobal("navigator", { storage: storage.storage });
});
afterEach(() => vi.unstubAllGlobals());

const file = (overrides = {}) => ({ path: "a.gguf", sha256, bytes: content.length, url, ...overrides });
const never = new AbortController().signal;
const download = (overrides: Partial<Parameters<typeof downloadFile>[0]> = {}): Promise<File> =>
  downloadFile({
    file: file(),
    onBytes: () => undefined,
    signal: never,
    pause: async () => undefined,
    ...overrides,
  });
const bytesOf = async (kept: File): Promise<Uint8Array> => new Uint8Array(await kept.arrayBuffer());

describe("a file of a model", () => {
  it("is downloaded once, and kept under its sum", async () => {
    const told: number[] = [];
    expect(await bytesOf(await download({ onBytes: (bytes) => void told.push(bytes) }))).toEqual(content);
    expect(told.at(-1)).toBe(content.length);
    expect(await bytesOf(await download())).toEqual(content);
    expect(ranges).toEqual([undefined]);
    expect(await keptFiles()).toEqual([{ sha256, bytes: content.length, complete: true }]);
  });

  it("goes on where the line broke, by a range", async () => {
    answers = [broken(100_000), broken(50_000), ranged];
    expect(await bytesOf(await download())).toEqual(content);
    expect(ranges).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
  });

  it("goes on with what came before the page was closed", async () => {
    answers = [broken(100_000), status(404)];
    await expect(download()).rejects.toMatchObject({ code: "download" });
    expect(await keptFiles()).toEqual([{ sha256, bytes: 100_000, complete: false }]);
    expect(await keptFile(sha256)).toBeNull();
    answers = [ranged];
    ranges = [];
    const told: number[] = [];
    expect(await bytesOf(await download({ onBytes: (bytes) => void told.push(bytes) }))).toEqual(content);
    expect([told[0], ranges]).toEqual([100_000, ["bytes=100000-"]]);
  });

  it("begins again where a server knows no ranges", async () => {
    answers = [broken(100_000), whole];
    expect(await bytesOf(await download())).toEqual(content);
  });

  it("begins again where a server has less than came before", async () => {
    storage.files.set(path(sha256), content.slice(0, 1_000));
    answers = [status(416), ranged];
    expect(await bytesOf(await download())).toEqual(content);
    expect(ranges).toEqual(["bytes=1000-", undefined]);
  });

  it("is tried again while a server is too busy, and no more after some tries in vain", async () => {
    answers = [status(503), status(429), ranged];
    expect(await bytesOf(await download())).toEqual(content);
    await deleteKept(sha256);
    answers = [status(503)];
    ranges = [];
    await expect(download()).rejects.toMatchObject({
      code: "download",
      message: expect.stringContaining("HTTP 503"),
    });
    expect(ranges).toHaveLength(5);
  });

  it("is not tried again where the server says that there is none", async () => {
    answers = [status(404)];
    await expect(download()).rejects.toMatchObject({
      code: "download",
      message: "a.gguf could not be loaded (HTTP 404)",
    });
    expect(ranges).toHaveLength(1);
  });

  it("is never used with another sum than it must have, nor kept", async () => {
    const other = content.slice();
    other[7] = 0;
    answers = [(_, response) => void response.end(other)];
    await expect(download()).rejects.toMatchObject({ code: "integrity" });
    expect(await keptFiles()).toEqual([]);
  });

  it("is never used where more comes than it has", async () => {
    answers = [(_, response) => void response.end(Buffer.concat([content, content]))];
    await expect(download()).rejects.toMatchObject({ code: "integrity" });
    expect(await keptFiles()).toEqual([]);
  });

  it("is read again for its sum where what came before was changed", async () => {
    storage.files.set(path(sha256), content.slice(0, 1_000).fill(9, 0, 5));
    await expect(download()).rejects.toMatchObject({ code: "integrity" });
    expect(await bytesOf(await download())).toEqual(content);
  });

  it("says so where the browser has no more room, and goes on from there when it has", async () => {
    storage.quota = 100_000;
    await expect(download()).rejects.toMatchObject({
      code: "download",
      message: expect.stringContaining("QuotaExceededError"),
    });
    storage.quota = Infinity;
    expect(await bytesOf(await download())).toEqual(content);
  });

  it("says so where the browser keeps no files at all", async () => {
    vi.stubGlobal("navigator", {
      storage: { getDirectory: () => Promise.reject(new DOMException("no", "SecurityError")) },
    });
    await expect(download()).rejects.toMatchObject({ code: "download" });
  });

  it("is not written by two at once, nor deleted while it is written", async () => {
    const draft = await openDraft(sha256, () => undefined, never);
    await expect(download()).rejects.toMatchObject({ code: "download" });
    await expect(deleteKept(sha256)).rejects.toMatchObject({ code: "download" });
    draft.close();
    await download();
  });

  it("is given up at once, and what has come stays", async () => {
    const abort = new AbortController();
    answers = [(_, response) => void response.writeHead(200).write(content.subarray(0, 5_000))];
    const onBytes = (bytes: number): void => {
      if (bytes === 5_000) abort.abort(new Error("enough"));
    };
    await expect(download({ signal: abort.signal, onBytes })).rejects.toThrow("enough");
    expect(await keptFiles()).toEqual([{ sha256, bytes: 5_000, complete: false }]);
  });

  it("is gone when it is deleted, and to delete what is not there is no fault", async () => {
    await download();
    await deleteKept(sha256);
    await deleteKept(sha256);
    expect([await keptFiles(), storage.files.size]).toEqual([[], 0]);
  });
});

const modelOf = (files: TabModel["files"]): TabModel => ({
  name: "a-model",
  engine: "wllama",
  quantisation: null,
  contextTokens: 1_000,
  memoryBytes: 1,
  features: [],
  files,
});

const load = async (model: TabModel, weights: WeightsSource, signal = never) => {
  const progress: LoadProgress[] = [];
  const loaded = await loadWeights({
    model,
    weights,
    signal,
    onProgress: (some) => void progress.push(some),
  });
  return { ...loaded, progress };
};

describe("the files of a model", () => {
  it("are downloaded one after the other, with the progress of all", async () => {
    const second = content.slice(0, 2_000);
    const files = [file(), file({ path: "b.gguf", sha256: hashOf(second), bytes: second.length })];
    answers = [whole, (_, response) => void response.end(second)];
    const loaded = await load(modelOf(files), { from: "network" });
    expect(loaded.files.map(({ size }) => size)).toEqual([content.length, second.length]);
    expect(loaded.artifact).toEqual({ sha256: null, bytes: content.length + second.length });
    const total = content.length + second.length;
    expect(loaded.progress[0]).toEqual({ phase: "download", doneBytes: 0, totalBytes: total });
    expect(loaded.progress.at(-1)).toEqual({ phase: "download", doneBytes: total, totalBytes: total });
  });

  it("are those that somebody picks, if they have the sums that they must have", async () => {
    const picked = new File([content], "mine.gguf");
    const loaded = await load(modelOf([file()]), { from: "device", files: [picked] });
    expect(loaded.artifact).toEqual({ sha256, bytes: content.length });
    expect(loaded.progress[0]).toMatchObject({ phase: "check", totalBytes: content.length });
    const other = new File([content.slice().fill(1, 0, 9)], "mine.gguf");
    for (const wrong of [other, new File(["short"], "mine.gguf")])
      await expect(load(modelOf([file()]), { from: "device", files: [wrong] })).rejects.toMatchObject({
        code: "integrity",
      });
    await expect(load(modelOf([file()]), { from: "device", files: [] })).rejects.toMatchObject({
      code: "download",
    });
    expect(ranges).toEqual([]);
  });

  it("are any that somebody picks, where the model is none of the list", async () => {
    const { artifact } = await load(modelOf([]), { from: "device", files: [new File([content], "x.gguf")] });
    expect(artifact).toEqual({ sha256, bytes: content.length });
  });

  it("are not read to their end once they are given up", async () => {
    const abort = AbortSignal.abort(new Error("enough"));
    const picked = new File([content], "mine.gguf");
    await expect(load(modelOf([]), { from: "device", files: [picked] }, abort)).rejects.toThrow("enough");
  });
});
