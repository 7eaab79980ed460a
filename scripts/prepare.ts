import { isMainThread, Worker } from "node:worker_threads";
import { PREPARED } from "./folders.ts";
import { keepPrepared } from "./preparation.ts";

/**
 * Makes what browsers want and what takes long, and keeps it in dist/prepared; what is there is not made again.
 *
 *     node scripts/prepare.ts    PREPARE_LIFELINE=1: end when standard input does
 *
 * The work is a compiler that gives nobody else a turn, so it has a thread of its own: this one hears of the parent's end.
 */
if (isMainThread) {
  if (process.env["PREPARE_LIFELINE"] === "1") process.stdin.once("end", () => process.exit(1)).resume();
  const worker = new Worker(new URL(import.meta.url));
  worker.once("error", (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
  worker.once("exit", (code) => process.exit(code));
} else {
  const { makePrepared, preparedPath } = await import("../wasm-runtimes/clang/prepared.ts");
  await keepPrepared(PREPARED, preparedPath(), makePrepared);
}
