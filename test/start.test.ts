import { setTimeout as sleep } from "node:timers/promises";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SessionView } from "../protocol/account.ts";
import { ContestList } from "../protocol/contest.ts";
import { ProblemList } from "../protocol/problem.ts";
import {
  JudgingStatus,
  SubmissionDetail,
  SubmissionList,
  SubmissionView,
  type Submit,
} from "../protocol/submission.ts";
import { startServer } from "../scripts/server.ts";
import { survivors } from "./processes.ts";
import { Client, runStart, startSite, temporaryFolder, type Site } from "./site.ts";

const problems = resolve(import.meta.dirname, "../problems");
const accepted = readFileSync(join(problems, "cheesebread/submissions/accepted/trays.py"), "utf8");
/** Right, and a fifth of a second of CPU time for each of the many tests, so that there is a middle to be killed in. */
const slow = `import time\nwhile time.process_time() < 0.2: pass\n${accepted}`;

let data: ReturnType<typeof temporaryFolder>;
const sites: Site[] = [];

beforeEach(() => (data = temporaryFolder()));
afterEach(async () => {
  for (const site of sites.splice(0)) await site.end("SIGINT");
  data.remove();
});

async function start(...args: string[]): Promise<Site> {
  const site = await startSite(data.path, args);
  sites.push(site);
  return site;
}

/** Ends a site and fails if any process of its is left a little later. */
async function endAndLook(site: Site, signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<number | null> {
  const before = site.processes();
  expect(before.map(({ command }) => command).join("\n")).toContain("workerd");
  const code = await site.end(signal);
  sites.splice(sites.indexOf(site), 1);
  expect(await survivors(before, 5000)).toEqual([]);
  return code;
}

async function signIn(site: Site, login: string, password: string): Promise<Client> {
  const client = new Client(site.url);
  await client.call("POST", "/api/session", SessionView, { login, password });
  return client;
}

async function verdictOf(client: Client, id: string): Promise<SubmissionDetail> {
  for (const end = Date.now() + 120_000; ; await sleep(200)) {
    const detail = await client.call("GET", `/api/submissions/${id}`, SubmissionDetail);
    if (detail.state === "judged") return detail;
    if (Date.now() > end) throw new Error(`not judged: ${JSON.stringify(detail)}`);
  }
}

const judgeOf = (site: Site) => site.processes().find(({ command }) => command.includes("judge/main.ts"));

/** Rows of the database of a site that has ended. */
async function query(sql: string, ...values: string[]): Promise<Record<string, unknown>[]> {
  const server = await startServer(data.path, () => {});
  try {
    const database = await server.database();
    return (
      await database
        .prepare(sql)
        .bind(...values)
        .all()
    ).results;
  } finally {
    await server.close();
  }
}

const slowSubmission: Submit = {
  problem: "cheesebread",
  language: "python3",
  files: [{ name: "main.py", text: slow }],
  entryPoint: null,
};

describe("the first start", () => {
  it("shows the address, the judge's sandbox and languages, and logins that work", async () => {
    // A start does not wait for a judge that needs more than half a minute, as it may for all on a busy machine.
    const site = await startSite(data.path, [], ["c", "cpp", "java", "javascript", "python3"]);
    sites.push(site);
    expect(site.printed()).toMatch(/Sandbox +(full|userns|process): \S/);
    expect(site.printed()).toMatch(/Languages .*\bC \(.*C\+\+ \(.*Java \(.*JavaScript \(.*Python 3 \(/);
    const admin = await signIn(site, "admin", site.password("admin") ?? "");
    expect((await admin.call("GET", "/api/session", SessionView)).account?.role).toBe("administrator");
    const demo = await signIn(site, "demo-1", site.password("demo-1") ?? "");
    expect((await demo.call("GET", "/api/session", SessionView)).account?.role).toBe("member");
  });

  it("imports the demo's problems, all published, and opens its contest", async () => {
    const site = await start("--no-judge");
    const anybody = new Client(site.url);
    const { problems } = await anybody.call("GET", "/api/problems", ProblemList);
    expect(problems.length).toBeGreaterThanOrEqual(6);
    const { contests, now } = await anybody.call("GET", "/api/contests", ContestList);
    expect(contests).toHaveLength(1);
    expect(contests[0]?.timed.times.startAt).toBeLessThanOrEqual(now);
  });

  it("makes no demo with --no-demo, and says how submissions get judged with --no-judge", async () => {
    const site = await start("--no-demo", "--no-judge");
    const anybody = new Client(site.url);
    expect((await anybody.call("GET", "/api/problems", ProblemList)).problems).toEqual([]);
    expect((await anybody.call("GET", "/api/judging", JudgingStatus)).judges).toEqual([]);
    expect(site.printed()).toContain("submissions wait until one connects");
    expect(site.password("demo-1")).toBeNull();
  });

  it("makes no accounts with printed passwords for a site that others can reach", async () => {
    const site = await start("--no-judge", "--host", "0.0.0.0");
    expect(site.password("admin")).not.toBeNull();
    expect(site.password("demo-1")).toBeNull();
    expect((await fetch(`${site.url}/ready`)).status).toBe(200);
  });
});

describe("a later start", () => {
  it("finds everything as it was, and shows no password again", async () => {
    const first = await start("--no-judge");
    const password = first.password("admin") ?? "";
    await new Client(first.url).call("POST", "/api/accounts", SessionView, {
      username: "maria",
      password: "cheese bread",
    });
    await endAndLook(first, "SIGINT");
    const second = await start("--no-judge");
    expect(second.password("admin")).toBeNull();
    await signIn(second, "admin", password);
    await signIn(second, "maria", "cheese bread");
    expect((await new Client(second.url).call("GET", "/api/contests", ContestList)).contests).toHaveLength(1);
  });

  it("with --reset-admin shows a new password, and the old one is worth nothing", async () => {
    const first = await start("--no-judge", "--no-demo");
    const old = first.password("admin") ?? "";
    await first.end("SIGTERM");
    const second = await start("--no-judge", "--no-demo", "--reset-admin");
    await signIn(second, "admin", second.password("admin") ?? "");
    const refused = await new Client(second.url).send("POST", "/api/session", {
      login: "admin",
      password: old,
    });
    expect(refused.status).toBe(401);
  });

  it("on a folder that a running site uses is refused with that site's process id", async () => {
    const site = await start("--no-judge", "--no-demo");
    const { code, printed } = await runStart(["--port", "0", "--data", data.path, "--no-install"]);
    expect(code).toBe(1);
    expect(printed).toContain(`process ${site.pid}`);
  });
});

describe("the end", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "by %s leaves no process and gives the data folder back",
    async (signal) => {
      const site = await start();
      expect(judgeOf(site)).toBeDefined();
      expect(await endAndLook(site, signal)).toBe(0);
      expect(existsSync(join(data.path, "lock.json"))).toBe(false);
    },
  );

  it("by kill -9 leaves no process, and a submission accepted before it is judged after the next start", async () => {
    const site = await start();
    const password = site.password("demo-1") ?? "";
    const demo = await signIn(site, "demo-1", password);
    const { id } = await demo.call("POST", "/api/submissions", SubmissionView, slowSubmission);
    await endAndLook(site, "SIGKILL");

    const again = await signIn(await start(), "demo-1", password);
    const { submissions } = await again.call("GET", "/api/submissions", SubmissionList);
    expect(submissions.map((one) => one.id)).toEqual([id]);
    expect((await verdictOf(again, id)).judgement?.verdict).toBe("AC");
  });
});

describe("the embedded judge", () => {
  it("killed in the middle of a submission is started again, and exactly one verdict is written", async () => {
    const site = await start();
    const demo = await signIn(site, "demo-1", site.password("demo-1") ?? "");
    const { id } = await demo.call("POST", "/api/submissions", SubmissionView, slowSubmission);
    await demo.firstTestDone(id);
    const judge = judgeOf(site);
    if (!judge) throw new Error("no judge runs");
    process.kill(judge.pid, "SIGKILL");
    expect((await verdictOf(demo, id)).judgement?.verdict).toBe("AC");
    expect(judgeOf(site)?.pid).not.toBe(judge.pid);
    await endAndLook(site, "SIGINT");

    const [row] = await query(
      `SELECT (SELECT COUNT(*) FROM judgements WHERE submission = ?1) AS verdicts,
         (SELECT COUNT(DISTINCT name) = COUNT(*) FROM runs WHERE submission = ?1) AS each_test_once,
         (SELECT attempt FROM rounds WHERE submission = ?1) AS attempt`,
      id,
    );
    expect(row).toEqual({ verdicts: 1, each_test_once: 1, attempt: 2 });
  });
});

describe("options", () => {
  it("that do not exist are named, and nothing is started", async () => {
    const { code, printed } = await runStart(["--prot", "8080"]);
    expect([code, printed]).toEqual([1, expect.stringContaining("'--prot'")]);
  });

  it("are all told by --help", async () => {
    const { code, printed } = await runStart(["--help"]);
    expect(code).toBe(0);
    const options = [
      "host",
      "port",
      "data",
      "no-judge",
      "no-provider",
      "no-demo",
      "no-install",
      "reset-admin",
    ];
    for (const option of options) {
      expect(printed).toContain(`--${option}`);
    }
  });

  it("with a port in use say so, with the option that helps", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const address = other.address();
    const port = v.parse(v.object({ port: v.number() }), address).port;
    const { code, printed } = await runStart(["--port", String(port), "--data", data.path]);
    other.close();
    expect(code).toBe(1);
    expect(printed).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is in use.*--port`));
  });
});
