import type {
  BoxCommand,
  BoxMessage,
  Init,
  Product,
  WorkerHears,
  WorkerLoad,
  WorkerResources,
} from "./messages.ts";

/**
 * The only script of /box.html: starts and ends workers for the page, which it knows by one MessagePort that no worker can reach.
 * The document has an opaque origin and may load nothing; both come from its response header.
 */

/** Batched output needs far fewer; only code that got hold of postMessage says more than this in one run. */
const MESSAGES_PER_RUN = 20_000;
/** Of an error that a worker did not catch; code of people decides what it says. */
const LONGEST_REASON = 10_000;

interface Supervised {
  worker: Worker;
  bytesLeft: number;
  messagesLeft: number;
}

const resources = new Map<string, Blob | WebAssembly.Module>();
const workers = new Map<number, Supervised>();

function serve(port: MessagePort): void {
  const tell = (message: BoxMessage): void => port.postMessage(message);

  async function store({ name, blob, as }: BoxCommand & { type: "store" }): Promise<void> {
    try {
      resources.set(name, as === "module" ? await WebAssembly.compile(await blob.arrayBuffer()) : blob);
      tell({ type: "stored", name });
    } catch (error) {
      tell({ type: "refused", name, reason: String(error) });
    }
  }

  function end(id: number): void {
    workers.get(id)?.worker.terminate();
    workers.delete(id);
  }

  function hear(id: number, supervised: Supervised, product: string | null, said: unknown): void {
    if (product !== null && isProduct(said)) {
      resources.set(product, said.blob);
      return tell({ type: "stored", name: product, blob: said.blob });
    }
    supervised.messagesLeft -= 1;
    supervised.bytesLeft -= sizeOf(said);
    if (supervised.messagesLeft < 0 || supervised.bytesLeft < 0) {
      end(id);
      tell({ type: "flooded", worker: id });
    } else {
      tell({ type: "said", worker: id, message: said });
    }
  }

  function spawn({ worker: id, script, uses, product }: BoxCommand & { type: "spawn" }): void {
    const source = resources.get(script);
    if (!(source instanceof Blob)) {
      return tell({ type: "failed", worker: id, reason: `The box has no script "${script}".` });
    }
    const url = URL.createObjectURL(source.slice(0, source.size, "text/javascript"));
    const worker = new Worker(url);
    const supervised = { worker, bytesLeft: 65_536, messagesLeft: MESSAGES_PER_RUN };
    workers.set(id, supervised);
    worker.addEventListener("message", (event) => {
      URL.revokeObjectURL(url);
      // Messages that were under way when the worker was ended.
      if (workers.get(id) === supervised) hear(id, supervised, product, event.data);
    });
    worker.addEventListener("error", ({ message }) => {
      if (workers.get(id) !== supervised) return;
      // One is enough: code that goes on after an error could report them without end.
      end(id);
      tell({ type: "failed", worker: id, reason: String(message).slice(0, LONGEST_REASON) });
    });
    worker.postMessage({ type: "load", resources: given(uses), product } satisfies WorkerLoad);
  }

  function given(uses: readonly string[]): WorkerResources {
    const found: Record<string, Blob | WebAssembly.Module> = {};
    for (const name of uses) {
      const resource = resources.get(name);
      if (resource !== undefined) found[name] = resource;
    }
    return found;
  }

  port.addEventListener("message", ({ data: command }: MessageEvent<BoxCommand>) => {
    switch (command.type) {
      case "store":
        return void store(command);
      case "spawn":
        return spawn(command);
      case "send": {
        const supervised = workers.get(command.worker);
        if (supervised === undefined) return;
        supervised.bytesLeft = command.allowance;
        supervised.messagesLeft = MESSAGES_PER_RUN;
        return supervised.worker.postMessage({
          ...command.order,
          resources: given(command.uses),
        } satisfies WorkerHears);
      }
      case "forget":
        return void resources.delete(command.name);
      case "kill":
        end(command.worker);
        return tell({ type: "killed", worker: command.worker });
      case "ping":
        return tell({ type: "pong" });
      default:
        command satisfies never;
    }
  });
  port.start();
}

/**
 * About how many bytes there are in a message of a worker. Only flat ones exist, so that what is passed on to the page has been counted
 * in full: a list, a Map or a buffer could hold more than their properties tell.
 */
function sizeOf(said: unknown): number {
  if (typeof said !== "object" || said === null || Object.getPrototypeOf(said) !== Object.prototype)
    return Infinity;
  return Object.entries(said).reduce((size, [name, value]) => size + name.length + sizeOfValue(value), 0);
}

function sizeOfValue(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.buffer.byteLength;
  // Any of them but these has a bounded size.
  return typeof value === "bigint" || (typeof value === "object" && value !== null) ? Infinity : 8;
}

function isProduct(said: unknown): said is Product {
  return typeof said === "object" && said !== null && "blob" in said && said.blob instanceof Blob;
}

// Without the header that makes the origin opaque, people's code would run with the site's own powers: then nothing is answered.
if (self.origin === "null" && parent !== self) {
  self.addEventListener("message", function init(event: MessageEvent<Init>): void {
    const [port] = event.ports;
    if (event.source !== parent || event.data.type !== "init" || port === undefined) return;
    self.removeEventListener("message", init);
    serve(port);
  });
  parent.postMessage({ type: "hello" }, "*");
} else {
  document.title = "This page only works inside Tabarena's practice pages.";
  // Said so that the page need not wait for a greeting that will never come; it reads only the origin of this message.
  if (parent !== self) parent.postMessage({ type: "not isolated" }, "*");
}
