import { unlessAborted } from "../../wasm-runtimes/unless-aborted.ts";
import type { Feature } from "../../protocol/feature.ts";
import type { Task } from "../../protocol/task.ts";
import { EngineFault } from "./engine-fault.ts";
import { ggufFactsOf } from "./gguf-file.ts";
import { type Device, lookAtDevice } from "./page/device.ts";
import type { OpenTabEngine, TabEngine, TabEngineOptions } from "./tab-engine.ts";
import { loadWeights, type Weights } from "./weights.ts";
import { answerOf } from "./wllama-answer.ts";
import type { Chunk } from "./wllama-chunk.ts";
import { isNoCharacter, loadFault } from "./wllama-faults.ts";
import { type WllamaLog, wllamaLog } from "./wllama-log.ts";
import { newWllama, type Wllama, type WllamaLogger, wllamaVersion } from "./wllama-package.ts";
import { askedFor, type WritingJob } from "./wllama-request.ts";
import { type Drawer, wllamaDrawer, wllamaWriter } from "./wllama-writer.ts";

/** Where wllama, the weights and what is known of the device come from. */
export interface WllamaPorts {
  create(logger: WllamaLogger): Wllama;
  version(): string;
  weights: typeof loadWeights;
  device(): Promise<Device>;
}

const ports: WllamaPorts = {
  create: newWllama,
  version: wllamaVersion,
  weights: loadWeights,
  device: lookAtDevice,
};

/** Tokens of a prompt that are read between two looks at whether the job was cancelled. */
const READ_AT_ONCE = 512;

/** More of them wait for one another longer than they compute. */
const MOST_THREADS = 8;

/** As many layers as the graphics device takes. */
const ALL_LAYERS = 99_999;

/** An answer's speed is told from so many tokens, or from those of so many milliseconds. */
const MEASURED_TOKENS = 32;
const MEASURED_MS = 3_000;

/** A model in GGUF by wllama, which is llama.cpp in WebAssembly. Opened in a dedicated Worker. */
export const openWllama: OpenTabEngine = (options) => openWllamaWith(ports, options);

/** The same with whatever the ports give. */
export async function openWllamaWith(
  { create, version, weights: load, device: look }: WllamaPorts,
  options: TabEngineOptions,
): Promise<TabEngine> {
  const { model, contextTokens, signal, onProgress } = options;
  const weights = await load(options);
  onProgress({ phase: "start", doneBytes: 0, totalBytes: 0 });
  const gguf = await ggufFactsOf(weights.files);
  // Beyond that it writes nonsense, and consumers would be told that there is room.
  if (gguf.contextTokens !== null && contextTokens > gguf.contextTokens)
    throw new EngineFault(
      "context",
      `it was trained for ${gguf.contextTokens} tokens of context, not ${contextTokens}`,
    );
  const device = await look();
  const { wllama, log } = await start(create, weights, device, options);
  try {
    const drawer = wllamaDrawer(wllama, log);
    const tokensPerSecond = await measureSpeed(drawer, signal);
    const chats = gguf.hasChatTemplate;
    const tasks: readonly Task[] = chats ? ["chat", "completion"] : ["completion"];
    // Every text can be gone on with; with an answer to a chat, not every template lets it.
    const continues = !chats || (await goesOn(drawer, signal));
    const features: readonly Feature[] = [
      ...(continues ? (["prefill"] as const) : []),
      "token_ids",
      "logprobs",
      "logit_bias",
      ...(chats ? (["json_object", "json_schema"] as const) : []),
    ];
    const usesGpu = log.usesGpu();
    return {
      device: usesGpu ? "gpu" : "cpu",
      gpu: usesGpu ? (device.gpu?.name ?? null) : null,
      facts: {
        artifact: { ...weights.artifact, quantisation: model.quantisation ?? gguf.quantisation },
        engine: { name: "wllama", build: buildOf(version(), usesGpu, wllama.getNumThreads()) },
        tasks,
        contextTokens,
        slots: 1,
        features,
        tokensPerSecond,
      },
      prepare: wllamaWriter(drawer, { tasks, features }),
      close: () => wllama.exit(),
    };
  } catch (error) {
    await wllama.exit();
    signal.throwIfAborted();
    throw loadFault(error, log.complaint());
  }
}

interface Started {
  wllama: Wllama;
  log: WllamaLog;
}

type Start = [
  create: WllamaPorts["create"],
  weights: Weights,
  device: Device,
  options: Pick<TabEngineOptions, "contextTokens" | "signal">,
];

/** On the graphics device if there is a real one; on the processor if there is none, or it fails there. */
async function start(...[create, weights, device, options]: Start): Promise<Started> {
  const startOn = (layers: number): Promise<Started> => startWith(layers, create, weights, device, options);
  if (device.gpu === null || device.gpu.isFallback) return startOn(0);
  try {
    return await startOn(ALL_LAYERS);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof EngineFault && error.code === "unknown_model") throw error;
    return startOn(0);
  }
}

async function startWith(layers: number, ...[create, weights, device, options]: Start): Promise<Started> {
  const { contextTokens, signal } = options;
  const log = wllamaLog();
  let wllama: Wllama | null = null;
  try {
    wllama = create(log.logger);
    const loading = wllama.loadModel([...weights.files], {
      n_ctx: contextTokens,
      n_batch: Math.min(READ_AT_ONCE, contextTokens),
      n_threads: threadsOf(device),
      n_parallel: 1,
      n_gpu_layers: layers,
    });
    await unlessAborted(Promise.race([loading, log.broken]), signal);
    if (wllama.getLoadedContextInfo().n_vocab === 0) throw new Error("nothing was loaded");
    return { wllama, log };
  } catch (error) {
    await wllama?.exit();
    signal.throwIfAborted();
    throw loadFault(error, log.complaint());
  }
}

/**
 * Half of the cores, which are rarely all real; and one where there are few: threads wait for one another, and where others
 * compute too, two are far slower than one.
 */
export const threadsOf = ({ threads, cores }: Pick<Device, "threads" | "cores">): number =>
  threads && cores >= 4 ? Math.min(MOST_THREADS, Math.floor(cores / 2)) : 1;

const buildOf = (version: string, usesGpu: boolean, threads: number): string =>
  `${version}, ${usesGpu ? "webgpu" : "cpu"}, ${threads} ${threads === 1 ? "thread" : "threads"})`;

const shortly = {
  continuation: null,
  sampling: { temperature: 0, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: {}, seed: 1 },
  stop: [],
  logprobs: null,
  tokenIds: false,
} satisfies Partial<WritingJob>;

/** Draws some tokens of nothing in particular: an answer's speed where nothing else is done; null where it can't be told. */
async function measureSpeed(drawer: Drawer, signal: AbortSignal): Promise<number | null> {
  const job: WritingJob = { type: "completion", prompt: "The", maxTokens: MEASURED_TOKENS, ...shortly };
  const late = new AbortController();
  const began = performance.now();
  let last: Chunk["timings"];
  const onChunk = async ({ timings }: Chunk): Promise<void> => {
    last = timings ?? last;
    if (performance.now() - began > MEASURED_MS) late.abort();
  };
  const asked = { ...askedFor(job, 1, false), ignore_eos: true };
  try {
    await drawer.draw(asked, onChunk, AbortSignal.any([signal, late.signal]));
  } catch (error) {
    signal.throwIfAborted();
    // What comes of nothing in particular may be no characters, and tells of the speed until then.
    if (!late.signal.aborted && !isNoCharacter(error)) throw error;
  }
  // The first token waits for the prompt.
  if (last === undefined || last.predicted_n < 2 || last.predicted_ms <= 0) return null;
  return (1000 * (last.predicted_n - 1)) / last.predicted_ms;
}

/** Whether it goes on with an answer that was begun. */
async function goesOn(drawer: Drawer, signal: AbortSignal): Promise<boolean> {
  const job: WritingJob = {
    type: "chat",
    messages: [{ role: "user", content: "Hello." }],
    maxTokens: 1,
    ...shortly,
    continuation: "Well",
    tools: [],
    toolChoice: "none",
    parallelToolCalls: true,
    responseFormat: { type: "text" },
  };
  const answer = answerOf(job, () => undefined);
  try {
    await drawer.draw(askedFor(job, 1, false), answer.hear, signal);
    await answer.finish();
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
