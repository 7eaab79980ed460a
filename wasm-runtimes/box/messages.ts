import type { LanguageId } from "../../protocol/language.ts";
import * as v from "valibot";
import type { SourceFile } from "../contract.ts";

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
  /** Let a stored resource go, for the workers that are started from now on. */
  | { type: "forget"; name: string }
  /**
   * `uses`: stored resources that go with the order. `allowance`: how many bytes of output the worker may send from now on; beyond, it
   * is ended.
   */
  | { type: "send"; worker: number; order: WorkerOrder; uses: readonly string[]; allowance: number }
  | { type: "kill"; worker: number }
  | { type: "ping" };

/** Box to page. */
export const BoxMessage = v.variant("type", [
  /** With what a worker has made, where it was made here: the page may keep it for another box. */
  v.object({ type: v.literal("stored"), name: v.string(), blob: v.optional(v.instance(Blob)) }),
  v.object({ type: v.literal("refused"), name: v.string(), reason: v.string() }),
  /** Not looked at by the box beyond its size. */
  v.object({ type: v.literal("said"), worker: v.number(), message: v.unknown() }),
  /** An error that the worker did not catch, such as a syntax error in its script; the box has ended it. */
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

/** Page to worker, through the box. */
export type WorkerOrder =
  /** Say what is wrong with the files, and run nothing of them. */
  | { type: "check"; files: readonly SourceFile[] }
  /** Make a program of the files. */
  | { type: "compile"; language: LanguageId; files: readonly SourceFile[] }
  | {
      type: "run";
      files: readonly SourceFile[];
      stdin: Uint8Array;
      outputBytes: number;
      memoryBytes: number;
    };

/** An order as it arrives, with the resources that the page named: with a compiled program, that program alone. */
export type WorkerHears = WorkerOrder & { resources: WorkerResources };
export type RunOrder = WorkerHears & { type: "run" };

/** The most that the program held, where the runtime can tell. */
const MemoryBytes = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));

/** Worker to page, through the box. */
export const WorkerMessage = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("checked"), error: v.nullable(v.string()) }),
  v.object({
    type: v.literal("output"),
    stream: v.picklist(["stdout", "stderr"]),
    bytes: v.instance(Uint8Array),
  }),
  /** `program` is null when there is none; `text` is what the compiler said, which may be warnings. */
  v.object({
    type: v.literal("compiled"),
    program: v.nullable(v.instance(Uint8Array<ArrayBuffer>)),
    text: v.string(),
  }),
  v.object({ type: v.literal("exit"), code: v.pipe(v.number(), v.integer()), memoryBytes: MemoryBytes }),
  /** The program ended of what it may not have, said by the runtime around it. */
  v.object({
    type: v.literal("stopped"),
    by: v.picklist(["memory", "stack"]),
    memoryBytes: MemoryBytes,
  }),
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
