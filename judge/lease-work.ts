import type { Lease, Outcome } from "../protocol/judge.ts";
import { runCustom } from "./custom-run.ts";
import { inferLimit } from "./infer-time-limit.ts";
import { judgeSubmission, whatFailed } from "./judge-submission.ts";
import type { PackageCache } from "./package-cache.ts";
import type { Problem } from "./problem.ts";
import { withinBounds } from "./result-size.ts";
import type { Server } from "./server.ts";
import type { Slot } from "./slot.ts";
import { startStopwatch } from "./stopwatch.ts";

export interface Means {
  packages: Pick<PackageCache, "use">;
  server: Pick<Server, "fetchSource" | "sendEvidence">;
  /** Told in a line how long the parts of judging a submission took. */
  onTook?(line: string): void;
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
    return { type: "failure", message: whatFailed(error) };
  }
}

async function work(slot: Slot, lease: Lease, means: Means, onProgress: OnProgress): Promise<Outcome> {
  const { packages, server } = means;
  switch (lease.work) {
    case "submission":
      return judge(slot, lease, means, onProgress);
    case "custom run": {
      const { language, timeMs, memoryMiB } = lease;
      const { files, entryPoint, input } = await server.fetchSource(lease.lease);
      const source = { files: filesOf(files), entryPoint };
      return packages.use(lease.package, async (problem) => ({
        type: "run",
        result: await runCustom(
          slot,
          { problem: withMemory(problem, memoryMiB), language, source, timeMs, input },
          onProgress,
        ),
      }));
    }
    case "time limit":
      return packages.use(lease.package, async (problem) => ({
        type: "time limit",
        ...(await inferLimit(slot, problem, onProgress)),
      }));
    default:
      return lease satisfies never;
  }
}

/** The evidence goes before the verdict that names it: whoever reads the one finds the other. */
async function judge(
  slot: Slot,
  lease: Lease & { work: "submission" },
  { packages, server, onTook }: Means,
  onProgress: OnProgress,
): Promise<Outcome> {
  const { language, timeMs, memoryMiB, extent } = lease;
  const watch = startStopwatch();
  const { files, entryPoint } = await server.fetchSource(lease.lease);
  watch.lap("source");
  const source = { files: filesOf(files), entryPoint };
  let compiled = false;
  const { outcome, evidence } = await packages.use(lease.package, (cached) => {
    watch.lap("package");
    const problem = withMemory(cached, memoryMiB);
    return judgeSubmission(slot, { problem, language, source, timeMs, extent }, (done, total) => {
      // The first that is heard of tests.
      if (!compiled) watch.lap("compile");
      compiled = true;
      onProgress(done, total);
    });
  });
  watch.lap(compiled ? "tests" : "compile");
  if (outcome.type !== "verdict") return outcome;
  const hash = evidence === null ? null : await server.sendEvidence(lease.lease, evidence);
  watch.lap("evidence");
  onTook?.(`${lease.submission} took ${watch.describe()}`);
  return { ...outcome, runs: withinBounds(outcome.runs), evidence: hash };
}

/** A problem with another memory limit than its package's; null for the package's. */
function withMemory(problem: Problem, memoryMiB: number | null): Problem {
  if (memoryMiB === null) return problem;
  const { pkg } = problem;
  return { ...problem, pkg: { ...pkg, limits: { ...pkg.limits, memoryMiB } } };
}

function filesOf(files: readonly { name: string; text: string }[]): Map<string, string> {
  return new Map(files.map(({ name, text }) => [name, text]));
}
