import OpenAI, { BadRequestError } from "openai";
import type { ResponseCreateParamsNonStreaming } from "openai/resources/responses/responses";
import { describe, expect, it } from "vitest";
import type { ChatJob } from "../../protocol/job.ts";
import { chatsOf } from "./mock-provider.ts";
import { stage } from "./stage.ts";
import { watchedWire } from "./wire-check.ts";

/** Long enough for a machine that has other things to do. */
const show = stage({ limits: { acceptMs: 10_000, firstTokenMs: 20_000, stallMs: 20_000, totalMs: 60_000 } });
const wire = watchedWire();

const input = "10 tokens, please";
const schema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
const look = { type: "function" as const, name: "look", parameters: schema, strict: false };
/** As a provider is told of it. */
const told = { type: "function", function: { name: "look", parameters: schema, strict: false } };
const format = { type: "json_schema" as const, name: "said", schema, strict: true };

/** The official client of somebody new. */
async function client(): Promise<OpenAI> {
  const { key } = await show.site.account();
  return new OpenAI({ apiKey: key, baseURL: `${show.site.url}/v1`, maxRetries: 0, fetch: wire.fetch });
}

type Fields = Partial<Omit<ResponseCreateParamsNonStreaming, "model" | "stream">>;

/** What a provider is asked for where the client asks for this, beside 10 tokens; and what is answered. */
async function asked(fields: Fields) {
  const model = show.newModel();
  const provider = await show.provider(model);
  const response = await (await client()).responses.create({ model, input, ...fields });
  const [job] = chatsOf(provider);
  if (job === undefined) throw new Error("nobody was asked");
  return { job, response };
}

describe("an option of the Responses API", () => {
  const sampling = (wishes: Partial<ChatJob["sampling"]>) => ({ sampling: expect.objectContaining(wishes) });

  it.each<[name: string, fields: Fields, job: object]>([
    ["nothing", {}, { messages: [{ role: "user", content: input }], logprobs: null, tools: [] }],
    ["temperature 0", { temperature: 0 }, sampling({ temperature: 0 })],
    ["top_p", { top_p: 0.25 }, sampling({ topP: 0.25 })],
    ["max_output_tokens", { max_output_tokens: 5 }, { maxTokens: 5 }],
    [
      "instructions",
      { instructions: "Be brief." },
      { messages: [{ role: "system", content: "Be brief." }, { role: "user" }] },
    ],
    ["probabilities", { include: ["message.output_text.logprobs"], top_logprobs: 2 }, { logprobs: 2 }],
    ["tools", { tools: [look] }, { tools: [told], toolChoice: "auto", parallelToolCalls: true }],
    ["tool_choice none", { tools: [look], tool_choice: "none" }, { toolChoice: "none" }],
    ["tool_choice required", { tools: [look], tool_choice: "required" }, { toolChoice: "required" }],
    [
      "tool_choice by name",
      { tools: [look], tool_choice: { type: "function", name: "look" } },
      { toolChoice: { type: "function", function: { name: "look" } } },
    ],
    ["one call at a time", { tools: [look], parallel_tool_calls: false }, { parallelToolCalls: false }],
    ["an object", { text: { format: { type: "json_object" } } }, { responseFormat: { type: "json_object" } }],
    [
      "a schema",
      { text: { format } },
      { responseFormat: { type: "json_schema", json_schema: { name: "said", schema, strict: true } } },
    ],
    [
      "a conversation in items",
      {
        input: [
          { role: "developer", content: "Be kind." },
          { role: "user", content: [{ type: "input_text", text: "Look!" }] },
          { type: "function_call", call_id: "c", name: "look", arguments: "{}" },
          { type: "function_call_output", call_id: "c", output: "a cat" },
          { role: "assistant", content: "A cat." },
          { role: "user", content: "More." },
        ],
        tools: [look],
      },
      {
        messages: [
          { role: "developer", content: "Be kind." },
          { role: "user", content: [{ type: "text", text: "Look!" }] },
          {
            role: "assistant",
            tool_calls: [{ id: "c", type: "function", function: { name: "look", arguments: "{}" } }],
          },
          { role: "tool", tool_call_id: "c", content: "a cat" },
          { role: "assistant", content: "A cat." },
          { role: "user", content: "More." },
        ],
      },
    ],
  ])("reaches the provider: %s", async (_, fields, job) => {
    expect((await asked(fields)).job).toMatchObject(job);
  });

  it.each<[name: string, fields: Fields & { [field: string]: unknown }]>([
    ["user", { user: "u" }],
    ["metadata", { metadata: { a: "b" } }],
    ["store", { store: false }],
    ["background", { background: false }],
    ["truncation", { truncation: "disabled" }],
    ["service_tier", { service_tier: "flex" }],
    ["reasoning", { reasoning: { effort: "low", summary: "auto" } }],
    ["verbosity", { text: { verbosity: "low" } }],
    ["max_tool_calls", { max_tool_calls: 3 }],
    ["prompt_cache_key", { prompt_cache_key: "k" }],
    ["safety_identifier", { safety_identifier: "s" }],
    ["reasoning that is encrypted", { include: ["reasoning.encrypted_content"] }],
    ["fields that nobody knows", { thinking: { deeply: true } }],
    ["null for what is left out", { instructions: null, temperature: null, previous_response_id: null }],
  ])("changes nothing of what is asked for: %s", async (_, fields) => {
    const plain = await asked({});
    const { job, response } = await asked(JSON.parse(JSON.stringify(fields)));
    expect(job).toEqual(plain.job);
    expect(response.output_text).toBe(plain.response.output_text);
  });

  it.each<[param: string, fields: object]>([
    ["input[0].role", { input: [{ role: "tool", content: "x" }] }],
    ["temperature", { temperature: 2.1 }],
    ["max_output_tokens", { max_output_tokens: 0 }],
    ["store", { store: true }],
    ["previous_response_id", { previous_response_id: "resp_1" }],
    ["background", { background: true }],
    ["truncation", { truncation: "auto" }],
    ["tools[0].type", { tools: [{ type: "web_search" }] }],
    ["tools[0].parameters", { tools: [{ type: "function", name: "f", parameters: "{}" }] }],
    ["tool_choice", { tools: [look], tool_choice: { type: "function", name: "tell" } }],
    ["text.format.schema", { text: { format: { type: "json_schema", name: "s" } } }],
    ["include[0]", { include: ["file_search_call.results"] }],
    ["stop", { stop: "x" }],
    ["provider.fastest", { provider: { fastest: true } }],
  ])("is refused by its name where it is wrong or not served: %s %j", async (param, fields) => {
    const body = JSON.parse(JSON.stringify({ model: "whatever", input, ...fields }));
    const refused: unknown = await (await client()).responses.create(body).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BadRequestError);
    expect(refused).toMatchObject({ code: "invalid_request", type: "invalid_request_error", param });
  });

  it("of our own goes as a field that the client does not know, and is obeyed", async () => {
    const model = show.newModel();
    const [, second] = [await show.provider(model), await show.provider(model)];
    const body = { model, input, provider: { only: [second.id] } };
    const { response } = await (await client()).responses.create(body).withResponse();
    expect(response.headers.get("x-provider")).toBe(second.id);
  });
});

describe("the helpers for streams of the Responses API", () => {
  it("tell of each piece, and put the answer together", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const stream = openai.responses.stream({ model, input, temperature: 0 });
    const heard = { text: "", events: 0 };
    stream.on("response.output_text.delta", ({ delta }) => void (heard.text += delta));
    stream.on("event", () => void heard.events++);
    const final = await stream.finalResponse();
    const whole = await openai.responses.create({ model, input, temperature: 0 });
    expect([heard.text, final.output_text]).toEqual(Array(2).fill(whole.output_text));
    expect(final.usage).toEqual(whole.usage);
    expect(heard.events).toBeGreaterThan(10);
  });

  it("tell of the arguments of a call, and parse what is after a schema", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const calling = openai.responses.stream({ model, input, tools: [look] });
    let written = "";
    calling.on("response.function_call_arguments.delta", ({ delta }) => void (written += delta));
    const { output } = await calling.finalResponse();
    expect(output).toMatchObject([{ type: "function_call", name: "look", arguments: written }]);
    expect(JSON.parse(written)).toEqual({ text: expect.any(String) });
    const { output_parsed: parsed } = await openai.responses
      .stream({ model, input, text: { format } })
      .finalResponse();
    expect(parsed).toEqual({ text: expect.any(String) });
  });

  it("stop the provider when they are aborted", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 20 });
    const stream = (await client()).responses.stream({ model, input: "190 tokens, please" });
    stream.on("response.output_text.delta", () => stream.abort());
    await expect(stream.finalResponse()).rejects.toThrow();
    await expect.poll(() => provider.jobs[0]?.heard.map(({ type }) => type)).toContain("cancel");
    expect(provider.jobs[0]?.sent.length).toBeLessThan(190);
  });
});
