import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { chatRequestFields, parseChatRequest } from "../protocol/chat.ts";
import { doorAt, isFuzzed, MODEL, refusal, wellFormed } from "./request-door.ts";
import { nested } from "./request-fuzz.ts";

const door = doorAt("/v1/chat/completions");
const { program, ask } = door;

const hello = { model: MODEL, messages: [{ role: "user", content: "Hello!" }] };

const json = (value: unknown): string => JSON.stringify(value);

describe("a request", () => {
  it("that is well formed gets as far as the market", async () => {
    expect(await refusal(await ask(hello))).toEqual(wellFormed);
  });

  it("may come without /v1, and with any content type", async () => {
    const response = await program.call("POST", "/chat/completions", hello, {
      authorization: door.authorization(),
      "content-type": "text/plain",
    });
    expect(await refusal(response)).toEqual(wellFormed);
  });

  it("may have fields that are not known", async () => {
    expect(await refusal(await ask({ ...hello, thinking: { deeply: true } }))).toEqual(wellFormed);
  });
});

describe("a body that is no request", () => {
  it.each([
    ["empty", ""],
    ["no JSON", "{ not json"],
    ["JSON that is cut off", json(hello).slice(0, -3)],
    ["not UTF-8", new Uint8Array([...new TextEncoder().encode('{"model":"'), 0xe9, 0x22, 0x7d])],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
    ["nested without an end", "[".repeat(4_000_000)],
    ["NaN", json(hello).replace("}", ',"temperature":NaN}')],
  ])("is refused with a sentence: %s", async (_what, body) => {
    const response = await ask(body);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(await refusal(response)).toEqual([400, "invalid_request", null]);
  });

  it.each([
    ["a list", "[]"],
    ["a string", '"hello"'],
    ["null", "null"],
    ["a number", "1"],
    ["a deep nest", nested(1_000_000)],
  ])("is refused where it is JSON: %s", async (_what, body) => {
    expect(await refusal(await ask(body))).toEqual([400, "invalid_request", null]);
  });
});

describe("a request that is too large", () => {
  const MiB = 1024 * 1024;

  /** So many MiB of spaces, made as they are asked for; `pulled` counts them. */
  function spaces(mebibytes: number): { body: ReadableStream<Uint8Array>; pulled: () => number } {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pulled === mebibytes) return controller.close();
        pulled++;
        controller.enqueue(new Uint8Array(MiB).fill(0x20));
      },
    });
    return { body, pulled: () => pulled };
  }

  const send = (body: ReadableStream<Uint8Array>, headers: Record<string, string>): Promise<Response> =>
    exports.default.fetch(
      new Request("http://tabarena.test/v1/chat/completions", { method: "POST", body, headers }),
    );

  it("of 100 MB is refused by its announced length, unread", async () => {
    const { body, pulled } = spaces(100);
    const announced = body.pipeThrough(new FixedLengthStream(100 * MiB));
    expect(await refusal(await send(announced, { authorization: door.authorization() }))).toEqual([
      413,
      "body_too_large",
      null,
    ]);
    expect(pulled()).toBeLessThan(16);
  });

  it("of 100 MB is cut off at the limit where no length is announced", async () => {
    const { body, pulled } = spaces(100);
    expect(await refusal(await send(body, { authorization: door.authorization() }))).toEqual([
      413,
      "body_too_large",
      null,
    ]);
    expect(pulled()).toBeLessThan(16);
  });

  it("may have 8 MiB, and not a byte more", async () => {
    const body = json(hello);
    expect(await refusal(await ask(body.padEnd(8 * MiB)))).toEqual(wellFormed);
    expect(await refusal(await ask(body.padEnd(8 * MiB + 1)))).toEqual([413, "body_too_large", null]);
  });

  it("for want of a key is told that first", async () => {
    const { body } = spaces(100);
    expect(await refusal(await send(body, {}))).toEqual([401, "invalid_api_key", null]);
  });

  it("of 10,000 messages is refused by their number", async () => {
    const messages = Array.from({ length: 10_000 }, () => ({ role: "user", content: "Hello!" }));
    expect(await refusal(await ask({ ...hello, messages }))).toEqual([400, "invalid_request", "messages"]);
  });
});

const tool = { type: "function", function: { name: "f", description: "d", parameters: {}, strict: true } };

/** Requests that have every field that is within another. */
const whole: readonly object[] = [
  {
    ...hello,
    messages: [
      { role: "developer", content: [{ type: "text", text: "Be brief." }], name: "d" },
      {
        role: "user",
        name: "u",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==", detail: "low" } },
          { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
          { type: "file", file: { file_data: "AA==", filename: "f" } },
        ],
      },
      {
        role: "assistant",
        refusal: null,
        content: [{ type: "refusal", refusal: "no" }],
        tool_calls: [{ id: "call", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", content: "1", tool_call_id: "call" },
    ],
  },
  {
    ...hello,
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
    logit_bias: { "1": 1 },
    stop: ["x"],
    tools: [tool],
    tool_choice: { type: "function", function: { name: "f" } },
    response_format: { type: "json_schema", json_schema: { name: "s", schema: {}, strict: true } },
    provider: {
      max_price: { prompt: 1, completion: "2" },
      min_tokens_per_second: 1,
      only: ["a"],
      ignore: ["b"],
      order: ["a"],
      sort: "price",
      quantizations: ["int4"],
      require_parameters: false,
      allow_fallbacks: true,
      preferred_min_throughput: 1,
      preferred_max_latency: 1,
      verified: false,
    },
    metadata: { a: "b" },
    prediction: { type: "content", content: "x" },
    modalities: ["text"],
  },
];

isFuzzed(door, { fields: chatRequestFields, parse: parseChatRequest, plain: hello, whole });
