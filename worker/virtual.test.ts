import { beforeAll, describe, expect, it } from "vitest";
import { MINUTE_MS } from "../protocol/contest.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { VirtualView } from "../protocol/virtual.ts";
import { writeVerdict } from "./objects/outcomes.ts";
import {
  accepted,
  accountOf,
  bindings,
  leasedSubmission,
  oneFile,
  publishProblem,
  runningContest,
  signedUp,
  Visitor,
} from "./testing.ts";

const HOUR_MS = 3_600_000;
const LENGTH_MS = 300 * MINUTE_MS;
const PATH = "/api/contests/past/virtual";

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["one", "two"]) await publishProblem(organiser, slug);
  await runningContest(organiser, "past", ["one", "two"], { startAt: Date.now() - 10 * HOUR_MS });
  await runningContest(organiser, "going", ["one"]);
});

async function refused(who: Visitor, method: string, path: string): Promise<[number, string, string]> {
  const response = await who.call(method, path);
  const { code, message } = await response.json<ErrorBody>();
  return [response.status, code, message];
}

async function submitted(
  who: Visitor,
  problem = "one",
  contest: string | undefined = "past",
): Promise<string> {
  const body = { problem, contest, language: "python3", ...oneFile("print(3)") };
  return (await who.post<{ id: string }>("/api/submissions", body)).id;
}

/** As if this run had begun so much earlier, and the submissions in it come so much earlier. */
async function agedBy(ms: number, run: string, submissions: readonly string[] = []): Promise<void> {
  const { DB } = bindings;
  await DB.batch([
    DB.prepare(
      "UPDATE virtual_runs SET began_at = began_at - ?1, ended_at = ended_at - ?1 WHERE id = ?2",
    ).bind(ms, run),
    ...submissions.map((id) =>
      DB.prepare("UPDATE submissions SET submitted_at = submitted_at - ? WHERE id = ?").bind(ms, id),
    ),
  ]);
}

const begun = (who: Visitor): Promise<VirtualView> => who.post<VirtualView>(PATH);

describe("a virtual run", () => {
  it("begins when somebody asks for it, and lasts as long as the contest", async () => {
    const reader = await signedUp();
    expect(await reader.get<VirtualView>(PATH)).toMatchObject({ run: null, submissions: [] });
    const { run, now } = await begun(reader);
    expect(run?.beganAt).toBeLessThanOrEqual(now);
    expect(run?.endAt).toBe((run?.beganAt ?? 0) + LENGTH_MS);
    expect((await reader.get<VirtualView>(PATH)).run).toEqual(run);
  });

  it("is nobody else's", async () => {
    await begun(await signedUp());
    expect((await (await signedUp()).get<VirtualView>(PATH)).run).toBeNull();
  });

  it("is refused before the contest is over, with the cause", async () => {
    const [status, code, message] = await refused(await signedUp(), "POST", "/api/contests/going/virtual");
    expect([status, code, message]).toEqual([409, "contest_refuses", "The contest is not over yet."]);
  });

  it("is refused to those who are not signed in", async () => {
    expect((await refused(new Visitor(), "POST", PATH)).slice(0, 2)).toEqual([401, "not_signed_in"]);
  });

  it("is one at a time, also when two are asked for at the same moment", async () => {
    const reader = await signedUp();
    const answers = await Promise.all([reader.call("POST", PATH), reader.call("POST", PATH)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await refused(reader, "POST", PATH)).slice(0, 2)).toEqual([409, "contest_refuses"]);
    const count = bindings.DB.prepare("SELECT COUNT(*) AS n FROM virtual_runs WHERE user = ?");
    expect(await count.bind(await accountOf(reader)).first<number>("n")).toBe(1);
  });

  it("may begin anew once the last one is over", async () => {
    const reader = await signedUp();
    const first = (await begun(reader)).run;
    await agedBy(LENGTH_MS, first?.id ?? "");
    const second = (await begun(reader)).run;
    expect(second?.id).not.toBe(first?.id);
  });

  it("is ended before its time by whose it is, once", async () => {
    const reader = await signedUp();
    const { run } = await begun(reader);
    await agedBy(30 * MINUTE_MS, run?.id ?? "");
    const ended = await reader.call("DELETE", PATH);
    const view = await ended.json<VirtualView>();
    expect(view.run?.endAt).toBeLessThanOrEqual(view.now);
    expect((await refused(reader, "DELETE", PATH)).slice(0, 2)).toEqual([409, "contest_refuses"]);
    await begun(reader);
  });
});

describe("the submissions of a virtual run", () => {
  it("are those of its time, by its own clock, with their results", async () => {
    const reader = await signedUp();
    const before = await submitted(reader);
    // None is waiting but this one's, so that the judge is given what the test means.
    await writeVerdict(bindings, await leasedSubmission("j"), accepted, Date.now());
    const { run } = await begun(reader);
    await agedBy(1000, "", [before]);
    await agedBy(10 * MINUTE_MS, run?.id ?? "", [before]);
    const [first, second] = [await submitted(reader), await submitted(reader, "two")];
    const judged = await leasedSubmission("j");
    await writeVerdict(bindings, judged, accepted, Date.now());
    const { submissions } = await reader.get<VirtualView>(PATH);
    expect(submissions.map(({ id, label }) => [id, label])).toEqual([
      [first, "A"],
      [second, "B"],
    ]);
    for (const { at } of submissions) expect(at).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    const results = submissions.map(({ judgements }) => judgements.map(({ verdict }) => verdict));
    expect(results).toEqual([["AC"], []]);
  });

  it("are not those that came after it", async () => {
    const reader = await signedUp();
    const { run } = await begun(reader);
    await reader.call("DELETE", PATH);
    await agedBy(1000, run?.id ?? "");
    await submitted(reader);
    expect((await reader.get<VirtualView>(PATH)).submissions).toEqual([]);
  });

  it("are not what was submitted to the same problem in the archive", async () => {
    const reader = await signedUp();
    await begun(reader);
    const body = { problem: "one", language: "python3", ...oneFile("print(3)") };
    await reader.post("/api/submissions", body);
    expect((await reader.get<VirtualView>(PATH)).submissions).toEqual([]);
  });
});
