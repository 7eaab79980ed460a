import { describe, expect, it } from "vitest";
import { parseChatRequest } from "./chat.ts";
import { neededFeatures } from "./feature.ts";

const hello = { model: "m", messages: [{ role: "user", content: "Hello!" }] };
const tools = [{ type: "function", function: { name: "f" } }];
const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };

function needsOf(body: object) {
  const parsed = parseChatRequest(body);
  if (!parsed.ok) throw new Error(parsed.message);
  return Object.fromEntries(neededFeatures(parsed.request));
}

describe("what a request needs", () => {
  it.each<[string, object, object]>([
    ["nothing for text", hello, {}],
    [
      "nothing for parts of text",
      { ...hello, messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] },
      {},
    ],
    [
      "nothing for what changes nothing",
      { ...hello, logit_bias: {}, tools: [], response_format: { type: "text" } },
      {},
    ],
    ["token probabilities", { ...hello, logprobs: true }, { logprobs: "logprobs" }],
    ["a bias", { ...hello, logit_bias: { 7: 1 } }, { logit_bias: "logit_bias" }],
    ["tools", { ...hello, tools }, { tools: "tools" }],
    ["none where none may be called", { ...hello, tools, tool_choice: "none" }, {}],
    ["JSON", { ...hello, response_format: { type: "json_object" } }, { json_object: "response_format" }],
    [
      "JSON after a schema",
      { ...hello, response_format: { type: "json_schema", json_schema: { name: "n", schema: {} } } },
      { json_schema: "response_format" },
    ],
    [
      "tools for calls that were made",
      {
        ...hello,
        messages: [
          { role: "assistant", tool_calls: [call] },
          { role: "tool", content: "7", tool_call_id: "c" },
        ],
      },
      { tools: "messages[0].tool_calls" },
    ],
    [
      "eyes and ears, by the first part that needs them",
      {
        ...hello,
        messages: [
          ...hello.messages,
          {
            role: "user",
            content: [
              { type: "text", text: "a" },
              { type: "image_url", image_url: { url: "data:," } },
              { type: "image_url", image_url: { url: "data:," } },
              { type: "input_audio", input_audio: { data: "", format: "wav" } },
              { type: "file", file: { file_id: "f" } },
            ],
          },
        ],
      },
      { images: "messages[1].content[1]", audio: "messages[1].content[3]", files: "messages[1].content[4]" },
    ],
  ])("is %s", (_, body, needs) => {
    expect(needsOf(body)).toEqual(needs);
  });
});
