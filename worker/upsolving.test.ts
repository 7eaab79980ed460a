import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import type { SubmissionDetail, SubmissionList, SubmissionView } from "../protocol/submission.ts";
import { writeVerdict } from "./objects/outcomes.ts";
import { PRIORITY } from "./objects/waiting.ts";
import {
  accepted,
  bindings,
  leasedSubmission,
  oneFile,
  publishProblem,
  runningContest,
  signedUp,
  sumPackage,
  Visitor,
} from "./testing.ts";

const HOUR_MS = 3_600_000;
const over = { startAt: Date.now() - 10 * HOUR_MS, durationMinutes: 300 };

let organiser: Visitor;
let reader: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  reader = await signedUp();
  for (const slug of ["shown", "elsewhere"]) await publishProblem(organiser, slug);
  await organiser.post("/api/problems?name=kept-draft.zip", sumPackage("kept-draft"));
  await runningContest(organiser, "old", ["shown", "kept-draft"], over);
});

const submission = (problem: string, contest?: string) => ({
  problem,
  ...(contest !== undefined && { contest }),
  language: "python3",
  ...oneFile("print(3)"),
});

async function refused(who: Visitor, body: object): Promise<[number, string]> {
  const response = await who.call("POST", "/api/submissions", body);
  return [response.status, (await response.json<ErrorBody>()).code];
}

const logLength = (): Promise<number | null> =>
  bindings.DB.prepare(
    "SELECT COUNT(*) AS n FROM contest_events WHERE contest = (SELECT id FROM contests WHERE slug = 'old')",
  ).first<number>("n");

describe("once a contest is over", () => {
  it("anybody signed in solves its problems, out of the contest: nothing is in its log", async () => {
    const before = await logLength();
    const view = await reader.post<SubmissionView>("/api/submissions", submission("shown", "old"));
    expect(view).toMatchObject({ contest: null, contestTimeMs: null, beside: "old", label: "A" });
    await writeVerdict(bindings, await leasedSubmission("j"), accepted, Date.now());
    expect(await logLength()).toBe(before);
    const detail = await reader.get<SubmissionDetail>(`/api/submissions/${view.id}`);
    expect(detail).toMatchObject({ beside: "old", judgement: { verdict: "AC" } });
    expect(detail.runs).toHaveLength(accepted.runs.length);
  });

  it("they wait in the queue as practice does", async () => {
    const { id } = await reader.post<SubmissionView>("/api/submissions", submission("shown", "old"));
    const row = bindings.DB.prepare("SELECT priority FROM rounds WHERE submission = ?").bind(id);
    expect(await row.first<number>("priority")).toBe(PRIORITY.practice);
  });

  it("a problem that was never published is solved through the contest only", async () => {
    const view = await reader.post<SubmissionView>("/api/submissions", submission("kept-draft", "old"));
    expect(view).toMatchObject({ beside: "old", label: "B" });
    expect(await refused(reader, submission("kept-draft"))).toEqual([404, "not_found"]);
  });

  it("a problem that it did not have is refused", async () => {
    expect(await refused(reader, submission("elsewhere", "old"))).toEqual([422, "problem_not_in_contest"]);
  });

  it("those who are not signed in are refused", async () => {
    expect(await refused(new Visitor(), submission("shown", "old"))).toEqual([401, "not_signed_in"]);
  });

  it("lists of a contest's own submissions have them too", async () => {
    const { submissions } = await reader.get<SubmissionList>("/api/submissions?contest=old");
    expect(submissions.length).toBeGreaterThan(0);
    expect(new Set(submissions.map(({ beside }) => beside))).toEqual(new Set(["old"]));
  });
});

it("before a contest is over, nobody submits beside it", async () => {
  await runningContest(organiser, "going", ["shown"]);
  expect(await refused(reader, submission("shown", "going"))).toEqual([409, "not_registered"]);
});
