import { lastWords, type SelfEnding } from "./language.ts";

/** One collector thread, and no file of counters that nobody reads. */
export const jvm = ["-XX:+UseSerialGC", "-XX:-UsePerfData"] as const;

/** Code that runs for seconds is compiled fastest when compiled least. */
export const jvmCompiler = [...jvm, "-XX:TieredStopAtLevel=1", "-Xmx512m"] as const;

/**
 * Runs a class.
 *
 * @param classes - the folder or archive that has it
 */
export function runClass(
  classes: string,
  name: string,
  memoryMiB: number,
  args: readonly string[],
): readonly string[] {
  return [
    "/usr/bin/java",
    ...jvm,
    // In the jail the JVM sees no cgroup and would size its heap by the whole machine.
    `-Xmx${memoryMiB}m`,
    // With the heap full, the JVM would end only the thread that asked for more, and a program that does its work in a
    // thread of its own (for a larger stack, say) would then end well, without its output. As everywhere else, the
    // memory limit is the end.
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:+DisplayVMOutputToStderr",
    "-Xss64m",
    "-Dfile.encoding=UTF-8",
    "-cp",
    classes,
    name,
    ...args,
  ];
}

export const jvmRanOutOfMemory = (ending: SelfEnding): boolean =>
  ending.exitCode === 3 && lastWords(ending).startsWith("Terminating due to java.lang.OutOfMemoryError");

/** 44 to 68 ms of CPU to start where that was measured, on more than one core; compiled code and threads beside the heap. */
export const jvmAllowance = { cpuMs: 300, memoryMiB: 128 } as const;
