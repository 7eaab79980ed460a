import { type Language, lastWords, onEach, startingFile } from "./language.ts";

export const perl: Language = {
  id: "perl",
  tool: "Perl",
  probe: ["/usr/bin/perl", "-e", "printf qq(%vd\\n), $^V"],
  version: /^(\d+(?:\.\d+)+)/,
  hello: 'use strict;\nuse warnings;\nuse List::Util qw(sum);\nprint "ok\\n" if sum(1, 1) == 2;\n',
  entry: () => ({ file: "main.pl", start: "main.pl" }),
  start: startingFile("main.pl"),
  compile: (files) => onEach("/usr/bin/perl", ["-I/box", "-c"], files),
  makesProgram: false,
  praise: /^.* syntax OK$/gm,
  run: ({ start }, _memoryMiB, args) => ["/usr/bin/perl", "-I/box", `/box/${start}`, ...args],
  ranOutOfMemory: (ending) => ending.exitCode === 1 && /^Out of memory\b/.test(lastWords(ending)),
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
