import { describe, expect, it } from "vitest";
import type { ChatMessage } from "../protocol/chat-message.ts";
import { conversationKey } from "./conversation-key.ts";

const first: ChatMessage[] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "What is a hash?" },
];
const next: ChatMessage[] = [
  ...first,
  { role: "assistant", content: "A number." },
  { role: "user", content: "Of what?" },
];
const key = (messages: ChatMessage[], consumer = "ann", model = "m") =>
  conversationKey(consumer, model, messages);

describe("the key of a conversation", () => {
  it("is that of its first turn", () => {
    expect(key(next)).toBe(key(first));
  });

  it("is another for another beginning, consumer or model", () => {
    const others = [
      key([{ role: "user", content: "What is a hash?" }]),
      key([
        { role: "system", content: "Be brief." },
        { role: "user", content: "What is a cache?" },
      ]),
      key(first, "bob"),
      key(first, "ann", "n"),
    ];
    expect(new Set([key(first), ...others]).size).toBe(5);
  });

  it("takes parts for what they say", () => {
    const parts: ChatMessage[] = [
      { role: "system", content: [{ type: "text", text: "Be brief." }] },
      { role: "user", content: [{ type: "text", text: "What is a hash?" }] },
    ];
    expect(key(parts)).toBe(key(first));
  });

  it("looks at no more of a long text than it needs to", () => {
    const long = (end: string): ChatMessage[] => [{ role: "user", content: "x".repeat(100_000) + end }];
    expect(key(long("a"))).toBe(key(long("b")));
  });

  it("is a safe integer, and ten thousand conversations have as many", () => {
    const keys = Array.from({ length: 10_000 }, (_, index) =>
      key([{ role: "user", content: `question ${index}` }]),
    );
    expect(keys.every((each) => Number.isSafeInteger(each) && each >= 0)).toBe(true);
    expect(new Set(keys).size).toBe(10_000);
  });
});
