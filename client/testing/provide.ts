import type { Page } from "playwright-core";
import type { TabModel } from "../../protocol/tab-model.ts";
import { TabModelList } from "../../protocol/tab-model.ts";
import type { FromWorker, ToWorker } from "../provide/tab-messages.ts";
import * as v from "valibot";

/** The far end of the provider's page: a Worker that says what the test says, and keeps what it hears. */
export interface ScriptedWorker {
  say(...messages: FromWorker[]): Promise<void>;
  heard(): Promise<ToWorker[]>;
  /** How many were started. */
  started(): Promise<number>;
}

interface Far {
  heard: ToWorker[];
  started: number;
  say: (message: FromWorker) => void;
}
declare global {
  interface Window {
    farEnd: Far;
  }
}

/** Puts it in the place of Workers in all pages that are loaded from now on. */
export async function scriptWorker(page: Page): Promise<ScriptedWorker> {
  await page.addInitScript(() => {
    const far: Far = { heard: [], started: 0, say: () => undefined };
    window.farEnd = far;
    class Scripted extends EventTarget {
      constructor() {
        super();
        far.started += 1;
        far.say = (message) => this.dispatchEvent(new MessageEvent("message", { data: message }));
      }
      postMessage(message: ToWorker): void {
        far.heard.push(message);
      }
    }
    Object.defineProperty(window, "Worker", { value: Scripted });
  });
  return {
    say: (...messages) =>
      page.evaluate((all) => all.forEach((message) => window.farEnd.say(message)), messages),
    heard: () => page.evaluate(() => window.farEnd.heard),
    started: () => page.evaluate(() => window.farEnd.started),
  };
}

const sum = (digit: string): string => digit.repeat(64);

const small: TabModel = {
  name: "tabarena-tiny",
  engine: "wllama",
  quantisation: "F16",
  contextTokens: 512,
  memoryBytes: 2_000_000,
  features: [],
  files: [{ path: "tiny.gguf", sha256: sum("a"), bytes: 4_000_000, url: `/weights/${sum("a")}` }],
};
const large: TabModel = {
  name: "large-8b-q4f16",
  engine: "web-llm",
  quantisation: "q4f16_1",
  contextTokens: 4096,
  memoryBytes: 6_000_000_000,
  features: ["shader-f16"],
  files: [
    "mlc-chat-config.json",
    "tensor-cache.json",
    "tokenizer.json",
    "large.wasm",
    "params_shard_0.bin",
  ].map((path, at) => ({
    path,
    sha256: sum(String(at)),
    bytes: at === 4 ? 4_300_000_000 : 40_000,
    url: `/weights/${sum(String(at))}`,
  })),
};
export const tabModels = v.parse(TabModelList, { models: [small, large] });

/** As the Worker tells of the small one, on a processor. */
export const loaded: FromWorker = {
  type: "loaded",
  facts: {
    artifact: { sha256: sum("a"), quantisation: "F16", bytes: 4_000_000 },
    engine: { name: "wllama", build: "3.8.1 cpu" },
    tasks: ["chat"],
    contextTokens: 512,
    slots: 1,
    features: [],
    tokensPerSecond: 41.5,
  },
  device: "cpu",
  gpu: null,
};
