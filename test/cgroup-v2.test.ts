/** The hostile programs on a kernel whose control groups are of version 2 alone, in a machine that QEMU emulates. */
import { beforeAll, describe, expect, it } from "vitest";
import { buildSupervisor } from "../judge/sandbox/build.ts";
import { type Guest, openGuest } from "./guest/boot.ts";
import type { Line } from "./guest/inside.ts";
import { GuestUnavailable } from "./guest/kernel.ts";

const TIMEOUT_MS = 40 * 60_000;

/** Starts a program with what is said of it around it: a shell script whose `"$@"` is the program. */
const inShell = (script: string): string[] => ["/bin/sh", "-ec", script, "sh"];

/** How the judge finds its control groups, and what it should make of that. */
interface Arrangement {
  name: string;
  level: "full" | "userns";
  around: readonly string[];
  reason: RegExp;
  /** Every hostile program, or the third that runs at every start of a judge. */
  extent: "all" | "quick";
  /** What is there in the end that was not there before. */
  left: readonly string[];
}

const arrangements: readonly Arrangement[] = [
  {
    name: "by control groups of version 2, at the root of their tree",
    level: "full",
    around: [],
    reason: /^cgroup v2: memory, pids, cpu\.stat/,
    extent: "all",
    left: [],
  },
  {
    name: "by control groups of version 2, in a container's part of their tree",
    level: "full",
    around: inShell(`
      mkdir -p /sys/fs/cgroup/machine/container
      echo "+memory +pids +cpu" > /sys/fs/cgroup/cgroup.subtree_control
      echo "+memory +pids +cpu" > /sys/fs/cgroup/machine/cgroup.subtree_control
      echo 0 > /sys/fs/cgroup/machine/container/cgroup.procs
      exec unshare --cgroup --mount sh -ec '
        umount /sys/fs/cgroup
        mount -t cgroup2 cgroup /sys/fs/cgroup
        exec "$@"' sh "$@"`),
    reason: /^cgroup v2: memory, pids, cpu\.stat/,
    extent: "quick",
    // Where the judge itself had to move to.
    left: ["control group /sys/fs/cgroup/tabarena-init"],
  },
  {
    name: "in a user namespace, as a user without privileges",
    level: "userns",
    around: inShell(`
      folder=$PWD
      while [ "$folder" != / ]; do chmod a+rx "$folder"; folder=$(dirname "$folder"); done
      exec setpriv --reuid 54321 --regid 54321 --clear-groups "$@"`),
    reason: /^user namespace/,
    extent: "quick",
    left: [],
  },
];

describe("the sandbox on a kernel of its own", () => {
  let guest: Guest | null = null;
  let lacking = "only in npm run test:long";

  beforeAll(async () => {
    if (process.env["TEST_LONG"] !== "1") return;
    try {
      guest = await openGuest();
    } catch (error) {
      if (!(error instanceof GuestUnavailable)) throw error;
      lacking = error.message;
    }
    // Here, where that is quick.
    await buildSupervisor();
  }, TIMEOUT_MS);

  for (const { name, level, around, reason, extent, left } of arrangements) {
    it(`holds ${name}`, { timeout: TIMEOUT_MS }, async (context) => {
      if (guest === null) return context.skip(lacking);
      const argv = [...around, process.execPath, "test/guest/inside.ts", level, extent];
      const lines = (await guest.run(argv, TIMEOUT_MS)).lines.map((line): Line => JSON.parse(line));
      const findings = lines.flatMap((line) => (line.type === "found" ? [line] : []));
      const [opened, closed] = [lines[0], lines.at(-1)];
      console.log(`${guest.describe}: ${JSON.stringify(opened)}, ${findings.length} hostile programs`);
      expect(opened).toMatchObject({ type: "opened", level, reason: expect.stringMatching(reason) });
      expect(findings.filter(({ state }) => state === "broken")).toEqual([]);
      expect(findings.filter(({ state }) => state === "holds").length).toBeGreaterThan(30);
      // One that looks at every file is left out; beyond it, at most two may have met a host too busy to emulate them.
      expect(findings.filter(({ state }) => state === "unchecked").length).toBeLessThanOrEqual(3);
      expect(closed).toEqual({ type: "closed", left });
    });
  }
});
