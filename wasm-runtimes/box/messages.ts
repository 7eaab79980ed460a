import * as v from "valibot";

/**
 * Who talks to whom:
 *
 *     page  <- MessagePort ->  box (supervisor.ts)  <- postMessage ->  workers
 *
 * The page trusts nothing that comes from the box, and the box nothing that comes from a worker: a worker runs code that people
 * wrote, so whatever it says is data under its own number and can at worst end its own run early.
 */

/** The first words, by window.postMessage; everything else goes through the port that `init` carries. */
export interface Init {
  type: "init";
}
export const Hello = v.object({ type: v.literal("hello") });

/** Page to box. */
export type BoxCommand =
  /**
   * Keep a resource; "module" compiles it once, for all workers. Answered by `stored` or `refused`. Bytes go as blobs, which hand over
   * a reference: copies of 30 MB for each worker would block the box while a program waits for its turn.
   */
  | { type: "store"; name: string; blob: Blob; as: "blob" | "module" }
  /**
   * Start a worker from a stored script and hand it stored resources. `product` lets this worker store one resource of its own
   * making under that name; no such worker may ever get code of people.
   */
  | { type: "spawn"; worker: number; script: string; uses: readonly string[]; product: string | null }
  /** `allowance`: how many bytes of output the worker may send from now on; beyond, it is ended. */
  | { type: "send"; worker: number; order: WorkerOrder; allowance: number }
  | { type: "kill"; worker: number }
  | { type: "ping" };

/** Box to page. */
export const BoxMessage = v.variant("type", [
  /** With what a worker has made, where it was made here: the page may keep it for another box. */
  v.object({ type: v.literal("stored"), name: v.string(), blob: v.optional(v.instance(Blob)) }),
  v.object({ type: v.literal("refused"), name: v.string(), reason: v.string() }),
  /** Not looked at by the box beyond its size. */
  v.object({ type: v.literal("said"), worker: v.number(), message: v.unknown() }),
  /** An error that the worker did not catch, such as a syntax error in its script. */
  v.object({ type: v.literal("failed"), worker: v.number(), reason: v.string() }),
  v.object({ type: v.literal("flooded"), worker: v.number() }),
  v.object({ type: v.literal("killed"), worker: v.number() }),
  v.object({ type: v.literal("pong") }),
]);
export type BoxMessage = v.InferOutput<typeof BoxMessage>;

/** Box to worker, once, before anything else. */
export interface WorkerLoad {
  type: "load";
  resources: WorkerResources;
  /** What the worker is to make instead of running programs, or null. */
  product: string | null;
}

export interface SourceFile {
  name: string;
  text: string;
}

/** Page to worker, through the box. */
export type WorkerOrder =
  | { type: "check"; files: readonly SourceFile[] }
  | { type: "run"; files: readonly SourceFile[]; stdin: Uint8Array; outputBytes: number };

/** Worker to page, through the box. */
export const WorkerMessage = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("checked"), error: v.nullable(v.string()) }),
  v.object({
    type: v.literal("output"),
    stream: v.picklist(["stdout", "stderr"]),
    bytes: v.instance(Uint8Array),
  }),
  v.object({ type: v.literal("exit"), code: v.pipe(v.number(), v.integer()) }),
  v.object({ type: v.literal("broken"), reason: v.string() }),
]);
export type WorkerMessage = v.InferOutput<typeof WorkerMessage>;

/** Handed to a worker when it starts. */
export type WorkerResources = Readonly<Record<string, Blob | WebAssembly.Module>>;

/** What a worker that was spawned with a `product` says instead; the box keeps it and tells the page `stored`. */
export interface Product {
  type: "product";
  blob: Blob;
}
