import type { Feature } from "../../protocol/feature.ts";
import { EngineFault } from "./engine-fault.ts";
import { type Device, lookAtDevice } from "./page/device.ts";
import type { OpenTabEngine, TabEngine, TabEngineOptions } from "./tab-engine.ts";
import { loadFault } from "./web-llm-faults.ts";
import { type LoadReport, newWebLlm, type WebLlm, webLlmVersion } from "./web-llm-package.ts";
import { askedFor } from "./web-llm-request.ts";
import { recordOf, weightsCaches, withCaches } from "./web-llm-weights.ts";
import { draw, webLlmWriter } from "./web-llm-writer.ts";
import { loadWeights } from "./weights.ts";

/** Where web-llm, the weights and what is known of the device come from. */
export interface WebLlmPorts {
  create: typeof newWebLlm;
  version(): string;
  weights: typeof loadWeights;
  device(): Promise<Device>;
}

const ports: WebLlmPorts = {
  create: newWebLlm,
  version: webLlmVersion,
  weights: loadWeights,
  device: lookAtDevice,
};

/**
 * What no engine of this interface has, and this one has not either, is not here: `prefill`, since its last turn must be the
 * user's; `token_ids`, which it does not tell; and `tools`: it forces a call on the five models that may call any, and can't read one back.
 */
const FEATURES: readonly Feature[] = ["logprobs", "logit_bias", "json_object", "json_schema"];

/** An answer's speed is told from so many tokens, or from those of so many milliseconds. */
const MEASURED_TOKENS = 32;
const MEASURED_MS = 3_000;

/** A model that MLC compiled, by web-llm on a graphics device. Opened in a dedicated Worker. */
export const openWebLlm: OpenTabEngine = (options) => openWebLlmWith(ports, options);

/** The same with whatever the ports give. */
export async function openWebLlmWith(
  { create, version, weights: load, device: look }: WebLlmPorts,
  options: TabEngineOptions,
): Promise<TabEngine> {
  const { model, contextTokens, signal, onProgress } = options;
  const report = reporter(model.files, onProgress);
  const webLlm = create(recordOf(model, contextTokens), report);
  try {
    // Before gigabytes come for nothing.
    const vendor = await webLlm.getGPUVendor();
    const { gpu } = await look();
    refuseUnfit(model.features, gpu);
    const weights = await load(options);
    onProgress({ phase: "start", doneBytes: 0, totalBytes: 0 });
    await withCaches(weightsCaches(model, weights.files, signal), () => webLlm.reload(model.name));
    signal.throwIfAborted();
    // It says nothing of it where it gave up by itself.
    await webLlm.getMessage();
    const tokensPerSecond = await measureSpeed(webLlm, signal);
    signal.throwIfAborted();
    return {
      device: "gpu",
      gpu: gpu?.name || vendor || null,
      facts: {
        artifact: { ...weights.artifact, quantisation: model.quantisation },
        engine: { name: "web-llm", build: `${version()}, webgpu` },
        tasks: ["chat"],
        contextTokens,
        slots: 1,
        features: FEATURES,
        tokensPerSecond,
      },
      prepare: webLlmWriter(webLlm),
      close: () => webLlm.unload(),
    };
  } catch (error) {
    await webLlm.unload().catch(() => undefined);
    signal.throwIfAborted();
    throw loadFault(error);
  }
}

function refuseUnfit(features: TabEngineOptions["model"]["features"], gpu: Device["gpu"]): void {
  // web-llm takes this one too, and is then busy for hours.
  if (gpu?.isFallback) throw new EngineFault("no_webgpu", `${gpu.name} is a processor that plays a GPU`);
  if (gpu && features.includes("shader-f16") && !gpu.hasF16)
    throw new EngineFault("no_shader_f16", `${gpu.name} has no shader-f16`);
}

/** How much of the weights is on the device; how long the shaders take, nobody knows. */
function reporter(
  files: readonly { bytes: number }[],
  onProgress: TabEngineOptions["onProgress"],
): (report: LoadReport) => void {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return ({ progress, text }) => {
    const isOfWeights = /from cache|params?\b/i.test(text) && Number.isFinite(progress);
    onProgress(
      isOfWeights
        ? { phase: "start", doneBytes: Math.min(totalBytes, Math.floor(progress * totalBytes)), totalBytes }
        : { phase: "start", doneBytes: 0, totalBytes: 0 },
    );
  };
}

/** Of an answer alone, as web-llm itself measures it; null where it was too short for that. */
async function measureSpeed(webLlm: WebLlm, signal: AbortSignal): Promise<number | null> {
  const asked = askedFor({
    type: "chat",
    messages: [{ role: "user", content: "Count from 1 to 100, in words." }],
    continuation: null,
    sampling: { temperature: 0, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: {}, seed: 1 },
    stop: [],
    maxTokens: MEASURED_TOKENS,
    logprobs: null,
    tokenIds: false,
    tools: [],
    toolChoice: "none",
    parallelToolCalls: true,
    responseFormat: { type: "text" },
  });
  const began = performance.now();
  let speed: number | null = null;
  await draw(
    webLlm,
    asked,
    async ({ usage }) => {
      speed = usage?.extra?.decode_tokens_per_s ?? speed;
      return performance.now() - began > MEASURED_MS;
    },
    signal,
  );
  return speed !== null && speed > 0 ? speed : null;
}
