import * as v from "valibot";
import type { Feature } from "../protocol/feature.ts";
import type { Engine } from "../protocol/offer.ts";
import type { Task } from "../protocol/task.ts";
import { Count } from "../protocol/text.ts";
import { EngineError } from "../provider/engine.ts";
import { fetchJson, type Upstream } from "./upstream.ts";

/** What is known of a server and the model that it serves. */
export interface UpstreamFacts {
  server: "llama-server" | "vllm" | "ollama" | "other";
  /** As the server calls it. */
  model: string;
  engine: Engine;
  /** As files of GGUF name it: `Q4_K_M`; null where the server doesn't tell. */
  quantisation: string | null;
  /** Null where the server doesn't tell. */
  contextTokens: number | null;
  /** What it can be asked for; null where it doesn't tell, and has to be tried. */
  tasks: readonly Task[] | null;
  /** How many requests it works on at once; null where it doesn't tell. */
  slots: number | null;
  /** What it surely can do; an operator knows more. */
  features: readonly Feature[];
}

const ModelList = v.object({
  data: v.array(
    v.object({
      id: v.string(),
      owned_by: v.nullish(v.string(), ""),
      /** vLLM's. */
      max_model_len: v.nullish(Count),
    }),
  ),
});

/** Of llama-server: what it says of itself. */
const Props = v.object({
  default_generation_settings: v.nullish(v.object({ n_ctx: v.nullish(Count) })),
  total_slots: v.nullish(Count),
  build_info: v.nullish(v.string(), ""),
  /** In newer builds. */
  model_ftype: v.nullish(v.string(), ""),
  modalities: v.nullish(
    v.object({ vision: v.nullish(v.boolean(), false), audio: v.nullish(v.boolean(), false) }),
  ),
  chat_template_caps: v.nullish(v.object({ supports_tools: v.nullish(v.boolean(), false) })),
});

/** Of Ollama: what it has of a model, and what it has loaded. */
const Shown = v.object({
  capabilities: v.nullish(v.array(v.string()), []),
  details: v.nullish(v.object({ quantization_level: v.nullish(v.string(), "") })),
});
const Loaded = v.object({
  models: v.array(v.object({ name: v.string(), context_length: v.nullish(Count) })),
});

const Rendered = v.object({ prompt: v.string() });
const Version = v.object({ version: v.string() });

/** How long is waited for what a server tells, in milliseconds. */
export interface FactsTimeouts {
  factsMs: number;
  /** Where it loads the model for that. */
  firstMs: number;
}

/**
 * Asks a server what it serves: which models at all, and of llama-server, vLLM and Ollama, which tell, how much they hold and
 * what they can do. Names and sizes of files are not told, nor what would tell their bytes from others': that stays unknown.
 *
 * @param wanted the model, as the server calls it; null where there is only one, or where it has the market's name
 * @param marketName what consumers call the model
 * @throws EngineError with a sentence: `busy` for a server that is still loading, `engine` for one that can't be reached
 *   or has no such model
 */
export async function upstreamFacts(
  upstream: Upstream,
  wanted: string | null,
  marketName: string,
  { factsMs, firstMs }: FactsTimeouts,
): Promise<UpstreamFacts> {
  const address = `${upstream.base}/models`;
  const list = v.safeParse(ModelList, await fetchJson(upstream, address, factsMs));
  if (!list.success) throw new EngineError("engine", `${address} lists no models as OpenAI's API does`);
  const { data } = list.output;
  const only = data.length === 1 ? data[0] : undefined;
  const model = data.find(({ id }) => id === (wanted ?? marketName)) ?? (wanted === null ? only : undefined);
  if (model === undefined) {
    const names = data.map(({ id }) => id).join(", ") || "none";
    throw new EngineError(
      "unsupported",
      `${address} has no model "${wanted ?? marketName}"; name one by --upstream-model: ${names}`,
    );
  }
  const ask: Ask = (path, body, timeoutMs = factsMs) =>
    fetchJson(upstream, `${upstream.root}${path}`, timeoutMs, body).catch(() => null);
  if (model.owned_by === "llamacpp") return llamaServer(model.id, ask);
  if (model.owned_by === "vllm") return vllm(model.id, model.max_model_len ?? null, ask);
  return (
    (await ollama(model.id, ask, firstMs)) ?? {
      server: "other",
      model: model.id,
      engine: { name: "openai-compatible", build: "" },
      quantisation: null,
      contextTokens: null,
      tasks: ["chat"],
      slots: null,
      features: [],
    }
  );
}

type Ask = (path: string, body?: unknown, timeoutMs?: number) => Promise<unknown>;

async function llamaServer(model: string, ask: Ask): Promise<UpstreamFacts> {
  const props = v.safeParse(Props, await ask("/props"));
  const {
    default_generation_settings,
    total_slots,
    build_info,
    model_ftype,
    modalities,
    chat_template_caps,
  } = props.success ? props.output : { build_info: "", model_ftype: "" };
  return {
    server: "llama-server",
    model,
    engine: { name: "llama-server", build: build_info.slice(0, 100) },
    quantisation: quantisationOf(model_ftype),
    contextTokens: default_generation_settings?.n_ctx || null,
    tasks: null,
    slots: total_slots || null,
    features: [
      "logprobs",
      "logit_bias",
      "json_object",
      "json_schema",
      ...(chat_template_caps?.supports_tools ? (["tools"] as const) : []),
      ...(modalities?.vision ? (["images"] as const) : []),
      ...(modalities?.audio ? (["audio"] as const) : []),
      ...((await goesOn(ask)) ? (["prefill"] as const) : []),
    ],
  };
}

/** Whether llama-server goes on with a last turn of the assistant's, rather than closing it: as its own prompt shows. */
async function goesOn(ask: Ask): Promise<boolean> {
  const beginning = "The beginning of an answer";
  const messages = [
    { role: "user", content: "A question" },
    { role: "assistant", content: beginning },
  ];
  const rendered = v.safeParse(Rendered, await ask("/apply-template", { messages }));
  return rendered.success && rendered.output.prompt.endsWith(beginning);
}

async function vllm(model: string, contextTokens: number | null, ask: Ask): Promise<UpstreamFacts> {
  const version = v.safeParse(Version, await ask("/version"));
  return {
    server: "vllm",
    model,
    engine: { name: "vllm", build: version.success ? version.output.version.slice(0, 100) : "" },
    quantisation: null,
    contextTokens,
    tasks: null,
    slots: null,
    // It calls tools only where it was started so, which it doesn't tell.
    features: ["logprobs", "logit_bias", "json_object", "json_schema", "prefill"],
  };
}

/**
 * What Ollama tells. The context is that of the model as it is loaded, which it has to be for that: what the model was trained
 * for is more than Ollama gives it, and longer prompts are cut without a word.
 *
 * @returns null for a server that is no Ollama: its list of models does not tell
 */
async function ollama(model: string, ask: Ask, loadMs: number): Promise<UpstreamFacts | null> {
  const version = v.safeParse(Version, await ask("/api/version"));
  if (!version.success) return null;
  const shown = v.safeParse(Shown, await ask("/api/show", { model }));
  if (!shown.success) return null;
  const { capabilities, details } = shown.output;
  const embeds = capabilities.includes("embedding");
  // Who tells of no ability is from before there were others.
  const chats = !embeds || capabilities.includes("completion");
  if (chats) await ask("/api/generate", { model, stream: false }, loadMs);
  else await ask("/api/embed", { model, input: "a" }, loadMs);
  const loaded = v.safeParse(Loaded, await ask("/api/ps"));
  const running = loaded.success ? loaded.output.models.find(({ name }) => name === model) : undefined;
  return {
    server: "ollama",
    model,
    engine: { name: "ollama", build: version.output.version.slice(0, 100) },
    quantisation: quantisationOf(details?.quantization_level ?? ""),
    contextTokens: running?.context_length || null,
    // It puts the text of a completion into its template, as if it were a turn: that is no going on with a text.
    tasks: [...(chats ? (["chat"] as const) : []), ...(embeds ? (["embedding"] as const) : [])],
    slots: null,
    features: [
      "json_object",
      "json_schema",
      ...(capabilities.includes("tools") ? (["tools"] as const) : []),
      ...(capabilities.includes("vision") ? (["images"] as const) : []),
    ],
  };
}

/**
 * The name of a file's type, from llama.cpp's description of it: `Q4_K_M` of `Q4_K - Medium`, `IQ4_XS` of `IQ4_XS - 4.25 bpw`.
 *
 * @returns null for what llama.cpp guessed, and for what is no such description
 */
export function quantisationOf(described: string): string | null {
  const parsed =
    /^(?:all |mostly )?((?:BF|F|Q|IQ|TQ|MXFP|NVFP)\d+(?:_[A-Z0-9]+)*)(?: - (Small|Medium|Large)| (MoE))?(?: - [\d.]+ bpw.*)?$/.exec(
      described.trim(),
    );
  if (parsed === null) return null;
  const [, name = "", size, mixture] = parsed;
  if (mixture !== undefined) return `${name}_MOE`;
  // The one that has no letter for its size.
  return size === undefined || described === "Q2_K - Medium" ? name : `${name}_${size.slice(0, 1)}`;
}
