import { describe, expect, it } from "vitest";
import { whatMayStay } from "./forget-account.ts";
import { problem, problems } from "./testing/fixtures/problems.ts";

const path = `/api/problems/${problem.slug}`;
const picture = "/api/files/0a1b.png";
const view = {
  ...problem,
  statements: [{ locale: "en", html: `<img src="${picture}">` }],
  yardsticks: ["python3"],
};
const stays = (body: unknown, at = path) => [...whatMayStay([{ path: at, text: JSON.stringify(body) }])];

describe("at sign-out", () => {
  it("a published problem stays, with its pictures and yardsticks", () => {
    expect(stays(view)).toEqual([
      [path, null],
      [picture, null],
      [`${path}/yardstick?language=python3`, null],
    ]);
  });

  it("the list of problems stays without the reader's own progress", () => {
    const [[at, text] = []] = stays({ problems }, "/api/problems");
    expect(at).toBe("/api/problems");
    expect(problems.some(({ mine }) => mine !== null)).toBe(true);
    expect(JSON.parse(text ?? "")).toEqual({ problems: problems.map((one) => ({ ...one, mine: null })) });
  });

  it("drafts, withdrawn problems, those of contests and what cannot be understood go", () => {
    const contest = { slug: "spring", label: "A", name: "Spring" };
    for (const gone of [
      { ...view, state: "draft" },
      { ...view, state: "withdrawn" },
      { ...view, contest },
      {},
    ])
      expect(stays(gone)).toEqual([]);
    expect(stays(view, "/api/problems/another")).toEqual([]);
  });
});
