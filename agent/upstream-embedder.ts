import * as v from "valibot";
import type { EmbeddingJob } from "../protocol/job.ts";
import { Count } from "../protocol/text.ts";
import { MAX_DIMENSIONS } from "../protocol/vector.ts";
import { type Ending, EngineError, type Piece, type PreparedJob } from "../provider/engine.ts";
import { call, messageOf, reasonOf, unlessRefused, type Upstream } from "./upstream.ts";
import { vectorPiece } from "../provider/vector-piece.ts";

export interface UpstreamEmbedder {
  upstream: Upstream;
  /** As the server calls it. */
  model: string;
  contextTokens: number;
  /** For the vectors of one request. */
  timeoutMs: number;
  checkModel(name: string | null | undefined): void;
}

/** Texts of one request to the server: a card's work for a moment, and the answer is of a sensible size. */
const AT_ONCE = 32;

/** Vectors of the greatest length, with more digits for each number than anybody writes. */
const MAX_BYTES = AT_ONCE * MAX_DIMENSIONS * 32;

const Embeddings = v.object({
  model: v.nullish(v.string(), ""),
  data: v.array(
    v.object({
      index: v.nullish(Count),
      embedding: v.pipe(v.array(v.number()), v.minLength(1), v.maxLength(MAX_DIMENSIONS)),
    }),
  ),
  usage: v.nullish(v.object({ prompt_tokens: v.nullish(Count, 0) })),
});

interface Answer {
  /** In the order of their texts. */
  vectors: number[][];
  promptTokens: number;
}

/** Asks a server for the vectors of texts, some at a time. The first of them are asked for at once, to hear a refusal. */
export async function prepareVectors(
  embedder: UpstreamEmbedder,
  { inputs, dimensions }: EmbeddingJob,
): Promise<PreparedJob> {
  const abort = new AbortController();
  const began = performance.now();
  const ask = (at: number): Promise<Answer> =>
    vectorsOf(embedder, inputs.slice(at, at + AT_ONCE), dimensions, abort.signal);
  const first = ask(0);
  await unlessRefused(first);
  return {
    promptTokens: null,
    async write(onPiece, signal) {
      const usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };
      const ending = (reason: Ending["reason"]): Ending => ({
        reason,
        usage,
        timings: { promptMs: Math.round(performance.now() - began), completionMs: 0 },
      });
      const onAbort = (): void => abort.abort();
      if (signal.aborted) onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        let length = dimensions;
        for (let at = 0; at < inputs.length && !signal.aborted; at += AT_ONCE) {
          const { vectors, promptTokens } = await (at === 0 ? first : ask(at));
          usage.promptTokens += promptTokens;
          length ??= vectors[0]?.length ?? null;
          await tell(vectors, at, length, onPiece, signal);
        }
        return ending(signal.aborted ? "cancelled" : "stop");
      } catch (cause) {
        if (signal.aborted) return ending("cancelled");
        throw cause;
      } finally {
        signal.removeEventListener("abort", onAbort);
        abort.abort();
      }
    },
  };
}

/** @param length that all of them must have */
async function tell(
  vectors: readonly number[][],
  at: number,
  length: number | null,
  onPiece: (piece: Piece) => Promise<void> | void,
  signal: AbortSignal,
): Promise<void> {
  for (const [place, vector] of vectors.entries()) {
    if (signal.aborted) return;
    if (vector.length !== length)
      throw new EngineError(
        "engine",
        `the server made a vector of ${vector.length} numbers beside one of ${length}`,
      );
    await onPiece(vectorPiece(at + place, vector));
  }
}

/** @throws EngineError for what are not the vectors that were asked for, one of each text */
async function vectorsOf(
  { upstream, model, contextTokens, timeoutMs, checkModel }: UpstreamEmbedder,
  inputs: readonly string[],
  dimensions: number | null,
  signal: AbortSignal,
): Promise<Answer> {
  const late = AbortSignal.timeout(timeoutMs);
  const body = {
    model,
    input: inputs,
    encoding_format: "float",
    ...(dimensions === null ? {} : { dimensions }),
  };
  try {
    const both = AbortSignal.any([signal, late]);
    const response = await call(upstream, `${upstream.base}/embeddings`, { signal: both, body });
    const { model: name, data, usage } = parseEmbeddings(await readAll(response));
    checkModel(name);
    const vectors = inOrder(data, inputs.length);
    const other = vectors.find(({ length }) => length !== (dimensions ?? length));
    if (other !== undefined)
      throw new EngineError(
        "unsupported",
        `the server makes vectors of ${other.length} numbers, not of ${dimensions}`,
      );
    return {
      vectors,
      promptTokens: Math.min(usage?.prompt_tokens ?? 0, inputs.length * contextTokens),
    };
  } catch (cause) {
    if (late.aborted)
      throw new EngineError("engine", `the server made no vectors for ${timeoutMs / 1000} s`, { cause });
    throw cause;
  }
}

/** The vectors by the places of their texts; by their own order where a server numbers none. */
function inOrder(data: v.InferOutput<typeof Embeddings>["data"], count: number): number[][] {
  const vectors = new Map(data.map(({ index, embedding }, place) => [index ?? place, embedding]));
  const ordered = Array.from({ length: count }, (_, index) => vectors.get(index) ?? []);
  if (data.length !== count || ordered.some(({ length }) => length === 0))
    throw new EngineError(
      "engine",
      `the server gave ${data.length} vectors, of ${vectors.size} texts, for ${count} texts`,
    );
  return ordered;
}

async function readAll(response: Response): Promise<string> {
  const type = response.headers.get("content-type") ?? "nothing";
  const isJson = /^application\/json\b/i.test(type);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const bytes of response.body ?? []) {
      length += bytes.length;
      if (length > MAX_BYTES)
        throw new EngineError("engine", `the server's answer is longer than ${MAX_BYTES} bytes`);
      parts.push(bytes);
    }
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError("engine", `the server broke off its answer (${reasonOf(cause)})`, { cause });
  }
  const text = Buffer.concat(parts).toString("utf8");
  if (isJson) return text;
  throw new EngineError(
    "engine",
    `the server answers with ${type}, not with JSON: ${messageOf(text.slice(0, 2_000))}`,
  );
}

function parseEmbeddings(text: string): v.InferOutput<typeof Embeddings> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EngineError("engine", `the server answers with no JSON: ${text.slice(0, 100)}`, { cause });
  }
  const parsed = v.safeParse(Embeddings, value);
  if (parsed.success) return parsed.output;
  const [{ message, path }] = parsed.issues;
  const where = (path ?? []).map(({ key }) => String(key)).join(".");
  throw new EngineError("engine", `the server answers with what are no vectors: ${where}: ${message}`);
}

/** Whether a server makes vectors at all: it is asked for one. */
export async function makesVectors(embedder: UpstreamEmbedder): Promise<boolean> {
  try {
    await vectorsOf(embedder, ["a"], null, new AbortController().signal);
    return true;
  } catch (error) {
    // It may, but not at this moment.
    if (error instanceof EngineError && error.reason === "busy") throw error;
    return false;
  }
}
