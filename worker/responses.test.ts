import { describe, expect, it } from "vitest";
import { parseResponsesRequest, responsesRequestFields } from "../protocol/responses.ts";
import { doorAt, isFuzzed, MODEL, refusal, wellFormed } from "./request-door.ts";

const door = doorAt("/v1/responses");
const { program, ask } = door;

const hello = { model: MODEL, input: "Hello!" };

describe("a request to /v1/responses", () => {
  it.each(["/v1/responses", "/responses"])(
    "that is well formed gets as far as the market, at %s",
    async (path) => {
      const response = await ask(hello, path);
      expect(response.headers.get("x-provider")).toBeNull();
      expect(response.headers.get("x-should-retry")).toBe("false");
      expect(await refusal(response)).toEqual(wellFormed);
    },
  );

  it("may have fields that are not known", async () => {
    expect(await refusal(await ask({ ...hello, thinking: { deeply: true } }))).toEqual(wellFormed);
  });

  it.each(["{ not json", "[]", "null"])("is none where its body is %s", async (body) => {
    expect(await refusal(await ask(body))).toEqual([400, "invalid_request", null]);
  });

  it("needs a key", async () => {
    const response = await program.call("POST", "/v1/responses", hello);
    expect(await refusal(response)).toEqual([401, "invalid_api_key", null]);
  });

  it.each(["GET", "DELETE"] as const)("is not answered again: nothing is kept (%s)", async (method) => {
    const response = await program.call(method, "/v1/responses/resp_1", undefined, {
      authorization: door.authorization(),
    });
    expect(await refusal(response)).toEqual([404, "unknown_url", null]);
  });

  it.each([
    ["store", true],
    ["background", true],
    ["previous_response_id", "resp_1"],
    ["conversation", "conv_1"],
    ["prompt", { id: "p" }],
    ["truncation", "auto"],
    ["messages", [{ role: "user", content: "Hello!" }]],
    ["max_tokens", 5],
    ["response_format", { type: "text" }],
    ["stop", "x"],
  ])("that asks by %s for what is not served is told so", async (field, value) => {
    expect(await refusal(await ask({ ...hello, [field]: value }))).toEqual([400, "invalid_request", field]);
  });

  it.each([
    [{ include: ["web_search_call.results"] }, "include[0]"],
    [{ tools: [{ type: "web_search" }] }, "tools[0].type"],
    [{ tools: [{ type: "function", name: "f", defer_loading: true }] }, "tools[0].defer_loading"],
    [{ tool_choice: "required" }, "tool_choice"],
    [{ top_logprobs: 3 }, "top_logprobs"],
    [{ input: [{ type: "item_reference", id: "msg_1" }] }, "input[0].type"],
    [
      { input: [{ role: "user", content: [{ type: "input_image", file_id: "f" }] }] },
      "input[0].content[0].image_url",
    ],
    [
      { input: [{ role: "user", content: [{ type: "input_image", image_url: "data:,", file_id: "f" }] }] },
      "input[0].content[0].file_id",
    ],
    [{ input: [{ role: "tool", content: "x" }] }, "input[0].role"],
    [{ input: [] }, "input"],
    [{ input: [{ type: "reasoning", summary: [] }] }, "input"],
    [{ stream_options: {} }, "stream_options"],
  ])("is refused by the field at fault: %j", async (fields, param) => {
    expect(await refusal(await ask({ ...hello, ...fields }))).toEqual([400, "invalid_request", param]);
  });
});

/** Requests that have every field that is within another. */
const whole: readonly object[] = [
  {
    ...hello,
    input: [
      {
        type: "message",
        role: "user",
        status: "completed",
        content: [
          { type: "input_text", text: "What is this?", prompt_cache_breakpoint: { mode: "explicit" } },
          { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "low", file_id: null },
          { type: "input_file", file_data: "AA==", filename: "f", detail: "low", file_url: null },
        ],
      },
      { role: "developer", content: [{ type: "input_text", text: "Be brief." }] },
      {
        type: "reasoning",
        id: "rs_1",
        summary: [{ type: "summary_text", text: "hm" }],
        encrypted_content: "x",
      },
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        phase: "final_answer",
        content: [{ type: "output_text", text: "A", annotations: [] }],
      },
      { type: "function_call", id: "fc_1", call_id: "call", name: "f", arguments: "{}", status: "completed" },
      { type: "function_call_output", call_id: "call", output: [{ type: "input_text", text: "1" }] },
    ],
  },
  {
    ...hello,
    stream: true,
    stream_options: { include_obfuscation: false },
    include: ["message.output_text.logprobs"],
    top_logprobs: 3,
    tools: [
      {
        type: "function",
        name: "f",
        description: "d",
        parameters: {},
        strict: true,
        allowed_callers: ["direct"],
        async: false,
      },
    ],
    tool_choice: { type: "function", name: "f" },
    text: {
      format: { type: "json_schema", name: "s", schema: {}, description: "d", strict: true },
      verbosity: "low",
    },
    reasoning: { effort: "low", summary: "auto" },
    metadata: { a: "b" },
    provider: { only: ["a"], max_price: { prompt: 1 } },
  },
];

isFuzzed(door, { fields: responsesRequestFields, parse: parseResponsesRequest, plain: hello, whole });
