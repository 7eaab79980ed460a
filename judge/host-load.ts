import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/**
 * How far the host kept the processors from a program while it ran. Asked only of programs that took too long: it tells
 * one that starved from one that slept.
 */
export interface HostLoad {
  /** What it goes by here: `/proc/stat and /proc/pressure/cpu`. */
  readonly source: string;
  /**
   * Begins to watch.
   *
   * @returns a function to be called when the run has ended, with the CPU time that the program used in ms, which gives
   *   the largest share of the time, 0 to 1, that the program can have waited for a processor that others had
   */
  watch(): (ownCpuMs: number) => number;
}

/**
 * From this share on a host counts as overloaded.
 *
 * A program that never sleeps meets the wall guard (`limits.ts`: twice the CPU time it may have, and 2 s) only if it
 * waited for more than half of the time, so half would do, did `own` not count on both sides: a program with threads of
 * its own waits for itself, too. A fifth leaves room for that, and for the grain of 10 ms of /proc/stat. It is far above
 * what the judge itself causes: measured on two cores, with the service and a supervisor beside the program, the share
 * of an idle host is at most 0.02.
 */
const OVERLOADED = 0.2;

export function isOverloaded(share: number): boolean {
  return share >= OVERLOADED;
}

/** Of /proc/stat: USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

/**
 * Two upper bounds of the time that a program waited, of which the lesser counts:
 *
 * - The time that was neither the program's own nor left idle by its processors: had one been idle, the scheduler would
 *   have given it to the program. Steal, what a hypervisor gave to other machines, is not idle either and so included.
 * - The time that anything at all waited for a processor ("some" of pressure stall information, Documentation/accounting/psi.rst),
 *   plus steal, which the guest's kernel does not see as waiting. The kernel averages over the processors, so that one
 *   with a queue may hide behind others without; hence times their number. Where the kernel has none (built or started
 *   without, or older than 4.20) only the first bound is left: a program that sleeps while others use all processors,
 *   one each, then looks like one that starved.
 *
 * Measured on two cores, over 3 s, of a program that sleeps and of one with eight busy threads on one core:
 *
 * | others              | first bound: sleeps | threads | pressure: sleeps | threads | so overloaded: sleeps | threads |
 * |---------------------|---------------------|---------|------------------|---------|-----------------------|---------|
 *
 * What cannot be told: whether a program slept or starved while others did wait, since both leave the same traces; the
 * program's own threads, when other programs also keep all processors busy; and load on one processor alone, unless the
 * program is bound to it.
 *
 * @param processor - the one that the program is bound to, counted from 0 among those that this process may use, as in
 *   the sandbox's configuration; null when it may use all of these
 */
export function openHostLoad(processor: number | null): HostLoad {
  const allowed = allowedProcessors();
  const own = processor === null ? allowed : allowed.slice(processor, processor + 1);
  const hasPressure = readPressureMs() !== null;
  return {
    source: existsSync("/proc/stat")
      ? `/proc/stat${hasPressure ? " and /proc/pressure/cpu" : ", no /proc/pressure/cpu"}`
      : "the processors' idle time",
    watch: () => {
      const began = performance.now();
      const times = readProcessors(own);
      const pressure = readPressureMs();
      return (ownCpuMs) => {
        const wallMs = performance.now() - began;
        const now = readProcessors(own);
        const notIdle = wallMs - ownCpuMs - (now.idleMs - times.idleMs);
        const waited = ((readPressureMs() ?? Infinity) - (pressure ?? 0)) * now.online;
        const bound = Math.min(notIdle, waited + now.stealMs - times.stealMs);
        return Math.min(1, Math.max(0, bound / wallMs));
      };
    },
  };
}

interface Times {
  /** Of the processors asked for, together. */
  idleMs: number;
  stealMs: number;
  /** How many the host has. */
  online: number;
}

/** Reads synchronously: procfs never waits for a disk, and two small files take less time than asking for them. */
function readProcessors(own: readonly number[]): Times {
  if (!existsSync("/proc/stat")) return portableTimes();
  const times: Times = { idleMs: 0, stealMs: 0, online: 0 };
  for (const line of readFileSync("/proc/stat", "latin1").split("\n")) {
    // cpu<number> user nice system idle iowait irq softirq steal …
    const [, number, rest] = /^cpu(\d+) (.*)/.exec(line) ?? [];
    if (number === undefined || rest === undefined) continue;
    times.online++;
    if (!own.includes(Number(number))) continue;
    const [, , , idle = 0, iowait = 0, , , steal = 0] = rest.split(" ").map(Number);
    times.idleMs += (idle + iowait) * TICK_MS;
    times.stealMs += steal * TICK_MS;
  }
  return times;
}

/** Where there is no /proc: macOS, at the level `process`. */
function portableTimes(): Times {
  const all = cpus();
  return { idleMs: all.reduce((sum, { times }) => sum + times.idle, 0), stealMs: 0, online: all.length };
}

/** How long anything has waited for a processor since the host started, or null when the kernel does not tell. */
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
