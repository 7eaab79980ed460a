import * as v from "valibot";
import type { TokenLogprob } from "../../protocol/chat-completion.ts";
import type { EndReason } from "../../protocol/finish-reason.ts";
import type { ChatJob } from "../../protocol/job.ts";
import { Count } from "../../protocol/text.ts";
import { type Ending, EngineError, type Piece } from "../../provider/engine.ts";
import { stopFilter } from "../../provider/stop-filter.ts";

const tokenEntries = {
  token: v.string(),
  bytes: v.nullish(v.array(v.number())),
  /** What can't be is -Infinity. */
  logprob: v.number(),
};

const Chunk = v.object({
  choices: v.array(
    v.object({
      delta: v.object({ content: v.nullish(v.string(), "") }),
      finish_reason: v.nullish(v.string()),
      logprobs: v.nullish(
        v.object({
          content: v.nullish(
            v.array(v.object({ ...tokenEntries, top_logprobs: v.array(v.object(tokenEntries)) })),
            [],
          ),
        }),
      ),
    }),
  ),
  /** With the last. */
  usage: v.nullish(
    v.object({
      prompt_tokens: Count,
      completion_tokens: Count,
      /** No number where nothing was drawn. */
      extra: v.optional(
        v.object({ decode_tokens_per_s: v.fallback(v.nullable(v.pipe(v.number(), v.finite())), null) }),
      ),
    }),
  ),
});
export type Chunk = v.InferOutput<typeof Chunk>;

export function chunkOf(told: unknown): Chunk {
  const parsed = v.safeParse(Chunk, told);
  if (parsed.success) return parsed.output;
  throw new EngineError("engine", `web-llm tells what is not understood: ${parsed.issues[0].message}`);
}

/** One answer, from web-llm's chunks to pieces. */
export interface Answer {
  /** @param isWanted whether what is new in it is still to be given out */
  hear(chunk: Chunk, isWanted: boolean): Promise<void>;
  /** Whether a stop string came: nothing more is wanted. */
  stopped(): boolean;
  /** Gives out what is left. @throws EngineError if it did not come to its end */
  finish(): Promise<Ending>;
  cancel(): Ending;
}

type OnPiece = (piece: Piece) => Promise<void> | void;

/** @param now some clock, in milliseconds */
export function answerOf(job: ChatJob, onPiece: OnPiece, now: () => number): Answer {
  const filter = stopFilter(job.stop);
  const began = now();
  let firstAt: number | null = null;
  let stopped = false;
  let reason: EndReason | null = null;
  /** Whether the last token had no text: if the model was done then, it was the one that says so. */
  let endedSilent = false;
  let counted = 0;
  let told = { prompt: 0, completion: 0 };

  const ending = (why: EndReason): Ending => {
    const end = now();
    const first = firstAt ?? end;
    return {
      reason: why,
      usage: { promptTokens: told.prompt, cachedPromptTokens: 0, completionTokens: counted },
      timings: { promptMs: Math.round(first - began), completionMs: Math.round(end - first) },
    };
  };
  return {
    async hear({ choices: [choice], usage }, isWanted) {
      if (usage) told = { prompt: usage.prompt_tokens, completion: usage.completion_tokens };
      if (choice === undefined || stopped || !isWanted) return;
      firstAt ??= now();
      reason ??= endReason(choice.finish_reason);
      if (reason !== null) return;
      const text = choice.delta.content;
      endedSilent = text === "";
      // A token within a character has no chunk at all; those are told of at the end.
      if (text === "") return;
      const found = filter.add(text);
      ({ stopped } = found);
      counted++;
      const entries = job.logprobs === null ? [] : (choice.logprobs?.content ?? []);
      await onPiece({
        text: found.text,
        tokenCount: 1,
        ...(entries.length === 0
          ? {}
          : { logprobs: entries.map((entry) => logprobOf(entry, job.logprobs ?? 0)) }),
      });
    },
    stopped: () => stopped,
    async finish() {
      if (stopped) return ending("stop");
      if (reason === null) throw new EngineError("engine", "web-llm broke off its answer");
      const all = told.completion - (reason === "stop" && endedSilent ? 1 : 0);
      const text = filter.end();
      const more = Math.max(0, all - counted);
      counted += more;
      if (text !== "" || more > 0) await onPiece({ text, tokenCount: more });
      return ending(reason);
    },
    cancel: () => ending("cancelled"),
  };
}

/** Null where a chunk is not the last, and where it was not the answer that ended. */
function endReason(told: string | null | undefined): EndReason | null {
  switch (told) {
    case null:
    case undefined:
    case "abort":
      return null;
    case "stop":
    case "length":
      return told;
    default:
      throw new EngineError("engine", `web-llm ended its answer for a reason of its own: ${told}`);
  }
}

type Entry = TokenEntry & { top_logprobs: TokenEntry[] };
type TokenEntry = v.InferOutput<v.ObjectSchema<typeof tokenEntries, undefined>>;

function logprobOf({ top_logprobs: likeliest, ...entry }: Entry, count: number): TokenLogprob {
  return { ...told(entry), top_logprobs: likeliest.slice(0, count).map(told) };
}

/** The bytes are made of the text: of a token within a character they are those of U+FFFD, and not its own. */
const told = ({ token, bytes, logprob }: TokenEntry) => ({
  token,
  bytes: bytes && !token.includes("\uFFFD") ? bytes : null,
  logprob: Number.isFinite(logprob) ? logprob : -9999,
});
