import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import type { Evidence, EvidenceStored } from "../protocol/evidence.ts";
import type { JudgeList } from "../protocol/judge-list.ts";
import type { JuryDetail, JuryTest } from "../protocol/jury.ts";
import type { SubmissionDetail, SubmissionView } from "../protocol/submission.ts";
import { judgeQueue } from "./env.ts";
import {
  accepted,
  bindings,
  helloOf,
  judgeSocket,
  newJudge,
  oneFile,
  runningContest,
  says,
  signedUp,
  submissionLease,
  sumPackage,
  Visitor,
  type Socket,
} from "./testing.ts";

/** What tests leave behind: who may send it, what the jury sees of it, and that nobody else sees anything hidden. */

type User = Awaited<ReturnType<typeof signedUp>>;

let organiser: User;
let team: User;

/** Words that stand for what is hidden, each in one place only. */
const HIDDEN = {
  name: "trap-of-overflow",
  input: "987654321 123456789",
  answer: "1111111110",
  juryMessage: "wrong carry in the ninth digit",
  feedback: "validator saw a lost carry",
  output: "hidden-output",
};

beforeAll(async () => {
  organiser = await signedUp("organiser");
  const zip = sumPackage("sum", {
    [`data/secret/${HIDDEN.name}.in`]: `${HIDDEN.input}\n`,
    [`data/secret/${HIDDEN.name}.ans`]: `${HIDDEN.answer}\n`,
    "data/secret/shown.in": "5 6\n",
    "data/secret/shown.ans": "11\n",
    "data/secret/shown.yaml": "hint: Think of two digits.\nfull_feedback: true\n",
  });
  await organiser.post("/api/problems?name=sum.zip", zip);
  await organiser.post("/api/problems/sum/publish");
  await runningContest(organiser, "open", ["sum"]);
  team = await signedUp();
  await team.post("/api/contests/open/teams", { name: "The Sums" });
});

afterEach(async () => {
  await bindings.DB.exec("DELETE FROM rounds");
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

const evidence = (name: string, output: string): Evidence["runs"][number] => ({
  name,
  output: btoa(output),
  stderr: `${output} on stderr`,
  feedback: { "judgemessage.txt": HIDDEN.feedback },
  transcript: null,
});

const [ac] = accepted.runs;
if (!ac) throw new Error("a run is needed");

/** Samples passed, the hidden test and the one with full feedback not. */
const runs = [
  ac,
  {
    ...ac,
    name: `secret/${HIDDEN.name}`,
    verdict: "WA" as const,
    message: HIDDEN.juryMessage,
    teamMessage: "Close!",
    outputBytes: 70_000,
  },
  { ...ac, name: "secret/shown", verdict: "RTE" as const, message: HIDDEN.juryMessage },
];
const kept: Evidence = {
  runs: [evidence(`secret/${HIDDEN.name}`, HIDDEN.output), evidence("secret/shown", "12\n")],
};

interface AtWork {
  socket: Socket;
  submission: SubmissionView;
  lease: string;
  send: (body: unknown, lease?: string) => Promise<Response>;
}

/** A judge with the lease of a submission made just now. */
async function atWork(id: string): Promise<AtWork> {
  const submission = await team.post<SubmissionView>("/api/submissions", {
    problem: "sum",
    contest: "open",
    language: "python3",
    ...oneFile("print(3)\n"),
  });
  const { token } = await newJudge(id);
  const socket = await judgeSocket(token);
  socket.send(helloOf(id));
  const { lease } = await submissionLease(socket);
  const send = (body: unknown, of = lease) =>
    new Visitor().call("POST", `/link/judge/leases/${of}/evidence`, body, {
      authorization: `Bearer ${token}`,
    });
  return { socket, submission, lease, send };
}

async function judged(id: string): Promise<AtWork> {
  const work = await atWork(id);
  const { hash } = await (await work.send(kept)).json<EvidenceStored>();
  const outcome = { ...accepted, verdict: "WA", runs, evidence: hash };
  work.socket.send({ type: "result", lease: work.lease, outcome });
  await work.socket.next(says("settled"));
  return work;
}

const codeOf = async (response: Response) => [response.status, (await response.json<ErrorBody>()).code];

describe("evidence", () => {
  it("is kept under its hash, and the jury sees each test with it", async () => {
    const { submission } = await judged("e-kept");
    const detail = await organiser.get<JuryDetail>(`/api/submissions/${submission.id}/jury`);
    expect(detail.runs.map(({ name, verdict, message }) => [name, verdict, message])).toEqual([
      ["sample/1", "AC", ""],
      [`secret/${HIDDEN.name}`, "WA", HIDDEN.juryMessage],
      ["secret/shown", "RTE", HIDDEN.juryMessage],
    ]);
    expect(await organiser.get<JuryTest>(`/api/submissions/${submission.id}/jury/tests/2`)).toEqual({
      name: `secret/${HIDDEN.name}`,
      input: { text: `${HIDDEN.input}\n`, bytes: HIDDEN.input.length + 1 },
      answer: { text: `${HIDDEN.answer}\n`, bytes: HIDDEN.answer.length + 1 },
      output: { text: HIDDEN.output, bytes: 70_000 },
      stderr: `${HIDDEN.output} on stderr`,
      feedback: { "judgemessage.txt": HIDDEN.feedback },
      transcript: null,
    });
    const sample = await organiser.get<JuryTest>(`/api/submissions/${submission.id}/jury/tests/1`);
    expect([sample.input.text, sample.output]).toEqual(["1 2\n", null]);
    expect((await organiser.call("GET", `/api/submissions/${submission.id}/jury/tests/9`)).status).toBe(404);
  });

  it("is taken for held leases only, and other attempts are noted", async () => {
    const { submission, send, socket, lease } = await atWork("e-held");
    const { token } = await newJudge("e-stranger");
    const authorization = { authorization: `Bearer ${token}` };
    const path = `/link/judge/leases/${lease}/evidence`;
    expect(await codeOf(await new Visitor().call("POST", path, kept, authorization))).toEqual([
      409,
      "lease_not_held",
    ]);
    expect(await codeOf(await new Visitor().call("POST", path, kept))).toEqual([401, "wrong_token"]);
    expect(await codeOf(await team.call("POST", path, kept))).toEqual([401, "wrong_token"]);
    socket.send({ type: "result", lease, outcome: accepted });
    await socket.next(says("settled"));
    expect(await codeOf(await send(kept))).toEqual([409, "lease_not_held"]);
    const { judges } = await organiser.get<JudgeList>("/api/judges");
    const failure = judges.find(({ id }) => id === "e-stranger")?.lastFailure?.message;
    expect(failure).toMatch(/evidence for a lease that it does not hold/);
    expect((await team.get<SubmissionDetail>(`/api/submissions/${submission.id}`)).judgement?.verdict).toBe(
      "AC",
    );
  });

  it.each<[string, unknown, [number, string]]>([
    ["no JSON", "{", [400, "malformed_json"]],
    ["another shape", { runs: [{ name: "sample/1" }] }, [400, "invalid_request"]],
    ["tests that there are not", { runs: [evidence("secret/none", "")] }, [400, "invalid_request"]],
    ["too much", "x".repeat(16 * 1024 * 1024 + 1), [413, "too_large"]],
  ])("is refused with %s", async (what, body, expected) => {
    const { send } = await atWork(`e-${what}`);
    expect(await codeOf(await send(body))).toEqual(expected);
  });

  it("that a verdict names and nobody sent leaves the jury without outputs, and nothing worse", async () => {
    const { submission, socket, lease } = await atWork("e-invented");
    socket.send({ type: "result", lease, outcome: { ...accepted, runs, evidence: "0".repeat(64) } });
    await socket.next(says("settled"));
    const test = await organiser.get<JuryTest>(`/api/submissions/${submission.id}/jury/tests/2`);
    expect([test.output, test.feedback, test.answer.text]).toEqual([null, {}, `${HIDDEN.answer}\n`]);
  });
});

describe("the author", () => {
  it("is told the validator's message to the team, the hint, and in full only what the package shows", async () => {
    const { submission } = await judged("a-told");
    const detail = await team.get<SubmissionDetail>(`/api/submissions/${submission.id}`);
    expect(
      detail.runs.map(({ position, sample, teamMessage, hint, full }) => ({
        position,
        sample,
        teamMessage,
        hint,
        full,
      })),
    ).toEqual([
      { position: 1, sample: true, teamMessage: "", hint: "", full: null },
      { position: 2, sample: false, teamMessage: "Close!", hint: "", full: null },
      {
        position: 3,
        sample: false,
        teamMessage: "",
        hint: "Think of two digits.",
        full: { input: "5 6\n", answer: "11\n", output: "12\n", stderr: "12\n on stderr" },
      },
    ]);
  });

  it("finds nothing hidden in any answer, whatever is asked", async () => {
    const page = await team.socket("/live/me");
    const heard: unknown[] = [];
    const { submission } = await judged("a-searches");
    await page.next((message): message is unknown => {
      heard.push(message);
      return (message as { submission?: { state?: string } }).submission?.state === "judged";
    });
    const id = submission.id;
    const rejudging = await organiser.post<{ id: string }>("/api/contests/open/rejudgings", {
      filter: { problem: null, team: null, language: null, verdicts: null, submissions: [id] },
      reason: "to have one",
      extent: "all",
    });
    const gets = [
      `/api/submissions/${id}`,
      `/api/submissions/${id}/jury`,
      `/api/submissions/${id}/jury?round=1`,
      `/api/submissions/${id}/jury/tests/2`,
      "/api/submissions",
      "/api/contests/open/submissions",
      "/api/contests/open/rejudgings",
      `/api/rejudgings/${rejudging.id}`,
      "/api/contests/open/audit",
      "/api/contests/open",
      "/api/contests/open/scoreboard",
      "/api/contests/open/problems/A",
      "/api/problems",
      "/api/problems/sum",
      "/api/organise/problems",
      "/api/judges",
      "/api/judging",
    ];
    const posts = [
      `/api/submissions/${id}/verdict`,
      `/api/rejudgings/${rejudging.id}/apply`,
      `/api/rejudgings/${rejudging.id}/cancel`,
    ];
    const texts = [JSON.stringify(heard)];
    for (const path of gets) texts.push(await (await team.call("GET", path)).text());
    const override = { verdict: "AC", score: null, reason: "I say so" };
    for (const path of posts) texts.push(await (await team.call("POST", path, override)).text());
    for (const [what, word] of Object.entries(HIDDEN))
      for (const text of texts) expect(text, `${what} in ${text.slice(0, 80)}`).not.toContain(word);
    expect(texts[1]).toContain("Close!");
  });

  it.each([
    ["GET", "jury", undefined],
    ["GET", "jury/tests/1", undefined],
    ["POST", "verdict", { verdict: "AC", score: null, reason: "me" }],
  ])("may not %s …/%s of the own submission, as little as a stranger", async (method, path, body) => {
    const { submission } = await judged(`a-${method}-${path}`);
    const stranger = await signedUp("organiser");
    for (const who of [team, stranger]) {
      const response = await who.call(method, `/api/submissions/${submission.id}/${path}`, body);
      expect(await codeOf(response)).toEqual([404, "not_found"]);
    }
  });
});
