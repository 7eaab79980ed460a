import type { Artifact } from "../../protocol/offer.ts";
import type { TabModelFile } from "../../protocol/tab-model.ts";
import { sha256Stream } from "../../rules/sha256.ts";
import { EngineFault } from "./engine-fault.ts";
import type { TabEngineOptions } from "./tab-engine.ts";
import { downloadFile } from "./weights-download.ts";

/** All files of a model, each with the sum that it must have, if one is known. */
export interface Weights {
  files: readonly File[];
  /** The sum is told of models that are one file. */
  artifact: Pick<Artifact, "sha256" | "bytes">;
}

/** Progress is not told more often than each so many bytes. */
const STEP_BYTES = 1024 * 1024;

/**
 * @throws EngineFault `download` or `integrity`; the signal's reason once it is aborted
 */
export function loadWeights(options: Omit<TabEngineOptions, "contextTokens">): Promise<Weights> {
  const { weights } = options;
  return weights.from === "network" ? downloaded(options) : picked(options, weights.files);
}

type Options = Parameters<typeof loadWeights>[0];

async function downloaded({ model, onProgress, signal }: Options): Promise<Weights> {
  const totalBytes = sumOf(model.files.map(({ bytes }) => bytes));
  const tell = inSteps((doneBytes) => onProgress({ phase: "download", doneBytes, totalBytes }));
  tell(0);
  const files: File[] = [];
  for (const file of model.files) {
    const before = sumOf(files.map(({ size }) => size));
    files.push(await downloadFile({ file, onBytes: (bytes) => tell(before + bytes), signal }));
  }
  onProgress({ phase: "download", doneBytes: totalBytes, totalBytes });
  const [only] = model.files;
  const sha256 = only !== undefined && model.files.length === 1 ? only.sha256 : null;
  return { files, artifact: { sha256, bytes: totalBytes } };
}

async function picked({ model, onProgress, signal }: Options, files: readonly File[]): Promise<Weights> {
  if (files.length === 0) throw new EngineFault("download", "no file was chosen");
  const known = model.files;
  if (known.length > 0) refuseOtherSizes(known, files);
  const totalBytes = sumOf(files.map(({ size }) => size));
  const tell = inSteps((doneBytes) => onProgress({ phase: "check", doneBytes, totalBytes }));
  tell(0);
  const sums: string[] = [];
  for (const [index, file] of files.entries()) {
    const before = sumOf(files.slice(0, index).map(({ size }) => size));
    const sum = await sumOfFile(file, (bytes) => tell(before + bytes), signal);
    const wanted = known[index]?.sha256 ?? sum;
    if (sum !== wanted)
      throw new EngineFault("integrity", `${file.name} has the SHA-256 ${sum}, not ${wanted}`);
    sums.push(sum);
  }
  const [only = null] = sums;
  return { files, artifact: { sha256: sums.length === 1 ? only : null, bytes: totalBytes } };
}

/** Before gigabytes are read for nothing. */
function refuseOtherSizes(known: readonly TabModelFile[], files: readonly File[]): void {
  if (files.length !== known.length)
    throw new EngineFault("integrity", `the model has ${known.length} files, not ${files.length}`);
  for (const [index, { path, bytes }] of known.entries()) {
    const file = files[index];
    if (file !== undefined && file.size !== bytes)
      throw new EngineFault("integrity", `${path} has ${bytes} bytes, and ${file.name} has ${file.size}`);
  }
}

async function sumOfFile(file: File, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  const sum = sha256Stream();
  const reader = file.stream().getReader();
  for (let read = 0; ;) {
    signal.throwIfAborted();
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new EngineFault("download", `${file.name} can't be read`, { cause });
    });
    if (done) return sum.end();
    sum.add(value);
    read += value.length;
    onBytes(read);
  }
}

function inSteps(tell: (bytes: number) => void): (bytes: number) => void {
  let told = -STEP_BYTES;
  return (bytes) => {
    if (bytes - told < STEP_BYTES) return;
    told = bytes;
    tell(bytes);
  };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
