import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { Log, LogLevel, Miniflare, type MiniflareOptions } from "miniflare";
import { workerFiles, type WorkerOptions } from "./build-worker.ts";
import { ROOT } from "./folders.ts";
import { holdWorkerd } from "./lifeline.ts";

export type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;
export type Bucket = Awaited<ReturnType<Miniflare["getR2Bucket"]>>;

/** A running Worker with its database, buckets and Durable Objects. */
export interface Server {
  /** Ask anew for each use: a stub does not outlive a restart of the runtime. */
  database(): Promise<Database>;
  /** Where bytes are kept under their names; like the database, to be asked for anew. */
  bucket(): Promise<Bucket>;
  /** Calls the Worker without the network. `path` begins with a slash. */
  fetch(
    path: string,
    init?: { method?: string; headers?: Record<string, string>; body?: Uint8Array | string },
  ): Promise<Answer>;
  /**
   * Opens the public port and returns the site's address, without a slash at its end. Until then the Worker answers on a port
   * of the loopback that nobody is told of.
   */
  open(host: string, port: number): Promise<string>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  text(): Promise<string>;
}

/** A value that JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const QUIET: Pick<MiniflareOptions, "cf" | "telemetry" | "logRequests"> = {
  // Else Miniflare asks the internet where this machine is, and for news.
  cf: false,
  telemetry: { enabled: false },
  logRequests: false,
};

/**
 * Starts the Worker of dist/worker by Miniflare, which runs it in workerd. Nothing else of the site knows Miniflare.
 *
 * @param data the folder that keeps D1, R2 and the Durable Objects
 * @param say told each line that the Worker or the runtime prints
 * @param vars values for some of the `[vars]` of wrangler.toml, instead of those that stand there
 */
export async function startServer(
  data: string,
  say: (line: string) => void,
  vars: Readonly<Record<string, Json>> = {},
): Promise<Server> {
  const [site, files] = apart(loadWorker(vars));
  const options = (worker: WorkerOptions): MiniflareOptions => ({
    ...QUIET,
    log: new Log(LogLevel.WARN),
    handleStructuredLogs: ({ message }) => say(message),
    resourcePersistencePath: data,
    host: "127.0.0.1",
    port: 0,
    workers: [worker, files],
  });
  const lifeline = holdWorkerd();
  const miniflare = withoutSignalHandlers(() => new Miniflare(options(site)));
  await miniflare.ready;
  return {
    database: () => miniflare.getD1Database("DB"),
    bucket: () => miniflare.getR2Bucket("BLOBS"),
    fetch: (path, init) => miniflare.dispatchFetch(`http://localhost${path}`, init),
    async open(host, port) {
      // A socket of the Worker's own. Miniflare's stays on the loopback: below /cdn-cgi/local/ it gives every object of
      // R2, hidden tests too, to whoever can name it.
      const open = { ...site, dev: { ...site.dev, unsafeDirectSockets: [{ host, port }] } };
      await miniflare.setOptions(options(open));
      return (await miniflare.unsafeGetDirectURL()).origin;
    },
    async close() {
      await miniflare.dispose();
      lifeline.release();
    },
  };
}

/**
 * The site, and its static files as a worker of their own, behind the same binding. Before a worker that has files Miniflare
 * puts two programs, which look for one first: a millisecond of the processor for each request.
 */
function apart({ config, ...rest }: WorkerOptions): [site: WorkerOptions, files: WorkerOptions] {
  const { assets, ...site } = config;
  if (assets === undefined) throw new Error("The Worker was built without its files.");
  const name = `${config.name}-files`;
  const nothing = "export default { fetch: () => new Response(null, { status: 404 }) };";
  const manifest = {
    mainModule: "files.js",
    modulesRoot: join(ROOT, "dist", "worker"),
    modules: { "files.js": { type: "esm" as const, contents: nothing } },
  };
  const { compatibilityDate } = config;
  return [
    { ...rest, config: { ...site, env: { ...config.env, ASSETS: { type: "worker", worker: name } } } },
    { config: { name, compatibilityDate, manifest, assets: { ...assets, runWorkerFirst: false } } },
  ];
}

function loadWorker(vars: Readonly<Record<string, Json>>): WorkerOptions {
  const worker: WorkerOptions = JSON.parse(readFileSync(workerFiles.options, "utf8"));
  const { config, dev } = worker;
  for (const [name, value] of Object.entries(vars)) {
    const declared = config.env?.[name];
    if (declared?.type !== "text" && declared?.type !== "json")
      throw new Error(`${name} is none of the vars of wrangler.toml.`);
    config.env = { ...config.env, [name]: { type: "json", value } };
  }
  if (config.assets?.directory) config.assets.directory = resolve(ROOT, config.assets.directory);
  if (dev?.rootPath) dev.rootPath = resolve(ROOT, dev.rootPath);
  const contents = readFileSync(workerFiles.bundle, "utf8");
  config.manifest = {
    mainModule: "index.js",
    modulesRoot: join(ROOT, "dist", "worker"),
    modules: { "index.js": { type: "esm", contents } },
  };
  return worker;
}

/**
 * Miniflare ends the whole process at once on a signal. Here the one who started the processes ends them in order, so the
 * handlers that `make` installs for signals are taken off again; the one for the process's exit stays.
 */
function withoutSignalHandlers<T>(make: () => T): T {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  const made = make();
  signals.forEach((signal, at) => {
    for (const listener of process.listeners(signal)) {
      if (!before[at]?.has(listener)) process.removeListener(signal, listener);
    }
  });
  return made;
}

/** Fails with a sentence when `port` cannot be had: better before minutes of building than after. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((free, taken) => {
    probe.once("error", (error: NodeJS.ErrnoException) => taken(new Error(portTrouble(host, port, error))));
    probe.listen(port, host, () => probe.close(() => free()));
  });
}

function portTrouble(host: string, port: number, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} of ${host} is in use by another program. Choose another: npm start -- --port ${port + 1}`;
    case "EACCES":
      return `This user may not open port ${port}. Choose one above 1023: npm start -- --port 8787`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `This machine has no address ${host}. Choose another: npm start -- --host 127.0.0.1`;
    default:
      return `Port ${port} of ${host} cannot be opened: ${error.message}`;
  }
}
