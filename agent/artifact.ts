import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { codeOf } from "./file-errors.ts";

/** Versions of GGUF that are in use; the first was never more than a draft. */
const ggufVersions = [2, 3];

/**
 * What tells one file of weights from another. Reads all of it, without holding it in memory.
 *
 * @throws Error with a sentence if the file is not there or no GGUF: what reads it may hang on what is none
 */
export async function ggufArtifact(path: string): Promise<{ sha256: string; bytes: number }> {
  const file = await open(path).catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw error;
    throw new Error(`there is no file ${resolve(path)}`, { cause: error });
  });
  const start = Buffer.alloc(8);
  const stats = await file.stat();
  // A folder can be opened, and not read.
  if (stats.isFile()) await file.read(start);
  await file.close();
  if (start.toString("latin1", 0, 4) !== "GGUF") throw new Error(`${path} is no GGUF file`);
  const version = start.readUInt32LE(4);
  if (!ggufVersions.includes(version))
    throw new Error(`${path} is GGUF of version ${version}, which is not known`);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { sha256: hash.digest("hex"), bytes: stats.size };
}
