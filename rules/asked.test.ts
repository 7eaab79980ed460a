import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletionRequest } from "../protocol/chat.ts";
import { CompletionRequest } from "../protocol/completions.ts";
import { EmbeddingsRequest } from "../protocol/embeddings.ts";
import { JobRequest } from "../protocol/job.ts";
import {
  type Asked,
  featuresOf,
  includesUsage,
  isConstrained,
  isStream,
  jobRequest,
  keyOf,
  leavesNothingToChance,
  mostTokens,
  promptOf,
  separateTexts,
  taskOf,
  tellsLogprobs,
  unhonouredOf,
  vectorsAsked,
} from "./asked.ts";

const chat = (more: object = {}): Asked => ({
  type: "chat",
  request: v.parse(ChatCompletionRequest, {
    model: "m",
    messages: [{ role: "user", content: "Once upon" }],
    ...more,
  }),
});

const completion = (more: object = {}): Asked => ({
  type: "completions",
  request: v.parse(CompletionRequest, { model: "m", prompt: "Once upon", ...more }),
});

const embeddings = (input: string[], more: object = {}): Asked => ({
  type: "embeddings",
  request: v.parse(EmbeddingsRequest, { model: "m", input, ...more }),
});

describe("a request for vectors", () => {
  it("is a task of its own, and its texts are sent as they are", () => {
    const asked = embeddings(["a", "b"], { dimensions: 3 });
    expect(taskOf(asked)).toBe("embedding");
    expect(v.parse(JobRequest, jobRequest(asked, 0, null))).toEqual({
      type: "embedding",
      inputs: ["a", "b"],
      dimensions: 3,
    });
    expect(vectorsAsked(asked)).toMatchObject({ texts: 2, dimensions: 3 });
    expect(vectorsAsked(completion())).toBeNull();
  });

  it("writes nothing, streams nothing, and is no conversation", () => {
    const asked = embeddings(["a"]);
    expect([mostTokens(asked), isStream(asked), keyOf("ann", asked)]).toEqual([0, false, null]);
  });

  it("needs a context for its longest text, and money for all of them", () => {
    const [short, long] = ["a".repeat(100), "a".repeat(5_120)];
    const alone = promptOf(embeddings([long]));
    const several = promptOf(embeddings([short, long, short]));
    expect(several.atLeast).toBe(alone.atLeast);
    expect(several.atMost).toBe(alone.atMost + 2 * promptOf(embeddings([short])).atMost);
    expect(several.atMost).toBeGreaterThanOrEqual(5_320);
    expect([separateTexts(embeddings([short, long])), separateTexts(chat())]).toEqual([2, 1]);
  });
});

describe("a request to go on with a text", () => {
  it("is another task than a chat, and its text is sent as it is", () => {
    expect([taskOf(chat()), taskOf(completion())]).toEqual(["chat", "completion"]);
    const job = v.parse(JobRequest, jobRequest(completion({ seed: 5, stop: "." }), 9, " a"));
    expect(job).toMatchObject({
      type: "completion",
      prompt: "Once upon",
      continuation: " a",
      maxTokens: 9,
      stop: ["."],
      logprobs: null,
      sampling: { seed: 5, temperature: 1 },
    });
  });

  it("has 16 tokens where it says nothing, while a chat leaves it to the offer", () => {
    expect([mostTokens(chat()), mostTokens(completion()), mostTokens(completion({ max_tokens: 5 }))]).toEqual(
      [null, 16, 5],
    );
  });

  it("has a prompt with no frame around it", () => {
    const { atLeast, expected, atMost } = promptOf(completion());
    expect(atMost).toBeGreaterThanOrEqual("Once upon".length);
    expect(atMost).toBeLessThan(promptOf(chat()).atMost);
    expect([atLeast, expected]).toEqual([1, Math.ceil(atMost / 4)]);
  });

  it.each<[object, features: object]>([
    [{}, {}],
    [{ logprobs: 0 }, { logprobs: "logprobs" }],
    [{ logit_bias: { 7: 1 } }, { logit_bias: "logit_bias" }],
    [{ logit_bias: {}, seed: 1 }, {}],
    [{ seed: 1, provider: { require_parameters: true } }, { deterministic: "seed" }],
  ])("with %j needs %j", (more, features) => {
    expect(Object.fromEntries(featuresOf(completion(more)))).toEqual(features);
    expect(unhonouredOf(completion(more))).toEqual([]);
  });

  it("tells probabilities for 0 of the likeliest, too", () => {
    const jobs = [{}, { logprobs: 0 }, { logprobs: 3 }].map(completion);
    expect(jobs.map(tellsLogprobs)).toEqual([false, true, true]);
    expect(jobs.map((asked) => jobRequest(asked, 1, null))).toMatchObject([
      { logprobs: null },
      { logprobs: 0 },
      { logprobs: 3 },
    ]);
  });

  it("can be gone on with by others, and written anew where nothing is left to chance", () => {
    expect(isConstrained(completion())).toBe(false);
    const settled = [{}, { seed: 1 }, { temperature: 0 }].map(completion).map(leavesNothingToChance);
    expect(settled).toEqual([false, true, true]);
  });

  it("says whether its stream tells what it used", () => {
    const wanted = { stream_options: { include_usage: true }, stream: true };
    expect([{}, { stream: true }, wanted].map(completion).map(includesUsage)).toEqual([false, false, true]);
  });

  it("goes to who served one that began alike, and to nobody for the like of a chat", () => {
    const beginning = "x".repeat(300);
    const key = (prompt: string, consumer = "ann") => keyOf(consumer, completion({ prompt }));
    expect(key(`${beginning} one`)).toBe(key(`${beginning} two`));
    expect(new Set([key("a"), key("b"), key("a", "bob"), keyOf("ann", chat())]).size).toBe(4);
  });
});

describe("an answer that must keep to a form", () => {
  const tools = [{ type: "function", function: { name: "f" } }];
  it.each<[object, boolean]>([
    [{}, false],
    [{ tools }, true],
    [{ tools, tool_choice: "none" }, false],
    [{ response_format: { type: "text" } }, false],
    [{ response_format: { type: "json_object" } }, true],
  ])("is one to %j: %s", (more, expected) => {
    expect(isConstrained(chat(more))).toBe(expected);
  });
});
