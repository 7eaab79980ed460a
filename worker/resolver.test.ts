import { evictDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import type { ContestForm } from "../protocol/contest.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { ResolverPlan, ResolverPosition } from "../protocol/resolver.ts";
import { resolverShow } from "./env.ts";
import {
  contestId,
  endedContest,
  following,
  happened,
  heard,
  judged,
  plan,
  sent,
  shortly,
} from "./resolver-testing.ts";
import { accountOf, bindings, publishProblem, signedUp, Visitor } from "./testing.ts";

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  await publishProblem(organiser, "resolved");
});

const ended = (slug: string, changes: Partial<ContestForm> = {}): Promise<string> =>
  endedContest(organiser, slug, "resolved", changes);
const begin = (slug: string): Promise<ResolverPosition> =>
  organiser.post<ResolverPosition>(`/api/contests/${slug}/resolver/begin`);
const move = (slug: string, to: number): Promise<ResolverPosition> =>
  organiser.post<ResolverPosition>(`/api/contests/${slug}/resolver/show`, { to });
const evict = async (slug: string): Promise<void> =>
  evictDurableObject(resolverShow(bindings, await contestId(slug)));

describe("the presenter", () => {
  it("gets all steps before the show begins, from the frozen board to the results", async () => {
    await ended("steps");
    const { frozen, final, steps, show, shown } = await plan(organiser, "steps");
    expect([show, shown]).toEqual([null, 0]);
    const bobIn = (cells: typeof frozen.cells) => cells.find(({ team }) => team === "bob");
    expect([bobIn(frozen.cells)?.result, bobIn(final.cells)?.result]).toEqual(["none", "full"]);
    expect(steps.map(({ type }) => type).join(" ")).toBe(
      "look problem verdict look problem verdict move place place look place end",
    );
  });

  it("must be of the jury", async () => {
    await ended("whose");
    for (const [method, path, body] of [
      ["GET", "steps", undefined],
      ["POST", "begin", undefined],
      ["POST", "show", { to: 1 }],
    ] as const) {
      const address = `/api/contests/whose/resolver/${path}`;
      expect((await new Visitor().call(method, address, body)).status).toBe(401);
      expect((await (await signedUp("organiser")).call(method, address, body)).status).toBe(403);
    }
  });

  it("may be a member of the jury, and no spectator", async () => {
    const id = await ended("roles");
    const statusAs = async (role: "jury" | "spectator"): Promise<number> => {
      const member = await signedUp();
      await bindings.DB.prepare("INSERT INTO contest_roles (contest, user, role) VALUES (?, ?, ?)")
        .bind(id, await accountOf(member), role)
        .run();
      return (await member.call("POST", "/api/contests/roles/resolver/begin")).status;
    };
    expect([await statusAs("spectator"), await statusAs("jury")]).toEqual([403, 201]);
  });

  it("is refused a show before the end, without a freeze and with something not judged", async () => {
    const later = Date.now() - 3_600_000;
    await ended("running", { startAt: later });
    await ended("open", { freezeMinutes: 0 });
    const unjudged = await ended("unjudged");
    await happened(unjudged, sent("cleo-2", "cleo", Date.now() - 5.2 * 3_600_000, null));
    const whys = await Promise.all(
      ["running", "open", "unjudged"].map(async (slug) => {
        const answer = await organiser.get<ResolverPlan>(`/api/contests/${slug}/resolver/steps`);
        const refusal = await organiser.call("POST", `/api/contests/${slug}/resolver/begin`);
        return [
          answer.type === "refused" ? answer.why.reason : "",
          (await refusal.json<ErrorBody>()).message,
        ];
      }),
    );
    expect(whys).toEqual([
      ["not_over", "The contest is not over: its results can be shown after the end only."],
      ["never_froze", "The board never froze: everybody knows the results."],
      ["unjudged", "Not everything is judged: Team cleo has a submission on problem A without a verdict."],
    ]);
  });

  it("cannot move a show that has not begun, nor beyond its end", async () => {
    await ended("bounds");
    const refusal = async (to: unknown) => {
      const answer = await organiser.call("POST", "/api/contests/bounds/resolver/show", { to });
      return [answer.status, (await answer.json<ErrorBody>()).code];
    };
    expect(await refusal(1)).toEqual([409, "contest_refuses"]);
    await begin("bounds");
    expect(await refusal(13)).toEqual([400, "invalid_request"]);
    expect(await refusal(-1)).toEqual([400, "invalid_request"]);
    expect((await move("bounds", 12)).shown).toBe(12);
  });

  it("is noted in the contest's audit log", async () => {
    const id = await ended("noted");
    await begin("noted");
    const { results } = await bindings.DB.prepare(
      "SELECT action FROM audit_log WHERE contest = ? ORDER BY id",
    )
      .bind(id)
      .all<{ action: string }>();
    expect(results.map(({ action }) => action)).toContain("resolver.begin");
  });
});

describe("a viewer", () => {
  it("waits for the show, then gets the frozen board and each step as it is shown", async () => {
    await ended("follow");
    const viewer = await following(new Visitor(), "follow");
    expect(shortly(await heard(viewer))).toBe("waiting");
    await begin("follow");
    expect(shortly(await heard(viewer))).toBe("state 0");
    await move("follow", 1);
    await move("follow", 3);
    expect([shortly(await heard(viewer)), shortly(await heard(viewer))]).toEqual(["steps 1", "steps 2 3"]);
  });

  it("who comes late gets the state so far, who comes back the steps since", async () => {
    await ended("late");
    const { show } = await begin("late");
    await move("late", 5);
    expect(shortly(await heard(await following(new Visitor(), "late")))).toBe("state 5");
    expect(shortly(await heard(await following(new Visitor(), "late", { show, shown: 3 })))).toBe(
      "steps 4 5",
    );
    expect(shortly(await heard(await following(new Visitor(), "late", { show, shown: 5 })))).toBe("steps");
    expect(shortly(await heard(await following(new Visitor(), "late", { show: 1, shown: 3 })))).toBe(
      "state 5",
    );
  });

  it("gets a state anew when the presenter goes back, also one who missed that", async () => {
    await ended("back");
    const { show } = await begin("back");
    const viewer = await following(new Visitor(), "back");
    await heard(viewer);
    await move("back", 4);
    await heard(viewer);
    await move("back", 3);
    const message = await heard(viewer);
    expect(shortly(message)).toBe("state 3");
    expect(shortly(await heard(await following(new Visitor(), "back", { show, shown: 4 })))).toBe("state 3");
  });

  it("goes on after the show's object lost its memory", async () => {
    await ended("evicted");
    await begin("evicted");
    const viewer = await following(new Visitor(), "evicted");
    await heard(viewer);
    await move("evicted", 2);
    await heard(viewer);
    await evict("evicted");
    await move("evicted", 4);
    expect(shortly(await heard(viewer))).toBe("steps 3 4");
    expect((await plan(organiser, "evicted")).shown).toBe(4);
  });

  it("is sent away when it says what the show does not understand", async () => {
    await ended("babble");
    const socket = await new Visitor().socket("/live/contests/babble/resolver");
    socket.send("babble");
    expect((await socket.closed).code).toBe(4000);
  });
});

describe("results that change during the show", () => {
  it("change no step of it, are told to the presenter, and are taken in by a show that begins anew", async () => {
    const id = await ended("rejudged");
    const first = await begin("rejudged");
    const before = await plan(organiser, "rejudged");
    const viewer = await following(new Visitor(), "rejudged");
    await heard(viewer);
    await move("rejudged", 3);
    await heard(viewer);
    await happened(id, [judged("bob-1", 2, "WA")]);
    await evict("rejudged");
    const during = await plan(organiser, "rejudged");
    expect([before.outdated, during.outdated, during.shown]).toEqual([false, true, 3]);
    expect(during.steps).toEqual(before.steps);
    const again = await begin("rejudged");
    expect(again.show).toBeGreaterThan(first.show);
    expect(shortly(await heard(viewer))).toBe("state 0");
    const after = await plan(organiser, "rejudged");
    expect([after.outdated, after.shown]).toEqual([false, 0]);
    expect(after.final.cells.find(({ team }) => team === "bob")?.result).toBe("none");
  });

  it("are none when a verdict is found again, or the board is thawed, after which none begins", async () => {
    const id = await ended("same");
    await begin("same");
    await happened(id, [judged("bob-1", 2, "AC")]);
    expect((await plan(organiser, "same")).outdated).toBe(false);
    expect((await organiser.call("POST", "/api/contests/same/thaw")).status).toBeLessThan(300);
    expect((await plan(organiser, "same")).outdated).toBe(false);
    expect((await move("same", 11)).shown).toBe(11);
    expect((await organiser.call("POST", "/api/contests/same/resolver/begin")).status).toBe(409);
  });

  it("are shown no further when the contest was given more time and goes on", async () => {
    const id = await ended("reopened");
    await begin("reopened");
    await move("reopened", 2);
    await bindings.DB.prepare(
      "UPDATE contests SET timed = json_set(timed, '$.times.durationMs', 99 * 3600000), version = version + 1 WHERE id = ?",
    )
      .bind(id)
      .run();
    const onward = await organiser.call("POST", "/api/contests/reopened/resolver/show", { to: 3 });
    expect((await onward.json<ErrorBody>()).code).toBe("contest_refuses");
    expect((await move("reopened", 0)).shown).toBe(0);
  });
});
