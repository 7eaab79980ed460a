import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChatJob } from "../protocol/job.ts";
import type { LanguageEngine } from "../provider/engine.ts";
import { chatRequest, type Written, written } from "./testing.ts";
import { until } from "./testing-market.ts";
import {
  cutOff,
  delta,
  end,
  openUpstream,
  refused,
  type ScriptedUpstream,
  streamed,
  text,
  usage,
} from "./testing-upstream.ts";
import { openUpstreamEngine, type UpstreamSettings } from "./upstream-engine.ts";

const timeouts = { factsMs: 20_000, firstMs: 20_000, stallMs: 20_000 };

describe("an engine in front of another server", () => {
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
      timeouts,
      ...wishes,
    });
  const ask = async (
    wishes: Partial<ChatJob> = {},
    settings: Partial<UpstreamSettings> = {},
  ): Promise<Written> => written(await open(settings), chatRequest("Hello", { tokenIds: false, ...wishes }));
  /** What is asked after the speed was measured. */
  const then = (answer: ScriptedUpstream["answers"][number]): void => {
    scripted.answers = [...scripted.answers.slice(0, 1), answer];
  };

  it("answers in tokens as the server streams them, and says what that used", async () => {
    then(
      streamed([
        delta({ role: "assistant", content: "" }),
        text("Good"),
        text(" day"),
        end("stop"),
        usage(9, 2),
      ]),
    );
    const { pieces, ending } = await ask();
    expect(pieces).toEqual([
      { text: "Good", tokenCount: 1 },
      { text: " day", tokenCount: 1 },
    ]);
    expect(ending).toMatchObject({
      reason: "stop",
      usage: { promptTokens: 9, cachedPromptTokens: 0, completionTokens: 2 },
      timings: { promptMs: expect.any(Number), completionMs: expect.any(Number) },
    });
    expect(scripted.asked.at(-1)?.authorization).toBe("Bearer a key");
  });

  it("asks for everything that the job asks for, in the words of the API", async () => {
    const tool = { type: "function" as const, function: { name: "f", parameters: { type: "object" } } };
    await ask(
      {
        sampling: {
          temperature: 0.5,
          topP: 0.9,
          frequencyPenalty: 0.1,
          presencePenalty: 0.2,
          logitBias: { 3: -100 },
          seed: 42,
        },
        stop: ["\n"],
        maxTokens: 7,
        logprobs: 0,
        tools: [tool],
        toolChoice: { type: "function", function: { name: "f" } },
        parallelToolCalls: false,
        responseFormat: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" } } },
      },
      { features: ["logprobs", "logit_bias", "tools", "json_schema"] },
    );
    expect(scripted.asked.at(-1)?.body).toEqual({
      model: "served",
      messages: [{ role: "user", content: "Hello" }],
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
      logprobs: true,
      top_logprobs: 1,
      tools: [tool],
      tool_choice: { type: "function", function: { name: "f" } },
      parallel_tool_calls: false,
      response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" } } },
    });
  });

  it("leaves out what a job does not ask for", async () => {
    await ask();
    expect(Object.keys(scripted.asked.at(-1)?.body ?? {}).join(" ")).toBe(
      "model messages stream stream_options max_tokens temperature top_p frequency_penalty presence_penalty seed",
    );
  });

  it.each<[string, Partial<ChatJob>]>([
    ["prefill", { continuation: "Once" }],
    ["token_ids", { tokenIds: true }],
    ["logprobs", { logprobs: 2 }],
    ["tools", { tools: [{ type: "function", function: { name: "f" } }], toolChoice: "auto" }],
    ["json_object", { responseFormat: { type: "json_object" } }],
  ])(
    "refuses what needs %s without asking the server, which is not known to have it",
    async (feature, wishes) => {
      const engine = await open();
      const before = scripted.asked.length;
      await expect(
        engine.prepare(chatRequest("Hello", { tokenIds: false, ...wishes })),
      ).rejects.toMatchObject({
        reason: "unsupported",
        message: `this engine has no ${feature}`,
      });
      expect(scripted.asked).toHaveLength(before);
    },
  );

  it("counts one token for each piece where the server counts none", async () => {
    then(streamed([text("a"), text("b"), text("c"), end("length")]));
    const { pieces, ending } = await ask();
    expect(pieces.map(({ tokenCount }) => tokenCount)).toEqual([1, 1, 1]);
    expect(ending).toMatchObject({ reason: "length", usage: { promptTokens: 0, completionTokens: 3 } });
  });

  it("counts as the server does where a piece is several tokens, at the latest at the end", async () => {
    then(streamed([text("several words"), text(" more"), end("stop"), usage(4, 6)]));
    const { pieces, ending } = await ask();
    expect(pieces.map((piece) => [piece.text, piece.tokenCount])).toEqual([
      ["several words", 1],
      [" more", 1],
      ["", 4],
    ]);
    expect(ending.usage.completionTokens).toBe(6);
  });

  it("counts with each piece where the server says with each how many there were", async () => {
    const timed = (content: string, predicted: number) => ({
      ...text(content),
      timings: { cache_n: 10, prompt_n: 5, predicted_n: predicted },
    });
    then(
      streamed([
        timed("a", 1),
        timed("bc", 3),
        { ...end("stop"), timings: { cache_n: 10, prompt_n: 5, predicted_n: 4 } },
      ]),
    );
    const { pieces, ending } = await ask();
    expect(pieces.map(({ tokenCount }) => tokenCount)).toEqual([1, 2, 1]);
    expect(ending.usage).toEqual({ promptTokens: 15, cachedPromptTokens: 10, completionTokens: 4 });
  });

  it("tells how much of the prompt the server had from before", async () => {
    then(streamed([text("a"), end("stop"), usage(9, 1, { prompt_tokens_details: { cached_tokens: 6 } })]));
    expect((await ask()).ending.usage).toMatchObject({ promptTokens: 9, cachedPromptTokens: 6 });
  });

  it.each(["reasoning_content", "reasoning"])("tells thoughts apart that come as %s", async (field) => {
    then(streamed([delta({ [field]: "Hm." }), text("Yes"), end("stop")]));
    expect((await ask()).pieces).toEqual([
      { text: "", reasoning: "Hm.", tokenCount: 1 },
      { text: "Yes", tokenCount: 1 },
    ]);
  });

  it("gives tool calls in pieces, and the reason that they are", async () => {
    const call = (index: number, called: Record<string, string>) =>
      delta({ tool_calls: [{ index, id: "call_1", type: "function", function: called }] });
    then(
      streamed([
        call(0, { name: "f", arguments: "" }),
        call(0, { arguments: '{"a":' }),
        call(0, { arguments: "1}" }),
        call(1, { name: "g", arguments: "{}" }),
        end("tool_calls"),
      ]),
    );
    const { pieces, ending } = await ask();
    expect(pieces.flatMap(({ toolCalls }) => toolCalls)).toEqual([
      { index: 0, name: "f", arguments: "" },
      { index: 0, arguments: '{"a":' },
      { index: 0, arguments: "1}" },
      { index: 1, name: "g", arguments: "{}" },
    ]);
    expect(ending.reason).toBe("tool_calls");
  });

  it("tells probabilities with as many alternatives as were asked for", async () => {
    const entry = (token: string, logprob: number | null) => ({ token, logprob, bytes: [97], id: 5 });
    const top_logprobs = [entry("a", -0.1), entry("b", null)];
    const chunk = delta({ content: "a" }, { logprobs: { content: [{ ...entry("a", -0.1), top_logprobs }] } });
    for (const [asked, told] of [
      [0, []],
      [
        2,
        [
          { token: "a", bytes: [97], logprob: -0.1 },
          { token: "b", bytes: [97], logprob: -9999 },
        ],
      ],
    ] as const) {
      then(streamed([chunk, end("stop")]));
      const { pieces } = await ask({ logprobs: asked }, { features: ["logprobs"] });
      expect(pieces[0]?.logprobs).toEqual([{ token: "a", bytes: [97], logprob: -0.1, top_logprobs: told }]);
    }
  });

  it("reads events however they are cut and commented, and passes over lines that mean nothing", async () => {
    const event = `: waiting\n\nnonsense\ndata: ${JSON.stringify(text("é"))}\r\n\r\n`;
    const bytes = Buffer.from(event);
    then((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const at = bytes.indexOf(0xc3) + 1;
      response.write(bytes.subarray(0, at));
      setTimeout(() => {
        response.write(bytes.subarray(at));
        response.end(`data: ${JSON.stringify(end("stop"))}\n\n`);
      }, 20);
    });
    expect((await ask()).text).toBe("é");
  });

  it.each([
    [400, '{"error":{"message":"temperature is bad"}}', "unsupported", /answers 400: temperature is bad/],
    [400, '{"error":{"message":"the request exceeds the available context size"}}', "too_long", /context/],
    [401, '{"error":"no key"}', "engine", /401: no key \(its key is read from AGENT_UPSTREAM_KEY\)/],
    [404, "not here", "engine", /404: not here/],
    [429, '{"message":"slow down"}', "busy", /429: slow down/],
    [500, "<html>", "engine", /500: <html>/],
    [503, '{"error":{"message":"Loading model"}}', "busy", /503: Loading model/],
  ])("refuses what the server refuses with %d %s", async (status, body, reason, message) => {
    then(refused(status, body));
    await expect(ask()).rejects.toMatchObject({ reason, message: expect.stringMatching(message) });
  });

  it("follows no redirect, so that nobody else gets the key and the messages", async () => {
    then(refused(307, "", { location: "http://127.0.0.1:9/v1/chat/completions" }));
    await expect(ask()).rejects.toMatchObject({
      reason: "engine",
      message: expect.stringContaining("sends elsewhere, which is not followed: http://127.0.0.1:9/"),
    });
  });

  it.each([
    ["no JSON", streamed(["data: {oops\n\n"]), /streams what is no JSON: \{oops/],
    ["no chunk", streamed([{ choices: "none" }]), /no chunk of an answer: choices/],
    [
      "an error",
      streamed([text("a"), { error: { message: "out of memory" } }]),
      /the server fails: out of memory/,
    ],
    ["no end", streamed([text("a")]), /broke off its answer/],
    ["no end and no goodbye", streamed([text("a")], ""), /broke off its answer/],
    ["a cut", cutOff([text("a")]), /broke off its answer/],
    ["an end of its own", streamed([text("a"), end("bored")]), /reason of its own: bored/],
    [
      "a whole answer",
      refused(200, "{}", { "content-type": "application/json" }),
      /with application\/json, not/,
    ],
  ])("fails with a sentence at %s", async (_what, answer, message) => {
    then(answer);
    await expect(ask()).rejects.toMatchObject({ reason: "engine", message: expect.stringMatching(message) });
  });

  it.each([
    ["no answer", 0, /wrote nothing for 0.4 s/],
    ["an answer's middle", 1, /wrote nothing for 0.2 s/],
  ])("fails with a sentence at silence: %s", async (_what, pieces, message) => {
    const engine = await open({ timeouts: { ...timeouts, firstMs: 400, stallMs: 200 } });
    scripted.answers = [streamed([...[text("a")].slice(0, pieces), 60_000, end("stop")])];
    await expect(written(engine, chatRequest("Hello", { tokenIds: false }))).rejects.toMatchObject({
      reason: "engine",
      message: expect.stringMatching(message),
    });
  });

  it("takes an answer that is complete, though the stream has no [DONE]", async () => {
    then(streamed([text("a"), end("stop")], ""));
    expect((await ask()).text).toBe("a");
  });

  it("does not wait for a slow prompt to say that it takes the job", async () => {
    const engine = await open({ timeouts: { ...timeouts, firstMs: 5_000 } });
    scripted.answers = [
      async (response) => {
        await new Promise((resolve) => setTimeout(resolve, 1_300));
        await streamed([text("late"), end("stop")])(response);
      },
    ];
    const job = await engine.prepare(chatRequest("Hello", { tokenIds: false }));
    const pieces: string[] = [];
    await job.write((piece) => void pieces.push(piece.text), new AbortController().signal);
    expect([job.promptTokens, pieces]).toEqual([null, ["late"]]);
  });

  it.each(["before it is written", "while it is written", "while nobody takes a piece"])(
    "stops the server when a job is cancelled %s",
    async (when) => {
      const engine = await open();
      scripted.answers = [streamed([text("a"), 20, text("b"), 10_000, end("stop")])];
      const job = await engine.prepare(chatRequest("Hello", { tokenIds: false }));
      const abort = new AbortController();
      if (when === "before it is written") abort.abort();
      const ending = await job.write(({ text: some }) => {
        if (when === "while it is written" && some === "b") abort.abort();
        if (when !== "while nobody takes a piece" || some !== "b") return;
        return new Promise((resolve) => {
          abort.signal.addEventListener("abort", () => resolve());
          setTimeout(() => abort.abort(), 10);
        });
      }, abort.signal);
      expect(ending.reason).toBe("cancelled");
      expect(ending.usage.completionTokens).toBe(when === "before it is written" ? 0 : 2);
      await until(() => scripted.hungUp === 1);
    },
  );

  it("slows the server down when nobody takes its pieces", async () => {
    const engine = await open();
    let sent = 0;
    scripted.answers = [
      async (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (; sent < 1_000; sent++)
          if (!response.write(`data: ${JSON.stringify(text("x".repeat(50_000)))}\n\n`))
            await new Promise((resolve) => response.once("drain", resolve));
        response.end(`data: ${JSON.stringify(end("stop"))}\n\n`);
      },
    ];
    const job = await engine.prepare(chatRequest("Hello", { tokenIds: false, maxTokens: 2_000 }));
    let resume: () => void = () => undefined;
    let taken = 0;
    const gate = new Promise<void>((resolve) => (resume = resolve));
    const writing = job.write(() => (taken++ === 0 ? gate : undefined), new AbortController().signal);
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(sent).toBeLessThan(1_000);
    resume();
    expect((await writing).reason).toBe("stop");
    expect(taken).toBe(1_000);
  });
});
