import {
  integrityOf,
  libraryOf,
  type TabModel,
  tokenizerOf,
  WEB_LLM_CONFIG,
} from "../../protocol/tab-model.ts";
import { EngineFault } from "./engine-fault.ts";
import type { ModelRecord } from "./web-llm-package.ts";

/**
 * How web-llm gets its files. It would fetch them by itself, into caches of its own, and look at the sums of its configuration,
 * its library and its tokenizer only. So it is given addresses that lead nowhere (RFC 2606, section 2: `.invalid`), and, while it
 * loads, caches that have the files under these addresses and nothing else:
 *
 *     weights.ts: every file, shards too, has its SHA-256 --> weightsCaches --match--> web-llm --its own look at three of them-->
 *
 * Nothing lies on the disk twice, and nothing that has no sum can come in.
 */
const BASE = "https://weights.invalid/resolve/main/";

/** By a name of its own: web-llm goes round its caches for libraries whose address has certain words in it. */
const LIBRARY = "library.wasm";

/** The model in web-llm's words. */
export function recordOf(model: TabModel, contextTokens: number): ModelRecord {
  const { name, files, features, memoryBytes } = model;
  const config = files.find(({ path }) => path === WEB_LLM_CONFIG);
  const library = libraryOf(files);
  const tokenizer = tokenizerOf(files);
  if (config === undefined || library === undefined || tokenizer === undefined)
    throw new EngineFault("unknown_model", "web-llm needs a configuration, a library and a tokenizer");
  return {
    model: BASE,
    model_id: name,
    model_lib: BASE + LIBRARY,
    overrides: { context_window_size: contextTokens },
    vram_required_MB: Math.ceil(memoryBytes / 1024 ** 2),
    required_features: [...features],
    integrity: {
      config: integrityOf(config.sha256),
      model_lib: integrityOf(library.sha256),
      tokenizer: { [tokenizer.path]: integrityOf(tokenizer.sha256) },
    },
  };
}

/** https://www.w3.org/TR/service-workers/#cache-interface, as much of it as web-llm uses. */
interface WeightsCache {
  match(request: Request): Promise<Response | undefined>;
  /** Where nothing matches, web-llm has the network asked. */
  add(request: Request): Promise<void>;
  keys(): Promise<Request[]>;
}

export interface WeightsCaches {
  open(name: string): Promise<WeightsCache>;
}

/**
 * @param files those of the model, in its order
 * @param signal gives up loading before the next file, which web-llm itself does while it downloads only
 */
export function weightsCaches(
  model: Pick<TabModel, "files">,
  files: readonly Blob[],
  signal: AbortSignal,
): WeightsCaches {
  const byUrl = new Map<string, Blob>();
  for (const [index, { path }] of model.files.entries()) {
    const file = files[index];
    if (file) byUrl.set(BASE + (path === libraryOf(model.files)?.path ? LIBRARY : path), file);
  }
  const cache: WeightsCache = {
    async match({ url }) {
      signal.throwIfAborted();
      const file = byUrl.get(url);
      return file && new Response(file);
    },
    async add({ url }) {
      const path = url.startsWith(BASE) ? url.slice(BASE.length) : url;
      throw new EngineFault("unknown_model", `web-llm asks for ${path}, which is none of the model's files`);
    },
    keys: async () => [...byUrl.keys()].map((url) => new Request(url)),
  };
  return { open: async () => cache };
}

/** Has everybody in this Worker see other caches while something is done. Nobody but web-llm uses caches here. */
export async function withCaches<Result>(
  caches: WeightsCaches,
  work: () => Promise<Result>,
): Promise<Result> {
  Object.defineProperty(globalThis, "caches", { value: caches, configurable: true });
  try {
    return await work();
  } finally {
    // What is seen again is the browser's own, which belongs to what the global object is made of.
    Reflect.deleteProperty(globalThis, "caches");
  }
}
