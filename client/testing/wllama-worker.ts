import type { JobRequest } from "../../protocol/job.ts";
import type { TabModel } from "../../protocol/tab-model.ts";
import { type Ending, EngineError, type EngineFacts, type Piece } from "../../provider/engine.ts";
import { EngineFault } from "../provide/engine-fault.ts";
import type { TabEngine } from "../provide/tab-engine.ts";
import type { LoadProgress, WeightsSource } from "../provide/tab-messages.ts";
import { deleteKept, keptFiles, type KeptFile } from "../provide/weights-store.ts";
import { openWllama } from "../provide/wllama-engine.ts";

/** The dedicated Worker of the tests of wllama: does what it is asked for, one thing after the other. */
export type Wish =
  | { do: "open"; model: TabModel; contextTokens: number }
  /** The same with a file as somebody picks one, which is got from there. */
  | { do: "pick"; model: TabModel; contextTokens: number; url: string }
  | { do: "write"; request: JobRequest; cancelAfter: number | null; slowMs: number }
  | { do: "kept" }
  | { do: "delete"; sha256: string }
  | { do: "close" };

export type Outcome =
  | {
      done: "open";
      facts: EngineFacts;
      device: "cpu" | "gpu";
      progress: LoadProgress[];
      isolated: boolean;
    }
  | { done: "write"; pieces: Piece[]; ending: Ending; ahead: number }
  | { done: "kept"; files: KeptFile[] }
  | { done: "nothing" }
  | { done: "failed"; code: string; message: string };

let engine: TabEngine | null = null;

async function fulfil(wish: Wish): Promise<Outcome> {
  switch (wish.do) {
    case "open":
    case "pick": {
      const progress: LoadProgress[] = [];
      const { model, contextTokens } = wish;
      const weights: WeightsSource =
        wish.do === "open"
          ? { from: "network" }
          : { from: "device", files: [new File([await (await fetch(wish.url)).blob()], "picked.gguf")] };
      engine = await openWllama({
        model,
        weights,
        contextTokens,
        onProgress: (some) => void progress.push(some),
        signal: new AbortController().signal,
      });
      const { facts, device } = engine;
      const isolated = globalThis.crossOriginIsolated;
      return { done: "open", facts, device, progress, isolated };
    }
    case "write": {
      if (engine === null) throw new Error("nothing is open");
      const pieces: Piece[] = [];
      const abort = new AbortController();
      const job = await engine.prepare(wish.request);
      let taken = 0;
      let ahead = 0;
      const ending = await job.write(async (piece) => {
        pieces.push(piece);
        ahead = Math.max(ahead, pieces.length - taken);
        if (wish.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, wish.slowMs));
        taken++;
        if (pieces.length === wish.cancelAfter) abort.abort();
      }, abort.signal);
      return { done: "write", pieces, ending, ahead };
    }
    case "kept":
      return { done: "kept", files: await keptFiles() };
    case "delete":
      await deleteKept(wish.sha256);
      return { done: "nothing" };
    case "close":
      await engine?.close();
      return { done: "nothing" };
    default:
      return wish satisfies never;
  }
}

function failureOf(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof EngineFault) return { done: "failed", code: error.code, message };
  return { done: "failed", code: error instanceof EngineError ? error.reason : "other", message };
}

let before: Promise<unknown> = Promise.resolve();
self.addEventListener("message", ({ data }: MessageEvent<{ id: number; wish: Wish }>) => {
  before = before
    .then(() => fulfil(data.wish))
    .catch(failureOf)
    .then((outcome) => self.postMessage({ id: data.id, outcome }));
});
