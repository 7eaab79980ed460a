import { MAX_NUMBERS } from "../protocol/vector.ts";

/**
 * Vectors of texts, as a provider delivers them: in any order, one with each delta, each in base64 (`protocol/vector.ts`).
 */

const BYTES_PER_NUMBER = 4;

/** What a delta of a provider has that matters here. */
export interface IncomingVector {
  /** 0, 1, 2, … */
  seq: number;
  text: string;
  reasoning?: string;
  toolCalls?: readonly unknown[];
  tokenCount: number;
  vector?: { index: number; values: string };
}

/** What has come from one provider for one job. `receiveVector` changes it: to copy it for each vector would cost more. */
export interface VectorDelivery {
  /** How many texts there are. */
  readonly texts: number;
  /** How long each vector is to be; null for any length, the same for all. */
  dimensions: number | null;
  nextSeq: number;
  /** Deltas that came before, and came again. */
  repeated: number;
  /** How many texts have their vector. */
  count: number;
  /** In base64, by the text's place. */
  readonly values: (string | undefined)[];
}

/**
 * What a provider did against the rules:
 *
 * - `gap`          deltas between this one and the last are missing
 * - `flood`        deltas come again and again
 * - `no_vector`    a delta without a vector, or with anything else
 * - `no_text`      a vector of a text that is not there
 * - `double`       a second vector of a text
 * - `wrong_length` another length than what was asked for, or than the others have, or not of whole numbers
 * - `not_finite`   an infinity, or no number at all
 */
export type VectorBreach =
  | "gap"
  | "flood"
  | "no_vector"
  | "no_text"
  | "double"
  | "wrong_length"
  | "not_finite";

export type VectorReceipt =
  | { type: "taken" }
  /** It has come before. */
  | { type: "dropped" }
  /** Vectors of this length are more than an answer may have, for so many texts. Nobody is to blame. */
  | { type: "too_many"; length: number }
  /** Nothing more of this provider is heard for this job. */
  | { type: "breach"; breach: VectorBreach };

/** @param dimensions how long each vector is to be; null for any length */
export const beginVectors = (texts: number, dimensions: number | null): VectorDelivery => ({
  texts,
  dimensions,
  nextSeq: 0,
  repeated: 0,
  count: 0,
  values: Array.from({ length: texts }),
});

/** Takes the next delta of a provider as it came. */
export function receiveVector(delivery: VectorDelivery, delta: IncomingVector): VectorReceipt {
  if (delta.seq > delivery.nextSeq) return breach("gap");
  if (delta.seq < delivery.nextSeq) {
    delivery.repeated += 1;
    return delivery.repeated > delivery.texts ? breach("flood") : { type: "dropped" };
  }
  const { vector } = delta;
  if (vector === undefined || !isAlone(delta)) return breach("no_vector");
  const { index, values } = vector;
  if (index >= delivery.texts) return breach("no_text");
  if (delivery.values[index] !== undefined) return breach("double");
  const bytes = bytesOfBase64(values);
  const length = bytes / BYTES_PER_NUMBER;
  if (!Number.isInteger(length) || length !== (delivery.dimensions ?? length)) return breach("wrong_length");
  if (length * delivery.texts > MAX_NUMBERS) return { type: "too_many", length };
  if (!floatsOf(values).every(Number.isFinite)) return breach("not_finite");
  delivery.dimensions = length;
  delivery.nextSeq += 1;
  delivery.count += 1;
  delivery.values[index] = values;
  return { type: "taken" };
}

const breach = (breach: VectorBreach): VectorReceipt => ({ type: "breach", breach });

const isAlone = ({ text, reasoning, toolCalls, tokenCount }: IncomingVector): boolean =>
  text === "" && reasoning === undefined && toolCalls === undefined && tokenCount === 0;

/** Whether every text has its vector. */
export const isComplete = ({ texts, count }: VectorDelivery): boolean => count === texts;

/** How many bytes the numbers are that have come. */
export const vectorBytes = ({ count, dimensions }: VectorDelivery): number =>
  count * (dimensions ?? 0) * BYTES_PER_NUMBER;

/** Of padded base64: four characters are three bytes. */
function bytesOfBase64(values: string): number {
  const padding = values.endsWith("==") ? 2 : values.endsWith("=") ? 1 : 0;
  return (3 * values.length) / 4 - padding;
}

/**
 * The numbers of a vector.
 * @param values 32-bit floating point numbers, little end first, in base64
 */
export function floatsOf(values: string): Float32Array {
  const binary = atob(values);
  const bytes = new DataView(new ArrayBuffer(binary.length));
  for (let at = 0; at < binary.length; at++) bytes.setUint8(at, binary.charCodeAt(at));
  const floats = new Float32Array(Math.floor(binary.length / BYTES_PER_NUMBER));
  for (let at = 0; at < floats.length; at++) floats[at] = bytes.getFloat32(BYTES_PER_NUMBER * at, true);
  return floats;
}
