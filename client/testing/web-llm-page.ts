import type { Outcome, Wish } from "./web-llm-worker.ts";

/** The page of the tests of web-llm: each wish gets a Worker of its own. */
declare global {
  var openModel: (wish: Wish) => Promise<Outcome>;
}

globalThis.openModel = (wish) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./web-llm-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Outcome>) => {
      worker.terminate();
      resolve(data);
    });
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.postMessage(wish);
  });
document.title = "ready";
