import type { Task } from "../../protocol/task.ts";
import type { Feature } from "../../protocol/feature.ts";
import { EngineError, type Ending, notOffered, type PreparedJob } from "../../provider/engine.ts";
import type { JobRequest } from "../../protocol/job.ts";
import { type Answer, answerOf } from "./wllama-answer.ts";
import { chunkOf, type Chunk } from "./wllama-chunk.ts";
import { causeOf, isNoCharacter, writingFault } from "./wllama-faults.ts";
import type { WllamaLog } from "./wllama-log.ts";
import { beforeEachToken, type Wllama } from "./wllama-package.ts";
import { type Asked, askedFor, needsProbabilities } from "./wllama-request.ts";

/** Draws one answer at a time, no faster than it is taken. */
export interface Drawer {
  /**
   * @param onChunk the next is drawn when its promise is fulfilled
   * @throws what wllama throws; the signal's reason once it is aborted
   */
  draw(asked: Asked, onChunk: (chunk: Chunk) => Promise<void>, signal: AbortSignal): Promise<void>;
}

export function wllamaDrawer(wllama: Wllama, log: WllamaLog): Drawer {
  let taken: () => Promise<void> = async () => undefined;
  beforeEachToken(wllama, () => taken());
  return {
    async draw(asked, onChunk, signal) {
      signal.throwIfAborted();
      log.forget();
      let heard = Promise.resolve();
      taken = async () => {
        await heard;
        signal.throwIfAborted();
      };
      const streamed = {
        stream: true as const,
        abortSignal: signal,
        onData(chunk: unknown) {
          heard = heard.then(() => onChunk(chunkOf(chunk)));
          // Whoever draws the next token hears of it.
          heard.catch(() => undefined);
        },
      };
      const drawing =
        "messages" in asked
          ? wllama.createChatCompletion({ ...asked, ...streamed })
          : wllama.createCompletion({ ...asked, ...streamed });
      try {
        await Promise.race([drawing, log.broken]);
      } catch (error) {
        throw causeOf(error, log.complaint());
      }
      await heard;
    },
  };
}

/** What an engine of wllama can be asked for. */
export interface Writing {
  tasks: readonly Task[];
  features: readonly Feature[];
}

/** From jobs to answers, one at a time. */
export function wllamaWriter(
  drawer: Drawer,
  { tasks, features }: Writing,
): (request: JobRequest) => Promise<PreparedJob> {
  let busy = false;
  return async (job) => {
    if (job.type === "embedding" || !tasks.includes(job.type))
      throw new EngineError("unsupported", notOffered(job.type));
    if (job.type === "chat" && job.continuation !== null && !features.includes("prefill"))
      throw new EngineError("unsupported", "this engine has no prefill");
    // The seed that a second try draws by too.
    const seed = job.sampling.seed ?? Math.floor(2 ** 31 * Math.random());
    const withProbabilities = needsProbabilities(job);
    const asked = askedFor(job, seed, withProbabilities);
    return {
      promptTokens: null,
      async write(onPiece, signal) {
        if (busy) throw new EngineError("busy", "the only slot is taken");
        busy = true;
        const answer = answerOf(job, onPiece);
        try {
          const instead = withProbabilities ? askedFor(job, seed, false) : null;
          return await drawn(drawer, answer, signal, asked, instead);
        } catch (error) {
          throw writingFault(error);
        } finally {
          busy = false;
        }
      },
    };
  };
}

/** @param instead what is asked for where a probability can't be told; null for nothing */
async function drawn(
  drawer: Drawer,
  answer: Answer,
  signal: AbortSignal,
  asked: Asked,
  instead: Asked | null,
): Promise<Ending> {
  const enough = new AbortController();
  const onChunk = async (chunk: Chunk): Promise<void> => {
    await answer.hear(chunk);
    if (answer.stopped()) enough.abort();
  };
  try {
    await drawer.draw(asked, onChunk, AbortSignal.any([signal, enough.signal]));
  } catch (error) {
    if (signal.aborted) return answer.cancel();
    if (!enough.signal.aborted) {
      if (instead === null || !isNoCharacter(error)) throw error;
      answer.again();
      return drawn(drawer, answer, signal, instead, null);
    }
  }
  return signal.aborted ? answer.cancel() : answer.finish();
}
