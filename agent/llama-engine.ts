import { randomInt } from "node:crypto";
import type { Feature } from "../protocol/feature.ts";
import type { JobRequest } from "../protocol/job.ts";
import { ggufArtifact } from "./artifact.ts";
import { type Prompt, promptRenderer } from "./chat-prompt.ts";
import {
  type Ending,
  EngineError,
  type EngineFacts,
  type LanguageEngine,
  type Piece,
  type PreparedJob,
} from "./engine.ts";
import {
  type Llama,
  type LlamaContext,
  type LlamaModel,
  type LlamaPackage,
  type LlamaSequence,
  loadLlama,
} from "./llama-package.ts";
import { type Drawing, drawNext, tokenBias } from "./llama-sampling.ts";
import { stopFilter } from "./stop-filter.ts";
import { tokenText } from "./token-text.ts";

export interface LlamaSettings {
  /** The file of the model, in GGUF. */
  path: string;
  /** What the file must have; null for whatever it has. */
  sha256: string | null;
  /** How many answers are written at once. */
  slots: number;
  /** Prompt and answer together; null for what the model was trained for, or less where memory is short. */
  contextTokens: number | null;
  /** Null for as many as make sense. On a busy machine one is far faster than two, which wait for one another. */
  threads: number | null;
  /** Whether a graphics card may be used, if there is one and a build for it. */
  gpu: boolean;
}

/** Tokens of a prompt that are read between two looks at whether the job was cancelled. */
const READ_AT_ONCE = 512;

/**
 * A model in this process, by node-llama-cpp.
 *
 * @throws Error with a sentence if the package is not installed, or the file is none that llama.cpp reads
 */
export async function openLlamaEngine(settings: LlamaSettings): Promise<LanguageEngine> {
  const artifact = await ggufArtifact(settings.path);
  if (settings.sha256 !== null && artifact.sha256 !== settings.sha256)
    throw new Error(
      `${settings.path} has the SHA-256 ${artifact.sha256}, not ${settings.sha256}: it is not used, and may be deleted`,
    );
  const llamaPackage = await loadLlama();
  const llama = await llamaPackage.getLlama({
    gpu: settings.gpu ? "auto" : false,
    build: "never",
    skipDownload: true,
    logLevel: "error",
    ...(settings.threads === null ? {} : { maxThreads: settings.threads }),
  });
  try {
    const model = await llama.loadModel({ modelPath: settings.path });
    const context = await model.createContext({
      sequences: settings.slots,
      ...(settings.contextTokens === null ? {} : { contextSize: settings.contextTokens }),
    });
    const slots = Array.from({ length: settings.slots }, () => ({
      sequence: context.getSequence(),
      busy: false,
    }));
    const render = await promptRenderer(model);
    const facts: EngineFacts = {
      artifact: { ...artifact, quantisation: quantisationOf(llamaPackage, model) },
      engine: { name: "node-llama-cpp", build: await buildOf(llamaPackage, llama, model) },
      contextTokens: usable(context),
      slots: settings.slots,
      features: featuresOf(llama),
      tokensPerSecond: await measureSpeed(model, slots[0]?.sequence),
    };
    const opened: Opened = { llamaPackage, model, context, slots };
    return {
      facts,
      // Not before an await: what is wrong is a rejection, never thrown at the caller.
      prepare: async (request) => prepare(opened, render(request), request),
      close: () => llama.dispose(),
    };
  } catch (cause) {
    await llama.dispose();
    throw new Error(
      `${settings.path} can't be served: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

interface Opened {
  llamaPackage: LlamaPackage;
  model: LlamaModel;
  context: LlamaContext;
  slots: Slot[];
}

interface Slot {
  sequence: LlamaSequence;
  busy: boolean;
}

/** With one place left, node-llama-cpp forgets the beginning to make room: before that, an answer has to end. */
const usable = ({ contextSize }: LlamaContext): number => contextSize - 1;

/** `F16`, `Q4_K_M`: the name of the file's type without what precedes it. */
function quantisationOf({ GgufFileType }: LlamaPackage, { fileInfo }: LlamaModel): string | null {
  const type = fileInfo.metadata.general.file_type;
  return (type === undefined ? undefined : GgufFileType[type]?.replace(/^(ALL|MOSTLY)_/, "")) ?? null;
}

async function buildOf(
  { getModuleVersion }: LlamaPackage,
  { llamaCppRelease, gpu }: Llama,
  { gpuLayers }: LlamaModel,
): Promise<string> {
  return `${await getModuleVersion()} (llama.cpp ${llamaCppRelease.release}, ${backendOf(gpu, gpuLayers)})`;
}

/** What computes: a card that has only some of the layers leaves the others to the processor. */
export const backendOf = (gpu: string | false, gpuLayers: number): string =>
  gpu === false ? "cpu" : `${gpu} with ${gpuLayers} layers`;

/** Graphics cards add in an order that depends on what else they do; a processor does not. */
function featuresOf({ gpu }: Llama): Feature[] {
  return [
    "prefill",
    "token_ids",
    "logprobs",
    "logit_bias",
    ...(gpu === false ? (["deterministic"] as const) : []),
  ];
}

/** Draws some tokens of nothing in particular, alone: an answer's speed where nothing else is done. */
async function measureSpeed(model: LlamaModel, sequence: LlamaSequence | undefined): Promise<number | null> {
  const [first] = model.tokenize("The");
  if (first === undefined || sequence === undefined) return null;
  const drawing: Drawing = {
    sampling: { temperature: 1, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: {}, seed: 1 },
    bias: null,
    logprobs: null,
  };
  const answer: number[] = [];
  let began = performance.now();
  for (let token = first; answer.length < 48 && performance.now() - began < 3_000;) {
    ({ token } = await drawNext(sequence, model, drawing, token, answer));
    answer.push(token);
    // The first ones wait for memory and for kernels to be compiled.
    if (answer.length === 8) began = performance.now();
  }
  const measured = answer.length - 8;
  return measured > 0 ? (1000 * measured) / (performance.now() - began) : null;
}

function prepare(opened: Opened, prompt: Prompt, request: JobRequest): PreparedJob {
  const { tools, toolChoice, responseFormat } = request;
  if (tools.length > 0 && toolChoice !== "none")
    throw new EngineError("unsupported", "this engine knows no tools");
  if (responseFormat.type !== "text")
    throw new EngineError("unsupported", "this engine writes text, in no given format");
  const promptTokens = prompt.tokens.length;
  const room = usable(opened.context) - promptTokens;
  if (room < 1)
    throw new EngineError(
      "too_long",
      `the prompt has ${promptTokens} tokens; the context holds ${usable(opened.context)}, and one more is to be written`,
    );
  const maxTokens = Math.min(request.maxTokens, room);
  return {
    promptTokens,
    async write(onPiece, signal) {
      const slot = freeSlot(opened.slots, prompt.tokens);
      slot.busy = true;
      try {
        return await write(opened, slot.sequence, { prompt, request, maxTokens }, onPiece, signal);
      } catch (cause) {
        if (cause instanceof EngineError) throw cause;
        throw new EngineError("engine", cause instanceof Error ? cause.message : String(cause), { cause });
      } finally {
        slot.busy = false;
      }
    },
  };
}

/** Of the free slots, the one that has read most of the prompt already. */
function freeSlot(slots: readonly Slot[], prompt: readonly number[]): Slot {
  const free = slots
    .filter(({ busy }) => !busy)
    .map((slot) => ({ slot, shared: sharedTokens(slot.sequence, prompt) }));
  const best = free.sort((a, b) => b.shared - a.shared)[0];
  if (!best) throw new EngineError("busy", `all ${slots.length} slots are taken`);
  return best.slot;
}

function sharedTokens({ contextTokens }: LlamaSequence, prompt: readonly number[]): number {
  const different = contextTokens.findIndex((token, index) => token !== prompt[index]);
  return different < 0 ? contextTokens.length : different;
}

interface Work {
  prompt: Prompt;
  request: JobRequest;
  maxTokens: number;
}

async function write(
  { llamaPackage, model }: Opened,
  sequence: LlamaSequence,
  { prompt, request, maxTokens }: Work,
  onPiece: (piece: Piece) => Promise<void> | void,
  signal: AbortSignal,
): Promise<Ending> {
  const { tokens: read, answered } = prompt;
  const watch = stopwatch();
  const usage = { promptTokens: read.length, cachedPromptTokens: 0, completionTokens: 0 };
  const ending = (reason: Ending["reason"]): Ending => ({ reason, usage, timings: watch.timings() });

  usage.cachedPromptTokens = await readPrompt(sequence, read, signal);
  const drawing: Drawing = {
    sampling: { ...request.sampling, seed: request.sampling.seed ?? randomInt(2 ** 31) },
    bias: tokenBias(llamaPackage, model, request.sampling),
    logprobs: request.logprobs,
  };
  const answer = read.slice(read.length - answered);
  const textOf = tokenText((tokens, before) => model.detokenize(tokens, false, before), read);
  const filter = stopFilter(request.stop);
  for (let last = read.at(-1) ?? 0; ;) {
    if (signal.aborted) return ending("cancelled");
    const { token, logprob } = await drawNext(sequence, model, drawing, last, answer);
    watch.drew();
    if (model.isEogToken(token)) {
      const rest = filter.end();
      if (rest !== "") await onPiece({ text: rest, tokenCount: 0 });
      return ending("stop");
    }
    usage.completionTokens++;
    answer.push(token);
    const { text, stopped } = filter.add(textOf(token));
    const full = usage.completionTokens === maxTokens && !stopped;
    await onPiece({
      text: full ? text + filter.end() : text,
      tokenCount: 1,
      ...(request.tokenIds ? { tokenIds: [token] } : {}),
      ...(logprob ? { logprobs: [logprob] } : {}),
    });
    if (stopped) return ending("stop");
    if (full) return ending("length");
    last = token;
  }
}

/** Reads all but the last token, as far as the job is not cancelled. Returns how many the sequence had read before. */
async function readPrompt(
  sequence: LlamaSequence,
  prompt: readonly number[],
  signal: AbortSignal,
): Promise<number> {
  const toRead = prompt.slice(0, -1);
  await sequence.adaptStateToTokens(toRead, false);
  const cached = sequence.nextTokenIndex;
  for (let read = cached; read < toRead.length && !signal.aborted; read += READ_AT_ONCE)
    await sequence.evaluateWithoutGeneratingNewTokens(toRead.slice(read, read + READ_AT_ONCE));
  return cached;
}

/** Splits the time of a job where its first token is drawn. */
function stopwatch(): { drew(): void; timings(): Ending["timings"] } {
  const began = performance.now();
  let first: number | null = null;
  return {
    drew: () => void (first ??= performance.now()),
    timings() {
      const now = performance.now();
      return { promptMs: Math.round((first ?? now) - began), completionMs: Math.round(now - (first ?? now)) };
    },
  };
}
