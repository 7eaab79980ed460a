import type { LoadReport, ModelRecord, WebLlm } from "../provide/web-llm-package.ts";
import type { Asked } from "../provide/web-llm-request.ts";

/** What web-llm's class does, in a test's hands: each request gets the next answer of the script. */
export interface ScriptedWebLlm {
  create(record: ModelRecord, onReport: (report: LoadReport) => void): WebLlm;
  records: ModelRecord[];
  /** What each request was, in their order. */
  asked: Asked[];
  /** What was called, but for requests. */
  calls: string[];
  /** From now on nothing is loaded, as after the device went away. */
  lose(): void;
}

export interface ScriptedDevice {
  vendor?: string;
  /** What it says of the device. */
  gpuError?: unknown;
  /** While it loads. */
  load?: (caches: CacheStorage, onReport: (report: LoadReport) => void) => Promise<void>;
}

export interface ScriptedAnswer {
  chunks: readonly object[];
  /** After the chunks. */
  error?: unknown;
}

/** An error as web-llm throws it: told apart by its name. */
export const named = (name: string, message = "of web-llm"): Error =>
  Object.assign(new Error(message), { name });

export const token = (content: string, logprobs: readonly object[] = []): object => ({
  choices: [{ delta: { content, role: "assistant" }, finish_reason: null, logprobs: { content: logprobs } }],
});

/** The end of an answer of so many tokens, the one that ends it included. */
export const end = (tokens: number, reason = "stop", speed: number = NaN): object[] => [
  { choices: [{ delta: {}, finish_reason: reason }] },
  {
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: tokens, extra: { decode_tokens_per_s: speed } },
  },
];

/** What it is asked for while it is opened: how fast it writes. */
export const trial: ScriptedAnswer = { chunks: [token("One"), token(""), ...end(2, "stop", 40)] };

export function scriptedWebLlm(
  answers: readonly ScriptedAnswer[],
  { vendor = "", gpuError, load }: ScriptedDevice = {},
): ScriptedWebLlm {
  const left = [...answers];
  let isLoaded = false;
  let isInterrupted = false;
  async function* answer({ chunks, error }: ScriptedAnswer): AsyncGenerator<unknown, void> {
    isInterrupted = false;
    for (const chunk of chunks) {
      if (isInterrupted) return yield* end(2, "abort");
      yield chunk;
    }
    if (error !== undefined) throw error;
  }
  const scripted: ScriptedWebLlm = {
    records: [],
    asked: [],
    calls: [],
    lose: () => void (isLoaded = false),
    create(record, onReport) {
      scripted.records.push(record);
      const called = (call: string): void => void scripted.calls.push(call);
      return {
        async getGPUVendor() {
          if (gpuError !== undefined) throw gpuError;
          return vendor;
        },
        async reload(model) {
          called(`reload ${model}`);
          isLoaded = true;
          await load?.(caches, onReport);
        },
        async getMessage() {
          if (!isLoaded) throw named("ModelNotLoadedError");
          return "";
        },
        resetChat: async () => called("resetChat"),
        chat: {
          completions: {
            async create(asked) {
              scripted.asked.push(asked);
              return answer(left.shift() ?? { chunks: [] });
            },
          },
        },
        interruptGenerate() {
          isInterrupted = true;
          called("interruptGenerate");
        },
        unload: async () => called("unload"),
      };
    },
  };
  return scripted;
}
