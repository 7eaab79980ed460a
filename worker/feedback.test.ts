import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { IoiFormat } from "../protocol/contest-format.ts";
import type { JudgeMessage } from "../protocol/judge.ts";
import type { JuryDetail } from "../protocol/jury.ts";
import type { ProblemList } from "../protocol/problem.ts";
import type {
  LiveAccountMessage,
  SubmissionDetail,
  SubmissionList,
  SubmissionView,
} from "../protocol/submission.ts";
import { ended, registered } from "./contest-testing.ts";
import { judgeQueue } from "./env.ts";
import {
  accepted,
  bindings,
  helloOf,
  judgeSocket,
  newJudge,
  oneFile,
  publishProblem,
  runningContest,
  says,
  signedUp,
  submissionLease,
  type Socket,
  type Visitor,
} from "./testing.ts";

/** What a team is told of its own submissions while a contest runs whose format tells less than everything. */

const formatOf = (feedback: IoiFormat["feedback"]): IoiFormat => ({
  type: "ioi",
  counts: "best",
  feedback,
  points: { A: 100 },
});

let organiser: Visitor;
let judges = 0;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  await publishProblem(organiser, "one");
});
afterEach(() => evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined));

interface Judged {
  team: Visitor;
  id: string;
  /** All that the team's live feed was told of the submission. */
  told: LiveAccountMessage[];
}

/** A submission of a new team, judged by a judge that tells how far it is. */
async function judged(contest: string): Promise<Judged> {
  const team = await registered(contest, `Team ${++judges}`);
  const live = await team.socket("/live/me");
  const name = `judge-${judges}`;
  const judge = await judgeSocket((await newJudge(name)).token);
  judge.send(helloOf(name));
  const id = await judgedBy(judge, team, contest);
  // It is told in order, so that all of the first was told once practice is judged.
  const practice = await judgedBy(judge, team, undefined);
  const told: LiveAccountMessage[] = [];
  for (;;) {
    const message = await live.next(isLive);
    if (message.type === "submission" && message.submission.id === practice) {
      if (message.submission.state === "judged") return { team, id, told };
    } else if (isAbout(message, id)) told.push(message);
  }
}

function isAbout(message: LiveAccountMessage, id: string): boolean {
  if (message.type === "submission") return message.submission.id === id;
  return message.type === "progress" && message.submission === id;
}

const isLive = (message: unknown): message is LiveAccountMessage => typeof message === "object";

async function judgedBy(judge: Socket, team: Visitor, contest: string | undefined): Promise<string> {
  const form = { problem: "one", contest, language: "python3", ...oneFile("print(3)\n") };
  const { id } = await team.post<SubmissionView>("/api/submissions", form);
  const { lease } = await submissionLease(judge);
  judge.send({ type: "progress", lease, done: 1, total: 2 } satisfies JudgeMessage);
  const outcome = { ...accepted, verdict: "WA" as const, compileOutput: "a warning" };
  judge.send({ type: "result", lease, outcome } satisfies JudgeMessage);
  await judge.next(says("settled"));
  return id;
}

const detailOf = (who: Visitor, id: string) => who.get<SubmissionDetail>(`/api/submissions/${id}`);

const listOf = async (who: Visitor, contest: string) =>
  (await who.get<SubmissionList>(`/api/submissions?contest=${contest}`)).submissions;

describe("a format that tells nothing before the end", () => {
  it("leaves a team with the word that its submission was received, wherever it looks", async () => {
    await runningContest(organiser, "none", ["one"], { format: formatOf("none") });
    const { team, id, told } = await judged("none");
    const nothing = { state: "received", judgement: null, ahead: null, progress: null };
    expect(await detailOf(team, id)).toMatchObject({ ...nothing, compileOutput: "", runs: [] });
    expect(await listOf(team, "none")).toMatchObject([nothing]);
    expect(told.length).toBeGreaterThan(0);
    const ofContest = told.filter(({ type }) => type !== "ahead" && type !== "progress");
    expect(told.map(({ type }) => type)).toEqual(["submission", "submission"]);
    for (const message of ofContest)
      expect(message).toMatchObject({ type: "submission", submission: nothing });
    const { problems } = await team.get<ProblemList>("/api/problems");
    expect(problems.find(({ slug }) => slug === "one")).toMatchObject({ mine: "tried" });
  });

  it("keeps nothing from the jury and from administrators", async () => {
    const { id } = await judged("none");
    const detail = await organiser.get<JuryDetail>(`/api/submissions/${id}/jury`);
    expect(detail).toMatchObject({ submission: { judgement: { verdict: "WA" } }, runs: [{}, {}] });
    expect(await detailOf(await signedUp("administrator"), id)).toMatchObject({
      state: "judged",
      judgement: { verdict: "WA" },
      compileOutput: "a warning",
    });
  });

  it("tells everything once the contest is over", async () => {
    const { team, id } = await judged("none");
    await ended(organiser, "none");
    expect(await detailOf(team, id)).toMatchObject({
      state: "judged",
      judgement: { verdict: "WA" },
      runs: [{}, {}],
    });
    expect(await listOf(team, "none")).toMatchObject([{ state: "judged", judgement: { verdict: "WA" } }]);
  });
});

describe("a format that tells the score", () => {
  it("tells nothing of the tests, not even how many are done, until the contest is over", async () => {
    await runningContest(organiser, "score", ["one"], { format: formatOf("score") });
    const { team, id, told } = await judged("score");
    expect(await detailOf(team, id)).toMatchObject({
      state: "judged",
      judgement: { verdict: "WA" },
      runs: [],
    });
    expect(told.map(({ type }) => type)).toEqual(["submission", "submission"]);
    await ended(organiser, "score");
    expect((await detailOf(team, id)).runs).toHaveLength(2);
  });
});

describe("a format that tells everything", () => {
  it("tells it at once, in the freeze too", async () => {
    await runningContest(organiser, "full", ["one"], { format: formatOf("full"), freezeMinutes: 300 });
    const { team, id, told } = await judged("full");
    expect(told).toContainEqual({ type: "progress", submission: id, done: 1, total: 2 });
    expect(await detailOf(team, id)).toMatchObject({ judgement: { verdict: "WA" }, runs: [{}, {}] });
  });
});
