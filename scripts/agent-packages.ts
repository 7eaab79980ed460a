import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { ROOT } from "./folders.ts";

const AGENT = join(ROOT, "agent");

const Package = v.object({ dependencies: v.record(v.string(), v.string()) });

/**
 * Installs what the agent needs: a package of its own, of which only the builds for processors come here, and no scripts of theirs are
 * run. Not by `npm ci`, which refuses the lock where a registry lacks the builds for other platforms.
 * @param mayInstall whether anything may be installed; what is there stays
 * @param signal breaks off what is being installed
 * @returns why they are not there; null when they are
 */
export async function installAgentPackages(
  mayInstall: boolean,
  signal?: AbortSignal,
): Promise<string | null> {
  if (agentPackages().every(isThere)) return null;
  if (!mayInstall) return "its packages are not installed (--no-install)";
  const options = ["install", "--no-save", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"];
  const npm = spawn("npm", options, {
    cwd: AGENT,
    stdio: ["ignore", "ignore", "pipe"],
    ...(signal ? { signal } : {}),
  });
  let said = "";
  npm.stderr.on("data", (text: Buffer) => (said += text.toString()));
  const code = await new Promise<number | null>((resolve) => {
    npm.once("error", () => resolve(null));
    npm.once("close", resolve);
  });
  if (code === 0) return null;
  return `its packages could not be installed: ${said.trim().split("\n").at(-1) || `npm ended with ${code}`}`;
}

function agentPackages(): string[] {
  const text = readFileSync(join(AGENT, "package.json"), "utf8");
  return Object.keys(v.parse(Package, JSON.parse(text)).dependencies);
}

/** What the site has too is found there, as Node looks in the folders above. */
const isThere = (name: string): boolean =>
  [AGENT, ROOT].some((folder) => existsSync(join(folder, "node_modules", name)));
