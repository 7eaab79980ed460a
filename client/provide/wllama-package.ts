import { Wllama as Package } from "@wllama/wllama/esm/index.js";
import wasm from "@wllama/wllama/esm/wasm/wllama.wasm?url";
import { version } from "@wllama/wllama/package.json";
import { EngineFault } from "./engine-fault.ts";
import type { AskedChat, AskedText } from "./wllama-request.ts";

/** What of wllama's class is used here. */
export interface Wllama {
  loadModel(files: Blob[], settings: WllamaSettings): Promise<void>;
  /** With a vocabulary of 0 where nothing was loaded after all, which it does not tell otherwise. */
  getLoadedContextInfo(): { n_vocab: number };
  getNumThreads(): number;
  createChatCompletion(asked: AskedChat & Streamed): Promise<void>;
  createCompletion(asked: AskedText & Streamed): Promise<void>;
  /** Ends its Worker, and gives back the memory. Whatever is being awaited never comes. */
  exit(): Promise<void>;
}

export interface WllamaSettings {
  n_ctx: number;
  n_batch: number;
  n_threads: number;
  n_parallel: number;
  /** 0 for none on the graphics device; else as many as it takes. */
  n_gpu_layers: number;
}

export interface Streamed {
  stream: true;
  onData: (chunk: unknown) => void;
  abortSignal?: AbortSignal;
}

/** Where it writes what it has to say, llama.cpp's own log included. */
export type WllamaLogger = Record<"debug" | "log" | "warn" | "error", (...said: unknown[]) => void>;

/** What runs here: the package, and llama.cpp in it. */
export const wllamaVersion = (): string => `${version} (llama.cpp ${Package.getLibllamaVersion()}`;

/** An instance that has its WebAssembly from this site, and nothing from anywhere else. */
export function newWllama(logger: WllamaLogger): Wllama {
  const made = new Package({ default: wasm }, { logger });
  // By itself it would fetch another build for some browsers from a network of its own choice.
  made.setCompat(null);
  return made;
}

/**
 * Makes wllama wait before each token: it draws the next whether somebody took the last or not, and can't be told otherwise. So
 * it is held where it fetches one from its Worker, by a part that it keeps for itself as of 3.8.1.
 *
 * @param wait as long as it takes; whatever it throws ends the answer
 */
export function beforeEachToken(wllama: object, wait: () => Promise<void>): void {
  const proxy: unknown = Reflect.get(wllama, "proxy");
  if (!isProxy(proxy)) throw new EngineFault("broken", "this version of wllama can't be slowed down");
  const act = proxy.wllamaAction;
  proxy.wllamaAction = async (name, body) => {
    if (name === "get_result") await wait();
    return act.call(proxy, name, body);
  };
}

interface Proxy {
  wllamaAction(name: string, body: unknown): Promise<unknown>;
}

const isProxy = (value: unknown): value is Proxy =>
  typeof value === "object" &&
  value !== null &&
  "wllamaAction" in value &&
  typeof value.wllamaAction === "function";
