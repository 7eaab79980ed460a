import { ChatOpenAI, type ChatOpenAIFields, OpenAI } from "@langchain/openai";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { chatsOf } from "./mock-provider.ts";
import { stage, type StagedProvider } from "./stage.ts";
import { watchedWire } from "./wire-check.ts";

/** Long enough for a machine that has other things to do. */
const show = stage({ limits: { acceptMs: 10_000, firstTokenMs: 20_000, stallMs: 20_000, totalMs: 60_000 } });
const wire = watchedWire();

const QUESTION = "10 tokens, please";

const configuration = () => ({ baseURL: `${show.site.url}/v1`, fetch: wire.fetch });

/** A model as LangChain has it, of somebody new, and who offers it. */
async function offered(
  fields: ChatOpenAIFields = {},
): Promise<{ chat: ChatOpenAI; provider: StagedProvider }> {
  const model = show.newModel();
  const provider = await show.provider(model);
  const { key: apiKey } = await show.site.account();
  const chat = new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: configuration(), ...fields });
  return { chat, provider };
}

const Used = v.object({ usage_metadata: v.object({ output_tokens: v.number() }) });
const tokensOf = (message: unknown): number => v.parse(Used, message).usage_metadata.output_tokens;

const schema = {
  title: "said",
  type: "object",
  properties: { text: { type: "string" } },
  required: ["text"],
  additionalProperties: false,
};
const look = {
  type: "function" as const,
  function: { name: "look", description: "Looks something up.", parameters: schema },
};

describe("LangChain", () => {
  it("tells the provider all that it is told itself", async () => {
    const { chat, provider } = await offered({
      temperature: 0.5,
      topP: 0.25,
      frequencyPenalty: 0.5,
      presencePenalty: -0.5,
      maxTokens: 7,
      stop: ["xyz"],
      logprobs: true,
      topLogprobs: 2,
      user: "u",
      modelKwargs: { seed: 7 },
    });
    const { response_metadata: told } = await chat.invoke([
      ["system", "Be brief."],
      ["user", QUESTION],
    ]);
    expect(told).toMatchObject({ finish_reason: "length", logprobs: { content: expect.any(Array) } });
    expect(chatsOf(provider)).toMatchObject([
      {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: QUESTION },
        ],
        maxTokens: 7,
        stop: ["xyz"],
        logprobs: 2,
        sampling: { temperature: 0.5, topP: 0.25, frequencyPenalty: 0.5, presencePenalty: -0.5, seed: 7 },
      },
    ]);
  });

  it("asks for the provider that it is told to, in a field of ours", async () => {
    const { chat, provider } = await offered();
    const second = await show.provider(chat.model);
    const { key: apiKey } = await show.site.account();
    const wishes = { provider: { only: [second.id] } };
    const fields = { model: chat.model, apiKey, configuration: configuration(), modelKwargs: wishes };
    await new ChatOpenAI(fields).invoke(QUESTION);
    expect([provider.jobs.length, second.jobs.length]).toEqual([0, 1]);
  });

  it("asks for many answers at once, each to its question", async () => {
    const { chat } = await offered({ temperature: 0 });
    const questions = [4, 5, 6, 7, 8].map((tokens) => `${tokens} tokens, please`);
    const answers = await chat.batch(questions);
    expect(answers.map(tokensOf)).toEqual([4, 5, 6, 7, 8]);
  });

  it("is given several answers to one question", async () => {
    const { chat } = await offered({ n: 2, modelKwargs: { seed: 7 } });
    const { generations } = await chat.generate([[["user", QUESTION]]]);
    const texts = generations[0]?.map(({ text }) => text);
    expect([texts?.length, new Set(texts).size]).toEqual([2, 2]);
  });

  it.each(["functionCalling", "jsonMode", "jsonSchema"] as const)(
    "is given an object by %s",
    async (method) => {
      const { chat, provider } = await offered();
      const { parsed, raw } = await chat
        .withStructuredOutput(schema, { name: "said", method, includeRaw: true })
        .invoke(QUESTION);
      expect(parsed).toEqual({ text: expect.any(String) });
      expect(raw.response_metadata["finish_reason"]).toBe(
        method === "functionCalling" ? "tool_calls" : "stop",
      );
      const [job] = chatsOf(provider);
      const wanted = {
        functionCalling: [{ type: "text" }, { type: "function", function: { name: "said" } }],
        jsonMode: [{ type: "json_object" }, "none"],
        jsonSchema: [{ type: "json_schema", json_schema: expect.objectContaining({ name: "said" }) }, "none"],
      };
      expect([job?.responseFormat, job?.toolChoice]).toEqual(wanted[method]);
    },
  );

  it("calls no tool, any, or the one that it is told to", async () => {
    const { chat, provider } = await offered();
    for (const choice of ["none", "auto", "required", "look"])
      await chat.bindTools([look], { tool_choice: choice, parallel_tool_calls: false }).invoke(QUESTION);
    const named = { type: "function", function: { name: "look" } };
    expect(chatsOf(provider).map(({ toolChoice }) => toolChoice)).toEqual([
      "none",
      "auto",
      "required",
      named,
    ]);
    expect(chatsOf(provider).every(({ parallelToolCalls }) => !parallelToolCalls)).toBe(true);
  });

  it("goes on with a text, whole and as a stream", async () => {
    const name = show.newModel();
    await show.provider(name, {}, { offer: { tasks: ["completion"] } });
    const { key: apiKey } = await show.site.account();
    const fields = { model: name, apiKey, temperature: 0, maxTokens: 8, configuration: configuration() };
    const model = new OpenAI(fields);
    const whole = await model.invoke(QUESTION);
    expect(whole).not.toBe("");
    let streamed = "";
    for await (const piece of await model.stream(QUESTION)) streamed += piece;
    expect(streamed).toBe(whole);
  });
});

describe("LangChain by the Responses API", () => {
  const responses = { useResponsesApi: true, temperature: 0 };

  it("is given the same answer whole and as a stream, and what it used", async () => {
    const { chat } = await offered(responses);
    const whole = await chat.invoke(QUESTION);
    expect(whole.text).not.toBe("");
    expect(tokensOf(whole)).toBe(10);
    let gathered: typeof whole | undefined;
    for await (const chunk of await chat.stream(QUESTION)) gathered = gathered?.concat(chunk) ?? chunk;
    expect([gathered?.text, gathered?.usage_metadata]).toEqual([whole.text, whole.usage_metadata]);
  });

  it("calls tools, and goes on with what they gave", async () => {
    const { chat, provider } = await offered(responses);
    const asked = await chat.bindTools([look]).invoke(QUESTION);
    const [call] = asked.tool_calls ?? [];
    expect(call).toMatchObject({ name: "look", args: { text: expect.any(String) } });
    const result = { role: "tool", content: "found", tool_call_id: call?.id ?? "" };
    await chat.invoke([{ role: "user", content: QUESTION }, asked, result]);
    expect(chatsOf(provider)[1]?.messages).toMatchObject([
      { role: "user" },
      { role: "assistant", tool_calls: [{ id: call?.id, function: { name: "look" } }] },
      { role: "tool", content: "found", tool_call_id: call?.id },
    ]);
  });

  it("is given an object after a schema", async () => {
    const { chat, provider } = await offered(responses);
    const structured = chat.withStructuredOutput(schema, { name: "said", method: "jsonSchema" });
    expect(await structured.invoke(QUESTION)).toEqual({ text: expect.any(String) });
    expect(chatsOf(provider)[0]?.responseFormat).toMatchObject({
      type: "json_schema",
      json_schema: { name: "said" },
    });
  });

  it("is told what is wrong, once", async () => {
    const { chat } = await offered({ ...responses, model: "unheard-of", maxRetries: 3 });
    const before = wire.statuses.length;
    await expect(chat.invoke(QUESTION)).rejects.toMatchObject({ status: 404, code: "model_not_found" });
    expect(wire.statuses.slice(before)).toEqual([404]);
  });
});
