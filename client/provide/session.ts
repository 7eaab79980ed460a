import type { FromWorker } from "./tab-messages.ts";
import type { OpenTabSession } from "./tab-session.ts";

/** Starts the dedicated Worker that holds engine, jobs and link. */
export const openTabSession: OpenTabSession = (hear) => {
  const worker = new Worker(new URL("./session-worker.ts", import.meta.url), { type: "module" });
  let hasSpoken = false;
  // Both ends are of one build.
  worker.addEventListener("message", (event: MessageEvent<FromWorker>) => {
    hasSpoken = true;
    hear(event.data);
  });
  // Its script could not be had, or not be run: it will never say so itself.
  worker.addEventListener("error", ({ message = "" }) => {
    if (!hasSpoken) hear({ type: "loadFailed", fault: "broken", message });
  });
  return { send: (message) => worker.postMessage(message) };
};
