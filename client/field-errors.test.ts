import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { SignUp } from "../protocol/account.ts";
import { TimesEdit } from "../protocol/contest-times.ts";
import { ContestForm } from "../protocol/contest.ts";
import { fieldErrors, translateComplaint } from "./field-errors.ts";

describe("complaints about a form", () => {
  it("stand beside the field that they are about", () => {
    const errors = fieldErrors([
      "username: must not be empty",
      "problems.0: something new",
      "no field at all",
    ]);
    expect(errors.of("username")).toHaveLength(1);
    expect(errors.of("problems")).toEqual(["something new"]);
    expect([errors.of("problems.0"), errors.of("problems.1"), errors.of("problem")]).toEqual([
      ["something new"],
      [],
      [],
    ]);
    expect(errors.of("password")).toEqual([]);
    expect(errors.except(["username", "problems"])).toEqual(["no field at all"]);
  });

  it("that forms of this site can cause all have a translation", () => {
    const homework = { type: "homework", points: { A: 1 }, deadlineMs: 2, counts: "best" };
    const contest = {
      name: "x",
      slug: "no",
      startAt: 0,
      durationMinutes: 5,
      freezeMinutes: 1,
      windowMinutes: null,
      format: { type: "icpc", penaltyMinutes: 0 },
      languages: null,
      problems: ["a"],
      limits: {},
    };
    const wrong = [
      v.safeParse(SignUp, { username: "a!", password: "short", email: "x", displayName: "\u0007" }),
      v.safeParse(SignUp, { username: "x".repeat(40), password: "x".repeat(300), displayName: " " }),
      v.safeParse(ContestForm, {
        ...contest,
        name: "x".repeat(90),
        slug: "No",
        languages: [],
        format: { type: "icpc", penaltyMinutes: 1001 },
        problems: [],
      }),
      v.safeParse(ContestForm, { ...contest, freezeMinutes: 6, windowMinutes: 6, problems: ["a", "a"] }),
      v.safeParse(ContestForm, { ...contest, limits: { A: { timeMs: 0.5, memoryMiB: 1e9 } } }),
      v.safeParse(ContestForm, {
        ...contest,
        format: {
          ...homework,
          points: { A: 0.5 },
          late: { type: "daily", percent: -1, hardEndMs: null },
        },
      }),
      v.safeParse(ContestForm, {
        ...contest,
        format: { ...homework, late: { type: "daily", percent: 1, hardEndMs: 1 } },
      }),
      v.safeParse(TimesEdit, { type: "start", startAt: Number.MAX_SAFE_INTEGER }),
      v.safeParse(TimesEdit, { type: "extra", team: "a", extraMs: Number.MAX_SAFE_INTEGER }),
    ];
    const complaints = wrong.flatMap((parsed) => (parsed.issues ?? []).map((issue) => issue.message));
    expect(complaints.length).toBeGreaterThan(9);
    expect(complaints.filter((complaint) => translateComplaint(complaint) === complaint)).toEqual([]);
  });
});
