import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ProblemList } from "../protocol/problem.ts";
import type { SubmissionDetail, SubmissionView } from "../protocol/submission.ts";
import { queueOfficialRounds } from "./objects/leases.ts";
import { writeVerdict, type Written } from "./objects/outcomes.ts";
import { accepted, bindings, leasedSubmission, oneFile, publishProblem, signedUp } from "./testing.ts";

/** Which of a submission's judgements is its verdict: that of the latest judged round that counts. */

let author: Awaited<ReturnType<typeof signedUp>>;
let id: string;

beforeAll(async () => {
  await publishProblem(await signedUp("organiser"), "sum");
  author = await signedUp();
});

beforeEach(async () => {
  await bindings.DB.exec("DELETE FROM submissions");
  const form = { problem: "sum", language: "python3", ...oneFile("print(3)\n") };
  id = (await author.post<SubmissionView>("/api/submissions", form)).id;
});

const judged = async (verdict: "AC" | "WA", level: "full" | "process" = "full"): Promise<Written> =>
  writeVerdict(bindings, await leasedSubmission("j", ["python3"], level), { ...accepted, verdict, level }, 1);

const another = (standing: "counts" | "apart") =>
  bindings.DB.prepare(
    `INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at, standing)
     SELECT submission, MAX(round) + 1, package_hash, 'queued', 0, 0, ?2 FROM rounds WHERE submission = ?1`,
  )
    .bind(id, standing)
    .run();

const shown = () => author.get<SubmissionDetail>(`/api/submissions/${id}`);
const mine = async () => (await author.get<ProblemList>("/api/problems")).problems[0];
const rounds = () =>
  bindings.DB.prepare("SELECT COUNT(*) AS n FROM rounds WHERE submission = ?").bind(id).first<number>("n");

describe("a round apart", () => {
  it("changes neither the verdict, nor the state, nor who has solved the problem", async () => {
    await judged("WA");
    await another("apart");
    expect(await shown()).toMatchObject({ state: "judged", judgement: { verdict: "WA", round: 1 } });
    await judged("AC");
    expect(await shown()).toMatchObject({ state: "judged", judgement: { verdict: "WA", round: 1 } });
    expect(await mine()).toMatchObject({ mine: "tried", solvedBy: 0 });
  });

  it("with an official verdict keeps no provisional one from counting", async () => {
    await another("apart");
    await bindings.DB.exec("UPDATE rounds SET priority = 9 WHERE round = 1");
    await judged("WA");
    expect(await judged("AC", "process")).toBe("written");
    expect((await shown()).judgement).toMatchObject({ verdict: "AC", level: "process" });
  });

  it("hides no provisional verdict from the judging that makes it official", async () => {
    await judged("AC", "process");
    await another("apart");
    await judged("WA");
    await queueOfficialRounds(bindings, ["python3"], 1);
    expect(await rounds()).toBe(3);
    await judged("WA");
    expect((await shown()).judgement).toMatchObject({ verdict: "WA", round: 3 });
  });

  it("with a provisional verdict is not judged once more for that", async () => {
    await another("apart");
    await bindings.DB.exec("UPDATE rounds SET state = 'failed' WHERE round = 1");
    await judged("WA", "process");
    await queueOfficialRounds(bindings, ["python3"], 1);
    expect(await rounds()).toBe(2);
  });
});

describe("of rounds that count", () => {
  it("the latest judged one decides, whatever was judged last", async () => {
    const early = await leasedSubmission("slow");
    await another("counts");
    await judged("AC");
    await writeVerdict(bindings, early, { ...accepted, verdict: "WA" }, 2);
    expect(await shown()).toMatchObject({ state: "judged", judgement: { verdict: "AC", round: 2 } });
  });
});
