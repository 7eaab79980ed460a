import type { TabModel } from "../../protocol/tab-model.ts";
import { EngineFault } from "../provide/engine-fault.ts";
import { type Device, lookAtDevice } from "../provide/page/device.ts";
import type { LoadProgress } from "../provide/tab-messages.ts";
import { openWebLlmWith } from "../provide/web-llm-engine.ts";
import { newWebLlm, webLlmVersion } from "../provide/web-llm-package.ts";
import { loadWeights } from "../provide/weights.ts";

/** The dedicated Worker of the tests of web-llm: opens a model, and tells how far that went. */
export interface Wish {
  model: TabModel;
  /** What is taken for the graphics device; null for what is there. */
  gpu: Device["gpu"];
}

export interface Outcome {
  version: string;
  found: Device["gpu"];
  progress: LoadProgress["phase"][];
  code: string;
  message: string;
}

self.addEventListener("message", ({ data: { model, gpu } }: MessageEvent<Wish>) => {
  void open(model, gpu).then((outcome) => self.postMessage(outcome));
});

async function open(model: TabModel, gpu: Device["gpu"]): Promise<Outcome> {
  const found = await lookAtDevice();
  const progress = new Set<LoadProgress["phase"]>();
  const told = (code: string, message: string): Outcome => ({
    version: webLlmVersion(),
    found: found.gpu,
    progress: [...progress],
    code,
    message,
  });
  try {
    await openWebLlmWith(
      {
        create: newWebLlm,
        version: webLlmVersion,
        weights: loadWeights,
        device: async () => ({ ...found, gpu: gpu ?? found.gpu }),
      },
      {
        model,
        weights: { from: "network" },
        contextTokens: 512,
        onProgress: ({ phase }) => void progress.add(phase),
        signal: new AbortController().signal,
      },
    );
    return told("opened", "");
  } catch (error) {
    if (error instanceof EngineFault) return told(error.code, error.message);
    return told("other", String(error));
  }
}
