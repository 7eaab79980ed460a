import { type Language, onEach, startingFile, wordsOf } from "./language.ts";

/** No settings of the host's. What PHP complains of is not the program's output. */
const quiet = [
  "-n",
  "-d",
  "display_errors=stderr",
  "-d",
  "display_startup_errors=0",
  "-d",
  "log_errors=0",
] as const;

export const php: Language = {
  id: "php",
  tool: "PHP",
  probe: ["/usr/bin/php", "-n", "--version"],
  version: /^PHP (\d+(?:\.\d+)+)/,
  hello: '<?php\necho "ok\\n";\n',
  entry: () => ({ file: "main.php", start: "main.php" }),
  start: startingFile("main.php"),
  compile: (files) => onEach("/usr/bin/php", [...quiet, "-l"], files),
  makesProgram: false,
  praise: /^No syntax errors detected in .*$/gm,
  run: ({ start }, memoryMiB, args) => [
    "/usr/bin/php",
    ...quiet,
    "-d",
    `memory_limit=${memoryMiB}M`,
    // Shared since Debian builds it so, and used by many.
    "-d",
    "extension=ctype",
    `/box/${start}`,
    ...args,
  ],
  ranOutOfMemory: (ending) =>
    ending.exitCode === 255 &&
    /^(?:PHP )?Fatal error: +(?:Allowed memory size of \d+ bytes exhausted|Out of memory)/m.test(
      wordsOf(ending),
    ),
  // 15 ms to start, and 15 MiB held by then, where that was measured.
  allowance: { cpuMs: 20, memoryMiB: 16 },
};
