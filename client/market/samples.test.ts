import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { agentCommand, sampleKinds, sampleOf } from "./samples.ts";

describe("the examples", () => {
  it.each(sampleKinds)("in %s name the site's own address and the model, and hold no key", (kind) => {
    const text = sampleOf(kind, "https://arena.example", "qwen3:8b");
    expect(text).toContain("https://arena.example/v1");
    expect(text).toContain('"qwen3:8b"');
    expect(text).toContain("TABARENA_API_KEY");
    expect(text).not.toContain("tab-key-");
  });

  it("in curl send JSON", () => {
    const body = /-d '(.*)'$/.exec(sampleOf("curl", "https://arena.example", "tiny"))?.[1] ?? "";
    expect(JSON.parse(body)).toEqual({ model: "tiny", messages: [{ role: "user", content: "Hello" }] });
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
