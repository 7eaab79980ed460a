import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import type { ImportReport, ProblemList, ProblemView, Shelf } from "../protocol/problem.ts";
import { publishProblem, signedUp, sumPackage, Visitor } from "./testing.ts";

let organiser: Visitor;
let other: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  other = await signedUp("organiser");
});

const upload = (who: Visitor, name: string, zip: Uint8Array) =>
  who.call("POST", `/api/problems?name=${name}.zip`, zip);

async function refused(response: Response): Promise<[number, string, string[]]> {
  const { code, details } = await response.json<ErrorBody>();
  return [response.status, code, details ?? []];
}

describe("importing a package", () => {
  it("makes a draft that nobody else sees until it is published", async () => {
    const report = await organiser.post<ImportReport>("/api/problems?name=drafty.zip", sumPackage("drafty"));
    expect(report).toMatchObject({
      slug: "drafty",
      counts: { statements: 2, samples: 1, secret: 1, submissions: 1 },
    });
    expect((await new Visitor().call("GET", "/api/problems/drafty")).status).toBe(404);
    expect((await organiser.get<ProblemView>("/api/problems/drafty")).state).toBe("draft");
    await organiser.post("/api/problems/drafty/publish");
    expect((await new Visitor().get<ProblemView>("/api/problems/drafty")).state).toBe("published");
  });

  it("renders statements with MathML, once, and shows samples but no secret test", async () => {
    await publishProblem(organiser, "mathy");
    const view = await new Visitor().get<ProblemView>("/api/problems/mathy");
    const english = view.statements.find(({ locale }) => locale === "en")?.html ?? "";
    expect(english).toContain("<math");
    expect(english).toContain("<h2>Input</h2>");
    expect(view.samples).toEqual([{ name: "1", input: "1 2\n", answer: "3\n" }]);
    expect(JSON.stringify(view)).not.toContain("42");
  });

  it("lets no HTML and no script of a statement through", async () => {
    const hostile =
      "<script>alert(1)</script>\n\n[x](javascript:alert(2)) ![y](https://evil.example/p.png) <img src=x onerror=alert(3)>\n";
    await organiser.post(
      "/api/problems?name=hostile.zip",
      sumPackage("hostile", { "statement/problem.en.md": hostile }),
    );
    const { statements } = await organiser.get<ProblemView>("/api/problems/hostile");
    const html = statements.find(({ locale }) => locale === "en")?.html ?? "";
    expect(html).toContain("alert(1)");
    expect(html).not.toMatch(/<script|<img src=x|javascript:|evil\.example/);
  });

  it("serves a statement's images by their content", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
    const files = { "statement/problem.en.md": "![a tree](tree.svg)\n", "statement/tree.svg": svg };
    await organiser.post("/api/problems?name=pictured.zip", sumPackage("pictured", files));
    const { statements } = await organiser.get<ProblemView>("/api/problems/pictured");
    const address = /<img src="([^"]+)"/.exec(statements[0]?.html ?? "")?.[1] ?? "";
    const image = await new Visitor().call("GET", address);
    expect([image.headers.get("content-type"), await image.text()]).toEqual(["image/svg+xml", svg]);
    expect(image.headers.get("content-security-policy")).toContain("sandbox");
  });

  it("replaces the problem of the same uuid and keeps its state", async () => {
    const yaml = (name: string) =>
      `problem_format_version: 2025-09\nname: {en: ${name}, pt: ${name}}\nuuid: 7f0d8a52-3a70-4d5c-9d06-0e6c4a2f7f11\nlicense: cc by-sa\ncredits: A. Teacher\nlimits: {time_limit: 1}\n`;
    await organiser.post(
      "/api/problems?name=again.zip",
      sumPackage("again", { "problem.yaml": yaml("First") }),
    );
    await organiser.post("/api/problems/again/publish");
    await organiser.post(
      "/api/problems?name=again.zip",
      sumPackage("again", { "problem.yaml": yaml("Second") }),
    );
    const view = await new Visitor().get<ProblemView>("/api/problems/again");
    expect([view.name, view.state]).toEqual([{ en: "Second", pt: "Second" }, "published"]);

    const stolen = await upload(other, "again", sumPackage("again", { "problem.yaml": yaml("Stolen") }));
    expect((await refused(stolen)).slice(0, 2)).toEqual([403, "forbidden"]);
  });

  it("refuses a second problem with the same short name", async () => {
    await organiser.post("/api/problems?name=unique.zip", sumPackage("unique"));
    expect((await refused(await upload(other, "unique", sumPackage("unique")))).slice(0, 2)).toEqual([
      409,
      "name_taken",
    ]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["an answer is missing", { "data/secret/2.in": "1 1\n" }, /data\/secret\/2/],
    [
      "problem.yaml has an unknown key",
      {
        "problem.yaml":
          "problem_format_version: 2025-09\nname: X\nuuid: 7f0d8a52-3a70-4d5c-9d06-0e6c4a2f7f12\ncolour: red\nlimits: {time_limit: 1}\n",
      },
      /colour/,
    ],
    ["problem.yaml is not YAML", { "problem.yaml": "name: [" }, /problem\.yaml/],
  ])("stores nothing and names the file when %s", async (_, changes, expected) => {
    const response = await upload(organiser, "faulty", sumPackage("faulty", changes));
    const [status, code, details] = await refused(response);
    expect([status, code]).toEqual([422, "invalid_package"]);
    expect(details.join("\n")).toMatch(expected);
    const { problems } = await organiser.get<Shelf>("/api/organise/problems");
    expect(problems.map(({ slug }) => slug)).not.toContain("faulty");
  });

  it("refuses what is not a zip, or a damaged one, with a sentence", async () => {
    const zip = sumPackage("cut");
    for (const bytes of [new TextEncoder().encode("hello"), zip.slice(0, zip.length / 2)]) {
      const response = await upload(organiser, "cut", bytes);
      const body = await response.json<ErrorBody>();
      expect([response.status, body.code]).toEqual([422, "invalid_package"]);
      expect(body.message.length).toBeGreaterThan(10);
    }
  });
});

describe("publishing and withdrawing", () => {
  it("is the owner's or an administrator's, not another organiser's", async () => {
    await publishProblem(organiser, "owned");
    expect((await other.call("POST", "/api/problems/owned/withdraw")).status).toBe(403);
    await (await signedUp("administrator")).post("/api/problems/owned/withdraw");
    const { problems } = await new Visitor().get<ProblemList>("/api/problems");
    expect(problems.map(({ slug }) => slug)).not.toContain("owned");
  });
});
