import * as v from "valibot";
import { ModelName } from "./offer.ts";
import { Count, Sha256 } from "./text.ts";

/**
 * What provider tabs can serve: models that an administrator put on the list, each with all its files by their SHA-256. The bytes
 * lie with this site (worker/weights.ts) or at hosts that the operator allows, and are checked by whoever loads them, wherever
 * they came from.
 */

/** What runs a model in a tab: llama.cpp in WebAssembly, for GGUF; or MLC's compiled models, on a GPU by WebGPU. */
export const TabEngine = v.picklist(["wllama", "web-llm"]);
export type TabEngine = v.InferOutput<typeof TabEngine>;

/** What a GPU must be able to do, as WebGPU names it. */
export const GpuFeature = v.picklist(["shader-f16"]);
export type GpuFeature = v.InferOutput<typeof GpuFeature>;

export const MAX_TAB_FILES = 512;
export const MAX_TAB_MODELS = 100;
/** Of one file, in bytes. */
export const MAX_WEIGHTS_BYTES = 64 * 1024 ** 3;

/** Where this site has the bytes of this hash. */
export const weightsPath = (sha256: string): string => `/weights/${sha256}`;

/** A file's name as the engine asks for it: `params_shard_0.bin`. */
export const FileName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/,
    "must be a file's name: letters, digits, dots, hyphens, underscores",
  ),
);

export const WeightsBytes = v.pipe(
  Count,
  v.minValue(1, "at least one byte"),
  v.maxValue(MAX_WEIGHTS_BYTES, `at most ${MAX_WEIGHTS_BYTES} bytes`),
);

/** Shorter than any that a server refuses. */
const MAX_URL = 2_000;

const FileUrl = v.pipe(
  v.string(),
  v.maxLength(MAX_URL, `at most ${MAX_URL} characters`),
  v.check(
    (url) => isOwn(url) || hostOfWeights(url) !== null,
    "must be /weights/ and a SHA-256, or an https:// address of a file",
  ),
);

const isOwn = (url: string): boolean => /^\/weights\/[0-9a-f]{64}$/.test(url);

/**
 * A host as `MODEL_HOSTS` and addresses have it, in the one way in which browsers write it: lower-case, and with a port where that
 * is not 443.
 */
export const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)*(:[1-9]\d{0,4})?$/;

const ADDRESS = /^https:\/\/([^/?#@\\\s]+)\/[^#\\\s]*$/;

/** The host that a file's address leads to; null for this site's own, and for what is no address of a file. */
export function hostOfWeights(url: string): string | null {
  const host = ADDRESS.exec(url)?.[1];
  return host !== undefined && HOST.test(host) ? host : null;
}

export const TabModelFile = v.pipe(
  v.strictObject({ path: FileName, sha256: Sha256, bytes: WeightsBytes, url: FileUrl }),
  v.check(
    ({ url, sha256 }) => !isOwn(url) || url === weightsPath(sha256),
    "its url is that of other bytes than its sha256",
  ),
);
export type TabModelFile = v.InferOutput<typeof TabModelFile>;

/** What web-llm asks for under fixed names, besides a library `*.wasm` and the shards `*.bin`. */
export const WEB_LLM_CONFIG = "mlc-chat-config.json";
export const WEB_LLM_TENSORS = "tensor-cache.json";
export const WEB_LLM_TOKENIZERS: readonly string[] = ["tokenizer.json", "tokenizer.model"];

type Paths = readonly { path: string }[];

export const tokenizerOf = <File extends { path: string }>(files: readonly File[]): File | undefined =>
  WEB_LLM_TOKENIZERS.map((name) => files.find(({ path }) => path === name)).find((file) => file);

export const libraryOf = <File extends { path: string }>(files: readonly File[]): File | undefined =>
  files.find(({ path }) => path.endsWith(".wasm"));

const SPLIT = /-(\d{5})-of-(\d{5})\.gguf$/;

/** Why an engine couldn't load these files, as a sentence; null where it can. */
export function missingFile(engine: TabEngine, files: Paths): string | null {
  switch (engine) {
    case "wllama":
      return missingGguf(files);
    case "web-llm":
      return missingOfWebLlm(files);
    default:
      return engine satisfies never;
  }
}

/** One GGUF, or all the parts of one in their order, as `llama-gguf-split` names them. */
function missingGguf(files: Paths): string | null {
  const other = files.find(({ path }) => !path.endsWith(".gguf"));
  if (other) return `wllama reads nothing but .gguf, and not ${other.path}`;
  if (files.length === 1 && !SPLIT.test(files[0]?.path ?? "")) return null;
  const parts = files.map(({ path }) => SPLIT.exec(path));
  const whole = parts.every((part, at) => Number(part?.[1]) === at + 1 && Number(part?.[2]) === files.length);
  return whole
    ? null
    : "must be one .gguf, or all its parts in order, named NAME-00001-of-00003.gguf and so on";
}

function missingOfWebLlm(files: Paths): string | null {
  for (const name of [WEB_LLM_CONFIG, WEB_LLM_TENSORS])
    if (!files.some(({ path }) => path === name)) return `web-llm needs ${name}`;
  if (!tokenizerOf(files)) return `web-llm needs ${WEB_LLM_TOKENIZERS.join(" or ")}`;
  if (files.filter(({ path }) => path.endsWith(".wasm")).length !== 1)
    return "web-llm needs one library, a file that ends in .wasm";
  if (!files.some(({ path }) => path.endsWith(".bin")))
    return "web-llm needs the weights, files that end in .bin";
  return null;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The hash as browsers and web-llm write it: `sha256-` and base64 (W3C Subresource Integrity, section 3.1). */
export function integrityOf(sha256: string): string {
  // Six hexadecimal digits are four of base64; the last two bytes of the 32 are filled up with zeros.
  const groups = `${sha256}00`.match(/.{6}/g) ?? [];
  const digits = groups.flatMap((group) =>
    [18, 12, 6, 0].map((shift) => BASE64[(Number.parseInt(group, 16) >> shift) & 63]),
  );
  return `sha256-${digits.slice(0, -1).join("")}=`;
}

export const TabModel = v.pipe(
  v.strictObject({
    name: ModelName,
    engine: TabEngine,
    /** As its format names it: `Q4_K_M`, `q4f16_1`; null where nobody says. */
    quantisation: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(40))),
    /** Prompt and answer together, in tokens: as many as it is loaded for. */
    contextTokens: v.pipe(Count, v.minValue(1), v.maxValue(100_000_000)),
    /** What it takes in memory while it is loaded, of the GPU where that runs it, in bytes. */
    memoryBytes: v.pipe(Count, v.minValue(1)),
    features: v.array(GpuFeature),
    /** In the order in which they are loaded. */
    files: v.pipe(
      v.array(TabModelFile),
      v.minLength(1, "at least one file"),
      v.maxLength(MAX_TAB_FILES, `at most ${MAX_TAB_FILES} files`),
      v.check(
        (files) => new Set(files.map(({ path }) => path)).size === files.length,
        "two files have the same path",
      ),
    ),
  }),
  v.forward(
    v.check(
      ({ engine, files }) => missingFile(engine, files) === null,
      ({ input: { engine, files } }) => missingFile(engine, files) ?? "",
    ),
    ["files"],
  ),
);
export type TabModel = v.InferOutput<typeof TabModel>;

/** GET /api/tab-models: those that tabs may serve, in the order of the list. */
export const TabModelList = v.strictObject({ models: v.array(TabModel) });
export type TabModelList = v.InferOutput<typeof TabModelList>;

/** PUT /api/tab-models/:name: all that administrators say of it, in place of what they said before. */
export const SetTabModel = v.strictObject({
  model: TabModel,
  /** Whether tabs may serve it. */
  enabled: v.boolean(),
  /** Its place in the list, the lowest first; as before, or last, where it is left out. */
  position: v.exactOptional(Count),
});
export type SetTabModel = v.InferOutput<typeof SetTabModel>;

/** GET /api/organise/tab-models: all of them, for administrators. */
export const TabModelShelf = v.strictObject({
  models: v.array(
    v.strictObject({
      model: TabModel,
      enabled: v.boolean(),
      position: Count,
      /** Hosts of its files that the operator no longer allows: tabs are not told of it meanwhile. */
      forbiddenHosts: v.array(v.string()),
    }),
  ),
});
export type TabModelShelf = v.InferOutput<typeof TabModelShelf>;
