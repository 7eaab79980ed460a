import { inBox, type Language, lastWords, startingFile } from "./language.ts";

/** Others of the submission's files are found by require. */
const lua = ["/usr/bin/env", "LUA_PATH=/box/?.lua;;", "/usr/bin/lua5.4"] as const;

const check = `for _, path in ipairs(arg) do
  local _, fault = loadfile(path)
  if fault then io.stderr:write(fault, "\\n") os.exit(1) end
end
`;

export const lua54: Language = {
  id: "lua",
  tool: "Lua",
  probe: ["/usr/bin/lua5.4", "-v"],
  version: /^Lua (\d+(?:\.\d+)+)/,
  hello: 'print("ok")\n',
  entry: () => ({ file: "main.lua", start: "main.lua" }),
  start: startingFile("main.lua"),
  compile: (files) => [...lua, "-e", check, "/dev/null", ...inBox(files)],
  makesProgram: false,
  run: ({ start }, _memoryMiB, args) => [...lua, `/box/${start}`, ...args],
  ranOutOfMemory: (ending) => ending.exitCode === 1 && /\bnot enough memory$/.test(lastWords(ending)),
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
