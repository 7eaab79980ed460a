import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { SandboxError } from "../sandbox.ts";

/** What the processes of a group hold and have used, at one moment. */
export interface GroupUsage {
  /** CPU time of the processes that are there, and of those that they have waited for where that can be seen. */
  cpuMs: number;
  /** CPU time of those that the leader has waited for; 0 where that cannot be seen. */
  waitedMs: number;
  /** Resident memory of all together, or the most that one of them ever had if that is more. */
  memoryKiB: number;
  /** How many there are, but for those that ended and only were not waited for yet. */
  processes: number;
}

/**
 * Looks at the processes of a group.
 *
 * @param leader - the group's first process, whose number is the group's
 * @param ours - processes of the group that are not of the program: the leader is one
 */
export function lookAtGroup(leader: number, ours: ReadonlySet<number>): Promise<GroupUsage> {
  return process.platform === "linux" ? Promise.resolve(lookInProc(leader, ours)) : lookByPs(leader, ours);
}

/** The kernel's clock tick as user programs see it, on every architecture (sysconf(_SC_CLK_TCK)). */
const TICK_MS = 10;

/** Reads synchronously: the files are the kernel's memory, and hundreds of them by the thread pool take longer. */
function lookInProc(leader: number, ours: ReadonlySet<number>): GroupUsage {
  const usage: GroupUsage = { cpuMs: 0, waitedMs: 0, memoryKiB: 0, processes: 0 };
  let peakKiB = 0;
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = read(`/proc/${name}/stat`);
    // proc_pid_stat(5), from the third field on; the second, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[2]) !== leader) continue;
    const [user = 0, system = 0, waitedUser = 0, waitedSystem = 0] = fields.slice(11, 15).map(Number);
    const waitedMs = (waitedUser + waitedSystem) * TICK_MS;
    if (pid === leader) usage.waitedMs = waitedMs;
    if (ours.has(pid)) continue;
    usage.cpuMs += (user + system) * TICK_MS + waitedMs;
    if (fields[0] === "Z" || fields[0] === "X") continue;
    usage.processes++;
    const status = read(`/proc/${name}/status`);
    usage.memoryKiB += kibibytes(status, "VmRSS");
    peakKiB = Math.max(peakKiB, kibibytes(status, "VmHWM"));
  }
  usage.memoryKiB = Math.max(usage.memoryKiB, peakKiB);
  return usage;
}

/** A process that has just ended has no file any more. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function kibibytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
}

/** By POSIX's `ps`, where there is no /proc of Linux's: macOS, the BSDs. */
export async function lookByPs(leader: number, ours: ReadonlySet<number>): Promise<GroupUsage> {
  const columns = ["pid=", "pgid=", "stat=", "rss=", "time="].flatMap((column) => ["-o", column]);
  const { stdout } = await promisify(execFile)("ps", ["-A", ...columns], { maxBuffer: 2 ** 24 });
  const usage: GroupUsage = { cpuMs: 0, waitedMs: 0, memoryKiB: 0, processes: 0 };
  for (const line of stdout.split("\n")) {
    const [pid, group, state = "", residentKiB, time = ""] = line.trim().split(/\s+/);
    if (Number(group) !== leader || ours.has(Number(pid))) continue;
    usage.cpuMs += psTimeMs(time);
    if (state.startsWith("Z")) continue;
    usage.processes++;
    usage.memoryKiB += Number(residentKiB);
  }
  return usage;
}

/** `[[days-]hours:]minutes:seconds[.fraction]`; macOS gives hundredths, others whole seconds. */
export function psTimeMs(time: string): number {
  const [clock = "", days = "0"] = time.split("-").reverse();
  const [seconds = 0, minutes = 0, hours = 0] = clock.split(":").map(Number).reverse();
  return Math.round((((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}

/** How long processes may take to vanish once they were sent SIGKILL. */
const PATIENCE_MS = 5000;

/**
 * Kills all processes of a group, and waits until none is left. A process that left the group (setsid) is not found.
 *
 * @param leader - still there, so that the number cannot have become another group's
 * @throws SandboxError when the kernel does not let go of one
 */
export async function endGroup(leader: number): Promise<void> {
  // 0 and 1 would mean our own group and every process.
  if (leader <= 1) throw new RangeError(`${leader} is no group of a program`);
  const nobody = new Set<number>();
  const until = performance.now() + PATIENCE_MS;
  for (let pauseMs = 1; performance.now() < until; pauseMs = Math.min(2 * pauseMs, 100)) {
    try {
      // Again and again: what was just being forked may have been missed.
      process.kill(-leader, "SIGKILL");
    } catch {
      return;
    }
    if ((await lookAtGroup(leader, nobody)).processes === 0) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new SandboxError(`processes of group ${leader} do not end`);
}
