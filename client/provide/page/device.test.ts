import { describe, expect, it } from "vitest";
import { fitOf, type Device } from "./device.ts";

type Needs = Parameters<typeof fitOf>[0];

const GIBIBYTE = 1024 ** 3;
const plain: Device = { gpu: null, cores: 4, memory: 4, threads: true };
const card = { name: "some card", isFallback: false, hasF16: false, bufferBytes: GIBIBYTE };
const onCpu: Needs = { engine: "wllama", features: [], memoryBytes: GIBIBYTE };
const onGpu: Needs = { engine: "web-llm", features: ["shader-f16"], memoryBytes: GIBIBYTE };

describe("whether a model fits", () => {
  it("depends on memory alone where a processor runs it", () => {
    expect(fitOf(onCpu, plain)).toBe("fits");
    expect(fitOf({ ...onCpu, memoryBytes: 3 * GIBIBYTE }, plain)).toBe("tight");
    expect(fitOf({ ...onCpu, memoryBytes: 3 * GIBIBYTE }, { ...plain, memory: 2 })).toBe("large");
    expect(fitOf({ ...onCpu, memoryBytes: 5 * GIBIBYTE }, { ...plain, memory: 8 })).toBe("large");
    expect(fitOf(onCpu, { ...plain, memory: null })).toBe("fits");
  });

  it("is not so without the graphics device that it needs, nor where a processor plays one", () => {
    expect(fitOf(onGpu, plain)).toBe("no_gpu");
    expect(fitOf(onGpu, { ...plain, gpu: { ...card, isFallback: true } })).toBe("no_gpu");
    expect(fitOf(onGpu, { ...plain, gpu: card })).toBe("no_f16");
    expect(fitOf(onGpu, { ...plain, gpu: { ...card, hasF16: true } })).toBe("fits");
  });
});
