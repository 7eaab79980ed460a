import { type Language, onEach, startingFile, wordsOf } from "./language.ts";

export const ruby: Language = {
  id: "ruby",
  tool: "Ruby",
  probe: ["/usr/bin/ruby", "--version"],
  version: /^ruby (\d+(?:\.\d+)+)/,
  hello: 'require "set"\nputs "ok"\n',
  entry: () => ({ file: "main.rb", start: "main.rb" }),
  start: startingFile("main.rb"),
  compile: (files) => onEach("/usr/bin/ruby", ["--disable-gems", "-c"], files),
  makesProgram: false,
  praise: /^Syntax OK$/gm,
  run: ({ start }, _memoryMiB, args) => ["/usr/bin/ruby", `/box/${start}`, ...args],
  ranOutOfMemory: (ending) =>
    ending.exitCode === 1 && /failed to allocate memory \(NoMemoryError\)/.test(wordsOf(ending)),
  // 68 to 105 ms to start where that was measured; most of it looks for libraries.
  allowance: { cpuMs: 150, memoryMiB: 16 },
};
