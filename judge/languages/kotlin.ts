import { jvmAllowance, jvmCompiler, jvmRanOutOfMemory, runClass } from "./jvm.ts";
import { inBox, type Language } from "./language.ts";

/** Where Debian's package has the compiler; its own `kotlinc` is a script that takes no flags for the JVM. */
const HOME = "/usr/share/kotlin/kotlinc";

const kotlinc = (...words: string[]): readonly string[] => [
  "/usr/bin/java",
  ...jvmCompiler,
  // What it keeps for itself goes to nobody's home.
  "-Duser.home=/scratch/home",
  "-cp",
  `${HOME}/lib/kotlin-preloader.jar`,
  "org.jetbrains.kotlin.preloading.Preloader",
  "-cp",
  `${HOME}/lib/kotlin-compiler.jar`,
  "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
  ...words,
];

/** The class that holds a file's top-level functions: `MainKt` of Main.kt (Kotlin, "Calling Kotlin from Java"). */
function classOf(file: string, source: string): string {
  const base = file.replace(/\.kt$/, "").replace(/[^\p{L}\p{N}_$]/gu, "_");
  const name = `${base.charAt(0).toUpperCase()}${base.slice(1)}Kt`;
  const inPackage = /^\s*package\s+([\w.]+)/m.exec(source)?.[1];
  return inPackage === undefined ? name : `${inPackage}.${name}`;
}

export const kotlin: Language = {
  id: "kotlin",
  tool: "Kotlin",
  // The compiler takes seconds to tell its version, and Debian's then leaves the last number out.
  probe: ["/usr/bin/readlink", `${HOME}/lib/kotlin-compiler.jar`, "/usr/share/java/kotlin-compiler.jar"],
  version: /kotlin-compiler-(\d+(?:\.\d+)+)\.jar/,
  hello: 'fun main() { println("ok") }\n',
  entry: (source) => ({ file: "Main.kt", start: classOf("Main.kt", source) }),
  start: (sources, asked) => {
    if (asked !== null) {
      const source = sources.get(asked);
      return source === undefined ? asked : classOf(asked, source);
    }
    const mains = [...sources].filter(([, source]) => /^\s*(?:suspend\s+)?fun\s+main\s*\(/m.test(source));
    const [file, source] = mains.find(([name]) => /^main\.kt$/i.test(name)) ?? mains[0] ?? ["Main.kt", ""];
    return classOf(file, source);
  },
  // The archive brings Kotlin's own library along.
  compile: (files) => kotlinc("-nowarn", "-include-runtime", "-d", "/scratch/main.jar", ...inBox(files)),
  makesProgram: true,
  run: ({ start }, memoryMiB, args) => runClass("/box/main.jar", start, memoryMiB, args),
  ranOutOfMemory: jvmRanOutOfMemory,
  allowance: jvmAllowance,
};
