import { javaEntry } from "./java-entry.ts";
import { jvm, jvmAllowance, jvmCompiler, jvmRanOutOfMemory, runClass } from "./jvm.ts";
import { inBox, type Language } from "./language.ts";

export const java: Language = {
  id: "java",
  tool: "OpenJDK",
  probe: ["/usr/bin/javac", ...jvm.map((flag) => `-J${flag}`), "-version"],
  version: /^javac (\d+(?:\.\d+)*)/,
  hello: 'class Main { public static void main(String[] words) { System.out.println("ok"); } }\n',
  entry: (source) => javaEntry(source),
  start: (sources, asked) => {
    if (asked !== null) return asked.replace(/\.(?:java|class)$/, "");
    const entries = [...sources.values()].map(javaEntry);
    const starters = entries.filter(({ hasMain }) => hasMain);
    return (starters.find(({ start }) => /(?:^|\.)Main$/.test(start)) ?? starters[0])?.start ?? "Main";
  },
  compile: (files) => [
    "/usr/bin/javac",
    ...jvmCompiler.map((flag) => `-J${flag}`),
    "-encoding",
    "UTF-8",
    "-proc:none",
    "-d",
    "/scratch",
    ...inBox(files),
  ],
  makesProgram: true,
  run: ({ start }, memoryMiB, args) => runClass("/box", start, memoryMiB, args),
  ranOutOfMemory: jvmRanOutOfMemory,
  allowance: jvmAllowance,
};
