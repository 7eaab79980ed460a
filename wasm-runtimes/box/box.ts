import * as v from "valibot";
import { openFrame } from "./frame.ts";
import { BoxMessage, WorkerMessage, type BoxCommand, type WorkerOrder } from "./messages.ts";

export interface Resource {
  name: string;
  blob: Blob;
  as: "blob" | "module";
}

/** What a worker in the box did. Nothing follows "gone". */
export type WorkerEvent =
  | WorkerMessage
  | { type: "gone"; why: "failed" | "flooded" | "killed" | "lost"; reason: string };

export interface BoxWorker {
  readonly alive: boolean;
  /** Exactly one listener hears the worker at a time. */
  listener: (event: WorkerEvent) => void;
  /**
   * @param allowance bytes of output that the box lets through before it ends the worker as "flooded"
   * @param uses stored resources that go with the order
   */
  send(order: WorkerOrder, allowance: number, uses?: readonly string[]): void;
  /** The listener hears "gone" when the worker has ended for certain. */
  kill(): void;
}

export interface Box {
  /** Keeps a resource in the box for its workers. */
  store(resource: Resource): Promise<void>;
  forget(name: string): void;
  spawn(script: string, uses: readonly string[]): BoxWorker;
  /** Spawns a worker whose only work is to make one resource; resolves when the box has it, with a copy. */
  produce(product: string, script: string, uses: readonly string[]): Promise<Blob>;
  /** Removes the iframe; every worker hears "gone" with "lost". */
  close(): void;
  /** False after `close`, and when the box no longer answered. */
  readonly open: boolean;
}

const PING_EVERY_MS = 500;
/** Counted in our own beats, so that a page that slept does not take its own silence for the box's. */
const MISSED_BEATS = 4;

/**
 * Opens a box: an iframe of an opaque origin that runs workers for this page. While something is awaited from it, it is asked for
 * a sign of life; a box that a program has flooded or crashed is removed, which ends everything in it.
 */
export async function openBox(signal?: AbortSignal): Promise<Box> {
  const frame = await openFrame(signal);
  const workers = new Map<number, BoxWorker>();
  const awaited = new Set<string>();
  const stores = new Map<string, PromiseWithResolvers<Blob | undefined>>();
  let lastId = 0;
  let beats = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  let open = true;

  const command = (message: BoxCommand): void => {
    if (open) frame.port.postMessage(message);
  };

  function beat(): void {
    if (beats >= MISSED_BEATS) return close();
    beats += 1;
    command({ type: "ping" });
  }
  function expect(what: string): void {
    awaited.add(what);
    if (timer !== undefined || !open) return;
    beats = 0;
    timer = setInterval(beat, PING_EVERY_MS);
    beat();
  }
  function arrived(what: string): void {
    awaited.delete(what);
    if (awaited.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function gone(id: number, why: (WorkerEvent & { type: "gone" })["why"], reason: string): void {
    const worker = workers.get(id);
    workers.delete(id);
    arrived(`worker ${id}`);
    worker?.listener({ type: "gone", why, reason });
  }

  function hear(message: BoxMessage): void {
    switch (message.type) {
      case "pong":
        return;
      case "stored":
        return stores.get(message.name)?.resolve(message.blob);
      case "refused":
        return stores
          .get(message.name)
          ?.reject(new Error(`The sandbox refused ${message.name}: ${message.reason}`));
      case "said": {
        const said = v.safeParse(WorkerMessage, message.message);
        const worker = workers.get(message.worker);
        if (!said.success || worker === undefined) return;
        // An idle worker owes nothing; one at work may be silent for long, and only the beats tell that the box lives.
        if (said.output.type !== "output") arrived(`worker ${message.worker}`);
        return worker.listener(said.output);
      }
      case "failed":
        return gone(message.worker, "failed", message.reason);
      case "flooded":
        return gone(message.worker, "flooded", "it sent more than it may");
      case "killed":
        return gone(message.worker, "killed", "it was ended");
      default:
        message satisfies never;
    }
  }

  frame.port.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = v.safeParse(BoxMessage, event.data);
    if (!message.success) return;
    // Whatever it says, it lives: a box that is busy passing output on may be late with its pong.
    beats = 0;
    hear(message.output);
  });
  frame.port.start();

  function close(): void {
    if (!open) return;
    open = false;
    clearInterval(timer);
    frame.remove();
    for (const id of workers.keys()) gone(id, "lost", "the sandbox has gone");
    for (const store of stores.values())
      store.reject(new Error("The sandbox for programs stopped answering."));
  }

  async function stored(name: string, ask: () => void): Promise<Blob | undefined> {
    const store = Promise.withResolvers<Blob | undefined>();
    stores.set(name, store);
    expect(`resource ${name}`);
    if (!open) store.reject(new Error("The sandbox for programs has gone."));
    ask();
    try {
      return await store.promise;
    } finally {
      stores.delete(name);
      arrived(`resource ${name}`);
    }
  }

  function spawn(script: string, uses: readonly string[], product: string | null): [number, BoxWorker] {
    const id = (lastId += 1);
    const worker: BoxWorker = {
      get alive() {
        return workers.get(id) === worker;
      },
      listener: () => {},
      send: (order, allowance, uses = []) => {
        expect(`worker ${id}`);
        command({ type: "send", worker: id, order, uses, allowance });
      },
      kill: () => {
        expect(`worker ${id}`);
        command({ type: "kill", worker: id });
      },
    };
    workers.set(id, worker);
    expect(`worker ${id}`);
    command({ type: "spawn", worker: id, script, uses, product });
    if (!open) queueMicrotask(() => gone(id, "lost", "the sandbox has gone"));
    return [id, worker];
  }

  return {
    async store({ name, blob, as }) {
      await stored(name, () => command({ type: "store", name, blob, as }));
    },
    forget: (name) => command({ type: "forget", name }),
    spawn: (script, uses) => spawn(script, uses, null)[1],
    async produce(product, script, uses) {
      let kill = (): void => {};
      try {
        const made = await stored(product, () => {
          const [, worker] = spawn(script, uses, product);
          kill = worker.kill;
          worker.listener = (event) => {
            if (event.type !== "broken" && event.type !== "gone") return;
            stores.get(product)?.reject(new Error(`${product} was not made: ${event.reason}`));
          };
        });
        if (made === undefined) throw new Error(`${product} was not handed over.`);
        return made;
      } finally {
        kill();
      }
    },
    close,
    get open() {
      return open;
    },
  };
}
