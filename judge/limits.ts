import { stopAfterMs } from "../rules/near-limit.ts";
import type { Limits } from "./sandbox.ts";

export const MIB = 1024 * 1024;

/** What every program finds in its environment. */
export const environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/scratch", "LANG=C.UTF-8"] as const;

/** A JVM starts with some twenty threads; 16 are too few for it, 64 are enough for all languages. */
const PROCESSES = 64;

/**
 * The limits of one program.
 *
 * The wall guard is for sleepers only, so it is generous: a program that computes under a loaded host may take several
 * times its CPU time on the clock. Only one that waits for a processor more than half of the time meets it awake;
 * `host-load.ts` goes by that.
 *
 * @param cpuMs - CPU time, with the language's allowance
 * @param memoryMiB - memory, with the language's allowance
 */
export function programLimits(cpuMs: number, memoryMiB: number, outputMiB: number): Limits {
  return {
    cpuMs,
    wallMs: 2 * cpuMs + 2000,
    memoryBytes: memoryMiB * MIB,
    outputBytes: outputMiB * MIB,
    errorBytes: 16 * 1024,
    workBytes: 64 * MIB,
    workInodes: 4096,
    processes: PROCESSES,
  };
}

/**
 * The limits of a submission, which is stopped only well beyond the CPU time that its verdict goes by.
 *
 * @param cpuLimitMs - what the verdict goes by, with the language's allowance
 */
export function submissionLimits(cpuLimitMs: number, memoryMiB: number, outputMiB: number): Limits {
  return programLimits(stopAfterMs(cpuLimitMs), memoryMiB, outputMiB);
}

/** The limits of a compiler, whose work folder holds the program. What it prints is cut, never an offence. */
export function compilerLimits(cpuMs: number, memoryMiB: number): Limits {
  return { ...programLimits(cpuMs, memoryMiB, 1), errorBytes: 64 * 1024, workBytes: 256 * MIB };
}
