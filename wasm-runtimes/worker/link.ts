import type { Product, WorkerHears, WorkerLoad, WorkerMessage } from "../box/messages.ts";

/** The way from a worker to the page. Taken hold of while the script loads, as later nothing else in the worker may have it. */

const postMessage = globalThis.postMessage.bind(globalThis);
const addEventListener = globalThis.addEventListener.bind(globalThis);

export function say(message: WorkerMessage): void {
  postMessage(message);
}

export function sayProduct(blob: Blob): void {
  postMessage({ type: "product", blob } satisfies Product);
}

interface Handlers {
  /** Once, first; the worker says "ready" when it has resolved. */
  load(load: WorkerLoad): Promise<void>;
  order(order: WorkerHears): void;
}

export function listen({ load, order }: Handlers): void {
  addEventListener("message", ({ data }: MessageEvent<WorkerLoad | WorkerHears>) => {
    if (data.type !== "load") return order(data);
    load(data).then(
      () => say({ type: "ready" }),
      (error: unknown) => say({ type: "broken", reason: String(error) }),
    );
  });
}
