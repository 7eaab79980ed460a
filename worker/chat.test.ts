import { exports } from "cloudflare:workers";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { chatRequestFields, parseChatRequest } from "../protocol/chat.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import { mutations, nested, smallValues, values } from "./request-fuzz.ts";
import { newApiKey, signedUp, Visitor } from "./testing.ts";

const program = new Visitor();
let authorization = "";

beforeAll(async () => {
  authorization = `Bearer ${(await newApiKey(await signedUp())).secret}`;
});

const MODEL = "nobody-offers-this";
const hello = { model: MODEL, messages: [{ role: "user", content: "Hello!" }] };

const ask = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  program.call("POST", "/v1/chat/completions", body, { authorization, ...headers });

/** The status, the code and the field at fault. */
async function refusal(response: Response): Promise<[number, string, string | null]> {
  const { error } = v.parse(OpenAIErrorBody, await response.json());
  return [response.status, error.code, error.param];
}

/** What those get whose request is well formed, as long as nobody offers the model. */
const wellFormed = [404, "model_not_found", "model"];

const json = (value: unknown): string => JSON.stringify(value);

describe("a request", () => {
  it("that is well formed gets as far as the market", async () => {
    expect(await refusal(await ask(hello))).toEqual(wellFormed);
  });

  it("may come without /v1, and with any content type", async () => {
    const response = await program.call("POST", "/chat/completions", hello, {
      authorization,
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
    expect(await refusal(await send(announced, { authorization }))).toEqual([413, "body_too_large", null]);
    expect(pulled()).toBeLessThan(16);
  });

  it("of 100 MB is cut off at the limit where no length is announced", async () => {
    const { body, pulled } = spaces(100);
    expect(await refusal(await send(body, { authorization }))).toEqual([413, "body_too_large", null]);
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

/** The door says of it just what the schema does: 400 with the field at fault, or it goes on to the market. */
async function isJudged(body: string): Promise<"refused" | "taken"> {
  const parsed = parseChatRequest(JSON.parse(body));
  const answered = await refusal(await ask(body));
  const expected = parsed.ok ? wellFormed : [400, "invalid_request", parsed.param];
  expect([body.slice(0, 2_000), ...answered]).toEqual([body.slice(0, 2_000), ...expected]);
  return parsed.ok ? "taken" : "refused";
}

describe.each(chatRequestFields)("the field %s", (field) => {
  it("is refused by name for every value that it can't have, and breaks nothing", async () => {
    const { [field]: _, ...others }: Record<string, unknown> = hello;
    const bodies = values.map((value) => `{${json(field)}:${value},${json(others).slice(1)}`);
    const judged = await Promise.all(bodies.map(isJudged));
    expect(judged.filter((how) => how === "refused").length).toBeGreaterThan(values.length / 3);
  });
});

describe("a field within others", () => {
  it.each(smallValues)("is refused by name where it can't be %s, and breaks nothing", async (_, value) => {
    for (const body of mutations(whole, value)) await isJudged(body);
  });
});
