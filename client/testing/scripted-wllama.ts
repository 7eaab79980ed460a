import type { Streamed, Wllama, WllamaLogger, WllamaSettings } from "../provide/wllama-package.ts";

/** What wllama's class does, in a test's hands: each request gets the next answer of the script. */
export interface ScriptedWllama {
  create(logger: WllamaLogger): Wllama;
  /** What each load was asked for. */
  loads: WllamaSettings[];
  /** What each request was, in their order. */
  asked: Record<string, unknown>[];
  /** How many instances were given back. */
  exits: number;
}

export interface ScriptedLoad {
  /** What llama.cpp logs. */
  log?: readonly string[];
  complaint?: string;
  error?: Error;
  /** Tokens of the vocabulary; 0 where nothing is loaded. */
  vocabulary?: number;
  /** Never comes to its end. */
  hangs?: boolean;
  /** Its Worker breaks. */
  broken?: Event;
}

export interface ScriptedAnswer {
  chunks: readonly object[];
  /** After the chunks. */
  error?: unknown;
  complaint?: string;
}

/** A token as wllama tells it: how many there were with it, and its id where it tells probabilities. */
export const token = (content: string, count: number, id: number | null = null): object => ({
  choices: [
    {
      finish_reason: null,
      delta: { content },
      ...(id === null
        ? {}
        : { logprobs: { content: [{ id, token: content, bytes: [1], logprob: -0.5, top_logprobs: [] }] } }),
    },
  ],
  timings: { cache_n: 2, prompt_n: 5, prompt_ms: 3, predicted_n: count, predicted_ms: count },
});

/** The end of an answer of so many tokens, the one that ends it included. */
export const end = (count: number, reason = "stop"): object[] => [
  { choices: [{ finish_reason: reason, delta: {} }] },
  { choices: [], usage: { prompt_tokens: 7, completion_tokens: count } },
];

/** What every engine is asked for while it is opened: how fast it writes, and whether it goes on with what was begun. */
export const opening: readonly ScriptedAnswer[] = [
  { chunks: [token("a", 1), token("b", 11), ...end(11, "length")] },
  { chunks: [token("Well,", 1), ...end(1, "length")] },
];

export function scriptedWllama(
  answers: readonly ScriptedAnswer[],
  loads: readonly ScriptedLoad[] = [],
): ScriptedWllama {
  const left = [...answers];
  const scripted: ScriptedWllama = {
    loads: [],
    asked: [],
    exits: 0,
    create(logger) {
      const load = loads[scripted.loads.length] ?? {};
      const proxy = { wllamaAction: async (): Promise<object> => ({}) as object };
      const answer = async ({ onData, abortSignal, ...asked }: Streamed): Promise<void> => {
        scripted.asked.push({ ...asked });
        const { chunks, error, complaint } = left.shift() ?? { chunks: [] };
        for (const chunk of chunks) {
          if (abortSignal?.aborted) throw new DOMException("Operation aborted", "AbortError");
          await Reflect.apply(proxy.wllamaAction, proxy, ["get_result", {}]);
          onData(chunk);
        }
        await Reflect.apply(proxy.wllamaAction, proxy, ["get_result", {}]);
        if (complaint !== undefined) logger.error(complaint);
        if (error !== undefined) throw error;
      };
      const wllama: Wllama & { proxy: object } = {
        proxy,
        async loadModel(_, settings) {
          scripted.loads.push(settings);
          for (const line of load.log ?? []) logger.debug(line);
          if (load.complaint !== undefined) logger.error(load.complaint);
          if (load.broken !== undefined) logger.error(load.broken);
          if (load.error !== undefined) throw load.error;
          if (load.hangs || load.broken) await new Promise(() => undefined);
        },
        getLoadedContextInfo: () => ({ n_vocab: load.vocabulary ?? 1_024 }),
        getNumThreads: () => scripted.loads.at(-1)?.n_threads ?? 1,
        createChatCompletion: answer,
        createCompletion: answer,
        async exit() {
          scripted.exits++;
        },
      };
      return wllama;
    },
  };
  return scripted;
}
