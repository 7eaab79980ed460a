import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CustomRunResult, CustomRunView } from "../protocol/custom-run.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { LeaseSource, Outcome } from "../protocol/judge.ts";
import type { LiveAccountMessage } from "../protocol/submission.ts";
import { judgeQueue } from "./env.ts";
import {
  bindings,
  helloOf,
  judgeSocket,
  newJudge,
  oneFile,
  publishProblem,
  runningContest,
  says,
  signedUp,
  Visitor,
  type Socket,
} from "./testing.ts";

/** Programs that a reader tries on the judge. */

type User = Awaited<ReturnType<typeof signedUp>>;

let organiser: User;
let reader: User;

beforeAll(async () => {
  organiser = await signedUp("organiser");
  await publishProblem(organiser, "sum");
  await runningContest(organiser, "open", ["sum"]);
});

afterEach(async () => {
  await bindings.DB.exec("DELETE FROM tasks");
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

const program = { problem: "sum", language: "python3", ...oneFile("print(3)\n") };

/** By an account of its own: only so many are taken of one account in a minute. */
async function start(input: string | null): Promise<CustomRunView> {
  reader = await signedUp();
  return reader.post<CustomRunView>("/api/runs", { ...program, input });
}

async function connect(id: string): Promise<{ socket: Socket; token: string }> {
  const { token } = await newJudge(id);
  const socket = await judgeSocket(token);
  socket.send(helloOf(id));
  await socket.next(says("welcome"));
  return { socket, token };
}

const ran = (test: string | null): CustomRunResult => ({
  compiled: true,
  compileOutput: "",
  toolchain: "Python 3.11.2",
  tests: [
    {
      test,
      verdict: test === null ? null : "AC",
      exitCode: 0,
      signal: null,
      cpuMs: 10,
      wallMs: 12,
      memoryKiB: 9000,
      output: "3\n",
      outputBytes: 2,
      stderr: "",
      message: "",
    },
  ],
});

async function answer(socket: Socket, outcome: Outcome): Promise<void> {
  const { lease } = (await socket.next(says("lease"))).lease;
  socket.send({ type: "result", lease, outcome });
  await socket.next(says("settled"));
}

const refused = async (response: Response) => [response.status, (await response.json<ErrorBody>()).code];

describe("a custom run", () => {
  it("is leased with its source and input, and its owner hears of each step", async () => {
    const { id, state } = await start("20 22\n");
    expect(state).toBe("queued");
    const page = await reader.socket("/live/me");
    const { socket, token } = await connect("c-whole");
    const { lease } = await socket.next(says("lease"));
    expect(lease).toMatchObject({ work: "custom run", language: "python3", timeMs: null });
    const source = await new Visitor().call("GET", `/link/judge/leases/${lease.lease}/source`, undefined, {
      authorization: `Bearer ${token}`,
    });
    expect(await source.json<LeaseSource>()).toEqual({ ...oneFile("print(3)\n"), input: "20 22\n" });

    const result = ran(null);
    socket.send({ type: "result", lease: lease.lease, outcome: { type: "run", result } });
    await socket.next(says("settled"));
    const heard: string[] = [];
    await page.next((message): message is LiveAccountMessage => {
      const live = message as LiveAccountMessage;
      if (live.type === "run") heard.push(live.run.state);
      return live.type === "run" && live.run.state === "done";
    });
    expect(heard).toEqual(["running", "done"]);
    const shown = await reader.get<CustomRunView>(`/api/runs/${id}`);
    expect(shown).toEqual({ id, language: "python3", state: "done", result, failure: "" });
  });

  it("is shown to its owner only, administrators not excepted", async () => {
    const { id } = await start("1 2\n");
    for (const other of [await signedUp(), await signedUp("administrator")])
      expect((await other.call("GET", `/api/runs/${id}`)).status).toBe(404);
    expect((await new Visitor().call("GET", `/api/runs/${id}`)).status).toBe(401);
  });

  it("waits until the one before it of the same account has ended", async () => {
    await start("1 2\n");
    expect(await refused(await reader.call("POST", "/api/runs", { ...program, input: "" }))).toEqual([
      429,
      "rate_limited",
    ]);
    const { socket } = await connect("c-one");
    await answer(socket, { type: "run", result: ran(null) });
    expect((await reader.call("POST", "/api/runs", { ...program, input: "" })).status).toBe(201);
  });

  it("needs what a submission needs", async () => {
    const stranger = await signedUp();
    const run = (more: object) => stranger.call("POST", "/api/runs", { ...program, input: null, ...more });
    expect(await refused(await run({ contest: "open" }))).toEqual([409, "not_registered"]);
    expect(await refused(await run({ problem: "none" }))).toEqual([404, "not_found"]);
    expect(await refused(await run({ language: "cobol" }))).toEqual([422, "unknown_language"]);
    expect(await refused(await run(oneFile("x".repeat(64 * 1024 + 1))))).toEqual([413, "too_large"]);
    expect(await refused(await run({ input: "x".repeat(64 * 1024 + 1) }))).toEqual([400, "invalid_request"]);
    expect((await new Visitor().call("POST", "/api/runs", program)).status).toBe(401);
    expect(await bindings.DB.prepare("SELECT COUNT(*) AS n FROM tasks").first("n")).toBe(0);
  });

  it.each<[string, string | null, Outcome]>([
    ["a secret test", null, { type: "run", result: ran("secret/1") }],
    ["a sample that there is not", null, { type: "run", result: ran("sample/9") }],
    ["a sample instead of the input", "1 2\n", { type: "run", result: ran("sample/1") }],
    ["something without a name instead of the samples", null, { type: "run", result: ran(null) }],
  ])("tells nothing of a judge that ran %s", async (what, input, outcome) => {
    const { id } = await start(input);
    const { socket } = await connect(`c-${what}`);
    for (let attempt = 1; attempt <= 3; attempt++) await answer(socket, outcome);
    const shown = await reader.get<CustomRunView>(`/api/runs/${id}`);
    expect(shown).toMatchObject({ state: "failed", result: null });
    expect(shown.failure).not.toMatch(/secret|sample/);
  });

  it("has its texts cut where a row of the database could not hold them", async () => {
    const { id } = await start(null);
    const { socket } = await connect("c-large");
    const [test] = ran("sample/1").tests;
    if (!test) throw new Error("a test is needed");
    const long = "x".repeat(1_500_000);
    const result = { ...ran(null), compileOutput: long, tests: [{ ...test, output: long, stderr: long }] };
    await answer(socket, { type: "run", result });
    const shown = await reader.get<CustomRunView>(`/api/runs/${id}`);
    expect(JSON.stringify(shown).length).toBeLessThan(1_000_000);
    expect(shown.result?.tests[0]?.output.startsWith("xxx")).toBe(true);
  });

  it("is forgotten after an hour", async () => {
    const { id } = await start(null);
    await bindings.DB.prepare("UPDATE tasks SET queued_at = queued_at - 3600001").run();
    expect((await reader.call("GET", `/api/runs/${id}`)).status).toBe(404);
    await connect("c-sweeps");
    await bindings.DB.exec("UPDATE tasks SET state = 'done', lease = NULL");
    await runDurableObjectAlarm(judgeQueue(bindings));
    expect(await bindings.DB.prepare("SELECT COUNT(*) AS n FROM tasks").first("n")).toBe(0);
  });
});
