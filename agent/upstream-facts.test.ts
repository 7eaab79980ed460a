import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LanguageEngine } from "../provider/engine.ts";
import { chatRequest, written } from "./testing.ts";
import { openUpstream, type ScriptedUpstream, streamed, text, end } from "./testing-upstream.ts";
import { openUpstreamEngine, type UpstreamSettings } from "./upstream-engine.ts";
import { quantisationOf } from "./upstream-facts.ts";

const numbers = streamed([
  ...Array.from({ length: 20 }, (_, index) => text(` ${index}`)),
  400,
  text("!"),
  end("stop"),
]);

const llamaServer = {
  models: [{ id: "weights.gguf", owned_by: "llamacpp", meta: { n_ctx_train: 32_768 } }],
  props: {
    default_generation_settings: { n_ctx: 4096 },
    total_slots: 3,
    build_info: "b9000-abc",
    model_ftype: "Q4_K - Medium",
    modalities: { vision: true, audio: false },
    chat_template_caps: { supports_tools: true },
  },
};

describe("an engine in front of another server says what it serves", () => {
  let scripted: ScriptedUpstream;

  beforeEach(async () => {
    scripted = await openUpstream();
  });
  afterEach(() => scripted.close());

  const open = (wishes: Partial<UpstreamSettings> = {}): Promise<LanguageEngine> =>
    openUpstreamEngine({
      upstream: scripted.upstream,
      model: "served",
      upstreamModel: null,
      tasks: null,
      slots: null,
      contextTokens: 1_000,
      features: null,
      timeouts: { factsMs: 20_000, firstMs: 20_000, stallMs: 20_000 },
      ...wishes,
    });

  it("with the speed of a short answer", async () => {
    scripted.answers = [numbers];
    const { facts } = await open();
    expect(facts).toMatchObject({
      engine: { name: "openai-compatible", build: "" },
      contextTokens: 1_000,
      slots: 1,
      features: [],
    });
    expect(facts.tokensPerSecond).toBeGreaterThan(0);
    // 20 tokens after the first, and a pause before the last of them, of which a busy machine may see less.
    expect(facts.tokensPerSecond).toBeLessThan(20 / 0.1);
  });

  it("without a speed where the answer is too short to tell", async () => {
    expect((await open()).facts.tokensPerSecond).toBeNull();
  });

  it("as an operator says, who knows more", async () => {
    const { facts } = await open({ slots: 5, contextTokens: 99, features: ["tools"] });
    expect(facts).toMatchObject({ slots: 5, contextTokens: 99, features: ["tools"] });
  });

  it.each([
    ["<|user|>A question<|assistant|>The beginning of an answer", true],
    ["<|user|>A question<|assistant|>The beginning of an answer<|end|><|assistant|>", false],
  ])("as llama-server tells, with the prompt %s", async (prompt, goesOn) => {
    scripted.models = llamaServer.models;
    scripted.pages.set("/props", llamaServer.props);
    scripted.pages.set("/apply-template", { prompt });
    const { facts } = await open({ contextTokens: null });
    expect(facts).toMatchObject({
      artifact: { sha256: null, quantisation: "Q4_K_M", bytes: null },
      engine: { name: "llama-server", build: "b9000-abc" },
      contextTokens: 4096,
      slots: 3,
    });
    expect(facts.features.join(" ")).toBe(
      `logprobs logit_bias json_object json_schema tools images${goesOn ? " prefill" : ""}`,
    );
    expect(scripted.asked[0]?.body).toMatchObject({ model: "weights.gguf", timings_per_token: true });
  });

  it("as vLLM tells, and goes on with answers as vLLM wants it to be said", async () => {
    scripted.models = [{ id: "org/served", owned_by: "vllm", max_model_len: 8192 }];
    scripted.pages.set("/version", { version: "0.20.1" });
    const engine = await open({ contextTokens: null });
    expect(engine.facts).toMatchObject({ engine: { name: "vllm", build: "0.20.1" }, contextTokens: 8192 });
    await written(engine, chatRequest("Hello", { tokenIds: false, continuation: "Once" }));
    expect(scripted.asked.at(-1)?.body).toMatchObject({
      messages: [
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Once" },
      ],
      continue_final_message: true,
      add_generation_prompt: false,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    });
  });

  it("as Ollama tells of the model, and of how much of it is loaded, for which it is", async () => {
    const model = "qwen3:8b";
    scripted.models = [{ id: model, owned_by: "library" }];
    scripted.pages.set("/api/version", { version: "0.40.12" });
    scripted.pages.set("/api/show", {
      capabilities: ["completion", "tools", "vision", "thinking"],
      details: { quantization_level: "Q4_K_M" },
      model_info: { "qwen3.context_length": 40_960 },
    });
    scripted.pages.set("/api/generate", { done: true });
    scripted.pages.set("/api/ps", {
      models: [
        { name: "other:1b", context_length: 99 },
        { name: model, context_length: 4_096 },
      ],
    });
    const { facts } = await open({ model: "qwen3-8b", contextTokens: null });
    expect(facts).toMatchObject({
      artifact: { sha256: null, quantisation: "Q4_K_M", bytes: null },
      engine: { name: "ollama", build: "0.40.12" },
      contextTokens: 4_096,
      slots: 1,
      features: ["json_object", "json_schema", "tools", "images"],
    });
    expect(scripted.told.get("/api/show")).toEqual({ model });
    expect(scripted.told.get("/api/generate")).toEqual({ model, stream: false });
    scripted.pages.set("/api/ps", { models: [] });
    await expect(open({ model: "qwen3-8b", contextTokens: null })).rejects.toThrow(/say it by --context/);
  });

  it("as nobody tells, where a server only has a version as Ollama has", async () => {
    scripted.pages.set("/api/version", { version: "1" });
    expect((await open()).facts.engine.name).toBe("openai-compatible");
  });

  it.each([
    ["Q8_0", "Q8_0"],
    ["F16", "F16"],
    ["BF16", "BF16"],
    ["all F32", "F32"],
    ["Q2_K - Medium", "Q2_K"],
    ["Q3_K - Large", "Q3_K_L"],
    ["Q5_K - Small", "Q5_K_S"],
    ["IQ4_XS - 4.25 bpw", "IQ4_XS"],
    ["TQ1_0 - 1.69 bpw ternary", "TQ1_0"],
    ["MXFP4 MoE", "MXFP4_MOE"],
    ["Q4_K_M", "Q4_K_M"],
    ["(guessed) Q8_0", null],
    ["unknown, may not work", null],
    ["15", null],
    ["", null],
  ])("with the quantisation that llama.cpp calls %j", (described, name) => {
    expect(quantisationOf(described)).toBe(name);
  });

  it("with as much room as vLLM has behind a prompt, which it counts before", async () => {
    scripted.models = [{ id: "served", owned_by: "vllm", max_model_len: 100 }];
    scripted.pages.set("/tokenize", { count: 70, max_model_len: 100, tokens: [] });
    const engine = await open({ contextTokens: null });
    const job = await engine.prepare(chatRequest("Hello", { tokenIds: false, maxTokens: 90 }));
    expect(job.promptTokens).toBe(70);
    await job.write(() => undefined, new AbortController().signal);
    expect(scripted.asked.at(-1)?.body).toMatchObject({ max_tokens: 30 });
    scripted.pages.set("/tokenize", { count: 100 });
    await expect(engine.prepare(chatRequest("Hello", { tokenIds: false }))).rejects.toMatchObject({
      reason: "too_long",
      message: expect.stringContaining("the prompt has 100 tokens; the context holds 100"),
    });
  });

  it("of the model with that name, or the one that is named, among several", async () => {
    scripted.models = [{ id: "other" }, { id: "served" }];
    await open();
    expect(scripted.asked.at(-1)?.body["model"]).toBe("served");
    await open({ upstreamModel: "other" });
    expect(scripted.asked.at(-1)?.body["model"]).toBe("other");
    await expect(open({ model: "third" })).rejects.toThrow(
      /has no model "third"; name one by --upstream-model: other, served/,
    );
    await expect(open({ upstreamModel: "third" })).rejects.toThrow(/--upstream-model/);
  });

  it("and is not opened where it can't tell the context, and names the option", async () => {
    await expect(open({ contextTokens: null })).rejects.toMatchObject({
      reason: "unsupported",
      message: expect.stringContaining("--context"),
    });
  });

  it("and is not opened where nobody answers, and says so", async () => {
    await scripted.close();
    await expect(open()).rejects.toMatchObject({
      reason: "engine",
      message: expect.stringMatching(/can't be reached \(.*ECONNREFUSED/),
    });
  });
});
