import { loadPyodide, type PyodideInterface } from "pyodide";
import { info } from "pyodide/pyodide-lock.json";
import type { WorkerResources } from "../box/messages.ts";
import runner from "./runner.py?raw";

/** Nothing is ever loaded from it: what pyodide asks for is answered from the resources that the page sent. */
const NOWHERE = "https://runtime.invalid/";

function blobOf(resources: WorkerResources, name: string): Blob {
  const resource = resources[name];
  if (resource instanceof Blob) return resource;
  throw new Error(`The worker was not given ${name}.`);
}

function moduleOf(resources: WorkerResources, name: string): WebAssembly.Module {
  const resource = resources[name];
  if (resource instanceof WebAssembly.Module) return resource;
  throw new Error(`The worker was not given ${name}.`);
}

/** The factory that pyodide.asm.mjs exports. */
async function importFactory(resources: WorkerResources): Promise<unknown> {
  const blob = blobOf(resources, "pyodide.asm.mjs");
  const url = URL.createObjectURL(blob.slice(0, blob.size, "text/javascript"));
  try {
    const exported: { default: unknown } = await import(/* @vite-ignore */ url);
    return exported.default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Answers pyodide's two requests from the resources while `load` runs; everything else it could ask for is an error. */
async function withResources<Result>(
  resources: WorkerResources,
  load: () => Promise<Result>,
): Promise<{ loaded: Result; memory: WebAssembly.Memory }> {
  let memory: unknown;
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = async (asked) => {
    const name = String(asked instanceof Request ? asked.url : asked).replace(NOWHERE, "");
    return new Response(name === "pyodide.asm.wasm" ? "" : blobOf(resources, name));
  };
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    const module = moduleOf(resources, "pyodide.asm.wasm");
    const instance = await WebAssembly.instantiate(module, imports);
    memory = instance.exports["memory"];
    return { module, instance };
  };
  try {
    const loaded = await load();
    if (!(memory instanceof WebAssembly.Memory)) throw new Error("This Pyodide hides its memory.");
    return { loaded, memory };
  } finally {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/** `_makeSnapshot` and `_loadSnapshot` are not part of pyodide's promises; a test fails when they cease to work. */
interface SnapshotOptions {
  _makeSnapshot?: boolean;
  _loadSnapshot?: ArrayBuffer;
}

async function boot(
  resources: WorkerResources,
  snapshot: SnapshotOptions,
): Promise<{ pyodide: PyodideInterface; memory: WebAssembly.Memory }> {
  const createPyodideModule = await importFactory(resources);
  const options = {
    indexURL: NOWHERE,
    packageBaseUrl: NOWHERE,
    lockFileContents: JSON.stringify({ info, packages: {} }),
    createPyodideModule,
    ...snapshot,
  };
  const { loaded, memory } = await withResources(resources, () =>
    loadPyodide(options as Parameters<typeof loadPyodide>[0]),
  );
  return { pyodide: loaded, memory };
}

const loadRunner = `
import sys, types
_runner = types.ModuleType("_runner")
exec(compile(${JSON.stringify(runner)}, "_runner.py", "exec"), _runner.__dict__)
sys.modules["_runner"] = _runner
del _runner, sys, types
`;

/**
 * What programs of contests import, already imported in the snapshot.
 */
const usualModules =
  "array, bisect, collections, copy, dataclasses, decimal, fractions, functools, heapq, io, itertools, math, operator, os, re, string, sys, time, typing";

/**
 * Boots Python once and returns its memory, from which other workers start about five times as fast.
 * The interpreter that made it is of no further use: its `js` module no longer works.
 */
export async function makeSnapshot(resources: WorkerResources): Promise<Blob> {
  const { pyodide } = await boot(resources, { _makeSnapshot: true });
  if (!("makeMemorySnapshot" in pyodide) || typeof pyodide.makeMemorySnapshot !== "function") {
    throw new Error("This Pyodide makes no snapshots.");
  }
  pyodide.runPython(loadRunner);
  pyodide.runPython(`import ${usualModules}`);
  const memory: unknown = pyodide.makeMemorySnapshot();
  if (!(memory instanceof Uint8Array)) throw new Error("This Pyodide's snapshot is not made of bytes.");
  return new Blob([memory.slice()]);
}

/** The functions of runner.py as JavaScript sees them; `files` is Python's list of pairs of name and text. */
export interface Runner {
  wake(): void;
  check(files: unknown): string | undefined;
  /** Undefined: the program died of a MemoryError. */
  run: ((files: unknown) => number | undefined) & {
    callPromising(files: unknown): Promise<number | undefined>;
  };
}

/** A Python that has booted. */
export async function bootPython(
  resources: WorkerResources,
): Promise<{ pyodide: PyodideInterface; runner: Runner; memory: WebAssembly.Memory }> {
  const { snapshot } = resources;
  const { pyodide, memory } = await boot(
    resources,
    snapshot instanceof Blob ? { _loadSnapshot: await snapshot.arrayBuffer() } : {},
  );
  if (!(snapshot instanceof Blob)) pyodide.runPython(loadRunner);
  return { pyodide, runner: pyodide.pyimport("_runner"), memory };
}
