import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./folders.ts";

const AGENT = join(ROOT, "agent");

/**
 * Installs what the agent's engine needs: a package of its own, of which only the builds for processors come here, and no scripts of theirs are
 * run. Not by `npm ci`, which refuses the lock where a registry lacks the builds for other platforms.
 * @param mayInstall whether anything may be installed; what is there stays
 * @returns why they are not there; null when they are
 */
export async function installAgentPackages(mayInstall: boolean): Promise<string | null> {
  if (existsSync(join(AGENT, "node_modules", "node-llama-cpp"))) return null;
  if (!mayInstall) return "its packages are not installed";
  const options = ["install", "--no-save", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"];
  const npm = spawn("npm", options, { cwd: AGENT, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  npm.stderr.on("data", (text: Buffer) => (said += text.toString()));
  const code = await new Promise<number | null>((resolve) => {
    npm.once("error", () => resolve(null));
    npm.once("close", resolve);
  });
  if (code === 0) return null;
  return `its packages could not be installed: ${said.trim().split("\n").at(-1) || `npm ended with ${code}`}`;
}
