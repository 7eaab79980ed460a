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
  run: ({ start }, _memoryMiB, args) => ["/usr/bin/ruby", `/box/${start}`, ...args],
  ranOutOfMemory: (ending) =>
    ending.exitCode === 1 && /failed to allocate memory \(NoMemoryError\)/.test(wordsOf(ending)),
  allowance: { cpuMs: 150, memoryMiB: 16 },
};
