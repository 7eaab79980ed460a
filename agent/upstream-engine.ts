import type { Feature } from "../protocol/feature.ts";
import type { Task } from "../protocol/task.ts";
import { EngineError, type LanguageEngine, notOffered, writes } from "../provider/engine.ts";
import { sameModel } from "./same-model.ts";
import { type Upstream, UPSTREAM_TIMEOUTS, type UpstreamTimeouts } from "./upstream.ts";
import { prepareVectors, type UpstreamEmbedder } from "./upstream-embedder.ts";
import { type UpstreamFacts, upstreamFacts } from "./upstream-facts.ts";
import type { WritingJob } from "./upstream-request.ts";
import { tasksOf } from "./upstream-tasks.ts";
import { type OpenedUpstream, prepareWriting } from "./upstream-writer.ts";

export interface UpstreamSettings {
  upstream: Upstream;
  /** What consumers call the model. */
  model: string;
  /** What the server calls it; null for the same, or the only one that it has. */
  upstreamModel: string | null;
  /** Each null for what the server tells. */
  tasks: readonly Task[] | null;
  slots: number | null;
  contextTokens: number | null;
  features: readonly Feature[] | null;
  timeouts?: UpstreamTimeouts;
}

/** Where a server doesn't tell how many requests it works on at once. */
const SLOTS = 1;

/**
 * A model of another server, which speaks OpenAI's API: llama-server, vLLM, Ollama and others.
 *
 * @throws EngineError with a sentence: `busy` for a server that is still loading, `engine` for one that can't be reached,
 *   `unsupported` for what an option must tell
 */
export async function openUpstreamEngine(settings: UpstreamSettings): Promise<LanguageEngine> {
  const { upstream, timeouts = UPSTREAM_TIMEOUTS } = settings;
  const known = await upstreamFacts(upstream, settings.upstreamModel, settings.model, timeouts);
  const contextTokens = settings.contextTokens ?? known.contextTokens;
  if (contextTokens === null)
    throw new EngineError(
      "unsupported",
      `${upstream.base} does not tell how many tokens its model holds: say it by --context`,
    );
  const embedder: UpstreamEmbedder = {
    upstream,
    model: known.model,
    contextTokens,
    timeoutMs: timeouts.firstMs,
    checkModel: sameModel(),
  };
  const tasks = settings.tasks ?? known.tasks ?? (await tasksOf(embedder));
  const isWriter = writes({ tasks });
  const features = settings.features ?? featuresOf(tasks, known);
  const writer: OpenedUpstream = {
    upstream,
    known,
    contextTokens,
    features,
    timeouts,
    checkModel: sameModel(),
  };
  return {
    facts: {
      artifact: { sha256: null, quantisation: known.quantisation, bytes: null },
      engine: known.engine,
      tasks,
      contextTokens,
      slots: settings.slots ?? known.slots ?? SLOTS,
      features,
      tokensPerSecond: isWriter ? await measureSpeed(writer, tasks) : null,
    },
    async prepare(request) {
      if (!tasks.includes(request.type)) throw new EngineError("unsupported", notOffered(request.type));
      return request.type === "embedding"
        ? prepareVectors(embedder, request)
        : prepareWriting(writer, request);
    },
    close: async () => undefined,
  };
}

/** Every server goes on with what was begun of a text; with what was begun of an answer to a chat, not every one does. */
function featuresOf(tasks: readonly Task[], { features }: UpstreamFacts): readonly Feature[] {
  if (tasks.includes("chat")) return features;
  return tasks.includes("completion") ? [...new Set<Feature>(["prefill", ...features])] : [];
}

const shortly = {
  continuation: null,
  sampling: { temperature: 0, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: {}, seed: 1 },
  stop: [],
  maxTokens: 64,
  logprobs: null,
  tokenIds: false,
} satisfies Partial<WritingJob>;

const countingChat: WritingJob = {
  type: "chat",
  messages: [{ role: "user", content: "Count from 1 to 100, in words." }],
  ...shortly,
  tools: [],
  toolChoice: "none",
  parallelToolCalls: true,
  responseFormat: { type: "text" },
};

const countingText: WritingJob = { type: "completion", prompt: "One, two, three, four, five,", ...shortly };

/** The speed of a short answer alone, from its first token to its last; null where it is too short to tell. */
async function measureSpeed(opened: OpenedUpstream, tasks: readonly Task[]): Promise<number | null> {
  const times: number[] = [];
  let tokens = 0;
  const job = await prepareWriting(opened, tasks.includes("chat") ? countingChat : countingText);
  await job.write(({ tokenCount: more }) => {
    // The first one waits for the prompt.
    if (times.length > 0) tokens += more;
    times.push(performance.now());
  }, new AbortController().signal);
  const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return tokens >= 8 && took > 0 ? (1000 * tokens) / took : null;
}
