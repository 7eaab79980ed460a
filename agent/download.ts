import { type FileHandle, open, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { Count } from "../protocol/text.ts";
import { bytes, type Progress } from "./download-progress.ts";
import { ask, Interruption, orInterruption, shown } from "./download-request.ts";
import { writeFault } from "./file-errors.ts";
import { reasonOf } from "./upstream.ts";

/**
 * A file that is fetched once, and goes on where it was broken off:
 *
 *     asking --200--> from the beginning --+--> writing --all is there--> done
 *       |  \--206---> from where it was ---+       |
 *       |   \-416, and all is there------------------------------------> done
 *       |                                          +-- cut, silent: asks again, later each time
 *       +-- 408, 429, 5xx, no answer: asks again, later each time
 *       +-- 404, another status, a page, a full disk: given up, with the reason
 *
 * Beside the part of it that is there stands what the server said to tell its versions apart. It is asked for the rest only if
 * it is still the same (If-Range), and else sends the whole.
 */
export interface Download {
  url: URL;
  /** Sent as a bearer token to this address, and to nobody to whom it sends elsewhere; null for none. */
  key: string | null;
  /** The file that grows. */
  part: string;
  /** Whether a checksum tells later if its pieces belong together: they are then joined where nothing else tells. */
  isChecked: boolean;
}

export interface DownloadOptions {
  say(line: string): void;
  progress: Progress;
  /** Breaks it off; what came is kept. */
  signal: AbortSignal;
  waits?: DownloadWaits;
  /** Bytes that a folder's disk has room for. */
  freeBytes?(folder: string): Promise<number>;
}

export interface DownloadWaits {
  /** Without a byte for so long, the connection is given up. */
  silenceMs: number;
  /** Before it is asked again, doubled each time that brought nothing. */
  againMs: number;
  /** Times that bring nothing, one after the other, after which it is given up. */
  attempts: number;
}

const WAITS: DownloadWaits = { silenceMs: 60_000, againMs: 1_000, attempts: 6 };

/** What a file in GGUF begins with. */
const MAGIC = "GGUF";

/** What is known of the file of which a part is there. */
const Known = v.object({
  url: v.string(),
  /** Null where it can't be told from another version. */
  validator: v.nullable(v.string()),
  total: v.nullable(Count),
});
type Known = v.InferOutput<typeof Known>;

/**
 * Fetches all of a file, or the rest of it.
 *
 * @throws Error with a sentence if it can't be had; what came until then is kept for the next time
 */
export async function download(file: Download, options: DownloadOptions): Promise<void> {
  const { waits = WAITS, signal, progress, say } = options;
  for (let failures = 0; ;) {
    const before = await sizeOf(file.part);
    try {
      return await attempt(file, { ...options, waits });
    } catch (error) {
      progress.end();
      signal.throwIfAborted();
      if (!(error instanceof Interruption)) throw error;
      const after = await sizeOf(file.part);
      failures = after > before ? 1 : failures + 1;
      const why = `${shown(file.url)}: ${error.message}`;
      if (failures >= waits.attempts)
        throw new Error(
          `${why}; given up after ${failures} times. What came is kept: started again, it goes on there`,
          {
            cause: error,
          },
        );
      const pause = waits.againMs * 2 ** (failures - 1);
      say(`${why}; asks again in ${pause / 1000} s for what is after ${bytes(after)}`);
      await sleep(pause, undefined, { signal });
    }
  }
}

/** Removes what is there of a file. */
export async function forgetPart(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(knownPath(part), { force: true });
}

type Attempt = DownloadOptions & { waits: DownloadWaits };

async function attempt(file: Download, options: Attempt): Promise<void> {
  const { part, isChecked, url } = file;
  const known = await readKnown(part);
  const isSame = known !== null && known.url === url.href && (known.validator !== null || isChecked);
  const from = isSame ? await sizeOf(part) : 0;
  const connection = new AbortController();
  const signal = AbortSignal.any([options.signal, connection.signal]);
  try {
    const response = await ask(file, signal, options.waits.silenceMs, {
      // What is packed on the way can't be gone on with.
      "accept-encoding": "identity",
      ...(from === 0 ? {} : { range: `bytes=${from}-` }),
      ...(from === 0 || !known?.validator ? {} : { "if-range": known.validator }),
    });
    const answered = readAnswer(response, file, from);
    switch (answered.is) {
      case "complete":
        return;
      case "changed":
        await forgetPart(part);
        throw new Interruption("the file is not the one that was begun");
      case "rest":
        if (known?.total !== null && known?.total !== answered.total) {
          await forgetPart(part);
          throw new Interruption("the file is not the one that was begun");
        }
        return await write(answered.body, { file, from, total: answered.total }, options);
      case "whole": {
        if (from > 0) options.say(`${shown(url)} is sent from its beginning`);
        const told: Known = { url: url.href, validator: validatorOf(response), total: answered.total };
        await rm(part, { force: true });
        await writing(part, () => writeFile(knownPath(part), JSON.stringify(told)));
        return await write(answered.body, { file, from: 0, total: answered.total }, options);
      }
      default:
        return void (answered satisfies never);
    }
  } finally {
    // Nothing more is read of what is not wanted.
    connection.abort();
  }
}

type Body = ReadableStream<Uint8Array>;
type Answer =
  | { is: "whole"; body: Body; total: number | null }
  | { is: "rest"; body: Body; total: number }
  | { is: "changed" | "complete" };

function readAnswer(response: Response, { url }: Download, from: number): Answer {
  const { status, headers, body } = response;
  const name = shown(url);
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(headers.get("content-range") ?? "");
  const total = Number(range?.[2]);
  if (status === 416 && from > 0) return { is: range !== null && total === from ? "complete" : "changed" };
  if (status === 408 || status === 429 || status >= 500)
    throw new Interruption(`the server answers ${status}`);
  if (status === 401 || status === 403)
    throw new Error(`${name}: the server answers ${status}; a key for it is read from AGENT_DOWNLOAD_KEY`);
  if (status === 404 || status === 410) throw new Error(`${name}: there is no such file (${status})`);
  if ((status !== 200 && status !== 206) || body === null)
    throw new Error(`${name}: the server answers ${status}, which is no file`);
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity")
    throw new Error(`${name} is sent packed (${encoding}), though not asked for so`);
  if (/^text\/html/i.test(headers.get("content-type") ?? ""))
    throw new Error(`${name} is a page, not a model's file: the address of the file itself is needed`);
  if (status === 206)
    return range !== null && Number(range[1]) === from ? { is: "rest", body, total } : { is: "changed" };
  const length = headers.get("content-length");
  return { is: "whole", body, total: length === null ? null : Number(length) };
}

/** What tells this version of a file from another: a strong ETag, else its date. */
function validatorOf({ headers }: Response): string | null {
  const etag = headers.get("etag");
  return etag !== null && etag.startsWith('"') ? etag : headers.get("last-modified");
}

interface Writing {
  file: Download;
  from: number;
  total: number | null;
}

async function write(body: Body, { file, from, total }: Writing, options: Attempt): Promise<void> {
  const { part } = file;
  const { progress, waits, freeBytes = freeOn } = options;
  const rest = (total ?? from) - from;
  const free = await freeBytes(dirname(part));
  if (free < rest)
    throw new Error(
      `${dirname(part)} has room for ${bytes(free)}, and ${bytes(rest)} are missing; make room, or choose another ` +
        "folder by --models",
    );
  const handle = await writing(part, () => open(part, from === 0 ? "w" : "r+"));
  try {
    const written = await copy(body, handle, { file, from, total }, { progress, silenceMs: waits.silenceMs });
    await writing(part, () => handle.sync());
    if (total !== null && written < total) throw new Interruption("the connection was cut");
  } finally {
    await handle.close();
    progress.end();
  }
}

/** @returns where the file ends now */
async function copy(
  body: Body,
  handle: FileHandle,
  { file, from, total }: Writing,
  { progress, silenceMs }: { progress: Progress; silenceMs: number },
): Promise<number> {
  const reader = body.getReader();
  let at = from;
  for (;;) {
    const { done, value } = await orInterruption(reader.read(), silenceMs);
    if (done) return at;
    if (at === 0) checkMagic(value, file.url);
    if (total !== null && at + value.length > total)
      throw new Error(`${shown(file.url)}: the server sends more than the ${total} bytes that it told`);
    await writing(file.part, () => handle.write(value, 0, value.length, at));
    at += value.length;
    progress.at(at, total);
  }
}

/** Before gigabytes are fetched of what is none. */
function checkMagic(first: Uint8Array, url: URL): void {
  const magic = Buffer.from(first.subarray(0, MAGIC.length)).toString("latin1");
  if (!MAGIC.startsWith(magic)) throw new Error(`${shown(url)} is no GGUF file`);
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(writeFault(cause, path) ?? `${path} can't be written: ${reasonOf(cause)}`, { cause });
  }
}

const knownPath = (part: string): string => `${part}.json`;

async function readKnown(part: string): Promise<Known | null> {
  try {
    return v.parse(Known, JSON.parse(await readFile(knownPath(part), "utf8")));
  } catch {
    return null;
  }
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => ({ size: 0 }))).size;

async function freeOn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
