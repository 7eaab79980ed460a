import { describe, expect, it } from "vitest";
import type { TimedContest } from "../protocol/contest-times.ts";
import { at, fiveHours, minutes, removed } from "./contest-times-testing.ts";
import { recordingOf } from "./virtual-recording.ts";
import { frozen, judged, logOf, sent, settings, team, thawed } from "./virtual-testing.ts";

const bytesOf = (...log: Parameters<typeof recordingOf>): string => JSON.stringify(recordingOf(...log));

describe("the recording of a contest", () => {
  it("tells every submission by its team's contest time, with its judgements as they came", () => {
    const log = [...logOf(thawed, ["a A 12 WA 13", "b B 20"]), judged("s0", "AC", 50, 2)];
    const { teams, submissions } = recordingOf(log);
    expect(submissions.map((one) => [teams[one.team]?.id, one.label, one.at])).toEqual([
      ["a", "A", minutes(12)],
      ["b", "B", minutes(20)],
    ]);
    expect(submissions.map((one) => one.judgements.map((result) => [result.verdict, result.at]))).toEqual([
      [
        ["WA", minutes(13)],
        ["AC", minutes(50)],
      ],
      [],
    ]);
  });

  it("names no submission", () => {
    const log = [settings(thawed), team("a"), sent("c0ffee", "a", "A", 5), judged("c0ffee", "AC", 6)];
    expect(bytesOf(log)).not.toContain("c0ffee");
  });

  it("leaves out what came before the contest's time or after it", () => {
    expect(recordingOf(logOf(thawed, ["a A -1 AC 2", "a A 300 AC 301"])).submissions).toEqual([]);
  });

  it("tells what was judged after the end at the end", () => {
    const [submission] = recordingOf(logOf(thawed, ["a A 299 AC 320"])).submissions;
    expect(submission?.judgements[0]?.at).toBe(minutes(300));
  });

  it("holds to the times that stand at last, also for what came before they were changed", () => {
    const log = logOf(thawed, ["a A 100 AC 101"]);
    const later = { ...thawed, times: { ...thawed.times, removed: [removed(40, 70)] } };
    const [submission] = recordingOf([...log, { ...settings(later), at: at(350) }]).submissions;
    expect([submission?.at, submission?.judgements[0]?.at]).toEqual([minutes(70), minutes(71)]);
  });

  it("passes over a judgement of an earlier round that came late", () => {
    const log = [...logOf(thawed, ["a A 12 WA 13"]), judged("s0", "AC", 20, 3), judged("s0", "TLE", 21, 2)];
    const [submission] = recordingOf(log).submissions;
    expect(submission?.judgements.map(({ verdict }) => verdict)).toEqual(["WA", "AC"]);
  });

  it("tells the times of teams with windows by their own clocks, and keeps the windows to itself", () => {
    const windows: TimedContest = {
      ...thawed,
      times: {
        ...fiveHours,
        windowMs: minutes(120),
        teams: { a: { extraMs: 0, beganAt: at(10) }, b: { extraMs: minutes(7), beganAt: at(100) } },
      },
    };
    const recording = recordingOf(logOf(windows, ["a A 30 AC 31", "b A 130 AC 131"]));
    expect(recording.submissions.map((one) => one.at)).toEqual([minutes(20), minutes(30)]);
    expect(recording.lengthMs).toBe(minutes(120));
    expect(JSON.stringify(recording)).not.toMatch(/extraMs|beganAt/);
  });
});

describe("the recording of a contest whose board is not thawed", () => {
  const before = ["a A 100 AC 101", "b A 239 WA 239.5"];

  it("has what was judged before the freeze, and what came in it as pending", () => {
    const { boardFrozen, submissions } = recordingOf(logOf(frozen, [...before, "b A 240 AC 241"]));
    expect(boardFrozen).toBe(true);
    expect(submissions.map(({ judgements }) => judgements.length)).toEqual([1, 1, 0]);
  });

  it("has what came before the freeze and was judged in it, as the public board has", () => {
    const { submissions } = recordingOf(logOf(frozen, ["b A 239 AC 245"]));
    expect(submissions[0]?.judgements.map((one) => one.at)).toEqual([minutes(245)]);
  });

  it("is the same to the byte, whatever became of submissions in the freeze and however often they were judged", () => {
    const pending = bytesOf(logOf(frozen, [...before, "b A 240", "a B 299"]));
    const solved = logOf(frozen, [...before, "b A 240 AC 241", "a B 299 WA 310"]);
    expect(bytesOf(solved)).toBe(pending);
    expect(bytesOf([...solved, judged("s3", "AC", 500, 2), judged("s2", "RTE", 501, 2)])).toBe(pending);
  });

  it("tells everything once it is thawed", () => {
    const words = [...before, "b A 240 AC 241"];
    const { boardFrozen, submissions } = recordingOf(logOf(thawed, words));
    expect(boardFrozen).toBe(false);
    expect(submissions[2]?.judgements.map(({ verdict }) => verdict)).toEqual(["AC"]);
  });
});
