import { beforeAll, describe, expect, it } from "vitest";
import type { ContestChange, ContestChangePreview, ContestForm, ContestView } from "../protocol/contest.ts";
import type { AuditList } from "../protocol/jury.ts";
import { changed, contestBySlug, refusedChange } from "./contest-rows.ts";
import { formOf, refusal, registered, settingsOf, submitted } from "./contest-testing.ts";
import {
  bindings,
  oneFile,
  publishProblem,
  runningContest,
  signedUp,
  sumPackage,
  type Visitor,
} from "./testing.ts";

/** Making and changing a contest, all of it but its times. */

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["one", "two", "three"]) await publishProblem(organiser, slug);
  const scored = {
    "problem.yaml": [
      "problem_format_version: 2025-09",
      "type: scoring",
      "name: {en: Scored, pt: Pontos}",
      `uuid: ${crypto.randomUUID()}`,
      "license: cc by-sa",
      "limits: {time_limit: 1}",
    ].join("\n"),
  };
  await organiser.post("/api/problems?name=scored.zip", sumPackage("scored", scored));
  await organiser.post("/api/problems/scored/publish");
});

const put = (slug: string, form: ContestChange, query = ""): Promise<Response> =>
  organiser.call("PUT", `/api/contests/${slug}${query}`, form);

/** The events of a contest's log, by type. */
async function eventsOf(slug: string): Promise<string[]> {
  const { id } = await contestBySlug(bindings, slug);
  const { results } = await bindings.DB.prepare(
    "SELECT event ->> 'type' AS type FROM contest_events WHERE contest = ? ORDER BY seq",
  )
    .bind(id)
    .all<{ type: string }>();
  return results.map(({ type }) => type);
}

describe("a new contest", () => {
  it("has no start until somebody sets it, and then is first in the list", async () => {
    const made = await organiser.post<ContestView>("/api/contests", formOf("undated", { startAt: null }));
    expect(made).toMatchObject({ timed: { times: { startAt: null } }, manages: true, isJury: true });
    const { contests } = await organiser.get<{ contests: ContestView[] }>("/api/contests");
    expect(contests[0]?.slug).toBe("undated");
  });

  it.each<[string, Partial<ContestForm>, string]>([
    ["no duration, so that its end is not after its start", { durationMinutes: 0 }, "durationMinutes"],
    ["a window longer than the contest", { windowMinutes: 301 }, "windowMinutes: cannot be longer"],
    ["a freeze longer than the contest", { freezeMinutes: 301 }, "freezeMinutes: cannot be longer"],
    ["no languages", { languages: [] }, "languages: at least one language"],
    [
      "points of a problem that there is not",
      { format: { type: "atcoder", penaltyMinutes: 5, points: { A: 100, B: 100, C: 100 } } },
      "format.points: no problem has the label C",
    ],
    [
      "a problem without points",
      { format: { type: "ioi", counts: "best", feedback: "full", points: { A: 100 } } },
      "format.points: B has none",
    ],
    [
      "points of a problem whose package says them",
      {
        problems: ["scored"],
        format: { type: "ioi", counts: "best", feedback: "full", points: { A: 100 } },
      },
      "format.points: A is scored, its package says its points",
    ],
    [
      "a deadline after the end",
      {
        format: {
          type: "homework",
          points: { A: 1, B: 1 },
          deadlineMs: 301 * 60_000,
          late: { type: "refused" },
          counts: "best",
        },
      },
      "format.deadlineMs: the deadline is after the contest's end",
    ],
  ])("is refused with the field's name for %s", async (_, changes, detail) => {
    const [status, code, details] = await refusal(
      await organiser.call("POST", "/api/contests", formOf("bad", changes)),
    );
    expect([status, code]).toEqual([400, "invalid_request"]);
    expect(details.some((one) => one.startsWith(detail))).toBe(true);
  });

  it("is refused in a language that there is not", async () => {
    const form = { ...formOf("cobol"), languages: ["c", "cobol"] };
    const [status, , details] = await refusal(await organiser.call("POST", "/api/contests", form));
    expect([status, details[0]]).toEqual([400, expect.stringMatching(/^languages\.1: /)]);
  });
});

describe("a change", () => {
  it("cannot take away or move a problem that has submissions", async () => {
    await runningContest(organiser, "moving", ["one", "two"]);
    await submitted(await registered("moving", "Movers"), "moving", "one", null);
    for (const problems of [["two"], ["two", "one"]]) {
      const [status, , details] = await refusal(await put("moving", settingsOf("moving", { problems })));
      expect([status, details[0]]).toEqual([400, "problems: A has submissions and must keep its place"]);
    }
    expect((await put("moving", settingsOf("moving", { problems: ["one", "three"] }))).status).toBe(200);
    const { problems } = await organiser.get<ContestView>("/api/contests/moving");
    expect(problems.map(({ label, slug }) => [label, slug])).toEqual([
      ["A", "one"],
      ["B", "three"],
    ]);
  });

  it("that takes a problem away whose first submission came meanwhile is refused by the database", async () => {
    await expect(
      bindings.DB.prepare(
        "DELETE FROM contest_problems WHERE contest = (SELECT id FROM contests WHERE slug = 'moving')",
      ).run(),
    ).rejects.toThrow("problem in use");
  });

  it("is of the owner or an administrator only", async () => {
    await organiser.post("/api/contests", formOf("mine"));
    for (const who of [await signedUp("organiser"), await signedUp()])
      expect(
        (await refusal(await who.call("PUT", "/api/contests/mine", settingsOf("mine")))).slice(0, 2),
      ).toEqual([403, "forbidden"]);
    const administrator = await signedUp("administrator");
    expect((await administrator.call("PUT", "/api/contests/mine", settingsOf("mine"))).status).toBe(200);
  });

  it("of two at the same moment is made once, and the other is told so; nothing of it is done", async () => {
    await organiser.post("/api/contests", formOf("twice"));
    const answers = await Promise.all(
      ["First", "Second", "Third"].map((name) => put("twice", settingsOf("twice", { name }))),
    );
    const made = answers.filter(({ status }) => status === 200);
    const { name } = await organiser.get<ContestView>("/api/contests/twice");
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect(await refusal(answer)).toEqual([
        409,
        "contest_changed",
        ["Somebody else changed the contest at the same moment. Look at it again, and then change it."],
      ]);
    }
    expect(["First", "Second", "Third"]).toContain(name);
    expect(await eventsOf("twice")).toHaveLength(1 + made.length);
    const { entries } = await organiser.get<AuditList>("/api/contests/twice/audit");
    expect(entries.filter(({ action }) => action === "contest.change")).toHaveLength(made.length);
  });

  it("of a contest that is not as it was read any more aborts the whole batch", async () => {
    await organiser.post("/api/contests", formOf("fenced"));
    const read = await contestBySlug(bindings, "fenced");
    await changed(bindings, read, { ...read, name: "Changed" }).run();
    const late = bindings.DB.batch([
      bindings.DB.prepare("DELETE FROM contest_problems WHERE contest = ?").bind(read.id),
      changed(bindings, read, { ...read, name: "Too late" }),
    ]);
    const error: unknown = await late.catch((thrown: unknown) => thrown);
    expect(refusedChange(error, "fenced")).toMatchObject({ code: "contest_changed" });
    expect(await organiser.get<ContestView>("/api/contests/fenced")).toMatchObject({
      name: "Changed",
      problems: [{ label: "A" }, { label: "B" }],
    });
  });

  it("is refused once the results are final", async () => {
    await runningContest(organiser, "final", ["one", "two"]);
    await organiser.post("/api/contests/final/times", { type: "duration", durationMs: "now" });
    await organiser.post("/api/contests/final/finalise");
    expect(await refusal(await put("final", settingsOf("final", { name: "Other" })))).toEqual([
      409,
      "contest_refuses",
      ["The results are final: the contest's settings cannot be changed any more."],
    ]);
  });
});

describe("a preview", () => {
  it("tells which ranks change and which problems come and go, and changes nothing", async () => {
    await runningContest(organiser, "ranks", ["one", "two"]);
    const [ana, bia] = [await registered("ranks", "Ana"), await registered("ranks", "Bia")];
    await submitted(ana, "ranks", "one", "WA");
    await submitted(ana, "ranks", "one", "AC");
    await submitted(bia, "ranks", "one", "WA");
    await submitted(bia, "ranks", "one", "WA");
    const before = [await eventsOf("ranks"), await organiser.get("/api/contests/ranks/scoreboard")];
    const points: ContestChange["format"] = {
      type: "ioi",
      counts: "best",
      feedback: "full",
      points: { A: 1, B: 1 },
    };
    const told = await put(
      "ranks",
      settingsOf("ranks", { format: points, problems: ["one", "three"] }),
      "?preview",
    );
    expect(await told.json()).toEqual({ added: ["B"], withdrawn: ["B"], limits: [], ranks: [] });
    expect([await eventsOf("ranks"), await organiser.get("/api/contests/ranks/scoreboard")]).toEqual(before);

    await submitted(bia, "ranks", "one", "AC");
    const free = settingsOf("ranks", { format: { type: "icpc", penaltyMinutes: 0 } });
    const { ranks } = await (await put("ranks", free, "?preview")).json<ContestChangePreview>();
    expect(ranks).toMatchObject([{ name: "Bia", before: 2, after: 1 }]);
  });

  it("is refused as the change would be", async () => {
    const problems = ["two", "one"];
    expect((await refusal(await put("ranks", settingsOf("ranks", { problems }), "?preview")))[2]).toEqual([
      "problems: A has submissions and must keep its place",
    ]);
  });
});

describe("the languages of a contest", () => {
  it("are those that are taken, whatever the problem takes", async () => {
    await runningContest(organiser, "python", ["one"], { languages: ["python3", "pypy3"] });
    const team = await registered("python", "Snakes");
    const submit = (language: string): Promise<Response> =>
      team.call("POST", "/api/submissions", { problem: "one", contest: "python", language, ...oneFile("x") });
    expect(await refusal(await submit("c"))).toEqual([
      422,
      "unknown_language",
      ["This contest takes only python3, pypy3."],
    ]);
    expect((await submit("python3")).status).toBe(201);
    expect(
      (await team.call("POST", "/api/submissions", { problem: "one", language: "c", ...oneFile("x") }))
        .status,
    ).toBe(201);
  });
});
