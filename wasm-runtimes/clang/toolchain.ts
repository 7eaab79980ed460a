import { Exit, runLLVM } from "@yowasp/clang";
import type { WorkerResources } from "../box/messages.ts";
import { joined } from "../bytes.ts";
import type { RunTool, Toolchain } from "./driver.ts";
import { CORES, HEADER_FILE, NOWHERE, OBJECT_FILES, SUPPORT_FILE } from "./files.ts";

/** Boots LLVM from what the page sent. */
export async function openToolchain(resources: WorkerResources): Promise<Toolchain> {
  await withResources(resources, async () => {
    await runLLVM(["clang", "--version"], {}, { stdout: ignore, stderr: ignore, fetchProgress: ignore });
  });
  const names = SUPPORT_FILE in resources ? [...OBJECT_FILES, SUPPORT_FILE] : OBJECT_FILES;
  const objects = names.map(async (name) => [name, await bytesOf(resources, name)] as const);
  return {
    run,
    objects: Object.fromEntries(await Promise.all(objects)),
    header: HEADER_FILE in resources ? await bytesOf(resources, HEADER_FILE) : null,
  };
}

const ignore = (): void => {};

export const run: RunTool = async (command, files, hear) => {
  const decoder = new TextDecoder();
  const parts: Uint8Array[] = [];
  const options = {
    stdout: (bytes: Uint8Array | null) => void (bytes && parts.push(bytes.slice())),
    stderr: (bytes: Uint8Array | null) => {
      if (bytes !== null) hear(decoder.decode(bytes, { stream: true }));
    },
    decodeASCII: false,
    fetchProgress: ignore,
  };
  try {
    const left = await runLLVM([...command], files, options);
    return { output: joined(parts), files: left ?? {} };
  } catch (error) {
    if (error instanceof Exit) return null;
    throw error;
  }
};

function blobOf(resources: WorkerResources, name: string): Blob {
  const resource = resources[name];
  if (resource instanceof Blob) return resource;
  throw new Error(`The worker was not given ${name}.`);
}

const bytesOf = async (resources: WorkerResources, name: string): Promise<Uint8Array> =>
  new Uint8Array(await blobOf(resources, name).arrayBuffer());

const MODULE = "x-module";

/** Answers what the package asks for while `load` runs: it fetches its files by address, and compiles those it has fetched. */
async function withResources(resources: WorkerResources, load: () => Promise<void>): Promise<void> {
  const { fetch } = globalThis;
  const { compileStreaming } = WebAssembly;
  globalThis.fetch = async (asked) => {
    const name = String(asked instanceof Request ? asked.url : asked).replace(NOWHERE, "");
    // Only headers come through to where it is compiled, and the body must not be empty.
    if (CORES.includes(name)) return new Response("-", { headers: { [MODULE]: name } });
    return new Response(blobOf(resources, name));
  };
  WebAssembly.compileStreaming = async (source) => {
    const module = resources[(await source).headers.get(MODULE) ?? ""];
    if (module instanceof WebAssembly.Module) return module;
    throw new Error("The worker was not given a part of the compiler.");
  };
  try {
    await load();
  } finally {
    globalThis.fetch = fetch;
    WebAssembly.compileStreaming = compileStreaming;
  }
}
