import type { EmbeddingJob } from "../protocol/job.ts";
import { type Ending, EngineError, type PreparedJob } from "../provider/engine.ts";
import type { LlamaEmbeddingContext, LlamaModel } from "./llama-package.ts";
import { vectorPiece } from "../provider/vector-piece.ts";

/** Makes vectors of texts. What it needs for that is made when it is first asked, and kept. */
export interface Embedder {
  /** The longest text, with what the model wants around it. */
  contextTokens: number;
  prepare(request: EmbeddingJob): Promise<PreparedJob>;
  /** Makes now what it needs. */
  open(): Promise<unknown>;
}

interface Opened {
  context: LlamaEmbeddingContext;
  /** How long the model makes its vectors. */
  dimensions: number;
}

/** Texts longer than this are seldom one thought, and the memory for them grows with the square of their length. */
const USUAL_CONTEXT = 2_048;

/** @param contextTokens the longest text; null for what the model was trained for, up to `USUAL_CONTEXT` */
export function llamaEmbedder(model: LlamaModel, contextTokens: number | null): Embedder {
  const contextSize = Math.min(contextTokens ?? USUAL_CONTEXT, model.trainContextSize);
  let opened: Promise<Opened> | null = null;
  const open = (): Promise<Opened> => {
    opened ??= openContext(model, contextSize).catch((cause: unknown) => {
      // There may be memory for it next time.
      opened = null;
      throw cause;
    });
    return opened;
  };
  // It reads one token less than it has room for.
  return {
    contextTokens: contextSize - 1,
    open,
    prepare: async (request) => prepare(await open(), model, contextSize - 1, request),
  };
}

/** A model may make vectors of another length than it thinks in, so it is asked for one. */
async function openContext(model: LlamaModel, contextSize: number): Promise<Opened> {
  // A text is read at once: in several parts, a model that looks both ways would give the vector of the last (3.22.1).
  const context = await model.createEmbeddingContext({ contextSize, batchSize: contextSize });
  try {
    const { vector } = await context.getEmbeddingFor(model.tokenize("a"));
    return { context, dimensions: vector.length };
  } catch (cause) {
    await context.dispose();
    throw cause;
  }
}

function prepare(
  { context, dimensions }: Opened,
  model: LlamaModel,
  contextTokens: number,
  request: EmbeddingJob,
): PreparedJob {
  // Nobody knows whether a model was trained to have its vectors cut.
  if (request.dimensions !== null && request.dimensions !== dimensions)
    throw new EngineError(
      "unsupported",
      `this model makes vectors of ${dimensions} numbers, not of ${request.dimensions}`,
    );
  // Names of special tokens in a text are text: it is what is looked at, and says nothing to the model.
  const texts = request.inputs.map((text) => {
    const tokens = model.tokenize(text);
    return { tokens, length: context.calculateInputLength(tokens) };
  });
  const long = texts.findIndex(({ length }) => length > contextTokens);
  if (long >= 0)
    throw new EngineError(
      "too_long",
      `input[${long}] has ${texts[long]?.length} tokens; the context holds ${contextTokens}`,
    );
  const empty = texts.findIndex(({ length }) => length === 0);
  if (empty >= 0) throw new EngineError("unsupported", `input[${empty}] is nothing that this model can read`);
  return {
    promptTokens: texts.reduce((sum, { length }) => sum + length, 0),
    async write(onPiece, signal) {
      const began = performance.now();
      const usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };
      const ending = (reason: Ending["reason"]): Ending => ({
        reason,
        usage,
        timings: { promptMs: Math.round(performance.now() - began), completionMs: 0 },
      });
      for (const [index, { tokens, length }] of texts.entries()) {
        if (signal.aborted) return ending("cancelled");
        const { vector } = await context.getEmbeddingFor(tokens);
        usage.promptTokens += length;
        await onPiece(vectorPiece(index, ofLengthOne(vector)));
      }
      return ending(signal.aborted ? "cancelled" : "stop");
    },
  };
}

/** As servers give them, so that who compares two has only to multiply them. */
function ofLengthOne(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? [...vector] : vector.map((value) => value / length);
}
