import type { Feature } from "../protocol/feature.ts";
import type { Task } from "../protocol/task.ts";
import { ggufArtifact } from "./artifact.ts";
import { EngineError, type LanguageEngine, notOffered, writes } from "../provider/engine.ts";
import { llamaEmbedder } from "./llama-embedder.ts";
import { type Llama, type LlamaModel, type LlamaPackage, loadLlama } from "./llama-package.ts";
import { chosenTasks, tasksOf } from "./llama-tasks.ts";
import { llamaWriter } from "./llama-writer.ts";

export interface LlamaSettings {
  /** The file of the model, in GGUF. */
  path: string;
  /** What the file must have; null for whatever it has. */
  sha256: string | null;
  /** What it is to be asked for; null for all that the model can do. */
  tasks: readonly Task[] | null;
  /** How many answers are written at once. */
  slots: number;
  /** Prompt and answer together, no more than the model was trained for; null for that, or less where memory is short. */
  contextTokens: number | null;
  /** Null for as many as make sense. On a busy machine one is far faster than two, which wait for one another. */
  threads: number | null;
  /** Whether a graphics card may be used, if there is one and a build for it. */
  gpu: boolean;
}

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
    const tasks = chosenTasks(tasksOf(model), settings.tasks);
    const writer = writes({ tasks }) ? await llamaWriter(llamaPackage, model, tasks, settings) : null;
    const embedder = llamaEmbedder(model, writer === null ? settings.contextTokens : null);
    // Whether there is memory for it must be known before it is offered. A model that writes has taken its own.
    if (writer === null) await embedder.open();
    return {
      facts: {
        artifact: { ...artifact, quantisation: quantisationOf(llamaPackage, model) },
        engine: { name: "node-llama-cpp", build: await buildOf(llamaPackage, llama, model) },
        tasks,
        contextTokens: (writer ?? embedder).contextTokens,
        slots: settings.slots,
        features: writer === null ? [] : featuresOf(llama),
        tokensPerSecond: writer?.tokensPerSecond ?? null,
      },
      async prepare(request) {
        if (tasks.includes(request.type)) {
          if (request.type === "embedding") return embedder.prepare(request);
          if (writer !== null) return writer.prepare(request);
        }
        throw new EngineError("unsupported", notOffered(request.type));
      },
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
