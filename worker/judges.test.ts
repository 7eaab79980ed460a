import { evictDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import { Guarantee, type CheckReport } from "../protocol/judge-check.ts";
import type { JudgeList } from "../protocol/judge-list.ts";
import { judgeQueue } from "./env.ts";
import { bindings, helloOf, judgeSocket, newJudge, says, signedUp, Visitor } from "./testing.ts";

const report: CheckReport = {
  at: 1_700_000_000_000,
  level: "full",
  reason: "root, cgroup v1",
  guarantees: [
    { id: "processes", state: "holds", detail: "4 programs held" },
    { id: "network", state: "broken", detail: "udp reached 127.0.0.1" },
    { id: "clocks", state: "unchecked", detail: "no real-time clock here" },
  ],
};

const send = (token: string, body: unknown): Promise<Response> =>
  new Visitor().call("POST", "/link/judge/checks", body, { authorization: `Bearer ${token}` });

async function refusal(response: Response): Promise<{ status: number; code: string; details: string }> {
  const { code, details } = await response.json<ErrorBody>();
  return { status: response.status, code, details: (details ?? []).join("; ") };
}

const listed = async (id: string): Promise<JudgeList["judges"][number] | undefined> => {
  const organiser = await signedUp("organiser");
  return (await organiser.get<JudgeList>("/api/judges")).judges.find((judge) => judge.id === id);
};

afterEach(async () => {
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

describe("the list of judges", () => {
  it("is for organisers and administrators only", async () => {
    expect((await new Visitor().call("GET", "/api/judges")).status).toBe(401);
    expect(await refusal(await (await signedUp()).call("GET", "/api/judges"))).toMatchObject({
      status: 403,
      code: "forbidden",
    });
    expect((await (await signedUp("administrator")).call("GET", "/api/judges")).status).toBe(200);
  });

  it("has what a connected judge says of itself, and of others only that they may connect", async () => {
    const { token } = await newJudge("r-here");
    await newJudge("r-away");
    const socket = await judgeSocket(token);
    expect(await listed("r-here")).toMatchObject({ state: "away" });
    socket.send(helloOf("r-here", { slots: 3, reason: "root, cgroup v2" }));
    await socket.next(says("welcome"));
    expect(await listed("r-here")).toEqual({
      id: "r-here",
      name: "r-here",
      state: "idle",
      paused: false,
      heardAt: expect.any(Number),
      leases: 0,
      load: null,
      lastFailure: null,
      slots: 3,
      level: "full",
      reason: "root, cgroup v2",
      languages: [{ id: "python3", version: "Python 3.11.2" }],
      check: null,
    });
    expect(await listed("r-away")).toEqual({
      id: "r-away",
      name: "r-away",
      state: "away",
      paused: false,
      heardAt: null,
      leases: 0,
      load: null,
      lastFailure: null,
      slots: 0,
      level: null,
      reason: "",
      languages: [],
      check: null,
    });
  });

  it("leaves out whom the operator revoked", async () => {
    await newJudge("r-revoked");
    await bindings.DB.exec("UPDATE judges SET revoked_at = 1 WHERE id = 'r-revoked'");
    expect(await listed("r-revoked")).toBeUndefined();
  });
});

describe("a judge's check", () => {
  it("is shown with its judge, and the next one takes its place", async () => {
    const { token } = await newJudge("r-checked");
    expect((await send(token, report)).status).toBe(204);
    expect((await listed("r-checked"))?.check).toEqual(report);
    const later: CheckReport = {
      ...report,
      at: report.at + 1,
      level: null,
      reason: "no root",
      guarantees: [],
    };
    expect((await send(token, later)).status).toBe(204);
    expect((await listed("r-checked"))?.check).toEqual(later);
  });

  it("may tell of every guarantee that there is", async () => {
    const { token } = await newJudge("r-whole");
    const guarantees = Guarantee.options.map((id) => ({ id, state: "holds" as const, detail: "" }));
    expect((await send(token, { ...report, guarantees })).status).toBe(204);
    expect((await listed("r-whole"))?.check?.guarantees).toEqual(guarantees);
  });

  it("is taken from a judge only, and not from a revoked one", async () => {
    const { id, token } = await newJudge("r-ended");
    await bindings.DB.prepare("UPDATE judges SET revoked_at = 1 WHERE id = ?").bind(id).run();
    expect(await refusal(await send(token, report))).toMatchObject({ status: 401, code: "wrong_token" });
    expect(
      await refusal(await (await signedUp("administrator")).call("POST", "/link/judge/checks", report)),
    ).toMatchObject({ status: 401, code: "wrong_token" });
  });

  const [first] = report.guarantees;
  it.each([
    [
      "a guarantee that does not exist",
      { guarantees: [{ ...first, id: "peace" }] },
      /^guarantees\.0\.id: .*"peace"/,
    ],
    [
      "a state that does not exist",
      { guarantees: [{ ...first, state: "fine" }] },
      /^guarantees\.0\.state: .*"fine"/,
    ],
    [
      "a guarantee told twice",
      { guarantees: [first, first] },
      /^guarantees: must tell of each guarantee once/,
    ],
    ["a reason too long", { reason: "x".repeat(1001) }, /^reason: .*1001.*/],
    [
      "a detail too long",
      { guarantees: [{ ...first, detail: "x".repeat(1001) }] },
      /^guarantees\.0\.detail: .*1001/,
    ],
    ["a level that does not exist", { level: "most" }, /^level: .*"most"/],
    ["no time", { at: "yesterday" }, /^at: .*"yesterday"/],
  ])("with %s is refused, naming it, and the one before stays", async (what, change, details) => {
    const { id, token } = await newJudge(`r-${what}`);
    await send(token, report);
    const refused = await refusal(await send(token, { ...report, ...change }));
    expect([refused.status, refused.code]).toEqual([400, "invalid_request"]);
    expect(refused.details).toMatch(details);
    expect((await listed(id))?.check).toEqual(report);
  });
});
