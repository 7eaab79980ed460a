import { describe, expect, it } from "vitest";
import { parseChatRequest } from "./chat.ts";
import { MAX_JSON_DEPTH } from "./chat-field.ts";
import { MAX_MESSAGES } from "./chat-message.ts";
import { call, hello, refusedParam, taken, weather } from "./testing/chat-requests.ts";

const user = (content: unknown) => ({ ...hello, messages: [hello.messages[0], { role: "user", content }] });
const turn = (message: unknown) => ({ ...hello, messages: [hello.messages[0], message] });

describe("a chat request that is wrong", () => {
  it.each<[string | null, unknown]>([
    [null, null],
    [null, "{}"],
    [null, []],
    [null, 7],
    ["model", { messages: hello.messages }],
    ["model", { ...hello, model: null }],
    ["model", { ...hello, model: "" }],
    ["model", { ...hello, model: "m".repeat(201) }],
    ["messages", { model: "m" }],
    ["messages", { ...hello, messages: [] }],
    ["messages", { ...hello, messages: "Hello!" }],
    ["messages", { ...hello, messages: { 0: hello.messages[0] } }],
    ["messages", { ...hello, messages: Array(MAX_MESSAGES + 1).fill(hello.messages[0]) }],
    ["messages[1]", turn("Hello!")],
    ["messages[1]", turn(null)],
    ["messages[1].role", turn({ content: "Hello!" })],
    ["messages[1]", turn([])],
    ["messages[1].role", turn({ role: "function", name: "f", content: "7" })],
    ["messages[1].role", turn({ role: "User", content: "Hello!" })],
    ["messages[1].content", turn({ role: "user" })],
    ["messages[1].content", user(null)],
    ["messages[1].content", user(7)],
    ["messages[1].content", user({ type: "text", text: "a" })],
    ["messages[1].content", user([])],
    [
      "messages[1].content",
      user(Array.from({ length: MAX_MESSAGES + 1 }, () => ({ type: "text", text: "a" }))),
    ],
    ["messages[1].content[0]", user(["a"])],
    ["messages[1].content[0].type", user([{ text: "a" }])],
    ["messages[1].content[0].type", user([{ type: "input_text", text: "a" }])],
    ["messages[1].content[1].text", user([{ type: "text", text: "a" }, { type: "text" }])],
    ["messages[1].content[0].text", user([{ type: "text", text: null }])],
    [
      "messages[1].content[0].image_url",
      user([{ type: "image_url", image_url: "https://example.org/a.png" }]),
    ],
    ["messages[1].content[0].image_url.url", user([{ type: "image_url", image_url: {} }])],
    [
      "messages[1].content[0].image_url.detail",
      user([{ type: "image_url", image_url: { url: "data:,", detail: "hd" } }]),
    ],
    [
      "messages[1].content[0].input_audio.format",
      user([{ type: "input_audio", input_audio: { data: "", format: "ogg" } }]),
    ],
    ["messages[1].content[0].file", user([{ type: "file" }])],
    [
      "messages[1].content[0].type",
      turn({ role: "system", content: [{ type: "image_url", image_url: {} }] }),
    ],
    ["messages[1].name", turn({ role: "user", content: "a", name: "n".repeat(65) })],
    ["messages[1].content", turn({ role: "assistant" })],
    ["messages[1].content", turn({ role: "assistant", content: null, tool_calls: [] })],
    ["messages[1].tool_calls", turn({ role: "assistant", tool_calls: call })],
    ["messages[1].tool_calls[0].id", turn({ role: "assistant", tool_calls: [{ ...call, id: undefined }] })],
    [
      "messages[1].tool_calls[0].type",
      turn({ role: "assistant", tool_calls: [{ ...call, type: "custom" }] }),
    ],
    [
      "messages[1].tool_calls[0].function.arguments",
      turn({ role: "assistant", tool_calls: [{ ...call, function: { name: "f", arguments: {} } }] }),
    ],
    ["messages[1].function_call", turn({ role: "assistant", content: "", function_call: { name: "f" } })],
    ["messages[1].audio", turn({ role: "assistant", content: "", audio: { id: "a" } })],
    ["messages[1].tool_call_id", turn({ role: "tool", content: "22 C" })],
    ["messages[1].tool_call_id", turn({ role: "tool", content: "22 C", tool_call_id: "i".repeat(201) })],
    ["stream_options", { ...hello, stream_options: { include_usage: true } }],
    ["stream_options", { ...hello, stream: false, stream_options: {} }],
    ["stream_options", { ...hello, stream: true, stream_options: [] }],
    ["stream_options.include_usage", { ...hello, stream: true, stream_options: { include_usage: "yes" } }],
    ["stream", { ...hello, stream: "true" }],
    ["temperature", { ...hello, temperature: 2.01 }],
    ["temperature", { ...hello, temperature: -0.01 }],
    ["temperature", { ...hello, temperature: "1" }],
    [
      "temperature",
      JSON.parse(`{"model":"m","messages":[{"role":"user","content":""}],"temperature":1e999}`),
    ],
    ["top_p", { ...hello, top_p: 1.01 }],
    ["frequency_penalty", { ...hello, frequency_penalty: 2.5 }],
    ["presence_penalty", { ...hello, presence_penalty: -2.5 }],
    ["logit_bias.7", { ...hello, logit_bias: { 7: 101 } }],
    ["logit_bias.the", { ...hello, logit_bias: { the: 1 } }],
    ["logit_bias", { ...hello, logit_bias: [] }],
    [
      "logit_bias",
      { ...hello, logit_bias: Object.fromEntries(Array.from({ length: 1025 }, (_, id) => [id, 1])) },
    ],
    ["seed", { ...hello, seed: 1.5 }],
    ["seed", { ...hello, seed: 1e19 }],
    ["stop", { ...hello, stop: ["a", "b", "c", "d", "e"] }],
    ["stop", { ...hello, stop: "" }],
    ["stop[1]", { ...hello, stop: ["a", ""] }],
    ["stop[0]", { ...hello, stop: [7] }],
    ["stop", { ...hello, stop: 7 }],
    ["max_completion_tokens", { ...hello, max_completion_tokens: 0 }],
    ["max_tokens", { ...hello, max_tokens: -1 }],
    ["max_tokens", { ...hello, max_tokens: 1.5 }],
    ["max_tokens", { ...hello, max_tokens: 1e12 }],
    ["n", { ...hello, n: 0 }],
    ["n", { ...hello, n: 9 }],
    ["n", { ...hello, n: 1.5 }],
    ["n", { ...hello, n: "1" }],
    ["top_logprobs", { ...hello, top_logprobs: 2 }],
    ["top_logprobs", { ...hello, logprobs: false, top_logprobs: 0 }],
    ["top_logprobs", { ...hello, logprobs: true, top_logprobs: 21 }],
    ["top_logprobs", { ...hello, logprobs: true, top_logprobs: -1 }],
    ["tools", { ...hello, tools: weather }],
    ["tools", { ...hello, tools: Array.from({ length: 129 }, () => weather) }],
    ["tools[0].type", { ...hello, tools: [{ type: "custom", custom: { name: "sh" } }] }],
    ["tools[0].function", { ...hello, tools: [{ type: "function" }] }],
    [
      "tools[0].function.name",
      { ...hello, tools: [{ type: "function", function: { name: "get weather" } }] },
    ],
    [
      "tools[0].function.name",
      { ...hello, tools: [{ type: "function", function: { name: "f".repeat(65) } }] },
    ],
    [
      "tools[0].function.parameters",
      { ...hello, tools: [{ type: "function", function: { name: "f", parameters: [] } }] },
    ],
    ["tool_choice", { ...hello, tools: [weather], tool_choice: "any" }],
    ["tool_choice", { ...hello, tool_choice: "required" }],
    [
      "tool_choice",
      { ...hello, tools: [weather], tool_choice: { type: "function", function: { name: "other" } } },
    ],
    ["tool_choice.type", { ...hello, tools: [weather], tool_choice: { type: "allowed_tools" } }],
    ["parallel_tool_calls", { ...hello, parallel_tool_calls: 1 }],
    ["response_format", { ...hello, response_format: "json_object" }],
    ["response_format", { ...hello, response_format: [{ type: "json_object" }] }],
    ["response_format.type", { ...hello, response_format: {} }],
    ["response_format.type", { ...hello, response_format: { type: "xml" } }],
    ["response_format.json_schema", { ...hello, response_format: { type: "json_schema" } }],
    [
      "response_format.json_schema.name",
      { ...hello, response_format: { type: "json_schema", json_schema: {} } },
    ],
    ["functions", { ...hello, functions: [{ name: "f" }] }],
    ["function_call", { ...hello, function_call: "auto" }],
    ["audio", { ...hello, audio: { voice: "alloy", format: "wav" } }],
    ["modalities[1]", { ...hello, modalities: ["text", "audio"] }],
    ["web_search_options", { ...hello, web_search_options: {} }],
    ["moderation", { ...hello, moderation: { model: "m" } }],
    ["metadata.run", { ...hello, metadata: { run: 7 } }],
    ["metadata.run", { ...hello, metadata: { run: "7".repeat(513) } }],
    [
      "metadata",
      { ...hello, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, key) => [`k${key}`, ""])) },
    ],
    ["provider", { ...hello, provider: "openai" }],
    ["provider.order", { ...hello, provider: { order: "a" } }],
    ["provider.order[1]", { ...hello, provider: { order: ["a", null] } }],
    ["provider.sort", { ...hello, provider: { sort: "speed" } }],
    ["provider.sort", { ...hello, provider: { sort: { by: "price" } } }],
    ["provider.quantizations", { ...hello, provider: { quantizations: [] } }],
    ["provider.quantizations[0]", { ...hello, provider: { quantizations: [4] } }],
    ["provider.require_parameters", { ...hello, provider: { require_parameters: "yes" } }],
    ["provider.allow_fallbacks", { ...hello, provider: { allow_fallbacks: 0 } }],
    ["provider.preferred_min_throughput", { ...hello, provider: { preferred_min_throughput: { p90: 5 } } }],
    ["provider.preferred_max_latency", { ...hello, provider: { preferred_max_latency: -1 } }],
    ["provider.verified", { ...hello, provider: { verified: true } }],
    ["provider.data_collection", { ...hello, provider: { data_collection: "deny" } }],
    ["provider.max_price.image", { ...hello, provider: { max_price: { image: 1 } } }],
    ["provider.max_price.prompt", { ...hello, provider: { max_price: { prompt: -1 } } }],
    ["provider.max_price.prompt", { ...hello, provider: { max_price: { prompt: 1_000_001 } } }],
    ["provider.max_price.prompt", { ...hello, provider: { max_price: { prompt: "1000001" } } }],
    ["provider.max_price.completion", { ...hello, provider: { max_price: { completion: "1e3" } } }],
    ["provider.min_tokens_per_second", { ...hello, provider: { min_tokens_per_second: "fast" } }],
    ["provider.only", { ...hello, provider: { only: "a" } }],
    ["provider.ignore[0]", { ...hello, provider: { ignore: [7] } }],
  ])("is refused by its %s", (param, body) => {
    expect(refusedParam(body)).toBe(param);
  });

  it("is refused in a sentence that names the field and what it should be", () => {
    expect([
      parseChatRequest({ model: "m" }),
      parseChatRequest(user(7)),
      parseChatRequest({ ...hello, temperature: 3 }),
      parseChatRequest({ ...hello, n: 9 }),
      parseChatRequest(turn({ role: "robot", content: "" })),
      parseChatRequest({ ...hello, tools: [{ type: "custom" }] }),
      parseChatRequest([]),
    ]).toMatchObject([
      { message: "messages: is required." },
      { message: "messages[1].content: must be a string or a list of parts." },
      { message: "temperature: must be a number from 0 to 2." },
      { message: "n: must be a whole number from 1 to 8." },
      { message: "messages[1].role: must be one of developer, system, user, assistant, tool." },
      { message: "tools[0].type: must be function." },
      { message: "The body must be an object." },
    ]);
  });
});

/** Objects in one another, `depth` of them. */
function nested(depth: number): object {
  let value: object = {};
  for (let level = 1; level < depth; level++) value = { properties: value };
  return value;
}

describe("a hostile chat request", () => {
  it("is refused when a schema is nested deeper than can be written down again", () => {
    const tools = (parameters: object) => ({
      ...hello,
      tools: [{ type: "function", function: { name: "f", parameters } }],
    });
    expect(parseChatRequest(tools(nested(MAX_JSON_DEPTH)))).toMatchObject({ ok: true });
    for (const depth of [MAX_JSON_DEPTH + 2, 100_000]) {
      expect(refusedParam(tools(nested(depth)))).toBe("tools[0].function.parameters");
    }
  });

  it("is refused by the number of its messages, whatever they are", () => {
    const looked: number[] = [];
    const messages = Array.from({ length: 10_000 }, (_, index) => ({
      get role() {
        looked.push(index);
        return "user";
      },
      content: "",
    }));
    expect(refusedParam({ ...hello, messages })).toBe("messages");
    expect(looked).toEqual([]);
  });

  it("is refused at the first message that is wrong", () => {
    const looked = new Set<number>();
    const messages = Array.from({ length: MAX_MESSAGES }, (_, index) => ({
      get role() {
        looked.add(index);
        return "nobody";
      },
    }));
    expect(refusedParam({ ...hello, messages })).toBe("messages[0].role");
    expect([...looked]).toEqual([0]);
  });

  it("hears nothing of what it sent, however long that is", () => {
    const long = "x".repeat(1_000_000);
    expect(refusedParam({ ...hello, model: long })).toBe("model");
    expect(refusedParam({ ...hello, stop: [long] })).toBe("stop[0]");
    expect(refusedParam({ ...hello, tool_choice: long })).toBe("tool_choice");
    expect(refusedParam({ ...hello, metadata: { [long]: "" } })?.length).toBeLessThan(250);
  });

  it("cannot reach a prototype by its keys", () => {
    const body: unknown = JSON.parse(
      `{"model":"m","messages":[{"role":"user","content":"a","__proto__":{"name":"p"}}],"metadata":{"__proto__":"x"},
        "__proto__":{"temperature":0},"constructor":{"prototype":{"stream":true}}}`,
    );
    const request = taken(body);
    expect(request.temperature).toBe(1);
    expect(request.messages[0]).toEqual({ role: "user", content: "a" });
    expect(({} as { stream?: boolean }).stream).toBeUndefined();
  });
});
