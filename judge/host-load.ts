import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";

/**
 * How far the host kept the processors from a program while it ran. Asked only of programs that took too long: it tells
 * one that starved from one that slept.
 */
export interface HostLoad {
  /** What it goes by here: `/proc/stat and /proc/pressure/cpu`. */
  readonly source: string;
  /** Does work that runs a program, and watches the host meanwhile. */
  watch<T>(work: () => Promise<T>): Promise<Watched<T>>;
}

export interface Watched<T> {
  result: T;
  /**
   * To be asked at once, since time goes on.
   *
   * @param ownCpuMs - the CPU time that the program used
   * @returns the largest share of the time, 0 to 1, that it can have waited for a processor which others had
   */
  waited(ownCpuMs: number): number;
}

/**
 * From this share on a host counts as overloaded.
 *
 * A program that never sleeps meets the wall guard (`limits.ts`: twice the CPU time it may have, and 2 s) only if it
 * waited for more than half of the time. A fifth leaves the benefit of the doubt to one that also waits for its input,
 * in a dialogue say; and it is far above what is measured where others leave a processor to the program (0.01).
 */
const OVERLOADED = 0.2;

export function isOverloaded(share: number): boolean {
  return share >= OVERLOADED;
}

/** Of /proc/stat: USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

const SAMPLE_MS = 100;

/** How unfair a fair scheduler may be over a second or more. */
const UNFAIRNESS = 2;

/**
 * Three upper bounds of the time that a program waited, of which the least counts:
 *
 * - The time that was neither the program's own nor left idle by its processors: had one been idle, the scheduler would
 *   have given it to the program. Steal, what a hypervisor gave to other machines, is not idle either and so included.
 * - The time that anything at all waited for a processor: "some" of the kernel's pressure stall information
 *   (Documentation/accounting/psi.rst). The kernel averages over the processors, so that one with a queue may hide behind
 *   others without; hence times their number. Where the kernel has none (built or started without, or older than 4.20)
 *   this bound is missing.
 * - What a program waits under a fair scheduler for the CPU time that it got: as many times as much as there are others
 *   for each processor, by the number of runnable processes sampled ten times a second. It tells a program that slept on
 *   a crowded host, which the first two cannot: that one got next to no CPU time because it asked for none.
 *
 * Steal is added to the last two: the guest's kernel does not see it as waiting.
 *
 * Measured on two cores (Linux 6.18, 1.5 s, medians of five), of three programs: one that sleeps, one that computes, one
 * with eight busy threads bound to one core, as pressure alone would count against others.
 *
 * | busy loops beside it | program  | CPU used | 1st bound | pressure | 3rd bound | share |
 * |----------------------|----------|----------|-----------|----------|-----------|-------|
 * | none                 | sleeps   | 0.00     | 0.00      | 0.00     | 0.01      | 0.00  |
 * |                      | computes | 0.99     | 0.00      | 0.01     | 1.00      | 0.00  |
 * |                      | threads  | 0.97     | 0.00      | 1.00     | 1.00      | 0.00  |
 * | one per core         | sleeps   | 0.00     | 1.00      | 0.03     | 0.01      | 0.01  |
 * |                      | computes | 0.62     | 0.38      | 1.00     | 1.00      | 0.38  |
 * |                      | threads  | 0.99     | 0.01      | 1.00     | 1.00      | 0.01  |
 * | two per core         | sleeps   | 0.00     | 1.00      | 1.00     | 0.02      | 0.02  |
 * |                      | computes | 0.40     | 0.60      | 1.00     | 1.00      | 0.60  |
 * |                      | threads  | 0.97     | 0.03      | 1.00     | 1.00      | 0.03  |
 *
 * What cannot be told: on a host whose processors are all in use, a program that computes a little and sleeps much from
 * one that starves (the doubt is in its favour); the program's own busy threads, when others also keep every processor
 * busy; that the judge itself is held to a quota, or to a lesser weight than other groups of processes, on a host that
 * does not show it as waiting; and load on one processor alone, unless the program is bound to that one.
 *
 * @param processor - the one that the program is bound to, counted from 0 among those that this process may use, as in
 *   the sandbox's configuration; null when it may use all of these
 */
export function openHostLoad(processor: number | null): HostLoad {
  const allowed = allowedProcessors();
  const own = processor === null ? allowed : allowed.slice(processor, processor + 1);
  const pressure = readPressureMs() === null ? ", no /proc/pressure/cpu" : " and /proc/pressure/cpu";
  return {
    source: hasProcStat ? `/proc/stat${pressure}` : "idle time and load average",
    watch: async (work) => {
      const before = look(own);
      const runnable = [before.runnable];
      const sampling = setInterval(() => runnable.push(look(own).runnable), SAMPLE_MS);
      try {
        const result = await work();
        return { result, waited: (ownCpuMs) => waitedShare(before, look(own), average(runnable), ownCpuMs) };
      } finally {
        clearInterval(sampling);
      }
    },
  };
}

/** The host at one moment; times are sums since it started. */
export interface Look {
  atMs: number;
  /** Of the program's processors. */
  idleMs: number;
  stealMs: number;
  /** That anything waited for a processor; null when the kernel does not tell. */
  pressureMs: number | null;
  /** Processes that run or wait for a processor, but for this one. */
  runnable: number;
  /** Processors of the host. */
  online: number;
}

/**
 * The least of the three bounds, as a share of the time.
 *
 * @param runnable - processes on average, the program itself among them whenever it was
 * @param ownCpuMs - the CPU time that the program used
 */
export function waitedShare(before: Look, after: Look, runnable: number, ownCpuMs: number): number {
  const wallMs = after.atMs - before.atMs;
  const stolenMs = after.stealMs - before.stealMs;
  const stalledMs =
    before.pressureMs === null || after.pressureMs === null
      ? Infinity
      : (after.pressureMs - before.pressureMs) * after.online;
  const boundMs = Math.min(
    wallMs - ownCpuMs - (after.idleMs - before.idleMs),
    stalledMs + stolenMs,
    UNFAIRNESS * ownCpuMs * (runnable / after.online) + stolenMs,
  );
  return Math.min(1, Math.max(0, boundMs / wallMs));
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

const hasProcStat = existsSync("/proc/stat");

/** Reads synchronously: procfs never waits for a disk, and these take about a tenth of a millisecond together. */
function look(own: readonly number[]): Look {
  const atMs = performance.now();
  const pressureMs = readPressureMs();
  if (!hasProcStat) return { atMs, pressureMs, ...portableLook() };
  const seen: Look = { atMs, idleMs: 0, stealMs: 0, pressureMs, runnable: 0, online: 0 };
  for (const line of readFileSync("/proc/stat", "latin1").split("\n")) {
    const [name = "", ...values] = line.split(" ", 10);
    if (name === "procs_running") seen.runnable = Math.max(0, Number(values[0]) - 1);
    const number = /^cpu(\d+)$/.exec(name)?.[1];
    if (number === undefined) continue;
    seen.online++;
    if (!own.includes(Number(number))) continue;
    // user nice system idle iowait irq softirq steal; a processor whose process waits for a disk is idle, too.
    const [, , , idle = 0, iowait = 0, , , steal = 0] = values.map(Number);
    seen.idleMs += (idle + iowait) * TICK_MS;
    seen.stealMs += steal * TICK_MS;
  }
  return seen;
}

/** Where there is no /proc: macOS, at the level `process`. */
function portableLook(): Pick<Look, "idleMs" | "stealMs" | "runnable" | "online"> {
  const all = cpus();
  const idleMs = all.reduce((sum, { times }) => sum + times.idle, 0);
  return { idleMs, stealMs: 0, runnable: loadavg()[0] ?? 0, online: all.length };
}

function readPressureMs(): number | null {
  try {
    const some = /^some .*total=(\d+)/m.exec(readFileSync("/proc/pressure/cpu", "latin1"));
    return some === null ? null : Number(some[1]) / 1000;
  } catch {
    return null;
  }
}

/** `Cpus_allowed_list` of this process, such as `0-3,8`: a container may have less than its host. */
function allowedProcessors(): number[] {
  if (!existsSync("/proc/self/status")) return cpus().map((_, number) => number);
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "";
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
