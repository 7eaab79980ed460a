import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineError, type LanguageEngine } from "../provider/engine.ts";
import { backendOf, openLlamaEngine } from "./llama-engine.ts";
import { chatRequest, sampling, tinyModel, whyNoLlama, type Written, written } from "./testing.ts";

const settings = {
  path: tinyModel,
  sha256: null,
  tasks: null,
  slots: 2,
  contextTokens: null,
  threads: 1,
  gpu: false,
};
const story = "Tell me a story about a cat.";
const capital = "What is the capital of France?";
const skipped = whyNoLlama === null ? "" : ` (skipped: ${whyNoLlama})`;

describe("what llama.cpp computes with", () => {
  it.each([
    [false, 0, "cpu"],
    ["cuda", 33, "cuda with 33 layers"],
    ["vulkan", 0, "vulkan with 0 layers"],
  ] as const)("is told as by %s with %d layers", (gpu, layers, told) => {
    expect(backendOf(gpu, layers)).toBe(told);
  });
});

describe.skipIf(whyNoLlama !== null)(`llama.cpp with our model${skipped}`, { timeout: 60_000 }, () => {
  let engine: LanguageEngine;
  beforeAll(async () => {
    engine = await openLlamaEngine(settings);
  }, 120_000);
  afterAll(() => engine.close());

  const answer = (...[said, wishes]: Parameters<typeof chatRequest>): Promise<Written> =>
    written(engine, chatRequest(said, wishes));

  it("says what it serves", () => {
    const file = readFileSync(tinyModel);
    expect(engine.facts).toMatchObject({
      artifact: {
        sha256: createHash("sha256").update(file).digest("hex"),
        bytes: file.length,
        quantisation: "F16",
      },
      engine: {
        name: "node-llama-cpp",
        build: expect.stringMatching(/^\d+\.\d+\.\d+ \(llama\.cpp \S+, cpu\)$/),
      },
      contextTokens: 1023,
      slots: 2,
    });
    expect(engine.facts.features).toContain("deterministic");
    expect(engine.facts.tokensPerSecond).toBeGreaterThan(0);
  });

  it("answers, and says what it used", async () => {
    const { text, pieces, tokenIds, ending } = await answer(capital);
    expect(text).toBe("The capital of France is Paris.");
    expect(
      pieces.every(({ tokenCount, tokenIds: ids }) => ids === undefined || ids.length === tokenCount),
    ).toBe(true);
    expect(ending).toMatchObject({ reason: "stop", usage: { completionTokens: tokenIds.length } });
    expect(ending.timings?.completionMs).toBeGreaterThanOrEqual(0);
  });

  it("does as the system turn says, whether a system or a developer says it", async () => {
    for (const role of ["system", "developer"] as const) {
      const { text } = await answer([
        { role, content: "You are a pirate." },
        { role: "user", content: [{ type: "text", text: capital }] },
      ]);
      expect(text).toBe("Arr! The capital of France is Paris.");
    }
  });

  it("reads earlier turns", async () => {
    for (const [question, reply] of [
      ["What is 2 + 3?", "2 + 3 = 5."],
      [capital, "The capital of France is Paris."],
    ] as const) {
      const { text } = await answer([
        { role: "user", content: question },
        { role: "assistant", content: reply },
        { role: "user", content: "What did I ask before?" },
      ]);
      expect(text).toBe(`You asked: ${question}`);
    }
  });

  it("gives out characters whole, though several tokens make one", async () => {
    const { text, pieces } = await answer("Say hello in Japanese.");
    expect(text).toBe("こんにちは");
    expect(pieces.filter((piece) => piece.text === "").length).toBeGreaterThan(0);
    for (const piece of pieces) expect(piece.text).not.toContain("\uFFFD");
  });

  it("ends before a stop string, also one of several tokens", async () => {
    const { text, ending } = await answer("Count to 10.", { stop: ["no such", ", 4, 5"] });
    expect([text, ending.reason]).toEqual(["1, 2, 3", "stop"]);
  });

  it("ends after as many tokens as it may write", async () => {
    const { ending, tokenIds } = await answer("Count to 50.", { maxTokens: 7 });
    expect([ending.reason, ending.usage.completionTokens, tokenIds.length]).toEqual(["length", 7, 7]);
  });

  it("draws the same for the same seed, and other answers for others", async () => {
    const draw = async (seed: number | null): Promise<string> =>
      (await answer(story, { sampling: sampling(0.9, seed) })).text;
    expect(await draw(1)).toBe(await draw(1));
    expect(
      new Set([await draw(1), await draw(2), await draw(3), await draw(null), await draw(null)]).size,
    ).toBeGreaterThan(3);
  });

  it("draws only what is likeliest where top_p is 0", async () => {
    const greedy = await answer(story);
    const narrow = await answer(story, { sampling: { ...sampling(1, 5), topP: 0 } });
    expect(narrow.tokenIds).toEqual(greedy.tokenIds);
  });

  it.each([0, 0.9])(
    "goes on with an answer as if it had written it, at temperature %d",
    async (temperature) => {
      const whole = await answer(story, { sampling: sampling(temperature, 11) });
      expect(whole.pieces.length).toBeGreaterThan(20);
      for (const cut of [1, 9, whole.pieces.length - 2]) {
        const beginning = whole.pieces
          .slice(0, cut)
          .map(({ text }) => text)
          .join("");
        const rest = await answer(story, { sampling: sampling(temperature, 11), continuation: beginning });
        expect(beginning + rest.text).toBe(whole.text);
        expect(rest.tokenIds).toEqual(whole.tokenIds.slice(cut));
      }
    },
  );

  it("draws less of what a penalty is on", async () => {
    const wishes = { sampling: { ...sampling(0, 1), frequencyPenalty: 2, presencePenalty: 2 } };
    const plain = await answer("Count to 30.");
    const penalised = await answer("Count to 30.", wishes);
    const commas = ({ text }: Written): number => text.split(",").length;
    expect(commas(penalised)).toBeLessThan(commas(plain));
  });

  it("never draws a token with a bias of -100, and always one with a bias of 100", async () => {
    const { tokenIds } = await answer("Say yes.");
    const [yes = -1] = tokenIds;
    const never = await answer("Say yes.", { sampling: { ...sampling(0, 1), logitBias: { [yes]: -100 } } });
    expect(never.tokenIds).not.toContain(yes);
    const always = await answer(story, {
      maxTokens: 3,
      sampling: { ...sampling(0, 1), logitBias: { [yes]: 100 } },
    });
    expect(always.tokenIds).toEqual([yes, yes, yes]);
  });

  it("tells the probability of each token and of the likeliest ones", async () => {
    const { pieces, text } = await answer(story, { logprobs: 3 });
    const told = pieces.flatMap(({ logprobs = [] }) => logprobs);
    expect(told.map(({ token }) => token).join("")).toBe(text);
    for (const { token, logprob, bytes, top_logprobs: top } of told) {
      expect(top).toHaveLength(3);
      expect(top[0]).toEqual({ token, logprob, bytes });
      expect(bytes).toEqual([...new TextEncoder().encode(token)]);
      const sum = top.reduce((all, entry) => all + Math.exp(entry.logprob), 0);
      expect(sum).toBeLessThanOrEqual(1.0001);
    }
  });

  it("tells probabilities at temperature 1 without bias, whatever the token was drawn by, and draws no other for it", async () => {
    const hot = { ...sampling(1.5, 3), frequencyPenalty: 0.5 };
    const silent = await answer(story, { sampling: hot, maxTokens: 12 });
    const told = await answer(story, { sampling: hot, maxTokens: 12, logprobs: 1 });
    expect(told.tokenIds).toEqual(silent.tokenIds);
    const plain = await answer(story, { logprobs: 1, maxTokens: 1 });
    const first = (from: Written) => from.pieces[0]?.logprobs?.[0]?.top_logprobs[0];
    expect(first(told)).toEqual(first(plain));
    expect(first(plain)?.token).toBe("Once");
  });

  it("stops within a token when it is cancelled, and can write again", async () => {
    const cancel = new AbortController();
    const job = await engine.prepare(chatRequest("Count to 50."));
    let seen = 0;
    const ending = await job.write(() => {
      if (++seen === 5) cancel.abort();
    }, cancel.signal);
    expect([seen, ending.reason, ending.usage.completionTokens]).toEqual([5, "cancelled", 5]);
    expect((await answer(capital)).text).toBe("The capital of France is Paris.");
  });

  it("writes nothing for a job that is cancelled before it begins", async () => {
    const { pieces, ending } = await written(engine, chatRequest(capital), AbortSignal.abort());
    expect([pieces, ending.reason]).toEqual([[], "cancelled"]);
  });

  it("draws no further than its reader reads", async () => {
    const job = await engine.prepare(chatRequest("Count to 20."));
    let go = (): void => {};
    let seen = 0;
    const done = job.write(() => {
      seen++;
      return seen === 3 ? new Promise<void>((resolve) => (go = resolve)) : undefined;
    }, new AbortController().signal);
    await expect.poll(() => seen).toBe(3);
    await answer(capital);
    expect(seen).toBe(3);
    go();
    expect((await done).usage.completionTokens).toBe(seen);
  });

  it("writes the same answers at once as one after the other, and refuses more than it has slots for", async () => {
    const requests = ["Count to 20.", story].map((said) => chatRequest(said, { sampling: sampling(0.7, 4) }));
    const apart: Written[] = [];
    for (const request of requests) apart.push(await written(engine, request));
    const together = requests.map((request) => written(engine, request));
    await expect(answer(capital)).rejects.toMatchObject({ reason: "busy" } satisfies Partial<EngineError>);
    expect((await Promise.all(together)).map(({ tokenIds }) => tokenIds)).toEqual(
      apart.map(({ tokenIds }) => tokenIds),
    );
  });

  it("reads again only what is new in a conversation", async () => {
    const first = await answer("Count to 15.");
    const { ending } = await answer([
      { role: "user", content: "Count to 15." },
      { role: "assistant", content: first.text },
      { role: "user", content: "Thank you" },
    ]);
    const { cachedPromptTokens, promptTokens } = ending.usage;
    expect(cachedPromptTokens).toBeGreaterThan(first.ending.usage.promptTokens);
    expect(cachedPromptTokens).toBeLessThan(promptTokens);
  });

  it.each([
    ["too_long", chatRequest("word ".repeat(2000))],
    ["unsupported", chatRequest(capital, { responseFormat: { type: "json_object" } })],
    [
      "unsupported",
      chatRequest(capital, { tools: [{ type: "function", function: { name: "f" } }], toolChoice: "auto" }),
    ],
    ["unsupported", chatRequest([{ role: "tool", content: "1", tool_call_id: "a" }])],
    [
      "unsupported",
      chatRequest([{ role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] }]),
    ],
  ])("refuses as %s what it can't do", async (reason, request) => {
    await expect(engine.prepare(request)).rejects.toMatchObject({ reason });
  });

  it("writes until the context is full, no further", async () => {
    const said = `${"Count to 50. ".repeat(140)}`;
    const job = await engine.prepare(
      chatRequest(said, { maxTokens: 100_000, sampling: { ...sampling(1, 1) } }),
    );
    let tokens = 0;
    const ending = await job.write(
      ({ tokenCount }) => void (tokens += tokenCount),
      new AbortController().signal,
    );
    expect((job.promptTokens ?? 0) + tokens).toBeLessThanOrEqual(engine.facts.contextTokens);
    expect(ending.usage.completionTokens).toBe(tokens);
  });
});

describe.skipIf(whyNoLlama !== null)(`a file that can't be served${skipped}`, { timeout: 60_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "no-model-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const whole = readFileSync(tinyModel);
  it.each([
    ["is not there", null, /there is no file .*model\.gguf$/],
    ["is empty", "", /is no GGUF file/],
    ["is something else", "<html>not found</html>", /is no GGUF file/],
    ["only begins like one", "GGUF and nothing more", /GGUF of version \d+/],
    ["ends too early", whole.subarray(0, whole.length / 2), /can't be served/],
  ])("is refused where it %s", async (_, content, message) => {
    const path = join(folder, "model.gguf");
    await rm(path, { force: true });
    if (content !== null) await writeFile(path, content);
    await expect(openLlamaEngine({ ...settings, path })).rejects.toThrow(message);
  });

  it("is refused where it is a folder", async () => {
    await expect(openLlamaEngine({ ...settings, path: folder })).rejects.toThrow(/is no GGUF file/);
  });

  it("is not served with more context than it was trained for, which would be promised to others", async () => {
    const promised = openLlamaEngine({ ...settings, contextTokens: 1_025 });
    await expect(promised).rejects.toThrow(
      /can't be served: it was trained for 1024 tokens of context, not 1025/,
    );
  });
});
