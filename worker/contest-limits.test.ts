import { beforeAll, describe, expect, it } from "vitest";
import type { ContestChangePreview, ContestView, OwnLimits } from "../protocol/contest.ts";
import type { AuditList } from "../protocol/jury.ts";
import type { ProblemView } from "../protocol/problem.ts";
import { ended, refusal, registered, settingsOf, submitted } from "./contest-testing.ts";
import { leaseNext } from "./objects/waiting.ts";
import {
  bindings,
  leasedSubmission,
  movedStart,
  newJudge,
  oneFile,
  publishProblem,
  runningContest,
  signedUp,
  type Visitor,
} from "./testing.ts";

/** Limits that a contest has instead of its problems' packages. */

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["one", "two"]) await publishProblem(organiser, slug);
});

const limits: OwnLimits = { timeMs: 3_000, memoryMiB: 64 };

const newContest = async (): Promise<string> => {
  const slug = `limits-${crypto.randomUUID().slice(0, 8)}`;
  await runningContest(organiser, slug, ["one", "two"]);
  return slug;
};

const put = (slug: string, own: Record<string, OwnLimits>, query = ""): Promise<Response> =>
  organiser.call("PUT", `/api/contests/${slug}${query}`, settingsOf(slug, { limits: own }));

describe("the limits of a contest's own", () => {
  it("are those that its pages tell and its submissions are judged by; elsewhere the package's hold", async () => {
    const slug = await newContest();
    const ada = await registered(slug, "Ada");
    const before = await ada.get<ProblemView>(`/api/contests/${slug}/problems/A`);
    expect((await put(slug, { A: limits })).status).toBe(200);

    const { limits: told } = await ada.get<ProblemView>(`/api/contests/${slug}/problems/A`);
    expect(told).toEqual({ ...before.limits, ...limits });
    expect((await ada.get<ProblemView>("/api/problems/one")).limits).toEqual(before.limits);
    const { problems } = await organiser.get<ContestView>(`/api/contests/${slug}`);
    expect(problems.map((problem) => problem.limits)).toEqual([limits, null]);

    for (const problem of ["one", "two"]) await submitted(ada, slug, problem, null);
    const leases = [await leasedSubmission("by-hand", ["c"]), await leasedSubmission("by-hand", ["c"])];
    expect(leases.map(({ work: { timeMs, memoryMiB } }) => ({ timeMs, memoryMiB }))).toEqual([
      limits,
      { timeMs: null, memoryMiB: null },
    ]);
  });

  it("hold for programs that are tried on the judge, as they were when these were sent", async () => {
    const slug = await newContest();
    const judge = await newJudge(`judge-${slug}`);
    const ada = await registered(slug, "Ada");
    await put(slug, { A: limits });
    const run = {
      problem: "one",
      contest: slug,
      language: "python3",
      ...oneFile("print(3)"),
      input: "1 2\n",
    };
    expect((await ada.call("POST", "/api/runs", run)).status).toBe(201);
    await put(slug, {});
    const held = await leaseNext(bindings, {
      id: judge.id,
      languages: ["python3"],
      level: "full",
      timeLimits: false,
    });
    expect(held?.work).toMatchObject({ work: "custom run", ...limits });
  });

  it("hold for what is submitted and tried beside it once it is over, too", async () => {
    const slug = await newContest();
    await put(slug, { A: limits });
    await ended(organiser, slug);
    const eve = await signedUp();
    await submitted(eve, slug, "one", null);
    const run = { problem: "one", contest: slug, language: "c", ...oneFile("x"), input: "1 2\n" };
    expect((await eve.call("POST", "/api/runs", run)).status).toBe(201);
    for (const work of ["submission", "custom run"]) {
      const judge = { id: "by-hand", languages: ["c"], level: "full", timeLimits: false } as const;
      const held = await leaseNext(bindings, judge);
      expect(held?.work).toMatchObject({ work, ...limits });
    }
  });

  it("are looked at before they are changed: whose verdicts stay as they are; and written into the log of who did what", async () => {
    const slug = await newContest();
    await put(slug, { A: limits });
    const ada = await registered(slug, "Ada");
    await submitted(ada, slug, "one", "WA");
    await submitted(ada, slug, "two", "AC");
    await submitted(ada, slug, "one", null);
    const own = { A: { timeMs: 500, memoryMiB: null } };
    const preview = await (await put(slug, own, "?preview")).json<ContestChangePreview>();
    expect(preview.limits).toEqual([{ label: "A", judged: 1 }]);
    expect((await organiser.get<ContestView>(`/api/contests/${slug}`)).problems[0]?.limits).toEqual(limits);

    await put(slug, own);
    const { entries } = await organiser.get<AuditList>(`/api/contests/${slug}/audit`);
    expect(entries[0]).toMatchObject({
      action: "contest.change",
      data: { limits: "A: 3000 ms and 64 MiB, now 500 ms and the package's memory" },
    });
    expect(await (await put(slug, own, "?preview")).json<ContestChangePreview>()).toMatchObject({
      limits: [],
    });
  });

  it.each<[string, Record<string, OwnLimits>, string]>([
    ["of a problem that is not in it", { C: limits }, "limits: no problem has the label C"],
    ["of no time at all", { A: { timeMs: 0, memoryMiB: null } }, "limits.A.timeMs"],
    ["of half a millisecond", { A: { timeMs: 50.5, memoryMiB: null } }, "limits.A.timeMs"],
    ["of more memory than there is", { A: { timeMs: null, memoryMiB: 1e9 } }, "limits.A.memoryMiB"],
  ])("are refused where they are %s", async (_, own, detail) => {
    const slug = await newContest();
    const [status, code, details] = await refusal(await put(slug, own));
    expect([status, code]).toEqual([400, "invalid_request"]);
    expect(details[0]).toContain(detail);
  });

  it("are nobody's to see before the problems are", async () => {
    const slug = await newContest();
    await put(slug, { A: limits });
    await movedStart(slug, 7_200_000);
    const bob = await signedUp();
    const { problems } = await bob.get<ContestView>(`/api/contests/${slug}`);
    expect(problems[0]).toMatchObject({ slug: null, limits: null });
  });
});
