import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { BuildError, buildSupervisor } from "../judge/sandbox/build.ts";
import { buildProblems } from "./build-problems.ts";
import { buildWorker, workerFiles } from "./build-worker.ts";
import { CLIENT, DIST, PROBLEMS, ROOT } from "./folders.ts";
import { placePrepared, runPreparation } from "./preparation.ts";
import { digestOf, readStamps, writeStamps } from "./stamps.ts";

interface Step {
  name: string;
  /** What it reads, relative to the root. package-lock.json stands for everything in node_modules. */
  inputs: string[];
  /** Steps that must be done before it; when one of them is done anew, so is this. */
  after: string[];
  /** Stale, whatever the stamps say, when this is missing. */
  output: string;
  /** Says why, when it cannot be done on this machine. */
  run: () => Promise<string | void>;
}

const ALWAYS = ["package-lock.json", "protocol", "rules"];

const steps: Step[] = [
  {
    name: "client",
    inputs: [...ALWAYS, "provider", "client", "wasm-runtimes"],
    after: [],
    output: join(CLIENT, "index.html"),
    run: async () => {
      const { build } = await import("vite");
      // Vite goes by it, and whoever builds for a test must not leave behind a client as developers have it.
      process.env["NODE_ENV"] = "production";
      await build({ configFile: join(ROOT, "client", "vite.config.ts"), logLevel: "error" });
    },
  },
  {
    // Vite empties the folder that these go into.
    name: "runtimes",
    inputs: [...ALWAYS, "wasm-runtimes"],
    after: ["client"],
    output: join(CLIENT, "runtimes"),
    run: async () => {
      const { prepareAssets } = await import("../wasm-runtimes/assets.ts");
      await prepareAssets(CLIENT);
    },
  },
  {
    // Into the same folder; it is loaded where it is needed, as the schemas are many.
    name: "openapi",
    inputs: [...ALWAYS, "scripts/openapi", "scripts/build-openapi.ts"],
    after: ["client"],
    output: join(CLIENT, "openapi.json"),
    run: async () => {
      const { buildOpenApi } = await import("./build-openapi.ts");
      buildOpenApi();
    },
  },
  {
    name: "worker",
    inputs: [...ALWAYS, "worker", "migrations", "wrangler.toml", "scripts/build-worker.ts"],
    after: [],
    output: workerFiles.options,
    run: buildWorker,
  },
  {
    name: "problems",
    inputs: ["problems", "scripts/build-problems.ts", "package-lock.json"],
    after: [],
    output: PROBLEMS,
    run: async () => buildProblems(),
  },
  {
    // The judge makes it too when it finds none; made here, it is there when the judge starts.
    name: "sandbox",
    inputs: ["judge/sandbox"],
    after: [],
    output: join(DIST, "sandbox"),
    run: async () => {
      try {
        await buildSupervisor();
      } catch (error) {
        if (error instanceof BuildError) return error.message;
        throw error;
      }
    },
  },
];

/** One line about a build: what was made and how long it took, e.g. `client 2.1 s, worker 1.9 s`. */
export interface Built {
  done: { name: string; seconds: number }[];
  skipped: { name: string; reason: string }[];
}

/**
 * Builds what is stale into dist/, one step after the other, and remembers each step as soon as it has succeeded.
 * @throws what the first failing step throws
 */
export async function build(): Promise<Built> {
  mkdirSync(DIST, { recursive: true });
  const stamps = readStamps();
  const digests = new Map<string, string>();
  const built: Built = { done: [], skipped: [] };
  for (const step of steps) {
    const before = step.after.map((name) => digests.get(name) ?? "");
    const digest = digestOf(step.inputs, before);
    digests.set(step.name, digest);
    if (stamps.get(step.name) === digest && existsSync(step.output)) continue;
    const start = performance.now();
    stamps.delete(step.name);
    writeStamps(stamps);
    const reason = await step.run();
    if (reason !== undefined) {
      built.skipped.push({ name: step.name, reason });
      continue;
    }
    stamps.set(step.name, digest);
    writeStamps(stamps);
    built.done.push({ name: step.name, seconds: (performance.now() - start) / 1000 });
  }
  placePrepared();
  return built;
}

/** Makes what a site else makes after its start, for one that is deployed and never starts. */
async function prepareAll(): Promise<void> {
  const reason = await runPreparation().done;
  if (reason !== null) throw new Error(`What browsers need for C++ could not be prepared: ${reason}`);
}

/** What a build did, in one line. */
export function describeBuild({ done, skipped }: Built): string {
  const made = done.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`);
  const not = skipped.map(({ name, reason }) => `${name} skipped (${reason})`);
  return [...made, ...not].join(", ") || "nothing was stale";
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const { values } = parseArgs({ options: { all: { type: "boolean" } } });
    if (values.all) await prepareAll();
    console.log(describeBuild(await build()));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
