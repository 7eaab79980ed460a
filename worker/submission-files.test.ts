import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import type { LeaseSource } from "../protocol/judge.ts";
import type { Submit, SubmissionDetail, SubmissionView } from "../protocol/submission.ts";
import { judgeQueue } from "./env.ts";
import {
  bindings,
  helloOf,
  judgeSocket,
  leasedSubmission,
  newJudge,
  oneFile,
  publishProblem,
  signedUp,
  submissionLease,
  sumPackage,
  Visitor,
} from "./testing.ts";

/** What may be submitted: files, their names and sizes, and languages. */

let author: Awaited<ReturnType<typeof signedUp>>;

beforeAll(async () => {
  const organiser = await signedUp("organiser");
  await publishProblem(organiser, "sum");
  const zip = sumPackage("narrow", {
    "problem.yaml": [
      "problem_format_version: 2025-09",
      "name: {en: Narrow, pt: Estreito}",
      `uuid: ${crypto.randomUUID()}`,
      "license: cc by-sa",
      "credits: A. Teacher",
      "languages: [cpp, python3]",
      "limits: {time_limit: 1}",
    ].join("\n"),
  });
  await organiser.post("/api/problems?name=narrow.zip", zip);
  await organiser.post("/api/problems/narrow/publish");
  author = await signedUp();
});

afterEach(async () => {
  await bindings.DB.exec("DELETE FROM rounds");
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

const two: Pick<Submit, "files" | "entryPoint"> = {
  files: [
    { name: "main.py", text: "from sums import total\nprint(total())\n" },
    { name: "sums.py", text: "total = lambda: 3\n" },
  ],
  entryPoint: "main.py",
};

const form = (more: object) => ({ problem: "sum", language: "python3", ...two, ...more });
const refused = async (more: object) => {
  const response = await author.call("POST", "/api/submissions", form(more));
  const { code, details, message } = await response.json<ErrorBody>();
  return [response.status, code, [message, ...(details ?? [])].join(" ")];
};

describe("several files", () => {
  it("are kept in their order with their names and the entry point, for the author and for the judge", async () => {
    const { id, bytes } = await author.post<SubmissionView>("/api/submissions", form({}));
    expect(bytes).toBe(two.files.reduce((sum, { text }) => sum + text.length, 0));
    expect(await author.get<SubmissionDetail>(`/api/submissions/${id}`)).toMatchObject(two);
    const { token } = await newJudge("f-source");
    const socket = await judgeSocket(token);
    socket.send(helloOf("f-source"));
    const { lease } = await submissionLease(socket);
    const source = await new Visitor().call("GET", `/link/judge/leases/${lease}/source`, undefined, {
      authorization: `Bearer ${token}`,
    });
    expect(await source.json<LeaseSource>()).toEqual({ ...two, input: null });
  });

  it("together keep to the problem's limit of code", async () => {
    const half = "x".repeat(33 * 1024);
    const files = [
      { name: "a.py", text: half },
      { name: "b.py", text: half },
    ];
    expect(await refused({ files })).toEqual([413, "too_large", expect.stringMatching(/67584 bytes.*65536/)]);
  });

  it.each([
    ["no file", [], /at least one file/],
    ["two of one name", [...two.files, { name: "main.py", text: "" }], /two files of the same name/],
    ["a folder in a name", [{ name: "../main.py", text: "x" }], /letters, digits, dots/],
    [
      "more than fifty",
      Array.from({ length: 51 }, (_, at) => ({ name: `f${at}.py`, text: "x" })),
      /at most 50/,
    ],
  ])("are refused: %s", async (_, files, why) => {
    expect(await refused({ files })).toEqual([400, "invalid_request", expect.stringMatching(why)]);
  });
});

describe("languages", () => {
  it("are those of the package and their dialects", async () => {
    const submit = (language: string) =>
      author.call("POST", "/api/submissions", { problem: "narrow", language, ...oneFile("x") });
    for (const language of ["cpp", "cpp17", "python3", "pypy3"])
      expect((await submit(language)).status).toBe(201);
    for (const language of ["c", "java", "answers"]) {
      const response = await submit(language);
      expect([response.status, (await response.json<ErrorBody>()).message]).toEqual([
        422,
        expect.stringMatching(/only cpp, .*python3/),
      ]);
    }
  });

  it("need a judge that knows them, but for output files, which any judge can compare", async () => {
    const { id } = await author.post<SubmissionView>("/api/submissions", form({}));
    await expect(leasedSubmission("j", ["c"])).rejects.toThrow("no submission");
    await bindings.DB.prepare("UPDATE submissions SET language = 'answers' WHERE id = ?").bind(id).run();
    const socket = await judgeSocket((await newJudge("f-any")).token);
    socket.send(helloOf("f-any", { languages: [] }));
    expect(await submissionLease(socket)).toMatchObject({ submission: id, language: "answers" });
  });
});
