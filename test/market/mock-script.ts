import type { TokenLogprob } from "../../protocol/chat-completion.ts";
import type { ChatJob, CompletionJob, EmbeddingJob } from "../../protocol/job.ts";
import type { ClaimedUsage, Delta, Job, ProviderMessage, RefusalReason } from "../../protocol/provider.ts";
import type { EndReason } from "../../protocol/finish-reason.ts";
import { promptTokensOf, vectorOf, writeAnswer, type Token } from "./mock-engine.ts";

/** A place in the life of a job: before it is accepted, after so many deltas (0: after it was accepted), before its end. */
export type Place = "before accept" | number | "before end";

/** How a scripted provider behaves with one job. Times are milliseconds; without a fault it does what it should. */
export interface Script {
  acceptMs?: number;
  firstTokenMs?: number;
  /** Between two deltas. */
  paceMs?: number;
  tokensPerDelta?: number;
  /** So many tokens are said to be in each delta for every one that is. */
  inflation?: number;
  /** What it says that it used, instead of what it did. */
  claim?: (used: ClaimedUsage) => ClaimedUsage;
  /** Says at once how long the prompt is, as it should, or does not know. */
  tellsPrompt?: boolean;
  /** Text of each delta instead of the engine's: to say much in little time. */
  filler?: string;
  /** Goes on writing when it is cancelled, and when it is to pause. */
  deafTo?: readonly ("cancel" | "pause")[];
  fault?: Fault;
}

export type Fault =
  | { type: "refuse"; reason: RefusalReason }
  /** Says nothing more, and keeps the socket. */
  | { type: "hush"; at: Place }
  /** Ends its socket without a word, and comes again. */
  | { type: "cut"; at: Place }
  | { type: "fail"; at: Place; tellsUsage: boolean }
  /** Says that it ended for this reason, though it has not. */
  | { type: "end early"; at: Place; reason: EndReason }
  /** Says everything twice. */
  | { type: "twice" }
  /** Two deltas come in the wrong order. */
  | { type: "swapped"; at: number }
  /** A delta is left out. */
  | { type: "gap"; at: number }
  /** Tells of so many more deltas at the end than there were. */
  | { type: "miscount"; by: number }
  | { type: "garbage"; at: Place; garbage: keyof typeof GARBAGE }
  /** More text at once than any engine makes. */
  | { type: "flood"; at: number }
  /** One of the vectors is not sent, as if there were no such text. */
  | { type: "vector left out"; vector: number }
  /** One of the vectors is sent in two deltas. */
  | { type: "vector twice"; vector: number }
  /** One of the vectors is none that the text may have. */
  | { type: "vector spoilt"; vector: number; how: keyof typeof SPOILT };

const GARBAGE = {
  "no JSON": '{"type":"delta","job":',
  "another protocol": JSON.stringify({ type: "stream-event", jobId: "1", event: "message", data: "hello" }),
  "a wrong field": JSON.stringify({ type: "accept", job: 5, promptTokens: "many" }),
  binary: new Uint8Array([0x80, 0x81, 0xff, 0x00]),
  "too much": " ".repeat(1024 * 1024 + 1),
} satisfies Record<string, string | Uint8Array>;

type Vector = NonNullable<Delta["vector"]>;

const SPOILT = {
  "too long": ({ index }) => ({ index, values: base64Of(Array.from({ length: 16_384 }, () => 0.5)) }),
  "too short": ({ index }) => ({ index, values: base64Of([0.5, 0.5]) }),
  "not a number": ({ index, values }) => ({ index, values: base64Of(floatsOf(values).map(() => NaN)) }),
  "half a number": ({ index }) => ({ index, values: Buffer.from("no vector").toString("base64") }),
  "of no text": ({ values }) => ({ index: 2_048, values }),
  "no base64": ({ index }) => ({ index, values: "[0.5, 0.5, 0.5]" }),
  "no vector": () => null,
} satisfies Record<string, (vector: Vector) => Vector | null>;

/** What a provider does next. */
export type Step =
  | { do: "wait"; ms: number }
  | { do: "say"; message: ProviderMessage }
  | { do: "say raw"; data: string | Uint8Array }
  | { do: "cut" }
  | { do: "hush" }
  /** The job is over for it, whatever the script has left. */
  | { do: "leave" };

/** All that a provider does about a job, from its offer to its end. */
export function stepsOf(job: Job, artifact: string, script: Script): Step[] {
  const { fault } = script;
  if (fault?.type === "refuse")
    return [say({ type: "refuse", job: job.job, reason: fault.reason, message: "as the script says" })];
  const { deltas, reason } = answerOf(job, artifact, script);
  const told = wronglyTold(deltas, fault);
  const promptTokens = promptTokensOf(job.request);

  const steps: Step[] = [wait(script.acceptMs), ...faultAt("before accept", job, [], script)];
  steps.push(
    say({ type: "accept", job: job.job, promptTokens: script.tellsPrompt === false ? null : promptTokens }),
  );
  steps.push(...faultAt(0, job, [], script), wait(script.firstTokenMs));
  for (const [index, delta] of told.entries()) {
    if (index > 0) steps.push(wait(script.paceMs));
    steps.push(say(delta), ...faultAt(index + 1, job, deltas.slice(0, index + 1), script));
  }
  steps.push(...faultAt("before end", job, deltas, script), say(finishedOf(job, deltas, reason, script)));
  const heard = steps.filter((step) => step.do !== "wait" || step.ms > 0);
  if (fault?.type !== "twice") return heard;
  return heard.flatMap((step): Step[] => (step.do === "say" ? [step, step] : [step]));
}

/** The end of a job after these deltas. */
export function finishedOf(
  job: Job,
  deltas: readonly Delta[],
  reason: EndReason,
  script: Script,
): ProviderMessage & { type: "finished" } {
  const surplus = script.fault?.type === "miscount" ? script.fault.by : 0;
  return {
    type: "finished",
    job: job.job,
    reason,
    deltas: deltas.length + surplus,
    usage: usageOf(job, deltas, script),
    timings: null,
  };
}

function usageOf(job: Job, deltas: readonly Delta[], { claim = (used) => used }: Script): ClaimedUsage {
  return claim({
    promptTokens: promptTokensOf(job.request),
    cachedPromptTokens: 0,
    completionTokens: deltas.reduce((sum, { tokenCount }) => sum + tokenCount, 0),
  });
}

function answerOf(job: Job, artifact: string, script: Script): { deltas: Delta[]; reason: EndReason } {
  const { request } = job;
  if (request.type === "embedding") return { deltas: vectorDeltas(job, request, script), reason: "stop" };
  const { tokens, reason } = writeAnswer(request, artifact);
  return { deltas: textDeltas(job, request, tokens, script), reason };
}

function vectorDeltas({ job }: Job, { inputs, dimensions }: EmbeddingJob, { fault }: Script): Delta[] {
  const right = inputs.map((text, index) => ({ index, values: base64Of(vectorOf(text, dimensions)) }));
  return right
    .flatMap((vector) => spoilt(vector, fault))
    .map((vector, seq) => ({ type: "delta", job, seq, text: "", tokenCount: 0, ...(vector && { vector }) }));
}

function spoilt(vector: Vector, fault: Fault | undefined): (Vector | null)[] {
  if (fault === undefined || !("vector" in fault) || fault.vector !== vector.index) return [vector];
  switch (fault.type) {
    case "vector left out":
      return [];
    case "vector twice":
      return [vector, vector];
    case "vector spoilt":
      return [SPOILT[fault.how](vector)];
    default:
      return fault satisfies never;
  }
}

const base64Of = (values: readonly number[]): string =>
  Buffer.from(Float32Array.from(values).buffer).toString("base64");

const floatsOf = (base64: string): number[] => [
  ...new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer),
];

function textDeltas(
  job: Job,
  request: ChatJob | CompletionJob,
  tokens: readonly Token[],
  script: Script,
): Delta[] {
  const { tokensPerDelta = 1, inflation = 1, filler } = script;
  const groups = Math.ceil(tokens.length / tokensPerDelta);
  return Array.from({ length: groups }, (_, seq): Delta => {
    const group = tokens.slice(seq * tokensPerDelta, (seq + 1) * tokensPerDelta);
    const tokenCount = group.length * inflation;
    const calls = group.flatMap(({ text, call }) => (call ? [{ index: 0, ...call, arguments: text }] : []));
    const text = filler ?? group.map((token) => (token.call ? "" : token.text)).join("");
    const exact = filler === undefined && inflation === 1;
    return {
      type: "delta",
      job: job.job,
      seq,
      text,
      tokenCount,
      ...(calls.length > 0 && { toolCalls: calls }),
      ...(exact && request.tokenIds && { tokenIds: group.map(({ text }) => idOf(text)) }),
      ...(exact && request.logprobs !== null && { logprobs: group.map(({ text }) => logprobOf(text)) }),
    };
  });
}

const idOf = (text: string): number => text.codePointAt(0) ?? 0;
const logprobOf = (token: string): TokenLogprob => ({ token, bytes: null, logprob: -0.5, top_logprobs: [] });

function wronglyTold(deltas: readonly Delta[], fault: Fault | undefined): Delta[] {
  const told = [...deltas];
  if (fault?.type === "gap") told.splice(fault.at, 1);
  if (fault?.type === "swapped") told.splice(fault.at, 2, ...deltas.slice(fault.at, fault.at + 2).reverse());
  return told;
}

function faultAt(place: Place, job: Job, deltas: readonly Delta[], script: Script): Step[] {
  const { fault } = script;
  if (fault === undefined || !("at" in fault) || fault.at !== place) return [];
  switch (fault.type) {
    case "hush":
      return [{ do: "hush" }];
    case "cut":
      return [{ do: "cut" }];
    case "fail":
      return [
        say({
          type: "failed",
          job: job.job,
          deltas: deltas.length,
          message: "as the script says",
          usage: fault.tellsUsage ? usageOf(job, deltas, script) : null,
        }),
        { do: "leave" },
      ];
    case "end early":
      return [say(finishedOf(job, deltas, fault.reason, script)), { do: "leave" }];
    case "garbage":
      return [{ do: "say raw", data: GARBAGE[fault.garbage] }];
    case "flood":
      return Array.from({ length: 80 }, () =>
        say({ type: "delta", job: job.job, seq: 0, text: "x".repeat(64 * 1024), tokenCount: 1 }),
      );
    // Where they happen is told by the order of the deltas.
    case "swapped":
    case "gap":
      return [];
    default:
      return fault satisfies never;
  }
}

const say = (message: ProviderMessage): Step => ({ do: "say", message });
const wait = (ms = 0): Step => ({ do: "wait", ms });
