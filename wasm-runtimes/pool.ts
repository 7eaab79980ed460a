import type { BoxWorker } from "./box/box.ts";

/** Workers that have booted and in which nothing has run yet. Each is used for one run. */
export interface Pool {
  /** Resolves when the first worker has booted. */
  ready(): Promise<void>;
  /** @throws Error when a worker cannot boot */
  take(): Promise<BoxWorker>;
  /** For a worker in which, after all, nothing has run. */
  giveBack(worker: BoxWorker): void;
  /** Boots workers until as many wait as should. */
  refill(): void;
}

export function openPool(spawn: () => BoxWorker, size: number): Pool {
  const spares: Promise<BoxWorker>[] = [];
  let lastBoot: Promise<unknown> = Promise.resolve();

  function add(): void {
    // One after the other, so that the first is there as soon as can be.
    const spare = lastBoot.then(() => booted(spawn()));
    // Whoever takes it hears of the failure.
    lastBoot = spare.catch(() => {});
    spares.push(spare);
  }
  function refill(): void {
    while (spares.length < size) add();
  }
  async function take(): Promise<BoxWorker> {
    if (spares.length === 0) add();
    const worker = await spares.shift();
    return worker?.alive ? worker : take();
  }

  refill();
  return {
    async ready() {
      await spares[0];
    },
    take,
    giveBack: (worker) => void spares.unshift(Promise.resolve(worker)),
    refill,
  };
}

/** @throws Error when it cannot boot */
export function booted(worker: BoxWorker): Promise<BoxWorker> {
  return new Promise((resolve, reject) => {
    worker.listener = (event) => {
      if (event.type === "ready") resolve(worker);
      if (event.type === "broken" || event.type === "gone") {
        reject(new Error(`The language did not start: ${event.reason}`));
      }
    };
  });
}
