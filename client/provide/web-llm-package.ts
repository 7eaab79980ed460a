import { MLCEngine, type ModelRecord } from "@mlc-ai/web-llm";
import { version } from "@mlc-ai/web-llm/package.json";
import type { Asked } from "./web-llm-request.ts";

/** What of web-llm's class is used here. It asks for WebGPU by itself, and exists in Workers as in pages. */
export interface WebLlm {
  /** "" where the browser does not tell. @throws where there is no device that web-llm could use */
  getGPUVendor(): Promise<string>;
  /** Loads the model of the record. */
  reload(model: string): Promise<void>;
  /** Of the last answer. @throws ModelNotLoadedError, also when the device went away: web-llm then unloads by itself */
  getMessage(): Promise<string>;
  /** Forgets what was read, so that the next prompt is counted, and read, as a whole. */
  resetChat(): Promise<void>;
  chat: { completions: { create(asked: Asked): Promise<AsyncIterable<unknown>> } };
  /** The answer that is being written ends before its next token; what was not begun yet does not hear it. */
  interruptGenerate(): void;
  unload(): Promise<void>;
}

/** What is told while a model is loaded. */
export interface LoadReport {
  /** From 0 to 1, of the weights first, and then once more of the shaders. */
  progress: number;
  text: string;
}

export type { ModelRecord };

export const webLlmVersion = (): string => version;

/** An instance that knows one model. */
export const newWebLlm = (record: ModelRecord, onReport: (report: LoadReport) => void): WebLlm =>
  new MLCEngine({
    appConfig: { model_list: [record], cacheBackend: "cache" },
    initProgressCallback: onReport,
    logLevel: "ERROR",
  });
