import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import type { Outcome } from "../protocol/judge.ts";
import type { ImportReport, ProblemView, Shelf } from "../protocol/problem.ts";
import { judgeQueue } from "./env.ts";
import { leaseNext } from "./objects/waiting.ts";
import {
  bindings,
  helloOf,
  judgeSocket,
  newJudge,
  oneFile,
  says,
  signedUp,
  submissionLease,
  sumPackage,
  type Socket,
} from "./testing.ts";

/** Time limits that a package leaves to be measured with the jury's submissions. */

let organiser: Awaited<ReturnType<typeof signedUp>>;

beforeAll(async () => {
  organiser = await signedUp("organiser");
});

afterEach(async () => {
  await bindings.DB.exec("DELETE FROM rounds");
  await bindings.DB.exec("DELETE FROM tasks");
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

const withoutLimit = (slug: string): Uint8Array<ArrayBuffer> =>
  sumPackage(slug, {
    "problem.yaml": [
      "problem_format_version: 2025-09",
      `name: {en: Sum ${slug}, pt: Soma ${slug}}`,
      `uuid: ${crypto.randomUUID()}`,
      "license: cc by-sa",
      "credits: A. Teacher",
    ].join("\n"),
  });

const upload = (slug: string, zip: Uint8Array): Promise<ImportReport> =>
  organiser.post<ImportReport>(`/api/problems?name=${slug}.zip`, zip);

async function connect(id: string): Promise<Socket> {
  const socket = await judgeSocket((await newJudge(id)).token);
  socket.send(helloOf(id));
  await socket.next(says("welcome"));
  return socket;
}

async function answer(socket: Socket, outcome: Outcome): Promise<void> {
  const { lease } = await socket.next(says("lease"));
  expect(lease.work).toBe("time limit");
  socket.send({ type: "result", lease: lease.lease, outcome });
  await socket.next(says("settled"));
}

const limitOf = async (slug: string): Promise<number | null> =>
  (await organiser.get<ProblemView>(`/api/problems/${slug}`)).limits.timeMs;

async function publish(slug: string): Promise<{ status: number; code?: string; message?: string }> {
  const response = await organiser.call("POST", `/api/problems/${slug}/publish`);
  return { ...(await response.json<Partial<ErrorBody>>()), status: response.status };
}

const told = async (slug: string): Promise<string[]> => {
  const { problems } = await organiser.get<Shelf>("/api/organise/problems");
  const messages = problems.find((problem) => problem.slug === slug)?.report.messages ?? [];
  return messages
    .filter(({ file }) => file === "problem.yaml")
    .map(({ severity, message }) => `${severity}: ${message}`);
};

const measured = (timeMs: number | null, explanation = "the slowest took 700 ms"): Outcome => ({
  type: "time limit",
  timeMs,
  explanation,
});

describe("a package without a time limit", () => {
  it("is measured by a judge; until then it cannot be published, and then every lease tells the limit", async () => {
    const report = await upload("slow", withoutLimit("slow"));
    expect(report.messages.map(({ message }) => message).join()).toMatch(/is being measured/);
    expect(await limitOf("slow")).toBeNull();
    expect(await publish("slow")).toMatchObject({
      status: 409,
      code: "time_limit_unknown",
      message: expect.stringMatching(/is being measured/),
    });
    const socket = await connect("t-measures");
    await answer(socket, measured(2000));
    expect(await limitOf("slow")).toBe(2000);
    expect(await told("slow")).toContainEqual(
      "warning: the time limit was measured as 2000 ms (the slowest took 700 ms)",
    );
    expect((await publish("slow")).status).toBe(200);
    await organiser.post("/api/submissions", { problem: "slow", language: "python3", ...oneFile("x") });
    expect((await submissionLease(socket)).timeMs).toBe(2000);
  });

  it("that no limit follows from stays a draft, and says why", async () => {
    const zip = withoutLimit("never");
    await upload("never", zip);
    const socket = await connect("t-none");
    await answer(socket, measured(null, "slow.py is as fast as sum.py"));
    expect(await publish("never")).toMatchObject({
      status: 409,
      message: expect.stringMatching(/slow\.py is as fast as sum\.py/),
    });
    expect(await told("never")).toContainEqual(expect.stringMatching(/^error: no time limit follows/));
    // Imported again it is measured again.
    await upload("never", zip);
    await answer(socket, measured(1000));
    expect(await limitOf("never")).toBe(1000);
  });

  it("is measured once for the same package, however often it is imported", async () => {
    const zip = withoutLimit("once");
    await upload("once", zip);
    const socket = await connect("t-once");
    await answer(socket, measured(3000));
    await upload("once", zip);
    expect(await limitOf("once")).toBe(3000);
    expect(await bindings.DB.prepare("SELECT COUNT(*) AS n FROM tasks").first("n")).toBe(1);
  });

  it("that judges failed at three times says what they failed at", async () => {
    await upload("broken", withoutLimit("broken"));
    const socket = await connect("t-fails");
    for (let attempt = 1; attempt <= 3; attempt++)
      await answer(socket, { type: "failure", message: "no Kotlin compiler here" });
    expect((await publish("broken")).message).toMatch(/could not be measured: no Kotlin compiler here/);
  });

  it("takes no submissions, not even its owner's", async () => {
    await upload("closed", withoutLimit("closed"));
    const form = { problem: "closed", language: "python3", ...oneFile("x") };
    expect((await organiser.call("POST", "/api/submissions", form)).status).toBe(409);
    expect((await organiser.call("POST", "/api/runs", { ...form, input: "" })).status).toBe(409);
  });

  it("is not measured by a judge that may not: one of provisional verdicts beside an official one", async () => {
    await upload("official", withoutLimit("official"));
    const asking = { id: "j", languages: ["python3"], level: "process" as const };
    expect(await leaseNext(bindings, { ...asking, timeLimits: false })).toBeNull();
    expect((await leaseNext(bindings, { ...asking, timeLimits: true }))?.work.work).toBe("time limit");
  });
});
