import * as v from "valibot";
import { ModelName } from "./offer.ts";
import { FileName, WeightsBytes } from "./tab-model.ts";
import { Count, DisplayName, Instant, Sha256 } from "./text.ts";

/**
 * The bytes of models that this site keeps for provider tabs, by their SHA-256. Only administrators bring and remove them;
 * anybody may read them.
 *
 *     absent --PUT /api/weights/:sha256--> there           at most one part's bytes; checked while they are stored
 *       |                                    ^
 *       | POST …/parts                       | POST …/whole: put together, read again, and checked
 *       v                                    |
 *     importing --PUT …/parts/:number, each--+
 *       |
 *       +--DELETE …/parts, or other bytes than promised--> absent
 *
 * Nothing of it is seen by others before it is there. An import that broke off goes on from the parts that it has.
 */

/** Of each part but the last, in bytes; what is no larger comes in one request. */
export const WEIGHTS_PART_BYTES = 16 * 1024 * 1024;

export const partCount = (bytes: number): number => Math.ceil(bytes / WEIGHTS_PART_BYTES);

/** The size of one part, counted from 1. */
export const partBytes = (bytes: number, number: number): number =>
  Math.min(WEIGHTS_PART_BYTES, bytes - (number - 1) * WEIGHTS_PART_BYTES);

/** POST /api/weights/:sha256/parts */
export const NewWeightsImport = v.strictObject({ name: FileName, bytes: WeightsBytes });
export type NewWeightsImport = v.InferOutput<typeof NewWeightsImport>;

export const WeightsImport = v.strictObject({
  sha256: Sha256,
  name: FileName,
  bytes: WeightsBytes,
  startedAt: Instant,
  /** The numbers of those that have come, from 1. */
  parts: v.array(Count),
});
export type WeightsImport = v.InferOutput<typeof WeightsImport>;

export const Weights = v.strictObject({
  sha256: Sha256,
  /** As the file was called. */
  name: FileName,
  bytes: WeightsBytes,
  importedBy: DisplayName,
  importedAt: Instant,
  /** The models that have them among their files: as long as there are any, they can't be deleted. */
  models: v.array(ModelName),
});
export type Weights = v.InferOutput<typeof Weights>;

/** GET /api/weights: what is there, and what is on its way; the newest first. */
export const WeightsList = v.strictObject({
  weights: v.array(Weights),
  imports: v.array(WeightsImport),
  /** Where else files of models may lie: MODEL_HOSTS. */
  modelHosts: v.array(v.string()),
});
export type WeightsList = v.InferOutput<typeof WeightsList>;
