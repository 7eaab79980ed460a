import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import type { SubmissionList, SubmissionView } from "../protocol/submission.ts";
import {
  bindings,
  movedStart,
  oneFile,
  publishProblem,
  runningContest,
  signedUp,
  type Visitor,
} from "./testing.ts";

/** What becomes of a submission whose sender did not hear the answer and sends it again. */

let author: Visitor & { username: string };
beforeAll(async () => {
  const organiser = await signedUp("organiser");
  await publishProblem(organiser, "sum");
  await publishProblem(organiser, "other");
  await runningContest(organiser, "cup", ["sum"]);
  author = await signedUp();
  await author.post("/api/contests/cup/teams", { name: "Twice" });
});

const form = (key: string, more: object = {}) => ({
  problem: "sum",
  language: "python3",
  ...oneFile("print(3)"),
  key,
  ...more,
});
const send = (who: Visitor, key: string, more: object = {}) =>
  who.call("POST", "/api/submissions", form(key, more));
const idOf = async (response: Response) => (await response.json<SubmissionView>()).id;
const count = async (table: string) =>
  (await bindings.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<{ n: number }>())?.n;
const counts = () =>
  Promise.all(["submissions", "submission_files", "rounds", "contest_events"].map((table) => count(table)));

describe("a submission with a key", () => {
  it("is one submission however often it comes, also after its contest has ended", async () => {
    const key = crypto.randomUUID();
    const first = await send(author, key, { contest: "cup" });
    expect(first.status).toBe(201);
    const id = await idOf(first);
    const made = await counts();
    await movedStart("cup", -86_400_000);
    const again = await send(author, key.toUpperCase(), { contest: "cup" });
    await movedStart("cup", 86_400_000);
    expect([again.status, await idOf(again)]).toEqual([200, id]);
    expect(await counts()).toEqual(made);
  });

  it("leaves one submission, one round and one event of the contest when it comes many times at one moment", async () => {
    const before = await counts();
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(author, key, { contest: "cup" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(7).fill(200), 201]);
    expect(new Set(await Promise.all(answers.map(idOf))).size).toBe(1);
    expect(await counts()).toEqual(before.map((n) => (n ?? 0) + 1));
    const orphans = await bindings.DB.prepare(
      `SELECT COUNT(*) AS n FROM contest_events WHERE event ->> 'type' = 'submission'
       AND event ->> 'submission' NOT IN (SELECT id FROM submissions)`,
    ).first("n");
    expect(orphans).toBe(0);
  });

  it.each<[string, object]>([
    ["another program", oneFile("print(4)")],
    ["another problem", { problem: "other" }],
    ["another language", { language: "javascript" }],
    ["the contest", { contest: "cup" }],
    ["an entry point", { entryPoint: "main" }],
  ])("is refused when what comes under it is for or has %s", async (_, more) => {
    const key = crypto.randomUUID();
    expect((await send(author, key)).status).toBe(201);
    const before = await counts();
    const response = await send(author, key, more);
    const { code, message } = await response.json<ErrorBody>();
    expect([response.status, code]).toEqual([409, "key_taken"]);
    expect(message).toMatch(/under a new key/);
    expect(await counts()).toEqual(before);
  });

  it("does not meet the keys of other accounts", async () => {
    const key = crypto.randomUUID();
    const stranger = await signedUp();
    const ids = [await idOf(await send(author, key)), await idOf(await send(stranger, key))];
    expect(new Set(ids).size).toBe(2);
    const { submissions } = await stranger.get<SubmissionList>("/api/submissions");
    expect(submissions.map(({ id }) => id)).toEqual([ids[1]]);
  });

  it("is answered even when the sender may send nothing new in this minute", async () => {
    const hasty = await signedUp();
    const key = crypto.randomUUID();
    const id = await idOf(await send(hasty, key));
    // Twice the share of a minute, so that some are refused even when a minute ends among them.
    const sent = Array.from({ length: 41 }, () => send(hasty, crypto.randomUUID(), { problem: "nowhere" }));
    expect((await Promise.all(sent)).map(({ status }) => status)).toContain(429);
    const again = await send(hasty, key);
    expect([again.status, await idOf(again)]).toEqual([200, id]);
  });

  it("must be a UUID", async () => {
    expect((await send(author, "1")).status).toBe(400);
  });
});
