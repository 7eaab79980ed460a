import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import type { ProblemView, Shelf, ShelfEntry, Yardstick } from "../protocol/problem.ts";
import {
  bindings,
  movedStart,
  publishProblem,
  runningContest,
  signedUp,
  sumPackage,
  Visitor,
} from "./testing.ts";

/** Who gets a solution of the jury's to compare times with, and which one. */

let organiser: Visitor;
const reader = new Visitor();
beforeAll(async () => {
  organiser = await signedUp("organiser");
});

const share = (slug: string, sharesYardstick: boolean, who = organiser) =>
  who.call("PATCH", `/api/problems/${slug}`, { sharesYardstick });
const languagesOf = async (path: string) => (await reader.get<ProblemView>(path)).yardsticks;
const ask = (slug: string, language: string) =>
  reader.call("GET", `/api/problems/${slug}/yardstick?language=${language}`);

async function shared(slug: string, files: Record<string, string>): Promise<void> {
  await organiser.post(`/api/problems?name=${slug}.zip`, sumPackage(slug, files));
  await organiser.post(`/api/problems/${slug}/publish`);
  expect((await share(slug, true)).status).toBe(200);
}

describe("a solution of the jury's", () => {
  it("is given only after the owner or an administrator has said so, and no longer than they say so", async () => {
    await publishProblem(organiser, "told");
    expect(await languagesOf("/api/problems/told")).toEqual([]);
    const refused = await ask("told", "python3");
    expect([refused.status, (await refused.json<ErrorBody>()).message]).toEqual([
      404,
      "The jury's solutions of this problem are not shared.",
    ]);
    for (const who of [reader, await signedUp(), await signedUp("organiser")])
      expect((await share("told", true, who)).status).toBeGreaterThan(400);

    const entry = await (await share("told", true)).json<ShelfEntry>();
    expect([entry.slug, entry.sharesYardstick]).toEqual(["told", true]);
    expect(await languagesOf("/api/problems/told")).toEqual(["python3"]);
    const given = await ask("told", "python3");
    expect(given.headers.get("cache-control")).toBe("no-store");
    expect(await given.json<Yardstick>()).toEqual({
      language: "python3",
      files: [{ name: "sum.py", text: "print(sum(map(int, input().split())))\n" }],
      entryPoint: null,
    });

    await share("told", false, await signedUp("administrator"));
    expect((await ask("told", "python3")).status).toBe(404);
    const { problems } = await organiser.get<Shelf>("/api/organise/problems");
    expect(problems.find(({ slug }) => slug === "told")?.sharesYardstick).toBe(false);
    const { results } = await bindings.DB.prepare(
      "SELECT action FROM audit_log WHERE subject = 'told' AND action LIKE '%yardstick' ORDER BY id",
    ).all<{ action: string }>();
    expect(results.map(({ action }) => action)).toEqual([
      "problem.share-yardstick",
      "problem.keep-yardstick",
    ]);
  });

  it("is the first in its language that must be accepted, with all its files", async () => {
    await shared("chosen", {
      "submissions/accepted/b.cpp": "int main() { return 1; }\n",
      "submissions/accepted/a.cpp": "int main() {}\n",
      "submissions/accepted/split/main.js": 'require("./part.js");\n',
      "submissions/accepted/split/part.js": "console.log(3);\n",
      "submissions/submissions.yaml": "accepted/split:\n  language: javascript\n  entrypoint: main.js\n",
      "submissions/wrong_answer/w.c": "int main() {}\n",
    });
    expect((await languagesOf("/api/problems/chosen")).sort()).toEqual(["cpp", "javascript", "python3"]);
    expect((await (await ask("chosen", "cpp")).json<Yardstick>()).files).toEqual([
      { name: "a.cpp", text: "int main() {}\n" },
    ]);
    expect(await (await ask("chosen", "javascript")).json<Yardstick>()).toEqual({
      language: "javascript",
      files: [
        { name: "main.js", text: 'require("./part.js");\n' },
        { name: "part.js", text: "console.log(3);\n" },
      ],
      entryPoint: "main.js",
    });
    for (const language of ["c", "rust", "../problem.yaml", ""])
      expect((await (await ask("chosen", language)).json<ErrorBody>()).message).toMatch(/in this language/);
  });

  it("is no program that needs files which only a judge adds", async () => {
    await shared("grader", { "include/python3/grader.py": "x = 1\n" });
    expect(await languagesOf("/api/problems/grader")).toEqual([]);
  });

  it("is kept from everybody while a contest with the problem has not ended, running or still to come", async () => {
    await publishProblem(organiser, "secret");
    await share("secret", true);
    await runningContest(organiser, "now", ["secret"]);
    expect([await languagesOf("/api/problems/secret"), (await ask("secret", "python3")).status]).toEqual([
      [],
      404,
    ]);
    await movedStart("now", 86_400_000);
    expect([await languagesOf("/api/problems/secret"), (await ask("secret", "python3")).status]).toEqual([
      [],
      404,
    ]);
    await movedStart("now", -2 * 86_400_000);
    expect(await languagesOf("/api/problems/secret")).toEqual(["python3"]);
    expect((await ask("secret", "python3")).status).toBe(200);
    expect(await languagesOf("/api/contests/now/problems/A")).toEqual([]);
  });

  it("is not of a draft or a withdrawn problem", async () => {
    await publishProblem(organiser, "gone");
    await share("gone", true);
    await organiser.post("/api/problems/gone/withdraw");
    expect((await organiser.get<ProblemView>("/api/problems/gone")).yardsticks).toEqual([]);
    expect((await (await ask("gone", "python3")).json<ErrorBody>()).message).toBe(
      "There is no such problem.",
    );
  });

  it("is found in a package that was imported before anybody asked, when the owner says so", async () => {
    await publishProblem(organiser, "early");
    await bindings.DB.exec(
      "UPDATE problems SET facts = json_remove(facts, '$.yardsticks') WHERE slug = 'early'",
    );
    expect(await languagesOf("/api/problems/early")).toEqual([]);
    await share("early", true);
    expect(await languagesOf("/api/problems/early")).toEqual(["python3"]);
  });

  it("stays shared, as it then is, when the package is replaced", async () => {
    const yaml = {
      "problem.yaml": `problem_format_version: 2025-09\nname: {en: X, pt: X}\nuuid: 7f0d8a52-3a70-4d5c-9d06-0e6c4a2f7f19\nlimits: {time_limit: 1}\n`,
    };
    await shared("renewed", yaml);
    const files = { ...yaml, "submissions/accepted/sum.py": "print(42)\n" };
    await organiser.post("/api/problems?name=renewed.zip", sumPackage("renewed", files));
    expect((await (await ask("renewed", "python3")).json<Yardstick>()).files[0]?.text).toBe("print(42)\n");
  });
});
