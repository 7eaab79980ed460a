import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { MiniflareOptions } from "miniflare";
import { CLIENT, ROOT, WORKER } from "./folders.ts";

/** One file of migrations/, split as D1 wants it. */
export interface Migration {
  name: string;
  /** Of the file's bytes, so that a change after it was applied is noticed. */
  sha256: string;
  statements: string[];
}

/** What a running site needs to know of wrangler.toml; paths are relative to the root. */
export type WorkerOptions = MiniflareOptions["workers"][number];

/** Where the bundle and what goes with it stand in dist/worker. */
export const workerFiles = {
  bundle: join(WORKER, "index.js"),
  options: join(WORKER, "miniflare.json"),
  migrations: join(WORKER, "migrations.json"),
};

/** Quiet, and asks nobody on the internet for anything. */
const wranglerEnvironment = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_LOG_PATH: join(ROOT, ".wrangler", "logs"),
};

/**
 * Writes the Worker's bundle, Miniflare's options and the list of migrations to dist/worker.
 * The bundle is what `wrangler deploy` would upload: slower to make than by esbuild alone (1.2 s for 0.1 s), but there is
 * then no second set of bundling rules to keep the same as production's. wrangler is needed here only; a running site
 * loads miniflare alone.
 */
export async function buildWorker(): Promise<void> {
  rmSync(WORKER, { recursive: true, force: true });
  mkdirSync(CLIENT, { recursive: true });
  Object.assign(process.env, wranglerEnvironment);
  const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  try {
    await promisify(execFile)(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", WORKER], {
      cwd: ROOT,
    });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw new Error(`wrangler could not bundle the Worker:\n${said || String(error)}`, { cause: error });
  }
  const [{ unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery }, { convertV4MiniflareOptions }] =
    await Promise.all([import("wrangler"), import("miniflare")]);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"), undefined, {});
  // Bundled already: the rules that say which files are modules would only be refused.
  const { modulesRules: _, ...rest } = workerOptions;
  const { workers } = convertV4MiniflareOptions({
    workers: [
      {
        ...rest,
        name: "tabarena",
        rootPath: ROOT,
        modules: [{ type: "ESModule", path: "index.js", contents: "" }],
      },
    ],
  });
  const options = JSON.stringify(workers[0], (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(ROOT) ? relative(ROOT, value) || "." : value,
  );
  writeFileSync(workerFiles.options, options);
  writeFileSync(workerFiles.migrations, JSON.stringify(readMigrations(unstable_splitSqlQuery), null, 1));
}

function readMigrations(split: (sql: string) => string[]): Migration[] {
  const folder = join(ROOT, "migrations");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name), "utf8");
      return { name, sha256: createHash("sha256").update(sql).digest("hex"), statements: split(sql) };
    });
}
