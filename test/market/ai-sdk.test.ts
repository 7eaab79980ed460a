import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  APICallError,
  generateObject,
  generateText,
  isStepCount,
  jsonSchema,
  NoObjectGeneratedError,
  Output,
  RetryError,
  streamObject,
  streamText,
  tool,
} from "ai";
import { describe, expect, it } from "vitest";
import { chatsOf } from "./mock-provider.ts";
import { stage } from "./stage.ts";
import { watchedWire } from "./wire-check.ts";

/** Long enough for a machine that has other things to do. */
const show = stage({ limits: { acceptMs: 10_000, firstTokenMs: 20_000, stallMs: 20_000, totalMs: 60_000 } });
const wire = watchedWire();

const prompt = "10 tokens, please";

/** Vercel's AI SDK, for somebody new. */
async function aiSdk({ supportsStructuredOutputs = true, credits = "1000" } = {}) {
  const { key } = await show.site.account(credits);
  return createOpenAICompatible({
    name: "tabarena",
    apiKey: key,
    baseURL: `${show.site.url}/v1`,
    includeUsage: true,
    supportsStructuredOutputs,
    fetch: wire.fetch,
  });
}

/** A model of somebody's, and who offers it. */
async function offered(...wishes: Parameters<typeof aiSdk>) {
  const name = show.newModel();
  const provider = await show.provider(name);
  return { name, provider, model: (await aiSdk(...wishes))(name) };
}

const said = jsonSchema<{ text: string }>({
  type: "object",
  properties: { text: { type: "string" } },
  required: ["text"],
  additionalProperties: false,
});

describe("the AI SDK", () => {
  it("tells the provider all that it is told itself", async () => {
    const { model, provider } = await offered();
    const { text, usage, finishReason, warnings } = await generateText({
      model,
      instructions: "Be brief.",
      prompt,
      maxOutputTokens: 7,
      temperature: 0.5,
      topP: 0.25,
      frequencyPenalty: 0.5,
      presencePenalty: -0.5,
      stopSequences: ["xyz"],
      seed: 7,
    });
    expect(warnings ?? []).toEqual([]);
    expect([finishReason, usage.outputTokens]).toEqual(["length", 7]);
    expect(text).not.toBe("");
    expect(chatsOf(provider)).toMatchObject([
      {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: prompt },
        ],
        maxTokens: 7,
        stop: ["xyz"],
        sampling: { temperature: 0.5, topP: 0.25, frequencyPenalty: 0.5, presencePenalty: -0.5, seed: 7 },
      },
    ]);
  });

  it("streams what it is given whole, and knows what it used", async () => {
    const { model } = await offered();
    const asked = { model, prompt, temperature: 0 };
    const whole = await generateText(asked);
    const stream = streamText(asked);
    let text = "";
    for await (const piece of stream.textStream) text += piece;
    expect(text).toBe(whole.text);
    expect(await stream.usage).toMatchObject({
      inputTokens: whole.usage.inputTokens,
      outputTokens: 10,
      totalTokens: whole.usage.totalTokens,
    });
  });

  it("asks for the provider that it is told to, in a field of ours", async () => {
    const { name, model } = await offered();
    const second = await show.provider(name);
    const providerOptions = { tabarena: { provider: { only: [second.id] } } };
    const { response } = await generateText({ model, prompt, providerOptions });
    expect(response.headers?.["x-provider"]).toBe(second.id);
    const nobody = { tabarena: { provider: { only: ["nobody"] } } };
    await expect(generateText({ model, prompt, providerOptions: nobody })).rejects.toMatchObject({
      statusCode: 404,
      isRetryable: false,
    });
  });

  const look = (heard: unknown[]) =>
    tool({
      description: "looks something up",
      inputSchema: said,
      execute: async (input) => (heard.push(input), "a cat"),
    });

  it("calls tools, says what they said, and gets an answer", async () => {
    const { model, provider } = await offered();
    const heard: unknown[] = [];
    const { text, steps } = await generateText({
      model,
      prompt,
      tools: { look: look(heard) },
      stopWhen: isStepCount(2),
      prepareStep: ({ stepNumber }) => (stepNumber === 1 ? { toolChoice: "none" } : {}),
    });
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    expect(heard).toEqual([{ text: expect.any(String) }]);
    expect(text).not.toBe("");
    const [, second] = chatsOf(provider);
    expect(second?.messages).toMatchObject([
      { role: "user" },
      { role: "assistant", tool_calls: [{ function: { name: "look" } }] },
      { role: "tool", content: "a cat" },
    ]);
  });

  it("calls tools in streams too, by the name that it is told", async () => {
    const { model, provider } = await offered();
    const heard: unknown[] = [];
    const { toolCalls, finishReason } = streamText({
      model,
      prompt,
      tools: { look: look(heard) },
      toolChoice: { type: "tool", toolName: "look" },
    });
    expect(await toolCalls).toMatchObject([{ toolName: "look", input: { text: expect.any(String) } }]);
    expect([await finishReason, heard.length]).toEqual(["tool-calls", 1]);
    expect(chatsOf(provider)[0]?.toolChoice).toEqual({ type: "function", function: { name: "look" } });
  });

  it("is given an object after a schema, whole and in pieces", async () => {
    const { model, provider } = await offered();
    const { object } = await generateObject({ model, prompt, schema: said, schemaName: "said" });
    expect(object).toEqual({ text: expect.any(String) });
    expect(chatsOf(provider)[0]?.responseFormat).toMatchObject({
      type: "json_schema",
      json_schema: { name: "said", strict: true, schema: { required: ["text"] } },
    });
    const stream = streamObject({ model, prompt, schema: said, schemaName: "said" });
    let last: unknown;
    for await (const partial of stream.partialObjectStream) last = partial;
    expect([last, await stream.object]).toEqual([object, object]);
    const { output } = await generateText({
      model,
      prompt,
      output: Output.object({ schema: said, name: "said" }),
    });
    expect(output).toEqual(object);
  });

  it("is given some object where it knows of no schemas, and none where it was cut off", async () => {
    const { model, provider } = await offered({ supportsStructuredOutputs: false });
    const { object } = await generateObject({ model, prompt, schema: said });
    expect(object).toEqual({ text: expect.any(String) });
    expect(chatsOf(provider)[0]?.responseFormat).toEqual({ type: "json_object" });
    const cut = generateObject({ model, prompt, schema: said, maxOutputTokens: 4 });
    await expect(cut).rejects.toSatisfy((error) => NoObjectGeneratedError.isInstance(error));
  });

  it("goes on with a text by its completion model, whole and as a stream", async () => {
    const name = show.newModel();
    await show.provider(name, {}, { offer: { tasks: ["completion"] } });
    const model = (await aiSdk()).completionModel(name);
    const asked = { model, prompt, temperature: 0, maxOutputTokens: 8 };
    const whole = await generateText(asked);
    expect([whole.text !== "", whole.finishReason, whole.usage.outputTokens]).toEqual([true, "length", 8]);
    const stream = streamText(asked);
    let text = "";
    for await (const piece of stream.textStream) text += piece;
    expect([text, (await stream.usage).outputTokens]).toEqual([whole.text, 8]);
  });
});

describe("the AI SDK is told what is wrong", () => {
  it("once, where it would stay so", async () => {
    const { model } = await offered();
    const poor = (await offered({ credits: "0" })).model;
    const unknown = (await aiSdk())("unheard-of");
    const refusals = [
      [() => generateText({ model, prompt, temperature: 3 }), 400, "temperature"],
      [() => generateText({ model: unknown, prompt }), 404, "model"],
      [() => generateText({ model: poor, prompt }), 402, "max_completion_tokens"],
    ] as const;
    for (const [asking, status, word] of refusals) {
      const before = wire.statuses.length;
      const refused: unknown = await asking().catch((error: unknown) => error);
      if (!APICallError.isInstance(refused)) throw new Error(`not refused: ${String(refused)}`);
      expect(refused).toMatchObject({ statusCode: status, isRetryable: false });
      expect(`${refused.message} ${refused.responseBody}`).toContain(word);
      expect(wire.statuses.slice(before)).toEqual([status]);
    }
  });

  it("as often as it asks, where providers fail", async () => {
    const name = show.newModel();
    const fail = { fault: { type: "fail", at: 0, tellsUsage: false } } as const;
    await show.provider(name, fail, { offer: { features: [] } });
    const before = wire.statuses.length;
    const asking = generateText({ model: (await aiSdk())(name), prompt, maxRetries: 1 });
    const refused: unknown = await asking.catch((error: unknown) => error);
    expect(RetryError.isInstance(refused)).toBe(true);
    expect(refused).toMatchObject({ reason: "maxRetriesExceeded", lastError: { statusCode: 502 } });
    expect(wire.statuses.slice(before)).toEqual([502, 502]);
  });

  it("by an error in the stream, where it breaks off", async () => {
    const name = show.newModel();
    const cut = { fault: { type: "cut", at: 3 } } as const;
    await show.provider(name, cut, { reconnectMs: null, offer: { features: [] } });
    const errors: unknown[] = [];
    const stream = streamText({
      model: (await aiSdk())(name),
      prompt,
      onError: ({ error }) => void errors.push(error),
    });
    let text = "";
    for await (const piece of stream.textStream) text += piece;
    expect(text).not.toBe("");
    expect(JSON.stringify(errors) + String(errors[0])).toMatch(/provider/i);
  });
});
