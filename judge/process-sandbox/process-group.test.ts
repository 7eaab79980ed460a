import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { endGroup, lookAtGroup, lookByPs, psTimeMs } from "./process-group.ts";

describe.skipIf(process.platform === "win32")("a process group", () => {
  it("is seen alike in /proc and by ps", async () => {
    const nobody = new Set<number>();
    const { stdout } = await promisify(execFile)("ps", ["-o", "pgid=", "-p", String(process.pid)]);
    const group = Number(stdout.trim());
    const seen = await lookAtGroup(group, nobody);
    const asked = await lookByPs(group, nobody);
    expect(asked.processes).toBeGreaterThan(0);
    expect(asked.memoryKiB).toBeGreaterThan(0.5 * seen.memoryKiB);
    expect(asked.memoryKiB).toBeLessThan(1.5 * seen.memoryKiB);
  });

  it.each([0, 1, -5])("with the number %i is never killed: that would be another's or all", async (group) => {
    await expect(endGroup(group)).rejects.toThrow(RangeError);
  });

  it.each([
    ["0:00.02", 20],
    ["12:34.56", 754_560],
    ["00:01:02", 62_000],
    ["2-03:04:05", 183_845_000],
  ])("reads the time that ps gives as %s", (time, ms) => {
    expect(psTimeMs(time)).toBe(ms);
  });
});
