import * as v from "valibot";
import type { Feature } from "../protocol/feature.ts";
import type { EndReason } from "../protocol/finish-reason.ts";
import { MAX_DELTA_TOKENS } from "../protocol/provider.ts";
import { Count } from "../protocol/text.ts";
import { type Ending, EngineError, type Piece, type PreparedJob } from "../provider/engine.ts";
import { stopFilter } from "../provider/stop-filter.ts";
import {
  call,
  fetchJson,
  messageOf,
  reasonOf,
  textOf,
  unlessRefused,
  type Upstream,
  type UpstreamTimeouts,
} from "./upstream.ts";
import type { UpstreamFacts } from "./upstream-facts.ts";
import { bodyOf, neededBy, promptBody, type WritingJob } from "./upstream-request.ts";
import { choiceOf, tokenCount, upstreamChunks } from "./upstream-stream.ts";

/** Counting a prompt needs no graphics card. */
const COUNT_MS = 2_000;

/** A server as it is known. */
export interface OpenedUpstream {
  upstream: Upstream;
  known: UpstreamFacts;
  contextTokens: number;
  features: readonly Feature[];
  timeouts: UpstreamTimeouts;
  checkModel(name: string | null | undefined): void;
}

/** Asks a server to go on with a conversation or a text. */
export async function prepareWriting(opened: OpenedUpstream, request: WritingJob): Promise<PreparedJob> {
  for (const feature of neededBy(request))
    if (!opened.features.includes(feature))
      throw new EngineError("unsupported", `this engine has no ${feature}`);
  const promptTokens = await countPrompt(opened, request);
  const room = opened.contextTokens - (promptTokens ?? 0);
  if (room < 1)
    throw new EngineError(
      "too_long",
      `the prompt has ${promptTokens} tokens; the context holds ${opened.contextTokens}, and one more is to be written`,
    );
  const abort = new AbortController();
  const began = performance.now();
  const bounded = { ...request, maxTokens: Math.min(request.maxTokens, room) };
  const answer = openStream(opened, bounded, abort.signal);
  await unlessRefused(answer);
  return {
    promptTokens,
    write: (onPiece, signal) => write({ opened, request: bounded, answer, abort, began }, onPiece, signal),
  };
}

/** The beginning of an answer. What comes with status 200 and is none is a fault: an error, a page, an answer as a whole. */
async function openStream(
  opened: OpenedUpstream,
  request: WritingJob,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { upstream } = opened;
  const address = `${upstream.base}/${request.type === "chat" ? "chat/completions" : "completions"}`;
  const response = await call(upstream, address, { signal, body: bodyOf(opened.known, request) });
  const { body, headers } = response;
  const type = headers.get("content-type") ?? "nothing";
  if (body !== null && /^text\/event-stream\b/i.test(type)) return body;
  const said = messageOf((await textOf(response)).slice(0, 2_000));
  throw new EngineError("engine", `the server answers with ${type}, not with a stream: ${said}`);
}

const Tokenized = v.object({ count: Count });

/**
 * How many tokens a prompt has, where it must be known before: vLLM refuses to write more than fits behind it, where other
 * servers stop when the context is full.
 */
async function countPrompt({ upstream, known }: OpenedUpstream, request: WritingJob): Promise<number | null> {
  if (known.server !== "vllm") return null;
  const body = promptBody(known, request);
  const counted = fetchJson(upstream, `${upstream.root}/tokenize`, COUNT_MS, body).catch(() => null);
  const tokenized = v.safeParse(Tokenized, await counted);
  return tokenized.success ? tokenized.output.count : null;
}

interface Work {
  opened: OpenedUpstream;
  request: WritingJob;
  answer: Promise<ReadableStream<Uint8Array>>;
  abort: AbortController;
  began: number;
}

async function write(
  { opened, request, answer, abort, began }: Work,
  onPiece: (piece: Piece) => Promise<void> | void,
  signal: AbortSignal,
): Promise<Ending> {
  const count = tokenCount(request.maxTokens, opened.contextTokens);
  const filter = stopFilter(request.stop);
  let first: number | null = null;
  const ending = (reason: EndReason): Ending => {
    const now = performance.now();
    const promptMs = Math.round((first ?? now) - began);
    return {
      reason,
      usage: count.usage(),
      timings: { promptMs, completionMs: Math.round(now - (first ?? now)) },
    };
  };
  const onAbort = (): void => abort.abort();
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  const { firstMs } = opened.timeouts;
  const patience = setTimeout(
    () => abort.abort(new EngineError("engine", `it wrote nothing for ${firstMs / 1000} s`)),
    firstMs,
  );
  try {
    const body = await answer;
    clearTimeout(patience);
    let reason: EndReason | null = null;
    let called = false;
    for await (const chunk of upstreamChunks(body, opened.timeouts)) {
      opened.checkModel(chunk.model);
      const isFull = count.left() === 0;
      const piece = count.pieceOf(chunk, request.logprobs);
      // Only counts are of interest after the end.
      if (piece !== null && reason === null) {
        // It writes on, though it was asked for no more.
        if (isFull) return ending("length");
        first ??= performance.now();
        called ||= piece.toolCalls !== undefined;
        const { text, stopped } = filter.add(piece.text);
        await onPiece({ ...piece, text });
        // It writes on, though it was asked to stop there.
        if (stopped) return ending("stop");
      }
      reason ??= endReason(choiceOf(chunk)?.finish_reason, called);
      if (signal.aborted) return ending("cancelled");
    }
    if (signal.aborted) return ending("cancelled");
    if (reason === null) throw new EngineError("engine", "the server broke off its answer");
    const held = filter.end();
    if (held !== "") await onPiece({ text: held, tokenCount: 0 });
    for (let rest = count.uncounted(); rest > 0; rest -= MAX_DELTA_TOKENS)
      await onPiece({ text: "", tokenCount: Math.min(rest, MAX_DELTA_TOKENS) });
    return ending(reason);
  } catch (cause) {
    if (signal.aborted) return ending("cancelled");
    if (cause instanceof EngineError) throw cause;
    throw new EngineError("engine", `the server broke off its answer (${reasonOf(cause)})`, { cause });
  } finally {
    clearTimeout(patience);
    signal.removeEventListener("abort", onAbort);
    abort.abort();
  }
}

/** Null where a chunk is not the last. */
function endReason(told: string | null | undefined, called: boolean): EndReason | null {
  switch (told) {
    case null:
    case undefined:
    case "":
      return null;
    case "length":
    case "content_filter":
      return told;
    case "tool_calls":
    case "function_call":
      return called ? "tool_calls" : "stop";
    case "stop":
    case "eos":
      return "stop";
    default:
      throw new EngineError("engine", `the server ended its answer for a reason of its own: ${told}`);
  }
}
