import type { EngineFacts } from "../../provider/engine.ts";
import type { ModelName } from "../../protocol/offer.ts";
import type { Prices } from "../../protocol/money.ts";
import type { TabModel } from "../../protocol/tab-model.ts";
import type { TabLimits, LimitReached } from "../../rules/tab-limits.ts";
import type { FaultCode } from "./engine-fault.ts";
import type * as v from "valibot";

/**
 * What the provider's page and its dedicated Worker say to each other. The Worker holds the engine, the jobs and the link, so
 * that a hidden page's slow timers do not matter; the page shows what it is told, and keeps what has to outlive a reload.
 *
 *     empty --load--> loading --loaded--> loaded --online--> online --drain, stop, a limit--> loaded
 *       ^                |                  |                   |
 *       +--loadFailed----+------unload------+--engineFailed-----+
 *
 * One model is loaded at a time: `load` gives back the one before. What makes no sense in a state is not heard there.
 */
export type ToWorker =
  | {
      type: "load";
      model: TabModel;
      weights: WeightsSource;
      /** Prompt and answer together, at most the model's own. */
      contextTokens: number;
    }
  /** Gives back the memory; what is being loaded is given up, and what is being written is broken off. */
  | { type: "unload" }
  | {
      type: "online";
      /** The name of one of the account's providers; the Worker gets tickets for it by the page's cookie. */
      provider: string;
      offer: TabOffer;
      limits: TabLimits;
      /** What counts against `limits.bytes` already: of the same offer, before a reload. */
      usedBytes: number;
    }
  /** Other limits for the offer that is online, at once. */
  | { type: "limits"; limits: TabLimits }
  /** Takes no more jobs, and is offline once those that it has have ended. */
  | { type: "drain" }
  /** Breaks off what is being written, and is offline. */
  | { type: "stop" };

export type FromWorker =
  | ({ type: "loading" } & LoadProgress)
  | { type: "loaded"; facts: EngineFacts; device: "cpu" | "gpu"; gpu: string | null }
  | { type: "loadFailed"; fault: FaultCode; message: string }
  /** The engine that was loaded can't go on; nothing is loaded any more. */
  | { type: "engineFailed"; fault: FaultCode; message: string }
  | {
      type: "link";
      state: TabLinkState;
      /** The cause in a sentence for who runs the site, as it was told by the far end; "" where the state tells all. */
      message: string;
    }
  | {
      type: "job";
      job: string;
      state: TabJobState;
      /** Written until now. */
      tokens: number;
      /** Of this answer from its first token on; null before there are two. */
      tokensPerSecond: number | null;
    }
  /** What was written down for a job: after the fee, in nano-credits. */
  | {
      type: "settled";
      job: string;
      amountNano: number;
      promptTokens: number;
      completionTokens: number;
    }
  /** What went over the link since it was online, both ways, in bytes: told each few seconds while it changes, and at its end. */
  | { type: "data"; usedBytes: number }
  /** It drains now, and is offline then. */
  | { type: "limit"; which: LimitReached };

/**
 * - `offline`      nothing is offered: not begun, drained or stopped
 * - `connecting`   on the way there, for the first time
 * - `online`       jobs may come
 * - `lost`         there is no connection at present; it tries again soon, by itself
 * - `turned_away`  it needs a person first: signed out, the provider was revoked or is online elsewhere; it tries again seldom
 * - `draining`     takes no more jobs, and ends those that it has
 */
export type TabLinkState = "offline" | "connecting" | "online" | "lost" | "turned_away" | "draining";

/**
 * - `reading`    the prompt
 * - `writing`    the answer
 * - `finished`   to its end; `settled` comes when it was written down
 * - `cancelled`  the consumer has gone, or the connection
 * - `failed`     the engine could not go on
 * - `refused`    it was never begun
 */
export type TabJobState = "reading" | "writing" | "finished" | "cancelled" | "failed" | "refused";

/** One model at its prices; how many jobs at once, and what it can be asked for, the engine tells. */
export interface TabOffer {
  /** As consumers ask for it. */
  model: v.InferOutput<typeof ModelName>;
  prices: v.InferOutput<typeof Prices>;
}

export type WeightsSource =
  /** Each file from its `url`, kept by this browser under its sum. */
  | { from: "network" }
  /**
   * Files of this device: as many as the model has, in their order, each of which must have its sum. Where `model.files` is
   * empty, any: the model is whatever they are, and their sum is what the engine's facts tell.
   */
  | { from: "device"; files: readonly File[] };

export interface LoadProgress {
  /** `check` is of the sum, `start` of the engine with weights that are all there. */
  phase: "download" | "check" | "start";
  doneBytes: number;
  /** Of this phase; 0 where that is not known. */
  totalBytes: number;
}
