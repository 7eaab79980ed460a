import type { TabModel } from "../../../protocol/tab-model.ts";

/** What can be known of this device before anything is loaded. */
export interface Device {
  gpu: Gpu | null;
  /** Of the processor, as the browser tells: some tell fewer than there are. */
  cores: number;
  /** Gigabytes, rounded by the browser; null where it tells nothing. */
  memory: number | null;
  /** Whether engines may use several cores at once. */
  threads: boolean;
}

export interface Gpu {
  /** As the browser describes it; "" where it does not. */
  name: string;
  /** Whether it is only a processor that plays one. */
  isFallback: boolean;
  hasF16: boolean;
  /** The largest piece of its memory that a program may have, in bytes. */
  bufferBytes: number;
}

/** Some browsers never answer. */
const PATIENCE_MS = 5_000;

export async function lookAtDevice(): Promise<Device> {
  return {
    gpu: await lookAtGpu().catch(() => null),
    cores: navigator.hardwareConcurrency,
    memory: deviceMemory(),
    threads: globalThis.crossOriginIsolated,
  };
}

/** https://www.w3.org/TR/device-memory/, which not every browser has, and the compiler's list does not. */
function deviceMemory(): number | null {
  const told: unknown = Reflect.get(navigator, "deviceMemory");
  return typeof told === "number" ? told : null;
}

async function lookAtGpu(): Promise<Gpu | null> {
  // That WebGPU is there says nothing of whether it has an adapter.
  if (!("gpu" in navigator)) return null;
  const never = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  const adapter = await Promise.race([navigator.gpu.requestAdapter(), never]);
  if (adapter === null) return null;
  const { info, features, limits } = adapter;
  return {
    name: info.description || [info.vendor, info.architecture].filter(Boolean).join(" "),
    isFallback: info.isFallbackAdapter || info.architecture === "swiftshader",
    hasF16: features.has("shader-f16"),
    bufferBytes: limits.maxBufferSize,
  };
}

/**
 * Whether a model can be served here.
 *
 * - `fits`      yes, as far as can be known
 * - `tight`     it takes more than half of the memory that the device has
 * - `large`     it takes more than there is, or than WebAssembly may have
 * - `no_gpu`    its engine needs WebGPU
 * - `no_f16`    its engine needs numbers of 16 bits on the GPU
 */
export type Fit = "fits" | "tight" | "large" | "no_gpu" | "no_f16";

const GIBIBYTE = 1024 ** 3;

/** What WebAssembly with addresses of 32 bits can have. */
const WASM_BYTES = 4 * GIBIBYTE;

export function fitOf(
  { engine, features, memoryBytes }: Pick<TabModel, "engine" | "features" | "memoryBytes">,
  { gpu, memory }: Device,
): Fit {
  if (engine === "web-llm") {
    if (gpu === null || gpu.isFallback) return "no_gpu";
    if (features.includes("shader-f16") && !gpu.hasF16) return "no_f16";
  } else if (memoryBytes > WASM_BYTES) return "large";
  // Browsers tell no more than some gigabytes, however many there are.
  if (memory === null) return "fits";
  const most = memory * GIBIBYTE;
  if (memoryBytes > most && memory < 8) return "large";
  return memoryBytes > most / 2 ? "tight" : "fits";
}

export const canServe = (fit: Fit): boolean => fit === "fits" || fit === "tight";
