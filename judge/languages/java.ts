import { javaEntry } from "./java-entry.ts";
import { lastWords, type Language } from "./language.ts";

/** One collector thread, and no file of counters that nobody reads. */
const jvm = ["-XX:+UseSerialGC", "-XX:-UsePerfData"] as const;

/**
 * With the heap full, the JVM would end only the thread that asked for more, and a program that does its work in a
 * thread of its own (for a larger stack, say) would then end well, without its output. As everywhere else, the
 * memory limit is the end.
 */
const endWhenFull = ["-XX:+ExitOnOutOfMemoryError", "-XX:+DisplayVMOutputToStderr"] as const;

export const java: Language = {
  id: "java",
  tool: "OpenJDK",
  probe: ["/usr/bin/javac", ...jvm.map((flag) => `-J${flag}`), "-version"],
  version: /^javac (\d+(?:\.\d+)*)/,
  hello: 'class Main { public static void main(String[] words) { System.out.println("ok"); } }\n',
  entry: javaEntry,
  compile: (files) => [
    "/usr/bin/javac",
    // Code that runs for half a second is compiled fastest when compiled least.
    ...[...jvm, "-XX:TieredStopAtLevel=1", "-Xmx512m"].map((flag) => `-J${flag}`),
    "-encoding",
    "UTF-8",
    "-proc:none",
    "-d",
    "/scratch",
    ...files.map((file) => `/box/${file}`),
  ],
  makesProgram: true,
  run: (entry, memoryMiB) => [
    "/usr/bin/java",
    ...jvm,
    // In the jail the JVM sees no cgroup and would size its heap by the whole machine.
    `-Xmx${memoryMiB}m`,
    ...endWhenFull,
    "-Xss64m",
    "-Dfile.encoding=UTF-8",
    "-cp",
    "/box",
    entry.start,
  ],
  ranOutOfMemory: (ending) =>
    ending.exitCode === 3 && lastWords(ending).startsWith("Terminating due to java.lang.OutOfMemoryError"),
  // 44 to 68 ms of CPU to start where that was measured, on more than one core; compiled code and threads beside the heap.
  allowance: { cpuMs: 300, memoryMiB: 128 },
};
