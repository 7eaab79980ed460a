import type { EndReason } from "../../protocol/finish-reason.ts";
import { type Ending, EngineError, type Piece } from "../../provider/engine.ts";
import { stopFilter } from "../../provider/stop-filter.ts";
import { type Chunk, logprobOf } from "./wllama-chunk.ts";
import type { WritingJob } from "./wllama-request.ts";

/** One answer, from wllama's chunks to pieces. */
export interface Answer {
  hear(chunk: Chunk): Promise<void>;
  /** Whether nothing more is wanted, as a stop string came. */
  stopped(): boolean;
  /** It is drawn once more from its beginning: what was given out already must come again, and is not given out again. */
  again(): void;
  /** Gives out what is left. @throws EngineError if it did not come to its end */
  finish(): Promise<Ending>;
  cancel(): Ending;
}

type OnPiece = (piece: Piece) => Promise<void> | void;

export function answerOf(job: WritingJob, onPiece: OnPiece): Answer {
  const filter = stopFilter(job.stop);
  /** What was drawn so far, in this try. */
  let drawn = "";
  /** What wllama tells once more of the beginning that it was given. */
  let echo = "";
  /** As of the last try, with how many tokens. */
  let given = "";
  let counted = 0;
  let stopped = false;
  let reason: EndReason | null = null;
  let written = 0;
  const usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };
  let times: { promptMs: number; completionMs: number } | null = null;

  const begin = (): void => {
    drawn = "";
    echo = (job.type === "chat" ? job.continuation : null) ?? "";
    reason = null;
    written = 0;
  };
  begin();

  const note = ({ timings, prompt_progress: progress, usage: total }: Chunk): void => {
    if (progress) {
      usage.promptTokens = progress.processed;
      usage.cachedPromptTokens = Math.min(progress.cache, progress.processed);
    }
    if (timings) {
      usage.promptTokens = timings.cache_n + timings.prompt_n;
      usage.cachedPromptTokens = timings.cache_n;
      times = { promptMs: Math.round(timings.prompt_ms), completionMs: Math.round(timings.predicted_ms) };
      written = Math.max(written, timings.predicted_n);
    }
    if (total) {
      usage.promptTokens = total.prompt_tokens;
      written = total.completion_tokens;
    }
  };
  /** What is new in a text behind the beginning that it was given. */
  const withoutEcho = (text: string): string => {
    const length = Math.min(echo.length, text.length);
    if (text.slice(0, length) !== echo.slice(0, length))
      throw new EngineError("engine", "wllama did not go on with the answer's beginning");
    echo = echo.slice(length);
    return text.slice(length);
  };
  const give = async (piece: Omit<Piece, "tokenCount">, upTo: number): Promise<void> => {
    const tokenCount = upTo - counted;
    counted = upTo;
    usage.completionTokens = counted;
    const { tokenIds, ...rest } = piece;
    // All tokens have ids, or none.
    await onPiece({ ...rest, tokenCount, ...(tokenIds?.length === tokenCount ? { tokenIds } : {}) });
  };

  return {
    async hear(chunk) {
      note(chunk);
      const [choice] = chunk.choices;
      if (choice === undefined || stopped) return;
      const { delta, logprobs } = choice;
      reason ??= endReason(choice.finish_reason);
      const text = withoutEcho(choice.text || delta.content);
      const reasoning = delta.reasoning_content;
      drawn += text;
      // A token that ends within a character, or the last of all, which is none of the answer: told with what comes next.
      if (text === "" && reasoning === "") return;
      if (written <= counted) return;
      if (given !== "") {
        const before = drawn.slice(0, drawn.length - text.length);
        if (before !== given) throw new EngineError("engine", "wllama did not write the same a second time");
        given = "";
      }
      const found = filter.add(text);
      ({ stopped } = found);
      const entries = logprobs?.content ?? [];
      await give(
        {
          text: found.text,
          ...(reasoning === "" ? {} : { reasoning }),
          ...(job.tokenIds ? { tokenIds: entries.map(({ id }) => id) } : {}),
          ...(job.logprobs === null || entries.length === 0
            ? {}
            : { logprobs: entries.map((entry) => logprobOf(entry, job.logprobs ?? 0)) }),
        },
        written,
      );
    },
    stopped: () => stopped,
    again() {
      given = drawn;
      begin();
    },
    async finish() {
      if (stopped) return { reason: "stop", usage, timings: times };
      if (reason === null) throw new EngineError("engine", "wllama broke off its answer");
      // The token that ends an answer is counted by it, and is none of the answer's.
      const all = Math.max(counted, reason === "stop" ? written - 1 : written);
      const text = filter.end();
      if (text !== "" || all > counted) await give({ text }, all);
      return { reason, usage, timings: times };
    },
    cancel: () => ({ reason: "cancelled", usage, timings: times }),
  };
}

/** Null where a chunk is not the last. */
function endReason(told: string | null | undefined): EndReason | null {
  switch (told) {
    case null:
    case undefined:
      return null;
    case "stop":
    case "length":
      return told;
    default:
      throw new EngineError("engine", `wllama ended its answer for a reason of its own: ${told}`);
  }
}
