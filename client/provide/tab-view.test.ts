import { describe, expect, it } from "vitest";
import type { FromWorker } from "./tab-messages.ts";
import { heard, isOffering, liveJobs, nothingYet, type TabView } from "./tab-view.ts";

const after = (...messages: FromWorker[]): TabView =>
  messages.reduce((view, message, at) => heard(view, message, 1000 + at), nothingYet);

const job = (id: string, state: "reading" | "writing" | "finished", tokens: number): FromWorker => ({
  type: "job",
  job: id,
  state,
  tokens,
  tokensPerSecond: null,
});
const settled = (id: string, amountNano: number): FromWorker => ({
  type: "settled",
  job: id,
  amountNano,
  promptTokens: 10,
  completionTokens: 5,
});
const link = (state: TabView["link"], message = ""): FromWorker => ({ type: "link", state, message });

describe("what the page shows of its Worker", () => {
  it("is nothing before it says anything", () => {
    expect(isOffering(nothingYet)).toBe(false);
    expect(liveJobs(nothingYet)).toEqual([]);
  });

  it("has each job once, the newest first, with when it began and what it earned", () => {
    const view = after(
      job("job-1", "reading", 0),
      job("job-1", "writing", 3),
      job("job-2", "writing", 1),
      job("job-1", "finished", 5),
      settled("job-1", 700),
    );
    expect(view.jobs.map(({ job: id, state, at }) => [id, state, at])).toEqual([
      ["job-2", "writing", 1002],
      ["job-1", "finished", 1000],
    ]);
    expect(view.jobs[1]?.settled?.amountNano).toBe(700);
    expect(liveJobs(view).map(({ job: id }) => id)).toEqual(["job-2"]);
  });

  it("counts all jobs and keeps the latest", () => {
    const many = Array.from({ length: 250 }, (_, at) => job(`job-${at}`, "finished", 1));
    const view = after(...many);
    expect([view.jobCount, view.jobs.length, view.jobs[0]?.job]).toEqual([250, 100, "job-249"]);
  });

  it("tells of a job that was settled after a reload", () => {
    const view = after(settled("job-0", 30));
    expect(view.jobs[0]).toMatchObject({ job: "job-0", state: "finished", settled: { amountNano: 30 } });
  });

  it("says which limit ended an offer until the next begins", () => {
    const ended = after(link("online"), { type: "limit", which: "hours" }, link("draining"), link("offline"));
    expect(ended.limit).toBe("hours");
    expect(heard(ended, link("connecting"), 2000).limit).toBeNull();
  });

  it("keeps a limit while a lost connection is made again", () => {
    const view = after(link("online"), { type: "limit", which: "data" }, link("lost"), link("connecting"));
    expect(view.limit).toBe("data");
  });

  it("tells an engine that could not be loaded from one that could not go on", () => {
    const failed = { fault: "out_of_memory", message: "no" } as const;
    expect(after({ type: "loadFailed", ...failed }).engine).toMatchObject({ when: "loading" });
    expect(after({ type: "engineFailed", ...failed }).engine).toMatchObject({ when: "serving" });
  });
});
