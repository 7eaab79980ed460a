import { describe, expect, it } from "vitest";
import type { Clarification, LiveClarification } from "../protocol/clarification.ts";
import { afterNews, queueOf, threadsOf } from "./clarification-threads.ts";
import { clarificationOf } from "./testing/clarifications.ts";

const news = (more: Partial<LiveClarification>): LiveClarification => ({
  type: "clarification",
  contest: "cup",
  said: null,
  unanswered: null,
  ...more,
});
const said = (id: string) => ({ id, problem: null, text: "Lunch." });

describe("counts", () => {
  it("grow by what was said, once however often it is heard", () => {
    const once = afterNews({ unread: ["a"], unanswered: null }, news({ said: said("b") }));
    expect(once.unread).toEqual(["a", "b"]);
    expect(afterNews(once, news({ said: said("b") }))).toEqual(once);
  });

  it("of the jury are those of the latest message", () => {
    expect(afterNews({ unread: [], unanswered: 4 }, news({ unanswered: 3 }))).toEqual({
      unread: [],
      unanswered: 3,
    });
  });
});

describe("threads", () => {
  const question = (id: string, at: number, isAnswered = false): Clarification =>
    clarificationOf({ id, at, isAnswered });
  const answer = (id: string, at: number, replyTo: string | null): Clarification =>
    clarificationOf({ id, kind: "answer", at, replyTo, quote: "?" });
  const ids = (clarifications: readonly Clarification[]) =>
    threadsOf(clarifications).map(({ head, answers }) => [head.id, ...answers.map(({ id }) => id)]);

  it("hold a question with its answers in their order, those with the latest first", () => {
    const all = [
      question("q1", 1),
      question("q2", 2),
      answer("a1", 3, "q1"),
      answer("a2", 4, "q2"),
      answer("a3", 5, "q1"),
    ];
    expect(ids(all)).toEqual([
      ["q1", "a1", "a3"],
      ["q2", "a2"],
    ]);
  });

  it("begin with the answer where its question is somebody else's", () => {
    expect(ids([answer("a1", 3, null)])).toEqual([["a1"]]);
  });

  it("of the jury are those that wait, the oldest first, and the others", () => {
    const all = [
      question("q1", 1, true),
      question("q2", 2),
      clarificationOf({ id: "n", kind: "announcement", at: 3 }),
      question("q3", 4),
    ];
    const { waiting, others } = queueOf(threadsOf(all));
    expect(waiting.map(({ head }) => head.id)).toEqual(["q2", "q3"]);
    expect(others.map(({ head }) => head.id)).toEqual(["n", "q1"]);
  });
});
