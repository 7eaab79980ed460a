import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Piece, RuntimeFile } from "./manifest.ts";

const compress = promisify(gzip);

/** Below what hosting platforms take of a file, and small enough that a download which breaks off loses little. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** Packing 75 MB takes seconds; the same content is packed once. */
const KEPT = join(import.meta.dirname, "../node_modules/.cache/runtimes");

/**
 * Packs a file where that saves a tenth, cuts it into pieces and writes these into a folder; as opaque bytes, so that no server in
 * between packs or unpacks them.
 * @param folder what is served below /runtimes/
 */
export async function packInto(folder: string, name: string, content: Uint8Array): Promise<RuntimeFile> {
  const packed = await pack(content);
  const encoding = packed.length < content.length * 0.9 ? "gzip" : "identity";
  const bytes = encoding === "gzip" ? packed : content;
  const pieces: Piece[] = [];
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const part = bytes.subarray(from, from + PIECE_BYTES);
    const file = `${name}.${hashOf(part).slice(0, 16)}.bin`;
    await writeFile(join(folder, file), part);
    pieces.push({ path: `/runtimes/${file}`, bytes: part.length });
  }
  return { name, encoding, pieces };
}

async function pack(content: Uint8Array): Promise<Uint8Array> {
  const path = join(KEPT, `${hashOf(content)}.gz`);
  const kept = await readFile(path).catch(() => null);
  if (kept !== null) return kept;
  const packed = await compress(content, { level: 9 });
  await mkdir(KEPT, { recursive: true });
  // Whole or not at all, whoever else packs the same just now.
  await writeFile(`${path}.${process.pid}`, packed);
  await rename(`${path}.${process.pid}`, path);
  return packed;
}

export const hashOf = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");
