import { describe, expect, it } from "vitest";
import type { SubmissionView } from "../protocol/submission.ts";
import { afterList, afterMessage, newestFirst } from "./submissions.ts";

const view = (id: string, more: Partial<SubmissionView> = {}): SubmissionView => ({
  id,
  problem: "sum",
  problemName: { en: "Sum" },
  contest: null,
  label: null,
  author: "Ana",
  language: "cpp",
  submittedAt: 1,
  contestTimeMs: null,
  bytes: 1,
  state: "queued",
  ahead: null,
  progress: null,
  judgement: null,
  ...more,
});
const known = (...views: SubmissionView[]) => new Map(views.map((one) => [one.id, one]));

describe("own submissions", () => {
  it("show how far the judge is", () => {
    const after = afterMessage(known(view("1")), { type: "progress", submission: "1", done: 14, total: 60 });
    expect(after.get("1")).toMatchObject({ state: "judging", progress: { done: 14, total: 60 } });
  });

  it("stay judged when a report of progress comes late", () => {
    const before = known(view("1", { state: "judged" }));
    expect(afterMessage(before, { type: "progress", submission: "1", done: 1, total: 60 })).toBe(before);
  });

  it("move up in the queue, but not back into it", () => {
    const queued = known(view("1", { ahead: 3 }));
    expect(afterMessage(queued, { type: "ahead", submission: "1", ahead: 2 }).get("1")?.ahead).toBe(2);
    const judging = known(view("1", { state: "judging" }));
    expect(afterMessage(judging, { type: "ahead", submission: "1", ahead: 2 })).toBe(judging);
    expect(afterMessage(known(), { type: "ahead", submission: "1", ahead: 2 }).size).toBe(0);
  });

  it("of which nothing is known yet are not made up from a report of progress", () => {
    expect(afterMessage(known(), { type: "progress", submission: "1", done: 1, total: 2 }).size).toBe(0);
  });

  it("appear when another page of the same account submits", () => {
    expect(afterMessage(known(), { type: "submission", submission: view("1") }).get("1")?.state).toBe(
      "queued",
    );
  });

  it("are not turned back by a list that was asked for before the news", () => {
    const before = known(view("1", { state: "judged" }), view("2"));
    const list = [view("1"), view("2", { state: "judging" }), view("3")];
    const after = afterList(before, list, (id) => id === "1");
    expect([...after.values()].map((one) => one.state)).toEqual(["judged", "judging", "queued"]);
  });

  it("stand newest first", () => {
    const all = known(
      view("1", { submittedAt: 5 }),
      view("2", { submittedAt: 9 }),
      view("3", { submittedAt: 9 }),
    );
    expect(newestFirst(all).map((one) => one.id)).toEqual(["3", "2", "1"]);
  });
});
