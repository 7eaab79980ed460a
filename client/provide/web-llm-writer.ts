import type { JobRequest } from "../../protocol/job.ts";
import { EngineError, notOffered, type PreparedJob } from "../../provider/engine.ts";
import { answerOf, type Chunk, chunkOf } from "./web-llm-answer.ts";
import { writingFault } from "./web-llm-faults.ts";
import type { WebLlm } from "./web-llm-package.ts";
import { type Asked, askedFor } from "./web-llm-request.ts";

/**
 * Has web-llm write one answer. It draws a token when its chunk is asked for, so a slow reader slows it down.
 *
 * @param onChunk gets every chunk, the last of which has the counts; true ends the answer before its next token
 */
export async function draw(
  webLlm: WebLlm,
  asked: Asked,
  onChunk: (chunk: Chunk) => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const interrupt = (): void => webLlm.interruptGenerate();
  // Else only what is new of a conversation that goes on would be read, and counted.
  await webLlm.resetChat();
  signal.addEventListener("abort", interrupt);
  try {
    for await (const told of await webLlm.chat.completions.create(asked)) {
      const isEnough = await onChunk(chunkOf(told));
      // Said once more: what was said before it began, it has forgotten.
      if (isEnough || signal.aborted) interrupt();
    }
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/** From jobs to answers, one at a time: a second would wait in web-llm for the first. */
export function webLlmWriter(webLlm: WebLlm): (request: JobRequest) => Promise<PreparedJob> {
  let isBusy = false;
  return async (job) => {
    if (job.type !== "chat") throw new EngineError("unsupported", notOffered(job.type));
    const asked = askedFor(job);
    // Whether the device is still there, so that the job goes elsewhere at once.
    await webLlm.getMessage().catch((cause: unknown) => {
      throw writingFault(cause);
    });
    return {
      // Its tokenizer is its own.
      promptTokens: null,
      async write(onPiece, signal) {
        if (isBusy) throw new EngineError("busy", "the only slot is taken");
        isBusy = true;
        const answer = answerOf(job, onPiece, () => performance.now());
        const onChunk = async (chunk: Chunk): Promise<boolean> => {
          await answer.hear(chunk, !signal.aborted);
          return answer.stopped();
        };
        try {
          if (!signal.aborted) await draw(webLlm, asked, onChunk, signal);
          return signal.aborted ? answer.cancel() : await answer.finish();
        } catch (error) {
          throw writingFault(error);
        } finally {
          isBusy = false;
        }
      },
    };
  };
}
