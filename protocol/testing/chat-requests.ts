import { type ChatCompletionRequest, parseChatRequest } from "../chat.ts";

/** Chat requests for tests, and what becomes of them. */

export const hello = { model: "tabarena-tiny", messages: [{ role: "user", content: "Hello!" }] };

export const weather = {
  type: "function",
  function: {
    name: "get_current_weather",
    description: "Get the current weather in a given location",
    parameters: {
      type: "object",
      properties: { location: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
      required: ["location"],
    },
  },
};

export const call = {
  id: "call_abc123",
  type: "function",
  function: { name: "get_current_weather", arguments: '{"location": "Boston"}' },
};

/** What the official client and the AI SDK send, each the whole body. */
export const samples: [string, object][] = [
  [
    "two turns",
    { ...hello, messages: [{ role: "developer", content: "Talk like a pirate." }, hello.messages[0]] },
  ],
  [
    "an older system turn",
    { ...hello, messages: [{ role: "system", content: "Be brief." }, hello.messages[0]] },
  ],
  ["a stream", { ...hello, stream: true }],
  ["a stream with usage", { ...hello, stream: true, stream_options: { include_usage: true } }],
  ["a stream without padding", { ...hello, stream: true, stream_options: { include_obfuscation: false } }],
  ["names of speakers", { ...hello, messages: [{ role: "user", name: "Alice", content: "Hi" }] }],
  [
    "parts of text",
    {
      ...hello,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } },
            { type: "text", text: "" },
          ],
        },
      ],
    },
  ],
  [
    "an image",
    {
      ...hello,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is in this image?" },
            { type: "image_url", image_url: { url: "https://example.org/a.png", detail: "low" } },
          ],
        },
      ],
    },
  ],
  [
    "sound and a file",
    {
      ...hello,
      messages: [
        {
          role: "user",
          content: [
            { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
            {
              type: "file",
              file: { filename: "document.pdf", file_data: "data:application/pdf;base64,JVBERg==" },
            },
          ],
        },
      ],
    },
  ],
  ["tools", { ...hello, tools: [weather], tool_choice: "auto", parallel_tool_calls: false }],
  [
    "one tool that must be called",
    {
      ...hello,
      tools: [{ ...weather, function: { ...weather.function, strict: true } }],
      tool_choice: { type: "function", function: { name: "get_current_weather" } },
    },
  ],
  ["a function without parameters", { ...hello, tools: [{ type: "function", function: { name: "now" } }] }],
  [
    "a call and its result",
    {
      ...hello,
      messages: [
        hello.messages[0],
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "call_abc123", content: "22 C" },
      ],
      tools: [weather],
    },
  ],
  [
    "an answer sent back as it came",
    {
      ...hello,
      messages: [
        hello.messages[0],
        {
          role: "assistant",
          content: "Hello",
          refusal: null,
          annotations: [],
          audio: null,
          function_call: null,
          tool_calls: null,
          reasoning_content: "They greet me.",
        },
        { role: "user", content: "And?" },
      ],
    },
  ],
  [
    "a refusal",
    {
      ...hello,
      messages: [
        hello.messages[0],
        { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
        { role: "assistant", refusal: "No." },
      ],
    },
  ],
  ["token probabilities", { ...hello, logprobs: true, top_logprobs: 2 }],
  ["token probabilities without alternatives", { ...hello, logprobs: true, top_logprobs: 0 }],
  ["JSON", { ...hello, response_format: { type: "json_object" } }],
  [
    "JSON after a schema",
    {
      ...hello,
      response_format: {
        type: "json_schema",
        json_schema: {
          name: "response",
          strict: true,
          schema: { type: "object", properties: { a: { type: "integer" } } },
        },
      },
    },
  ],
  [
    "all the sampling",
    {
      ...hello,
      temperature: 2,
      top_p: 0,
      frequency_penalty: -2,
      presence_penalty: 2,
      seed: -9_223_372_036_854_775_808,
      stop: ["a", "b", "c", "d"],
      logit_bias: { "50256": -100, "7": 100 },
      max_completion_tokens: 256,
      n: 1,
    },
  ],
  ["the older name of a limit", { ...hello, max_tokens: 256, stop: "\n" }],
  [
    "fields without effect",
    {
      ...hello,
      user: "user_123456",
      safety_identifier: "abc",
      metadata: { run: "7" },
      store: true,
      service_tier: "auto",
      reasoning_effort: "low",
      verbosity: "high",
      modalities: ["text"],
      prediction: { type: "content", content: "Hello" },
      prompt_cache_key: "k",
      prompt_cache_options: { mode: "implicit" },
      something_new: { of: "next year" },
    },
  ],
  [
    "wishes about providers",
    {
      ...hello,
      provider: {
        max_price: { prompt: 0.25, completion: "0.5" },
        min_tokens_per_second: 20,
        only: ["a"],
        ignore: [],
        order: ["b", "a"],
        sort: "throughput",
        quantizations: ["int4", "Q8_0"],
        require_parameters: true,
        allow_fallbacks: false,
        preferred_min_throughput: 20,
        preferred_max_latency: 0.5,
        verified: false,
      },
    },
  ],
];

/** What is read of a request that is taken. */
export function taken(body: unknown): ChatCompletionRequest {
  const parsed = parseChatRequest(body);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.request;
}

/** The param of what is refused, by a sentence that is not too long. */
export function refusedParam(body: unknown): string | null {
  const parsed = parseChatRequest(body);
  if (parsed.ok) throw new Error(`is taken: ${JSON.stringify(body).slice(0, 300)}`);
  if (!/^\S.*\.$/.test(parsed.message) || parsed.message.length >= 500) throw new Error(parsed.message);
  return parsed.param;
}
