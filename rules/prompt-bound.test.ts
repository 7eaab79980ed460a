import { describe, expect, it } from "vitest";
import { promptBound, textBound } from "./prompt-bound.ts";
import { seededRandom } from "./seeded-random.ts";

interface Said {
  role: string;
  content: string;
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Chat templates as models have them, without what they put before the first message. */
const templates: Record<string, (message: Said) => string> = {
  chatml: ({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`,
  llama3: ({ role, content }) => `<|start_header_id|>${role}<|end_header_id|>\n\n${content}<|eot_id|>`,
  harmony: ({ role, content }) => `<|start|>${role}<|channel|>final<|message|>${content}<|end|>`,
  mistral: ({ content }) => `<s>[INST] ${content} [/INST]</s>`,
  gemma: ({ role, content }) => `<start_of_turn>${role}\n${content}<end_of_turn>\n`,
};

/** What they put around the messages. */
const FRAME =
  "<|begin_of_text|><|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>assistant\n";

/** The most tokens of each kind of tokenizer: of one byte each, special tokens spelled; the second after normalising. */
const tokenizers: Record<string, (text: string) => number> = {
  "byte-level": bytes,
  "normalising to NFC": (text) => bytes(text.normalize("NFC")),
  "normalising to NFKC": (text) => bytes(text.normalize("NFKC")),
  // A piece is a character, or a byte of one that the vocabulary lacks; and a space before everything.
  SentencePiece: (text) => 1 + bytes(text),
};

const pieces = [
  "plain words ",
  "\n\t",
  '{"a": [1, 2, {"b": null}]}',
  '"\\',
  "\u0000\u001f\u007f",
  "São João ",
  "日本語",
  "🙂👩‍👩‍👧",
  "\ud800",
  "\u{1d160}",
  "क़\u0958",
  "\ufdfa",
  "e\u0301\u0338=\u0338",
  "  ".repeat(20),
];

const random = seededRandom(6);
const below = (limit: number): number => Math.floor(random() * limit);
const anyText = (): string => Array.from({ length: below(12) }, () => pieces[below(pieces.length)]).join("");

describe("the bound of a prompt", () => {
  it.each(Object.keys(templates))("is not exceeded with the template %s by any kind of tokenizer", (name) => {
    const template = templates[name];
    for (let round = 0; round < 60; round++) {
      const messages = Array.from({ length: 1 + below(5) }, (): Said => ({
        role: ["system", "user", "assistant", "tool", "developer"][below(5)] ?? "user",
        content: anyText(),
      }));
      const prompt = FRAME + messages.map((message) => template?.(message)).join("");
      for (const count of Object.values(tokenizers)) {
        expect(count(prompt)).toBeLessThanOrEqual(promptBound(messages));
      }
    }
  });

  it("holds for texts that normalising makes longer", () => {
    for (const character of ["\u{1d160}", "\ufdfa", "\u0958"]) {
      const content = character.repeat(5000);
      const longest = Math.max(...Object.values(tokenizers).map((count) => count(content)));
      expect(longest).toBeGreaterThan(bytes(content));
      expect(promptBound([{ role: "user", content }])).toBeGreaterThanOrEqual(longest);
    }
  });

  it("counts every text of a message: names, content in parts, calls and their arguments", () => {
    const long = "x".repeat(1000);
    for (const message of [
      { role: "user", name: long, content: "" },
      { role: "user", content: [{ type: "text", text: long }] },
      { role: "assistant", content: null, tool_calls: [{ function: { name: "f", arguments: long } }] },
      { role: "tool", tool_call_id: "1", content: long },
    ]) {
      expect(promptBound([message])).toBeGreaterThanOrEqual(1000 + promptBound([]));
    }
  });

  it("has room for the arguments of a call written anew with spaces", () => {
    const list = JSON.stringify(Array.from({ length: 500 }, () => 1));
    const message = {
      role: "assistant",
      content: null,
      tool_calls: [{ function: { name: "f", arguments: list } }],
    };
    expect(promptBound([message])).toBeGreaterThanOrEqual(
      bytes(list.replaceAll(",", ", ")) + promptBound([]),
    );
  });

  it("has room for tools as indented JSON, however deep", () => {
    let parameters: object = { type: "string" };
    for (let depth = 0; depth < 30; depth++) parameters = { type: "object", properties: { p: parameters } };
    const tools = [{ type: "function", function: { name: "f", parameters } }];
    const messages = [{ role: "user", content: "hello" }];
    expect(promptBound(messages, tools)).toBeGreaterThanOrEqual(
      promptBound(messages) + bytes(JSON.stringify(tools[0], null, 4)),
    );
  });

  it("of a short English message stays small, and of a long text near its bytes", () => {
    expect(promptBound([{ role: "user", content: "Hello" }])).toBeLessThan(500);
    const content = "The quick brown fox. ".repeat(1000);
    expect(promptBound([{ role: "user", content }])).toBeLessThan(bytes(content) + 500);
  });
});

describe("the bound of a text with no frame around it", () => {
  it.each(Object.entries(tokenizers))("is never exceeded: %s", (_, tokens) => {
    const random = seededRandom(7);
    for (let run = 0; run < 200; run++) {
      const count = Math.floor(random() * 20);
      const text = Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)]).join("");
      // A token begins the text, and another ends it.
      expect(textBound(text)).toBeGreaterThanOrEqual(tokens(text) + 2);
    }
  });

  it("stays near the text's bytes", () => {
    expect(textBound("Once upon a time")).toBeLessThan(30);
  });
});
