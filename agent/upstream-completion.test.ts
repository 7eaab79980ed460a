import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CompletionJob } from "../protocol/job.ts";
import type { LanguageEngine } from "../provider/engine.ts";
import { completionRequest, type Written, written } from "./testing.ts";
import { until } from "./testing-market.ts";
import {
  completionEnd as end,
  completionText as text,
  cutOff,
  openUpstream,
  refused,
  type ScriptedUpstream,
  streamed,
  usage,
} from "./testing-upstream.ts";
import { openUpstreamEngine, type UpstreamSettings } from "./upstream-engine.ts";

const timeouts = { factsMs: 20_000, firstMs: 20_000, stallMs: 20_000 };

describe("completions of another server", () => {
  let scripted: ScriptedUpstream;

  beforeEach(async () => {
    scripted = await openUpstream();
    scripted.answers = [streamed([text(" there"), end("stop"), usage(3, 1)])];
  });
  afterEach(() => scripted.close());

  const open = (wishes: Partial<UpstreamSettings> = {}): Promise<LanguageEngine> =>
    openUpstreamEngine({
      upstream: scripted.upstream,
      model: "served",
      upstreamModel: null,
      tasks: ["completion"],
      slots: null,
      contextTokens: 1_000,
      features: null,
      timeouts,
      ...wishes,
    });
  const ask = async (
    wishes: Partial<CompletionJob> = {},
    settings: Partial<UpstreamSettings> = {},
  ): Promise<Written> =>
    written(await open(settings), completionRequest("Once upon", { tokenIds: false, ...wishes }));
  /** What is answered after the speed was measured. */
  const then = (answer: ScriptedUpstream["answers"][number]): void => {
    scripted.answers = [...scripted.answers.slice(0, 1), answer];
  };

  it("are streamed from /completions, token by token, with what they used", async () => {
    then(streamed([text(" a"), text(" time"), end("length"), usage(3, 2)]));
    const { pieces, ending } = await ask();
    expect(pieces).toEqual([
      { text: " a", tokenCount: 1 },
      { text: " time", tokenCount: 1 },
    ]);
    expect(ending).toMatchObject({
      reason: "length",
      usage: { promptTokens: 3, cachedPromptTokens: 0, completionTokens: 2 },
    });
    expect(scripted.asked.map(({ url }) => url)).toEqual(["/v1/completions", "/v1/completions"]);
    expect(scripted.asked.at(-1)?.authorization).toBe("Bearer a key");
  });

  it("are asked for with everything that the job asks for, the beginning as part of the text", async () => {
    const sampling = {
      temperature: 0.5,
      topP: 0.9,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      logitBias: { 3: -100 },
      seed: 42,
    };
    await ask(
      { sampling, stop: ["\n"], maxTokens: 7, logprobs: 3, continuation: " a time" },
      { features: ["logprobs", "logit_bias"] },
    );
    expect(scripted.asked.at(-1)?.body).toEqual({
      model: "served",
      prompt: "Once upon a time",
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 7,
      temperature: 0.5,
      top_p: 0.9,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      logit_bias: { 3: -100 },
      seed: 42,
      stop: ["\n"],
      logprobs: 3,
    });
  });

  it.each<[string, Partial<CompletionJob>]>([
    ["token_ids", { tokenIds: true }],
    ["logprobs", { logprobs: 2 }],
    ["logit_bias", { sampling: { ...completionRequest("").sampling, logitBias: { 1: 1 } } }],
  ])("are refused where they need %s, which the server is not known to have", async (feature, wishes) => {
    await expect(ask(wishes)).rejects.toMatchObject({
      reason: "unsupported",
      message: `this engine has no ${feature}`,
    });
  });

  it("tell probabilities in either shape that servers have for them", async () => {
    const own = {
      tokens: [" a", " time"],
      token_logprobs: [-0.5, null],
      top_logprobs: [{ " the": -1.5, " a": -0.5 }, null],
    };
    then(streamed([text(" a time", { logprobs: own }), end("stop")]));
    const { pieces } = await ask({ logprobs: 1 }, { features: ["logprobs"] });
    expect(pieces[0]).toEqual({
      text: " a time",
      tokenCount: 2,
      logprobs: [
        {
          token: " a",
          bytes: null,
          logprob: -0.5,
          top_logprobs: [{ token: " a", bytes: null, logprob: -0.5 }],
        },
        { token: " time", bytes: null, logprob: -9999, top_logprobs: [] },
      ],
    });
    const entry = { token: " a", bytes: [32, 97], logprob: -0.5 };
    const ofChats = { content: [{ ...entry, top_logprobs: [entry] }] };
    then(streamed([text(" a", { logprobs: ofChats }), end("stop")]));
    const told = await ask({ logprobs: 1 }, { features: ["logprobs"] });
    expect(told.pieces[0]?.logprobs).toEqual(ofChats.content);
  });

  it("end where they were to end, whatever the server writes on", async () => {
    then(streamed([text("a"), text("b"), text("c"), end("stop")]));
    expect(await ask({ maxTokens: 2 })).toMatchObject({ text: "ab", ending: { reason: "length" } });
    then(streamed([text("one E"), text("ND two"), text(" three"), end("length")]));
    expect(await ask({ stop: [" END"] })).toMatchObject({ text: "one", ending: { reason: "stop" } });
  });

  it("are counted before by vLLM, with their beginning, and have as much room as is left", async () => {
    scripted.models = [{ id: "served", owned_by: "vllm", max_model_len: 100 }];
    scripted.pages.set("/tokenize", { count: 70 });
    const engine = await open({ contextTokens: null });
    const request = completionRequest("Once", { tokenIds: false, maxTokens: 90, continuation: " upon" });
    const job = await engine.prepare(request);
    expect([job.promptTokens, scripted.told.get("/tokenize")]).toEqual([
      70,
      { model: "served", prompt: "Once upon" },
    ]);
    await job.write(() => undefined, new AbortController().signal);
    expect(scripted.asked.at(-1)?.body).toMatchObject({ max_tokens: 30 });
    scripted.pages.set("/tokenize", { count: 100 });
    await expect(engine.prepare(request)).rejects.toMatchObject({ reason: "too_long" });
  });

  it.each([
    ["a cut", cutOff([text("a")]), /broke off its answer/],
    ["no end", streamed([text("a")]), /broke off its answer/],
    ["no text", streamed([text("a"), { choices: [{ text: 5 }] }]), /no chunk of an answer: choices\.0\.text/],
    ["an error", streamed([text("a"), { error: { message: "out of memory" } }]), /fails: out of memory/],
    [
      "another model",
      streamed([
        { ...text("a"), model: "served" },
        { ...text("b"), model: "cheap" },
      ]),
      /by the model "cheap"/,
    ],
    ["a page", refused(200, "<html>", { "content-type": "text/html" }), /text\/html, not with a stream/],
    ["a whole answer", refused(200, "{}", { "content-type": "application/json" }), /not with a stream/],
    ["a redirect", refused(307, "", { location: "http://127.0.0.1:9/v1/completions" }), /not followed/],
  ])("fail with a sentence at %s", async (_what, answer, message) => {
    then(answer);
    await expect(ask()).rejects.toMatchObject({ reason: "engine", message: expect.stringMatching(message) });
  });

  it("fail with a sentence at silence", async () => {
    const engine = await open({ timeouts: { ...timeouts, stallMs: 200 } });
    scripted.answers = [streamed([text("a"), 60_000, end("stop")])];
    await expect(written(engine, completionRequest("Once", { tokenIds: false }))).rejects.toMatchObject({
      message: expect.stringMatching(/wrote nothing for 0.2 s/),
    });
  });

  it("stop the server when they are cancelled", async () => {
    const engine = await open();
    scripted.answers = [streamed([text("a"), 10_000, end("stop")])];
    const abort = new AbortController();
    const job = await engine.prepare(completionRequest("Once", { tokenIds: false }));
    expect((await job.write(() => abort.abort(), abort.signal)).reason).toBe("cancelled");
    await until(() => scripted.hungUp === 1);
  });

  it("give the speed where nothing else is offered", async () => {
    scripted.answers = [
      streamed([...Array.from({ length: 20 }, (_, index) => text(` ${index}`)), 20, text("!"), end("stop")]),
    ];
    expect((await open()).facts).toMatchObject({
      tasks: ["completion"],
      features: ["prefill"],
      tokensPerSecond: expect.any(Number),
    });
    expect(scripted.asked[0]?.url).toBe("/v1/completions");
  });
});
