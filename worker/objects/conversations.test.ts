import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { ChatCompletionRequest } from "../../protocol/chat.ts";
import { Conversations } from "./conversations.ts";

const MINUTE = 60_000;

const by = (provider: string) => ({ provider, model: "m" });

const order = (consumer: string, ...texts: string[]) => ({
  consumer,
  asked: {
    type: "chat" as const,
    request: v.parse(ChatCompletionRequest, {
      model: "m",
      messages: texts.map((content, turn) => ({ role: turn % 2 === 0 ? "user" : "assistant", content })),
    }),
  },
});

describe("the provider of a conversation", () => {
  it("is the one that served it last, for a while", () => {
    const conversations = new Conversations();
    expect(conversations.servedBy(order("ann", "Hello"), 0)).toBeNull();
    conversations.serves(order("ann", "Hello"), by("ada"), 0);
    conversations.serves(order("ann", "Hello", "Hi", "Who are you?"), by("bob"), MINUTE);
    const next = order("ann", "Hello", "Hi", "Who are you?", "A model.", "Really?");
    expect(conversations.servedBy(next, 15 * MINUTE)).toEqual(by("bob"));
    expect(conversations.servedBy(next, 17 * MINUTE)).toBeNull();
  });

  it("is nobody for another consumer, or for another beginning", () => {
    const conversations = new Conversations();
    conversations.serves(order("ann", "Hello"), by("ada"), 0);
    expect(conversations.servedBy(order("bob", "Hello"), 1)).toBeNull();
    expect(conversations.servedBy(order("ann", "Good day"), 1)).toBeNull();
  });

  it("is forgotten once there were twenty thousand others", () => {
    const conversations = new Conversations();
    for (let count = 0; count <= 20_000; count++)
      conversations.serves(order("ann", `${count}`), by("ada"), 0);
    expect(conversations.servedBy(order("ann", "0"), 1)).toBeNull();
    expect(conversations.servedBy(order("ann", "1"), 1)).toEqual(by("ada"));
    expect(conversations.servedBy(order("ann", "20000"), 1)).toEqual(by("ada"));
  });
});
