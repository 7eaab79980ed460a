import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { chatSampleOf } from "./chat-samples.ts";

describe("the programs", () => {
  it("of a conversation ask for exactly it, whatever is said in it", () => {
    const hostile = `it's "quoted", $HOME \\ \`x\` \n\u{1f600} </script>`;
    const body = {
      model: "tiny",
      messages: [{ role: "user", content: hostile }],
      temperature: 0,
      stop: ["\n"],
      provider: { only: ["shed-1"], allow_fallbacks: false },
    };
    const run = (command: string, args: string[], input: string): unknown =>
      JSON.parse(spawnSync(command, args, { input, encoding: "utf8" }).stdout);
    const origin = "https://arena.example";
    const curl = `curl() { while [ "$1" != -d ]; do shift; done; printf %s "$2"; }\n${chatSampleOf("curl", origin, body)}`;
    expect(run("sh", [], curl)).toEqual(body);
    const python = chatSampleOf("python", origin, body);
    const called = `import json\nprint(json.dumps(dict(${python.slice(python.indexOf("create(") + 7, python.lastIndexOf("\nprint") - 1)})))`;
    const { provider, ...known } = body;
    expect(run("python3", ["-"], called)).toEqual({ ...known, extra_body: { provider } });
    const javascript = chatSampleOf("javascript", origin, body);
    const literal = javascript.slice(javascript.indexOf("create(") + 7, javascript.lastIndexOf(");\n"));
    expect(run(process.execPath, ["-"], `console.log(JSON.stringify(${literal}))`)).toEqual(body);
  });
});
