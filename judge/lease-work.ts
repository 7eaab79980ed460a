import type { Lease, Outcome } from "../protocol/judge.ts";
import { runCustom } from "./custom-run.ts";
import { JudgingFailure } from "./failure.ts";
import { judgeSubmission } from "./judge-submission.ts";
import type { PackageCache } from "./package-cache.ts";
import { SandboxError } from "./sandbox.ts";
import type { Server } from "./server.ts";
import type { Slot } from "./slot.ts";

export interface Means {
  packages: Pick<PackageCache, "use">;
  server: Pick<Server, "fetchSource" | "sendEvidence">;
}

type OnProgress = (done: number, total: number) => void;

/**
 * Does what a lease asks for.
 *
 * @param onProgress - told how much is done, of how much in all
 * @returns what came of it; never fails, since what the judge could not do is an outcome with a sentence
 */
export async function doLease(
  slot: Slot,
  lease: Lease,
  means: Means,
  onProgress: OnProgress,
): Promise<Outcome> {
  try {
    return await work(slot, lease, means, onProgress);
  } catch (error) {
    if (error instanceof JudgingFailure) return { type: "failure", message: error.message };
    if (error instanceof SandboxError)
      return { type: "failure", message: `the sandbox failed: ${error.message}` };
    console.error(error);
    const said = error instanceof Error ? error.message : String(error);
    return { type: "failure", message: `the judge failed: ${said}` };
  }
}

async function work(slot: Slot, lease: Lease, means: Means, onProgress: OnProgress): Promise<Outcome> {
  const { packages, server } = means;
  switch (lease.work) {
    case "submission":
      return judge(slot, lease, means, onProgress);
    case "custom run": {
      const { language, timeMs } = lease;
      const { files, entryPoint, input } = await server.fetchSource(lease.lease);
      const source = { files: filesOf(files), entryPoint };
      return packages.use(lease.package, async (problem) => ({
        type: "run",
        result: await runCustom(slot, { problem, language, source, timeMs, input }, onProgress),
      }));
    }
    case "time limit":
      throw new JudgingFailure("this judge cannot infer time limits yet");
    default:
      return lease satisfies never;
  }
}

/** The evidence goes before the verdict that names it: whoever reads the one finds the other. */
async function judge(
  slot: Slot,
  lease: Lease & { work: "submission" },
  { packages, server }: Means,
  onProgress: OnProgress,
): Promise<Outcome> {
  const { language, timeMs, extent } = lease;
  const { files, entryPoint } = await server.fetchSource(lease.lease);
  const source = { files: filesOf(files), entryPoint };
  const { outcome, evidence } = await packages.use(lease.package, (problem) =>
    judgeSubmission(slot, { problem, language, source, timeMs, extent }, onProgress),
  );
  if (outcome.type !== "verdict" || evidence === null) return outcome;
  return { ...outcome, evidence: await server.sendEvidence(lease.lease, evidence) };
}

function filesOf(files: readonly { name: string; text: string }[]): Map<string, string> {
  return new Map(files.map(({ name, text }) => [name, text]));
}
