import { randomInt } from "node:crypto";
import type { ChatJob, CompletionJob } from "../protocol/job.ts";
import type { Task } from "../protocol/task.ts";
import { promptRenderer } from "./chat-prompt.ts";
import { type Ending, EngineError, notOffered, type Piece, type PreparedJob } from "../provider/engine.ts";
import type { LlamaContext, LlamaModel, LlamaPackage, LlamaSequence } from "./llama-package.ts";
import { type Drawing, drawNext, tokenBias } from "./llama-sampling.ts";
import { type Prompt, promptOf } from "./prompt.ts";
import { stopFilter } from "../provider/stop-filter.ts";
import { tokenText } from "./token-text.ts";
import { writingSpeed } from "./writing-speed.ts";

/** Goes on with conversations and texts. */
export interface Writer {
  /** Prompt and answer together. */
  contextTokens: number;
  /** Of one answer alone; null where nothing could be measured. */
  tokensPerSecond: number | null;
  prepare(request: WritingJob): PreparedJob;
}

export interface WriterSettings {
  slots: number;
  /** No more than the model was trained for; null for that, or less where memory is short. */
  contextTokens: number | null;
}

type WritingJob = ChatJob | CompletionJob;

/** Tokens of a prompt that are read between two looks at whether the job was cancelled. */
const READ_AT_ONCE = 512;

/** An answer's speed is told from so many tokens, or from those of so many milliseconds. */
const MEASURED_TOKENS = 48;
const MEASURED_MS = 3_000;

/** @param tasks what is to be written: for chats the file must have a template */
export async function llamaWriter(
  llamaPackage: LlamaPackage,
  model: LlamaModel,
  tasks: readonly Task[],
  settings: WriterSettings,
): Promise<Writer> {
  const { contextTokens } = settings;
  // Beyond that it writes nonsense, and consumers would be told that there is room.
  if (contextTokens !== null && contextTokens > model.trainContextSize)
    throw new Error(`it was trained for ${model.trainContextSize} tokens of context, not ${contextTokens}`);
  const context = await model.createContext({
    sequences: settings.slots,
    ...(contextTokens === null ? {} : { contextSize: contextTokens }),
  });
  const slots = Array.from({ length: settings.slots }, () => ({
    sequence: context.getSequence(),
    busy: false,
  }));
  const render = tasks.includes("chat") ? await promptRenderer(model) : null;
  const opened: Opened = { llamaPackage, model, context, slots };
  return {
    contextTokens: usable(context),
    tokensPerSecond: await measureSpeed(model, slots[0]?.sequence),
    prepare(request) {
      if (request.type === "completion")
        return prepare(opened, promptOf(model, request.prompt, request.continuation), request);
      if (render === null) throw new EngineError("unsupported", notOffered("chat"));
      refuseFormats(request);
      return prepare(opened, render(request), request);
    },
  };
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
  const times: number[] = [];
  const isOver = (): boolean => {
    const [began] = times;
    // Two are the fewest that a speed can be told from, however long they take.
    return times.length >= 2 && began !== undefined && performance.now() - began > MEASURED_MS;
  };
  for (let token = first; answer.length < MEASURED_TOKENS && !isOver();) {
    ({ token } = await drawNext(sequence, model, drawing, token, answer));
    answer.push(token);
    times.push(performance.now());
  }
  return writingSpeed(times);
}

function refuseFormats({ tools, toolChoice, responseFormat }: ChatJob): void {
  if (tools.length > 0 && toolChoice !== "none")
    throw new EngineError("unsupported", "this engine knows no tools");
  if (responseFormat.type !== "text")
    throw new EngineError("unsupported", "this engine writes text, in no given format");
}

function prepare(opened: Opened, prompt: Prompt, request: WritingJob): PreparedJob {
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
  request: WritingJob;
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
