import type { Outcome, Wish } from "./wllama-worker.ts";

/** The page of the tests of wllama: hands wishes to the Worker. */
declare global {
  var ask: (wish: Wish) => Promise<Outcome>;
}

const worker = new Worker(new URL("./wllama-worker.ts", import.meta.url), { type: "module" });
const waiting = new Map<number, (outcome: Outcome) => void>();
let asked = 0;

worker.addEventListener("message", ({ data }: MessageEvent<{ id: number; outcome: Outcome }>) => {
  waiting.get(data.id)?.(data.outcome);
  waiting.delete(data.id);
});
globalThis.ask = (wish) =>
  new Promise((resolve) => {
    const id = asked++;
    waiting.set(id, resolve);
    worker.postMessage({ id, wish });
  });
document.title = "ready";
