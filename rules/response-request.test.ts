import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletionRequest } from "../protocol/chat.ts";
import { neededFeatures } from "../protocol/feature.ts";
import { ResponseEcho } from "../protocol/response.ts";
import { parseResponsesRequest, type ResponsesRequest } from "../protocol/responses.ts";
import { chatRequestOf, echoOf, messageHere, paramHere } from "./response-request.ts";

function requestOf(body: object): ResponsesRequest {
  const parsed = parseResponsesRequest({ model: "tiny", input: "Hello!", ...body });
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.request;
}

/** The chat request, which must be one that a client could have sent. */
function chatOf(body: object): ChatCompletionRequest {
  const { request } = chatRequestOf(requestOf(body));
  const sent: unknown = JSON.parse(JSON.stringify(request));
  expect(JSON.parse(JSON.stringify(v.parse(ChatCompletionRequest, sent)))).toEqual(sent);
  return request;
}

const call = (id: string) => ({ type: "function_call", call_id: id, name: "add", arguments: "{}" });
const result = (id: string) => ({ type: "function_call_output", call_id: id, output: "1" });

describe("the chat request for a request to /v1/responses", () => {
  it("has the instructions before the input", () => {
    expect(chatOf({ instructions: "Be brief." }).messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello!" },
    ]);
  });

  it("has every part of a message in its place", () => {
    const input = [
      { role: "developer", content: [{ type: "input_text", text: "Be brief." }] },
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "What is this?" },
          { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "low" },
          { type: "input_file", file_data: "AA==", filename: "f" },
        ],
      },
      {
        type: "message",
        id: "msg_1",
        status: "completed",
        role: "assistant",
        content: [
          { type: "output_text", text: "A ", annotations: [], logprobs: [] },
          { type: "refusal", refusal: "no" },
        ],
      },
      { role: "assistant", content: "B" },
    ];
    expect(chatOf({ input }).messages).toEqual([
      { role: "developer", content: [{ type: "text", text: "Be brief." }] },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==", detail: "low" } },
          { type: "file", file: { file_data: "AA==", filename: "f" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "A " },
          { type: "refusal", refusal: "no" },
        ],
      },
      { role: "assistant", content: "B" },
    ]);
  });

  it("has calls as part of the turn before them, and what the model thought in none", () => {
    const input = [
      { role: "user", content: "1 + 1, and 2 + 2?" },
      { type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "hm" }] },
      { role: "assistant", content: "Let me see." },
      call("a"),
      call("b"),
      result("a"),
      result("b"),
      call("c"),
      result("c"),
    ];
    const { messages } = chatOf({ input });
    expect(messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "tool",
      "tool",
      "assistant",
      "tool",
    ]);
    const calls = messages.map((message) =>
      message.role === "assistant" ? message.tool_calls?.map(({ id }) => id) : null,
    );
    expect(calls).toEqual([null, ["a", "b"], null, null, ["c"], null]);
  });

  it("has no more calls in a turn than chat allows", () => {
    const { messages } = chatOf({ input: Array.from({ length: 200 }, (_, index) => call(`c${index}`)) });
    expect(
      messages.map((message) => (message.role === "assistant" ? message.tool_calls?.length : 0)),
    ).toEqual([128, 72]);
  });

  it("has no more messages than chat allows, with as many items as there may be", () => {
    const input = Array.from({ length: 2_047 }, () => ({ role: "user", content: "Hello!" }));
    expect(chatOf({ input, instructions: "Be brief." }).messages).toHaveLength(2_048);
  });

  it("has tools, their choice and the format in the forms of chat", () => {
    const parameters = { type: "object" };
    const request = chatOf({
      tools: [{ type: "function", name: "add", description: "adds", parameters, strict: true }],
      tool_choice: { type: "function", name: "add" },
      parallel_tool_calls: false,
      text: { format: { type: "json_schema", name: "s", schema: {}, strict: true }, verbosity: "low" },
    });
    expect(request).toMatchObject({
      tools: [{ type: "function", function: { name: "add", description: "adds", parameters, strict: true } }],
      tool_choice: { type: "function", function: { name: "add" } },
      parallel_tool_calls: false,
      response_format: { type: "json_schema", json_schema: { name: "s", schema: {}, strict: true } },
      verbosity: "low",
    });
    expect(chatOf({ text: { format: { type: "json_object" } } }).response_format).toEqual({
      type: "json_object",
    });
  });

  it("asks for the probabilities that are to be included, and for as many tokens", () => {
    const include = ["message.output_text.logprobs"];
    expect(chatOf({ include, top_logprobs: 3, max_output_tokens: 20 })).toMatchObject({
      logprobs: true,
      top_logprobs: 3,
      max_completion_tokens: 20,
    });
    expect(chatOf({ include }).logprobs).toBe(true);
    expect(chatOf({ top_logprobs: 0, include: ["reasoning.encrypted_content"] }).logprobs).toBe(false);
  });
});

describe("what is wrong with the chat request", () => {
  it("is told by the field that it comes from", () => {
    const { request, origins } = chatRequestOf(
      requestOf({
        instructions: "Be brief.",
        input: [
          { type: "reasoning", id: "rs_1", summary: [] },
          { role: "user", content: [{ type: "input_image", image_url: "data:," }] },
          call("a"),
          result("a"),
        ],
        text: { format: { type: "json_object" } },
        include: ["message.output_text.logprobs"],
      }),
    );
    const needed = [...neededFeatures(request)].map(([feature, param]) => [
      feature,
      paramHere(param, origins),
    ]);
    expect(Object.fromEntries(needed)).toEqual({
      images: "input[1].content[0]",
      tools: "input[2]",
      json_object: "text.format",
      logprobs: "include",
    });
    expect(paramHere("messages[0].content", origins)).toBe("instructions.content");
  });

  it.each([
    ["messages", "input"],
    ["max_completion_tokens", "max_output_tokens"],
    ["provider.only", "provider.only"],
    ["model", "model"],
    ["messages[7]", "input"],
    [null, null],
  ])("%s is %s where the items are not known", (param, here) => {
    expect(paramHere(param, [])).toBe(here);
  });

  it("speaks of max_output_tokens", () => {
    expect(messageHere("A smaller max_completion_tokens needs less.")).toBe(
      "A smaller max_output_tokens needs less.",
    );
  });
});

describe("what an answer repeats of its request", () => {
  it("is of the published shape, with the official defaults but for what is kept", () => {
    const echo = echoOf(requestOf({}));
    expect(v.parse(ResponseEcho, echo)).toEqual(echo);
    expect(echo).toMatchObject({
      instructions: null,
      metadata: {},
      temperature: 1,
      top_p: 1,
      tools: [],
      tool_choice: "auto",
      text: { format: { type: "text" } },
      truncation: "disabled",
      store: false,
    });
  });

  it("is what was sent where something was", () => {
    const sent = {
      instructions: "Be brief.",
      metadata: { a: "b" },
      max_output_tokens: 20,
      temperature: 0,
      tools: [{ type: "function", name: "add", parameters: { type: "object" }, strict: true }],
      tool_choice: { type: "function", name: "add" },
      text: { format: { type: "json_schema", name: "s", schema: { type: "object" } }, verbosity: "low" },
      reasoning: { effort: "high", summary: "auto" },
      user: "u",
      prompt_cache_key: "k",
      safety_identifier: "s",
    };
    const echo = echoOf(requestOf(sent));
    expect(v.parse(ResponseEcho, echo)).toEqual(echo);
    expect(echo).toMatchObject(sent);
  });
});
