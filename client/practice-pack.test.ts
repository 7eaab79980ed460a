import { beforeEach, describe, expect, it } from "vitest";
import { keptPaths } from "./kept.ts";
import { picturesOf } from "./pictures.ts";
import { bytesToLoad, missingOf, type PackProblem } from "./practice-pack.ts";

const problem = (slug: string): PackProblem => ({
  path: `/api/problems/${slug}`,
  page: `/problems/${slug}`,
  name: { en: slug },
});
const set = ["a", "b", "c"].map(problem);

beforeEach(() => {
  keptPaths.value = new Set();
});

describe("a practice pack", () => {
  it("brings only what is not here", () => {
    keptPaths.value = new Set(["/api/problems/b", "/api/problems"]);
    expect(missingOf(set).map(({ page }) => page)).toEqual(["/problems/a", "/problems/c"]);
  });

  it("weighs something as long as a problem is missing, and nothing once all are here", async () => {
    expect(await bytesToLoad(set)).toBeGreaterThan(0);
    keptPaths.value = new Set(set.map(({ path }) => path));
    expect(await bytesToLoad(set)).toBe(0);
  });

  it("brings each picture of a problem once, whatever the statement's language", () => {
    const html = (names: string[]): string => names.map((name) => `<img src="/api/files/${name}">`).join();
    const statements = [
      { locale: "en", html: html(["0a1b.png", "2c3d.svg"]) },
      { locale: "pt", html: html(["0a1b.png"]) },
    ];
    expect(picturesOf({ statements })).toEqual(["/api/files/0a1b.png", "/api/files/2c3d.svg"]);
  });
});
