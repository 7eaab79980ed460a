import * as v from "valibot";
import { TokenLogprob } from "./chat-completion.ts";
import { integerFrom } from "./chat-field.ts";
import { EndReason } from "./finish-reason.ts";
import { MAX_TOOLS } from "./chat-tool.ts";
import { JobRequest } from "./job.ts";
import { Nano } from "./money.ts";
import { OfferId, Offers } from "./offer.ts";
import { Count, Milliseconds } from "./text.ts";
import { Vector } from "./vector.ts";

/**
 * The provider link: one outbound WebSocket from whoever serves models (a native agent, a browser tab) to /link/provider,
 * with `Authorization: Bearer <token>`, or from a tab, which can't say that, with a ticket that is good once. All models of a
 * provider share its slots.
 *
 *     provider                            Market
 *       | hello {slots, offers, holding} -> |   the version is the highest that both speak
 *       |                                   |   an older socket of the same provider is closed
 *       | <- welcome {protocol}             |   or unwelcome {message}, and the socket is closed
 *       | <- cancel {job}, settled {job}    |   of those held: what went elsewhere meanwhile, what is written down
 *       |                                   |
 *       | <- job {job, offer, …}            |   one for each free slot at most
 *       | accept {job}                   -> |   within acceptMs, or refuse {job, reason}: another provider is asked
 *       | delta {job, seq, text, …}      -> |   the first within firstTokenMs of the job, then one every stallMs at least
 *       | <- pause {job}, resume {job}      |   the consumer reads more slowly than the provider writes
 *       | <- cancel {job}                   |   the consumer has gone, or the job took too long: finished "cancelled"
 *       | finished {job, deltas, usage}  -> |   or failed {job, deltas}; again after every reconnect, until
 *       | <- settled {job, amountNano}      |   … it was written down what is paid for: forget it
 *       |                                   |
 *       | drain {}                       -> |   gets no more jobs; those that it holds go on
 *
 * A job of the provider, by which messages it had:
 *
 *     offered --accept--> accepted --delta--> writing <--pause, resume--> paused
 *        |                   |                   |                          |
 *        +--refuse--> over   +-------------------+--finished, failed--------+--> ended --settled--> over
 *        +--cancel, or no answer within acceptMs--> over: what comes of it later is not heard
 *
 * What crosses on the way is no fault: messages about jobs that are over are not heard, nor is a `seq` that came before. One
 * that leaves a gap fails its job. What is no message of this protocol, or beyond a limit below, ends the socket. A socket
 * that ends ends its jobs: what was delivered counts, and they go on elsewhere.
 *
 * A frame of a provider is a message, or a list of messages that it had to say at once: a frame costs the Market several times
 * what a message in it does.
 *
 * Sockets are kept alive by the text `ping`, answered with `pong` without waking anybody.
 */
export const PROVIDER_PROTOCOL = 1;

export const HEARTBEAT = { ask: "ping", answer: "pong" } as const;

/** The largest frame of a provider, in bytes; the socket of one who sends more is closed. */
export const MAX_PROVIDER_FRAME_BYTES = 1024 * 1024;

/** Messages of one frame. */
export const MAX_FRAME_MESSAGES = 1_024;

/** Text of one delta, in UTF-16 code units. */
export const MAX_DELTA_TEXT = 64 * 1024;

/** Tokens of one delta: more than any engine draws between two looks at the clock. */
export const MAX_DELTA_TOKENS = 4_096;

export const MAX_SLOTS = 1_024;

/** The code by which the Market closes the socket of a provider that has connected again. */
export const REPLACED = 4001;

const shortText = (length: number) => v.pipe(v.string(), v.maxLength(length));

/** Chosen by the Market, and unlike any before it. */
export const JOB_ID = /^[A-Za-z0-9_-]{8,64}$/;
export const JobId = v.pipe(v.string(), v.regex(JOB_ID));

/** How long the Market waits for what, counted from when it sent the job. */
export const JobTimeouts = v.object({
  acceptMs: Milliseconds,
  firstTokenMs: Milliseconds,
  /** Between two deltas; while the job is paused, none are waited for. */
  stallMs: Milliseconds,
  totalMs: Milliseconds,
});
export type JobTimeouts = v.InferOutput<typeof JobTimeouts>;

/**
 * Why a provider does not take a job:
 *
 * - `busy`           it has no slot free after all
 * - `draining`       it takes no more jobs
 * - `unknown_offer`  it makes no such offer, or no longer
 * - `too_long`       the prompt does not fit in the context
 * - `unsupported`    the request needs what the engine can't do
 * - `engine`         the engine is out of order
 */
export const RefusalReason = v.picklist([
  "busy",
  "draining",
  "unknown_offer",
  "too_long",
  "unsupported",
  "engine",
]);
export type RefusalReason = v.InferOutput<typeof RefusalReason>;

/** What the provider says that it used. Paid is the least of this and of what was counted. */
export const ClaimedUsage = v.pipe(
  v.object({ promptTokens: Count, cachedPromptTokens: Count, completionTokens: Count }),
  v.check(
    ({ promptTokens, cachedPromptTokens }) => cachedPromptTokens <= promptTokens,
    "more of the prompt was cached than there is",
  ),
);
export type ClaimedUsage = v.InferOutput<typeof ClaimedUsage>;

/** A piece of a tool call. The first of each index has its name. */
export const ToolCallPiece = v.object({
  index: integerFrom(0, MAX_TOOLS - 1),
  name: v.exactOptional(v.pipe(shortText(64), v.minLength(1))),
  arguments: shortText(MAX_DELTA_TEXT),
});
export type ToolCallPiece = v.InferOutput<typeof ToolCallPiece>;

/** Some more of an answer: one token or several, whatever the engine drew since the last. */
export const Delta = v.pipe(
  v.object({
    type: v.literal("delta"),
    job: JobId,
    /** 0, 1, 2, … */
    seq: Count,
    /** "" for a token that ends within a character: its text comes with the next. */
    text: shortText(MAX_DELTA_TEXT),
    /** What the model thinks before it answers, where the engine tells the two apart. */
    reasoning: v.exactOptional(shortText(MAX_DELTA_TEXT)),
    toolCalls: v.exactOptional(v.pipe(v.array(ToolCallPiece), v.minLength(1), v.maxLength(MAX_TOOLS))),
    /** How many tokens all of this is. */
    tokenCount: v.pipe(Count, v.maxValue(MAX_DELTA_TOKENS)),
    /** Of a job that asks for vectors, which are no tokens: one with each delta, whose text is "". */
    vector: v.exactOptional(Vector),
    tokenIds: v.exactOptional(v.pipe(v.array(Count), v.maxLength(MAX_DELTA_TOKENS))),
    logprobs: v.exactOptional(v.pipe(v.array(TokenLogprob), v.maxLength(MAX_DELTA_TOKENS))),
  }),
  v.check(
    ({ tokenIds, tokenCount }) => tokenIds === undefined || tokenIds.length === tokenCount,
    "there must be as many token ids as tokens",
  ),
  v.check(
    ({ logprobs, tokenCount }) => logprobs === undefined || logprobs.length <= tokenCount,
    "there are more probabilities than tokens",
  ),
);
export type Delta = v.InferOutput<typeof Delta>;

export const ProviderMessage = v.variant("type", [
  v.object({
    type: v.literal("hello"),
    /** Versions of this protocol that it speaks. */
    protocols: v.pipe(v.array(Count), v.maxLength(16)),
    /** The program that speaks, with its version: `tabarena-agent 0.1.0`. */
    agent: shortText(100),
    /** How it is reached and how long it stays: a program of its own, or a tab of a browser. */
    kind: v.picklist(["native", "browser"]),
    /** How many jobs it works on at once; 0 for none at present. */
    slots: integerFrom(0, MAX_SLOTS),
    offers: Offers,
    /** Jobs that it still works on, or whose end it has not seen settled. */
    holding: v.pipe(v.array(JobId), v.maxLength(4 * MAX_SLOTS)),
  }),
  v.object({
    type: v.literal("accept"),
    job: JobId,
    /** Counted before it begins, so that a prompt is paid for even if the link breaks; null where that isn't known. */
    promptTokens: v.nullable(Count),
  }),
  v.object({
    type: v.literal("refuse"),
    job: JobId,
    reason: RefusalReason,
    /** For the provider's own list of jobs and the operator. */
    message: shortText(500),
  }),
  Delta,
  v.object({
    type: v.literal("finished"),
    job: JobId,
    reason: EndReason,
    /** How many deltas there were. */
    deltas: Count,
    usage: ClaimedUsage,
    /** Reading the prompt and writing the answer; null where the engine does not tell. */
    timings: v.nullable(v.object({ promptMs: Milliseconds, completionMs: Milliseconds })),
  }),
  v.object({
    type: v.literal("failed"),
    job: JobId,
    deltas: Count,
    message: shortText(500),
    /** Of what it did until then; null where that isn't known. */
    usage: v.nullable(ClaimedUsage),
  }),
  v.object({ type: v.literal("drain") }),
]);
export type ProviderMessage = v.InferOutput<typeof ProviderMessage>;

const ProviderMessages = v.pipe(v.array(ProviderMessage), v.maxLength(MAX_FRAME_MESSAGES));

/** What a provider sends at once, as a list. */
export const ProviderFrame = v.lazy((frame) =>
  Array.isArray(frame)
    ? ProviderMessages
    : v.pipe(
        ProviderMessage,
        v.transform((message) => [message]),
      ),
);

/** One request for one slot. */
export const Job = v.object({
  type: v.literal("job"),
  job: JobId,
  offer: OfferId,
  request: JobRequest,
  timeouts: JobTimeouts,
});
export type Job = v.InferOutput<typeof Job>;

export const MarketMessage = v.variant("type", [
  v.object({
    type: v.literal("welcome"),
    protocol: Count,
    /** Under which name consumers and the pages know this provider. */
    provider: v.string(),
    /** How often to send the heartbeat; the socket of one unheard of for three of them is closed. */
    heartbeatMs: Milliseconds,
  }),
  Job,
  v.object({ type: v.literal("cancel"), job: JobId }),
  v.object({ type: v.literal("pause"), job: JobId }),
  v.object({ type: v.literal("resume"), job: JobId }),
  v.object({
    type: v.literal("settled"),
    job: JobId,
    /** What was paid for, and how much the provider got of it after the fee. */
    paid: ClaimedUsage,
    amountNano: Nano,
  }),
  /** Before the socket closes: why this provider may not work here. */
  v.object({
    type: v.literal("unwelcome"),
    message: v.string(),
    /** Whether it makes sense to come again as it is. */
    retry: v.boolean(),
  }),
]);
export type MarketMessage = v.InferOutput<typeof MarketMessage>;
