import { describe, expect, it } from "vitest";
import { chatRequestFields, parseChatRequest } from "./chat.ts";

/** A linear congruential generator (the constants of Numerical Recipes): numbers in [0, 1), the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const below = (random: Random, bound: number): number => Math.floor(random() * bound);

function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[below(random, choices.length)];
  if (choice === undefined) throw new Error("nothing to choose from");
  return choice;
}

const KINDS = ["boolean", "number", "string", "array", "object"] as const;
type Kind = (typeof KINDS)[number];

const STRINGS = [
  "",
  "auto",
  "text",
  "user",
  "\ud800",
  "\u0000",
  "1",
  "{}",
  "constructor",
  "__proto__",
  "é",
  "x".repeat(600),
];
const NUMBERS = [0, -0, 1, -1, 0.5, 20, 21, 2 ** 31, -(2 ** 53), 1e-300, 1e300, Infinity, -Infinity];
const KEYS = [
  "type",
  "role",
  "content",
  "text",
  "function",
  "name",
  "0",
  "length",
  "constructor",
  "toString",
  "7",
];

function valueOf(random: Random, kind: Kind, depth: number): Json {
  switch (kind) {
    case "boolean":
      return random() < 0.5;
    case "number":
      return random() < 0.7 ? pick(random, NUMBERS) : (random() - 0.5) * 10 ** below(random, 30);
    case "string":
      return pick(random, STRINGS);
    case "array":
      return Array.from({ length: below(random, 4) }, () => anyValue(random, depth + 1));
    case "object":
      return Object.fromEntries(
        Array.from({ length: below(random, 4) }, () => [pick(random, KEYS), anyValue(random, depth + 1)]),
      );
    default:
      throw new Error(`no such kind: ${kind satisfies never}`);
  }
}

const anyValue = (random: Random, depth: number): Json =>
  random() < 0.15 ? null : valueOf(random, pick(random, depth > 4 ? KINDS.slice(0, 3) : KINDS), depth);

const hello = { model: "m", messages: [{ role: "user", content: "Hello!" }] };

/** What each field may be, apart from null. */
const kinds: Record<string, { may: readonly Kind[]; beside?: Record<string, Json> }> = {
  model: { may: ["string"] },
  messages: { may: ["array"] },
  stream: { may: ["boolean"] },
  stream_options: { may: ["object"], beside: { stream: true } },
  temperature: { may: ["number"] },
  top_p: { may: ["number"] },
  frequency_penalty: { may: ["number"] },
  presence_penalty: { may: ["number"] },
  logit_bias: { may: ["object"] },
  seed: { may: ["number"] },
  stop: { may: ["string", "array"] },
  max_completion_tokens: { may: ["number"] },
  max_tokens: { may: ["number"] },
  n: { may: ["number"] },
  logprobs: { may: ["boolean"] },
  top_logprobs: { may: ["number"], beside: { logprobs: true } },
  tools: { may: ["array"] },
  tool_choice: { may: ["string", "object"] },
  parallel_tool_calls: { may: ["boolean"] },
  response_format: { may: ["object"] },
  provider: { may: ["object"] },
  functions: { may: [] },
  function_call: { may: [] },
  audio: { may: [] },
  modalities: { may: ["array"] },
  web_search_options: { may: [] },
  moderation: { may: [] },
  metadata: { may: ["object"] },
  prediction: { may: ["object"] },
  prompt_cache_key: { may: ["string"] },
  prompt_cache_retention: { may: ["string"] },
  reasoning_effort: { may: ["string"] },
  safety_identifier: { may: ["string"] },
  service_tier: { may: ["string"] },
  store: { may: ["boolean"] },
  user: { may: ["string"] },
  verbosity: { may: ["string"] },
};

const ranges: [string, low: number, high: number, whole: boolean][] = [
  ["temperature", 0, 2, false],
  ["top_p", 0, 1, false],
  ["frequency_penalty", -2, 2, false],
  ["presence_penalty", -2, 2, false],
  ["seed", -(2 ** 63), 2 ** 63, true],
  ["max_completion_tokens", 1, 100_000_000, true],
  ["max_tokens", 1, 100_000_000, true],
  ["n", 1, 8, true],
  ["top_logprobs", 0, 20, true],
];

describe("every field of a chat request", () => {
  it("is one of those tried here", () => {
    expect(Object.keys(kinds)).toEqual(chatRequestFields);
  });

  it.each(Object.entries(kinds))(
    "%s is refused by its name when it is of another kind",
    (field, { may, beside }) => {
      const random = randomFrom(1);
      const others = KINDS.filter((kind) => !may.includes(kind));
      for (let round = 0; round < 100; round++) {
        const value = valueOf(random, pick(random, others), 0);
        const parsed = parseChatRequest({ ...hello, ...beside, [field]: value });
        expect(parsed, JSON.stringify(value)).toMatchObject({ ok: false, param: field });
      }
    },
  );

  it.each(ranges)("%s is taken from %d to %d, and refused outside", (field, low, high, whole) => {
    const random = randomFrom(2);
    const beside = kinds[field]?.beside;
    for (let round = 0; round < 300; round++) {
      const near = [low, high, low - 1, high + 1, low + random() * (high - low)];
      const value = random() < 0.5 ? pick(random, near) : pick(random, NUMBERS);
      const fits = value >= low && value <= high && (!whole || Number.isInteger(value));
      const parsed = parseChatRequest({ ...hello, ...beside, [field]: value });
      if (fits) expect(parsed, `${value}`).toMatchObject({ ok: true });
      else expect(parsed, `${value}`).toMatchObject({ ok: false, param: field });
    }
  });
});

/** A request with something of everything. */
const rich: Json = {
  ...hello,
  messages: [
    { role: "developer", content: [{ type: "text", text: "Be brief." }] },
    { role: "system", content: "Be kind.", name: "rules" },
    {
      role: "user",
      name: "Alice",
      content: [
        { type: "text", text: "a" },
        { type: "image_url", image_url: { url: "data:,", detail: "auto" } },
        { type: "input_audio", input_audio: { data: "", format: "mp3" } },
        { type: "file", file: { file_id: "f" } },
      ],
    },
    {
      role: "assistant",
      content: [{ type: "refusal", refusal: "no" }],
      tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
    },
    { role: "tool", content: [{ type: "text", text: "7" }], tool_call_id: "c" },
    { role: "assistant", content: "seven", refusal: null },
  ],
  stream: true,
  stream_options: { include_usage: true },
  temperature: 0.7,
  logit_bias: { "7": 1 },
  seed: 1,
  stop: ["a"],
  max_completion_tokens: 7,
  logprobs: true,
  top_logprobs: 2,
  tools: [
    {
      type: "function",
      function: { name: "f", parameters: { type: "object", properties: {} }, strict: false },
    },
  ],
  tool_choice: { type: "function", function: { name: "f" } },
  response_format: { type: "json_schema", json_schema: { name: "n", schema: {} } },
  provider: { max_price: { prompt: 1 }, only: ["a"] },
  metadata: { a: "b" },
  modalities: ["text"],
};

/** Fields that say something about another: a change of the one may be found wrong in the other. */
const related: Record<string, readonly string[]> = {
  stream: ["stream_options"],
  logprobs: ["top_logprobs"],
  tools: ["tool_choice"],
};

type Path = readonly (string | number)[];

function pathsOf(value: Json, path: Path = []): Path[] {
  const inside = value !== null && typeof value === "object" ? Object.entries(value) : [];
  const key = (name: string): string | number => (Array.isArray(value) ? Number(name) : name);
  return [path, ...inside.flatMap(([name, inner]) => pathsOf(inner, [...path, key(name)]))];
}

/** A copy in which what is at `path` is replaced, or taken out where `replacement` is undefined. */
function changed(value: Json, path: Path, replacement: Json | undefined): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => {
      const kept = index === key ? changed(inner, rest, replacement) : inner;
      return kept === undefined ? [] : [kept];
    });
  }
  if (value === null || typeof value !== "object") throw new Error(`there is nothing at ${path.join(".")}`);
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const kept = name === key ? changed(inner, rest, replacement) : inner;
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return Object.fromEntries(entries);
}

describe("a chat request in which anything at all is changed", () => {
  it("is taken, or refused by the field that was changed; and never throws", () => {
    const random = randomFrom(3);
    const paths = pathsOf(rich).filter((path) => path.length > 0);
    expect(parseChatRequest(rich)).toMatchObject({ ok: true });
    const seen = { taken: 0, refused: 0 };
    for (let round = 0; round < 4_000; round++) {
      const path = pick(random, paths);
      const field = String(path[0]);
      const body = changed(rich, path, random() < 0.1 ? undefined : anyValue(random, 0));
      const parsed = parseChatRequest(body);
      seen[parsed.ok ? "taken" : "refused"]++;
      if (parsed.ok) continue;
      const named = [field, ...(related[field] ?? [])].some((name) =>
        new RegExp(`^${name}($|[.[])`).test(parsed.param ?? ""),
      );
      expect(named, `${path.join(".")}: ${parsed.message}`).toBe(true);
      expect(parsed.message.startsWith(`${parsed.param}: `)).toBe(true);
    }
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(400);
  });

  it("is refused by the path to what is wrong, however deep that is", () => {
    expect(
      parseChatRequest(changed(rich, ["messages", 2, "content", 1, "image_url", "url"], 7)),
    ).toMatchObject({
      param: "messages[2].content[1].image_url.url",
    });
    expect(
      parseChatRequest(changed(rich, ["messages", 3, "tool_calls", 0, "function", "name"], "a b")),
    ).toMatchObject({
      param: "messages[3].tool_calls[0].function.name",
    });
  });

  it("is refused as a whole when it is no object", () => {
    const random = randomFrom(4);
    for (let round = 0; round < 200; round++) {
      const value = valueOf(random, pick(random, ["boolean", "number", "string", "array"] as const), 0);
      expect(parseChatRequest(value)).toMatchObject({ ok: false, param: null });
    }
  });
});
