import type { LanguageEngine } from "../../provider/engine.ts";
import type { TabModel } from "../../protocol/tab-model.ts";
import type { LoadProgress, WeightsSource } from "./tab-messages.ts";

/** An engine that runs in a tab's Worker. */
export interface TabEngine extends LanguageEngine {
  /** Where it really computes, as found out after it was opened. */
  readonly device: "cpu" | "gpu";
  /** The graphics device in words; null on a processor, or where the browser does not tell. */
  readonly gpu: string | null;
}

export interface TabEngineOptions {
  model: TabModel;
  weights: WeightsSource;
  contextTokens: number;
  onProgress(progress: LoadProgress): void;
  /** Gives up what is being loaded: the promise is rejected with its reason. */
  signal: AbortSignal;
}

/**
 * Opens an engine with its weights.
 * @throws EngineFault
 */
export type OpenTabEngine = (options: TabEngineOptions) => Promise<TabEngine>;

/** By `TabModel.engine`. What opens an engine is loaded when it is wanted. */
export type TabEngines = Readonly<Record<TabModel["engine"], () => Promise<OpenTabEngine>>>;
