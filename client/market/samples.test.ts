import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { Task } from "../../protocol/task.ts";
import { agentCommand, sampleKinds, sampleOf } from "./samples.ts";

describe("the examples", () => {
  it.each(sampleKinds)("in %s name the site's own address and the model, and hold no key", (kind) => {
    const text = sampleOf(kind, "https://arena.example", "qwen3:8b", "chat");
    expect(text).toContain("https://arena.example/v1");
    expect(text).toContain('"qwen3:8b"');
    expect(text).toContain("TABARENA_API_KEY");
    expect(text).not.toContain("tab-key-");
  });

  it.each([
    ["chat", "chat/completions", { messages: [{ role: "user", content: "Hello" }] }],
    ["completion", "completions", { prompt: "Once upon a time" }],
    ["embedding", "embeddings", { input: "Hello" }],
  ] as const)("in curl send JSON to the address for a %s", (task, path, asked) => {
    const text = sampleOf("curl", "https://arena.example", "tiny", task);
    const body = /-d '(.*)'$/.exec(text)?.[1] ?? "";
    expect(JSON.parse(body)).toEqual({ model: "tiny", ...asked });
    expect(text).toContain(`https://arena.example/v1/${path} `);
  });

  it.each(Task.options)("in JavaScript and Python are programs of these languages for a %s", (task) => {
    const python = sampleOf("python", "https://arena.example", "tiny", task);
    const check = ["-c", "import ast, sys; ast.parse(sys.stdin.read())"];
    expect(spawnSync("python3", check, { input: python, encoding: "utf8" })).toMatchObject({ status: 0 });
    const javascript = sampleOf("javascript", "https://arena.example", "tiny", task);
    const node = ["--input-type=module", "--check", "-"];
    expect(spawnSync(process.execPath, node, { input: javascript, encoding: "utf8" })).toMatchObject({
      status: 0,
    });
  });

  it("of the agent is one command of a shell, with the token in its environment", () => {
    const command = agentCommand("https://arena.example", "tab-provider-0");
    const script = `npm() { echo "$AGENT_TOKEN $*"; }\n${command}`;
    const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    expect(stdout.trim()).toBe(
      "tab-provider-0 run agent -- --url https://arena.example --model my-model --gguf my-model.gguf --price-in 0.1 --price-out 0.4",
    );
  });
});
