import type { Feature } from "../protocol/feature.ts";
import type { JobRequest } from "../protocol/job.ts";
import type { Task } from "../protocol/task.ts";
import type { Artifact, Engine } from "../protocol/offer.ts";
import type { ClaimedUsage, Delta, RefusalReason } from "../protocol/provider.ts";
import type { EndReason } from "../protocol/finish-reason.ts";

/**
 * What writes answers: a model in this process, or a server elsewhere. A job is prepared, which tells whether it can be
 * done at all, and then written, once.
 */
export interface LanguageEngine {
  readonly facts: EngineFacts;
  /** @throws EngineError if this engine can't do it, whenever asked */
  prepare(request: JobRequest): Promise<PreparedJob>;
  /** Gives back memory. What is being written must have ended. */
  close(): Promise<void>;
}

export interface EngineFacts {
  artifact: Artifact;
  engine: Engine;
  /** What it can be asked for, at least one of them. */
  tasks: readonly Task[];
  /** Prompt and answer together. */
  contextTokens: number;
  /** How many jobs are written at once. */
  slots: number;
  features: readonly Feature[];
  /** Of one answer alone, as measured when the engine was opened; null where that was not possible, or nothing is written. */
  tokensPerSecond: number | null;
}

export interface PreparedJob {
  /** Null where only the engine's end tells it. */
  promptTokens: number | null;
  /**
   * Writes the answer, or makes the vectors, each in a piece of its own. After an abort the end is `cancelled`, with what was used until then.
   *
   * @param onPiece gets the answer as it is drawn, a token at a time where the engine tells so; the next is drawn when
   *   its promise is fulfilled, which is how a slow reader slows down the engine
   * @throws EngineError if no slot is free (`busy`) or the engine fails
   */
  write(onPiece: (piece: Piece) => Promise<void> | void, signal: AbortSignal): Promise<Ending>;
}

/** Some more of an answer; all texts together are valid UTF-8, and end before a stop string. */
export type Piece = Omit<Delta, "type" | "job" | "seq">;

export interface Ending {
  reason: EndReason;
  usage: ClaimedUsage;
  timings: { promptMs: number; completionMs: number } | null;
}

/** What an engine can be asked for, in words. */
export const TASK_NAMES = { chat: "chats", completion: "completions", embedding: "embeddings" } as const;

export const notOffered = (task: Task): string => `this engine offers no ${TASK_NAMES[task]}`;

/** Whether anything is written by who offers this; vectors are not. */
export const writes = ({ tasks }: { tasks: readonly Task[] }): boolean =>
  tasks.some((task) => task !== "embedding");

/** Why a job was not done, in the words of the link. */
export class EngineError extends Error {
  override name = "EngineError";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
