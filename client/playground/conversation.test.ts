import { describe, expect, it } from "vitest";
import {
  type Conversation,
  editedAt,
  exported,
  type Facts,
  imported,
  newConversation,
  requestOf,
  titleOf,
  usualSettings,
  withoutAnswer,
  withTurn,
} from "./conversation.ts";

const facts: Facts = {
  model: "tiny",
  provider: "shed-1",
  path: "relay",
  end: "finished",
  reason: "stop",
  costNano: 12,
  tokens: 3,
  firstTokenMs: 80,
  tokensPerSecond: 20.5,
  error: null,
};
const answer = (text: string) => ({ role: "assistant", text, thought: "", facts }) as const;

const empty = newConversation(usualSettings("tiny"), 1);
const talked: Conversation = ["Hello", "And now?"].reduce(
  (conversation, text) =>
    withTurn(withTurn(conversation, { role: "user", text }, 2), answer(`To ${text}`), 3),
  empty,
);
const textsOf = ({ turns }: Conversation) => turns.map(({ text }) => text);

describe("a conversation", () => {
  it("goes on from a question that was edited, without what followed it", () => {
    expect(textsOf(editedAt(talked, 0, "Good day", 4))).toEqual(["Good day"]);
    expect(textsOf(editedAt(talked, 2, "And then?", 4))).toEqual(["Hello", "To Hello", "And then?"]);
    expect(talked.turns).toHaveLength(4);
  });

  it("is asked again without its last answer, whether it has one or not", () => {
    const again = ["Hello", "To Hello", "And now?"];
    expect(textsOf(withoutAnswer(talked, 4))).toEqual(again);
    expect(textsOf(withoutAnswer(withoutAnswer(talked, 4), 5))).toEqual(again);
    expect(withoutAnswer(talked, 4).changedAt).toBe(4);
  });

  it("is called by the beginning of its first question", () => {
    expect(titleOf(empty)).toBe("");
    expect(titleOf(talked)).toBe("Hello");
    const long = withTurn(empty, { role: "user", text: `  many\n\nwords ${"more ".repeat(40)}` }, 2);
    expect(titleOf(long)).toMatch(/^many words more .*…$/);
    expect(titleOf(long).length).toBeLessThanOrEqual(60);
  });

  it("is asked for with what was set, and nothing of what was left to the model", () => {
    expect(requestOf(withoutAnswer(talked, 4))).toEqual({
      model: "tiny",
      messages: [
        { role: "user", content: "Hello" },
        { role: "assistant", content: "To Hello" },
        { role: "user", content: "And now?" },
      ],
    });
    const settings = {
      model: "tiny",
      provider: "shed-1",
      system: "Be brief.",
      temperature: 0,
      topP: 0.5,
      maxTokens: 7,
      seed: 0,
      stop: ["\n"],
    };
    expect(requestOf({ settings, turns: [{ role: "user", text: "Hi" }] })).toEqual({
      model: "tiny",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
      ],
      temperature: 0,
      top_p: 0.5,
      max_completion_tokens: 7,
      seed: 0,
      stop: ["\n"],
      provider: { only: ["shed-1"] },
    });
  });

  it("leaves out answers that failed before they said anything", () => {
    const failed = withTurn(withTurn(empty, { role: "user", text: "Hello" }, 2), answer(""), 3);
    expect(requestOf(failed).messages).toEqual([{ role: "user", content: "Hello" }]);
  });
});

describe("a file of conversations", () => {
  it("brings them back as they were, under other ids", () => {
    const back = imported(exported([talked, empty]));
    expect(back?.map((each) => ({ ...each, id: "" }))).toEqual(
      [talked, empty].map((each) => ({ ...each, id: "" })),
    );
    expect(back?.[0]?.id).not.toBe(talked.id);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "<html>"],
    ["something else", '{"format":"other","version":1,"conversations":[]}'],
    ["a later version", '{"format":"tabarena-conversations","version":2,"conversations":[]}'],
    ["a turn of nobody's", exported([talked]).replace('"assistant"', '"system"')],
    ["a cost below zero", exported([talked]).replace('"costNano": 12', '"costNano": -12')],
    ["an id that is none", exported([talked]).replace(talked.id, "../x")],
  ])("that is %s is refused", (_what, text) => {
    expect(imported(text)).toBeNull();
  });
});
