import { beforeAll, describe, expect, it } from "vitest";
import { type AwardRules, type AwardsView, standardAwards } from "../protocol/award.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import { endedContest } from "./resolver-testing.ts";
import { bindings, publishProblem, signedUp, Visitor } from "./testing.ts";

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  await publishProblem(organiser, "awarded");
});

const ended = (slug: string): Promise<string> => endedContest(organiser, slug, "awarded");
const put = (visitor: Visitor, slug: string, rules: object): Promise<Response> =>
  visitor.call("PUT", `/api/contests/${slug}/awards`, rules);
const medals = ({ awards }: AwardsView): string[] =>
  awards.filter(({ id }) => id.endsWith("-medal")).map(({ id, teams }) => `${id} ${teams.join(" ")}`);

describe("the awards of a contest", () => {
  it("are at first the usual ones, by the frozen board for everybody and by all results for the jury", async () => {
    await ended("usual");
    const everybody = await new Visitor().get<AwardsView>("/api/contests/usual/awards");
    expect([everybody.rules, everybody.provisional]).toEqual([standardAwards, true]);
    expect(medals(everybody)).toEqual(["gold-medal ada"]);
    const jury = await organiser.get<AwardsView>("/api/contests/usual/awards?view=jury");
    expect([jury.provisional, medals(jury)]).toEqual([false, ["gold-medal ada bob"]]);
    expect((await new Visitor().call("GET", "/api/contests/usual/awards?view=jury")).status).toBe(403);
  });

  it("are those of all results for everybody after the thaw", async () => {
    await ended("thawing");
    await organiser.post("/api/contests/thawing/thaw");
    const everybody = await new Visitor().get<AwardsView>("/api/contests/thawing/awards");
    expect([everybody.provisional, medals(everybody)]).toEqual([false, ["gold-medal ada bob"]]);
  });
});

describe("the rules of a contest's awards", () => {
  const one: AwardRules = { ...standardAwards, gold: 1, silver: 1, bronze: 0 };

  it("are changed by who manages it, which is noted, and by nobody else", async () => {
    const id = await ended("changed");
    expect((await put(new Visitor(), "changed", one)).status).toBe(401);
    expect((await put(await signedUp("organiser"), "changed", one)).status).toBe(403);
    const answer = await put(organiser, "changed", one);
    expect([answer.status, (await answer.json<AwardsView>()).rules]).toEqual([200, one]);
    const { results } = await bindings.DB.prepare("SELECT action FROM audit_log WHERE contest = ?")
      .bind(id)
      .all<{ action: string }>();
    expect(results.map(({ action }) => action)).toContain("contest.awards");
  });

  it("are refused with the field's name where they make no sense", async () => {
    await ended("senseless");
    const answer = await put(organiser, "senseless", { ...one, gold: -1 });
    expect((await answer.json<ErrorBody>()).details?.[0]).toMatch(/^gold: /);
  });

  it("have no median rule where problems solved are not what ranks", async () => {
    await endedContest(organiser, "scored", "awarded", {
      format: { type: "ioi", counts: "best", feedback: "full", points: { A: 100 } },
    });
    const answer = await put(organiser, "scored", { ...one, medianRule: true });
    expect((await answer.json<ErrorBody>()).details?.[0]).toMatch(/^medianRule: /);
  });

  it("are changed no more once the results are final", async () => {
    const id = await ended("final");
    await bindings.DB.prepare(
      "UPDATE contests SET timed = json_set(timed, '$.finalisedAt', 1), version = version + 1 WHERE id = ?",
    )
      .bind(id)
      .run();
    const answer = await put(organiser, "final", one);
    expect([answer.status, (await answer.json<ErrorBody>()).code]).toEqual([409, "contest_refuses"]);
  });
});
