import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { Feature } from "../protocol/feature.ts";
import type { JobRequest } from "../protocol/job.ts";
import { MAX_DELTA_TOKENS } from "../protocol/provider.ts";
import type { EndReason } from "../protocol/finish-reason.ts";
import { Count } from "../protocol/text.ts";
import {
  type Ending,
  EngineError,
  type EngineFacts,
  type LanguageEngine,
  type Piece,
  type PreparedJob,
} from "./engine.ts";
import {
  call,
  fetchJson,
  messageOf,
  reasonOf,
  textOf,
  type Upstream,
  UPSTREAM_TIMEOUTS,
  type UpstreamTimeouts,
} from "./upstream.ts";
import { type UpstreamFacts, upstreamFacts } from "./upstream-facts.ts";
import { bodyOf, goOn, neededBy, withBeginning } from "./upstream-request.ts";
import { stopFilter } from "./stop-filter.ts";
import { choiceOf, tokenCount, type UpstreamChunk, upstreamChunks } from "./upstream-stream.ts";

export interface UpstreamSettings {
  upstream: Upstream;
  /** What consumers call the model. */
  model: string;
  /** What the server calls it; null for the same, or the only one that it has. */
  upstreamModel: string | null;
  /** Each null for what the server tells. */
  slots: number | null;
  contextTokens: number | null;
  features: readonly Feature[] | null;
  timeouts?: UpstreamTimeouts;
}

/** A server that refuses does so at once; one that reads the prompt is not waited for. */
const REFUSAL_MS = 1_000;

/** Counting a prompt needs no graphics card. */
const COUNT_MS = 2_000;

/** Where a server doesn't tell how many requests it works on at once. */
const SLOTS = 1;

/**
 * A model of another server, which speaks OpenAI's API: llama-server, vLLM, Ollama and others.
 *
 * @throws EngineError with a sentence: `busy` for a server that is still loading, `engine` for one that can't be reached,
 *   `unsupported` for what an option must tell
 */
export async function openUpstreamEngine(settings: UpstreamSettings): Promise<LanguageEngine> {
  const { upstream, timeouts = UPSTREAM_TIMEOUTS } = settings;
  const known = await upstreamFacts(upstream, settings.upstreamModel, settings.model, timeouts);
  const contextTokens = settings.contextTokens ?? known.contextTokens;
  if (contextTokens === null)
    throw new EngineError(
      "unsupported",
      `${upstream.base} does not tell how many tokens its model holds: say it by --context`,
    );
  const features = settings.features ?? known.features;
  const opened: Opened = { upstream, known, contextTokens, features, timeouts, answersAs: null };
  const facts: EngineFacts = {
    artifact: { sha256: null, quantisation: known.quantisation, bytes: null },
    engine: known.engine,
    contextTokens,
    slots: settings.slots ?? known.slots ?? SLOTS,
    features,
    tokensPerSecond: await measureSpeed(opened),
  };
  return { facts, prepare: (request) => prepare(opened, request), close: async () => undefined };
}

interface Opened {
  upstream: Upstream;
  known: UpstreamFacts;
  contextTokens: number;
  features: readonly Feature[];
  timeouts: UpstreamTimeouts;
  /** How the server calls the model in its first answer; null where it does not. */
  answersAs: string | null;
}

async function prepare(opened: Opened, request: JobRequest): Promise<PreparedJob> {
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
  // Whoever writes gets it again.
  answer.catch(() => undefined);
  await Promise.race([answer, sleep(REFUSAL_MS, null, { ref: false })]);
  return {
    promptTokens,
    write: (onPiece, signal) => write({ opened, request: bounded, answer, abort, began }, onPiece, signal),
  };
}

/** The beginning of an answer. What comes with status 200 and is none is a fault: an error, a page, an answer as a whole. */
async function openStream(
  opened: Opened,
  request: JobRequest,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { upstream } = opened;
  const address = `${upstream.base}/chat/completions`;
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
async function countPrompt(
  { upstream, known: { server, model } }: Opened,
  { messages, continuation, tools }: JobRequest,
): Promise<number | null> {
  if (server !== "vllm") return null;
  const body = {
    model,
    messages: withBeginning(messages, continuation),
    ...(tools.length === 0 ? {} : { tools }),
    ...goOn(server, continuation),
  };
  const counted = fetchJson(upstream, `${upstream.root}/tokenize`, COUNT_MS, body).catch(() => null);
  const tokenized = v.safeParse(Tokenized, await counted);
  return tokenized.success ? tokenized.output.count : null;
}

interface Work {
  opened: Opened;
  request: JobRequest;
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
      checkModel(opened, chunk);
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

/** A server that has changed its model since it was asked for the first time does not serve what is offered. */
function checkModel(opened: Opened, { model }: UpstreamChunk): void {
  if (!model) return;
  opened.answersAs ??= model;
  if (opened.answersAs !== model)
    throw new EngineError(
      "engine",
      `the server answers by the model "${model.slice(0, 100)}", which was "${opened.answersAs.slice(0, 100)}"`,
    );
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

/** The speed of a short answer alone, from its first token to its last; null where it is too short to tell. */
async function measureSpeed(opened: Opened): Promise<number | null> {
  const times: number[] = [];
  let tokens = 0;
  const job = await prepare(opened, {
    messages: [{ role: "user", content: "Count from 1 to 100, in words." }],
    continuation: null,
    sampling: { temperature: 0, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: {}, seed: 1 },
    stop: [],
    maxTokens: 64,
    logprobs: null,
    tokenIds: false,
    tools: [],
    toolChoice: "none",
    parallelToolCalls: true,
    responseFormat: { type: "text" },
  });
  await job.write(({ tokenCount: more }) => {
    // The first one waits for the prompt.
    if (times.length > 0) tokens += more;
    times.push(performance.now());
  }, new AbortController().signal);
  const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return tokens >= 8 && took > 0 ? (1000 * tokens) / took : null;
}
