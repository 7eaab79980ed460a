import { createServer } from "node:net";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { childrenOf, readFiles, whyNoSandbox } from "../judge/testing.ts";
import { demoContest } from "../problems/demo.ts";
import { SessionView } from "../protocol/account.ts";
import { Board, type Cell, ContestView } from "../protocol/contest.ts";
import { JudgeToken } from "../protocol/judge-list.ts";
import { JurySubmissionList, type JurySubmissionView } from "../protocol/jury.ts";
import type { LanguageId } from "../protocol/language.ts";
import { SubmissionList, SubmissionView } from "../protocol/submission.ts";
import { penalised, type Verdict } from "../protocol/verdict.ts";
import { readPackage } from "../rules/package/read.ts";
import { seededRandom } from "../rules/seeded-random.ts";
import { runJudge } from "../scripts/judge-process.ts";
import { startServer } from "../scripts/server.ts";
import { descendantsOf, survivors } from "./processes.ts";
import { Client, startSite, temporaryFolder, type Site } from "./site.ts";

const long = process.env["TEST_LONG"] === "1";
const KILLS = long ? 20 : 3;
const TEAMS = 5;
const PER_TEAM = long ? 6 : 3;
const JUDGES = 2;

/** The languages that a judge of any kind has: the test is of what is lost, not of languages. */
const LANGUAGES: readonly LanguageId[] = ["c", "cpp", "java", "javascript", "python3"];

/** Longer than a judge needs to start, and a lease to expire, on a busy machine. */
const PATIENCE_MS = 300_000;

/** A jury submission of a shipped problem, whose one verdict is known. */
interface Program {
  problem: string;
  label: string;
  language: LanguageId;
  name: string;
  text: string;
  expected: Verdict;
}

interface Team {
  name: string;
  client: Client;
  sent: { id: string; program: Program }[];
}

let data: ReturnType<typeof temporaryFolder>;
let site: Site | null = null;
const judges: (() => Promise<void>)[] = [];
let told: string[] = [];
/** Ends the test without an outcome. */
let skip: (why: string) => never;

beforeEach(() => {
  data = temporaryFolder();
  told = [];
  vi.stubEnv("JUDGE_LANGUAGES", LANGUAGES.join());
});
afterEach(async () => {
  await Promise.all(judges.splice(0).map((end) => end()));
  await site?.end("SIGINT");
  site = null;
  vi.unstubAllEnvs();
  data.remove();
});

describe.skipIf((await whyNoSandbox()) !== null)("whatever is killed while submissions are judged", () => {
  it(
    "each gets its verdict, once, and the right one",
    { timeout: long ? 45 * 60_000 : 10 * 60_000 },
    async (context) => {
      skip = (why) => context.skip(why);
      const seed = Number(process.env["TEST_SEED"] ?? Date.now() % 2 ** 31);
      console.log(`lost and found: TEST_SEED=${seed}`);
      const random = seededRandom(seed);
      const port = await freePort();
      const start = async (): Promise<Site> =>
        (site = await startSite(data.path, ["--no-judge", "--port", String(port)]));

      const { url, password } = await start();
      const admin = new Client(url);
      await admin.call("POST", "/api/session", SessionView, {
        login: "admin",
        password: password("admin") ?? "",
      });
      const teams = await registerTeams(url);
      await submitAll(teams, await readPrograms(), random);
      for (let number = 1; number <= JUDGES; number++) await startJudge(admin, url, number);
      await killAtRandom(admin, random, start);
      console.log(told.filter((line) => line.startsWith("kill ")).join("\n"));

      await judged(admin, TEAMS * PER_TEAM);
      for (const { client, sent } of teams) {
        const { submissions } = await client.call(
          "GET",
          `/api/submissions?contest=${demoContest.slug}`,
          SubmissionList,
        );
        const verdicts = new Map(submissions.map(({ id, judgement }) => [id, judgement?.verdict]));
        expect(sent.map(({ id, program }) => [program.name, verdicts.get(id)])).toEqual(
          sent.map(({ program }) => [program.name, program.expected]),
        );
      }
      const board = await admin.call("GET", `/api/contests/${demoContest.slug}/scoreboard`, Board);
      expect(standing(board)).toEqual(expectedStanding(teams));
      await site?.end("SIGINT");
      site = null;
      expect(await rowsOf(teams)).toEqual(
        teams.flatMap(({ sent }) =>
          sent.map(({ id }) => ({ id, rounds: 1, judged: 1, judgements: 1, events: 1 })),
        ),
      );
    },
  );
});

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The shipped problems' jury submissions of which one verdict alone is expected. */
async function readPrograms(): Promise<Program[]> {
  const programs: Program[] = [];
  for (const [index, problem] of demoContest.problems.entries()) {
    const { package: pkg } = readPackage(
      await readFiles(resolve(import.meta.dirname, "../problems", problem)),
      problem,
    );
    for (const { path, language, files, expected } of pkg?.submissions ?? []) {
      const [file, ...others] = [...files.values()];
      const [verdict, ...further] = expected;
      if (file === undefined || others.length > 0 || verdict === undefined || further.length > 0) continue;
      if (language === null || !LANGUAGES.includes(language)) continue;
      programs.push({
        problem,
        label: String.fromCharCode(65 + index),
        language,
        name: `${problem}: ${path}`,
        text: new TextDecoder().decode(file),
        expected: verdict,
      });
    }
  }
  return programs;
}

async function registerTeams(url: string): Promise<Team[]> {
  const teams: Team[] = [];
  for (let number = 1; number <= TEAMS; number++) {
    const client = new Client(url);
    const name = `Team ${number}`;
    await client.call("POST", "/api/accounts", SessionView, {
      username: `team-${number}`,
      password: "correct horse battery",
    });
    await client.call("POST", `/api/contests/${demoContest.slug}/teams`, ContestView, { name });
    teams.push({ name, client, sent: [] });
  }
  return teams;
}

/** Half of them accepted ones, so that the board has something on it. */
async function submitAll(
  teams: readonly Team[],
  programs: readonly Program[],
  random: () => number,
): Promise<void> {
  const accepted = programs.filter(({ expected }) => expected === "AC");
  const rejected = programs.filter(({ expected }) => expected !== "AC");
  for (let turn = 0; turn < PER_TEAM; turn++) {
    for (const { client, sent } of teams) {
      const program = pick(random() < 0.5 ? accepted : rejected, random);
      const { problem, language, name, text } = program;
      const file = { name: name.slice(name.lastIndexOf("/") + 1), text };
      const { id } = await client.call("POST", "/api/submissions", SubmissionView, {
        problem,
        contest: demoContest.slug,
        language,
        files: [file],
        entryPoint: null,
      });
      sent.push({ id, program });
    }
  }
}

function pick<T>(choices: readonly T[], random: () => number): T {
  const chosen = choices[Math.floor(random() * choices.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}

async function startJudge(admin: Client, url: string, number: number): Promise<void> {
  const { token } = await admin.call("POST", "/api/judges", JudgeToken, { name: `judge ${number}` });
  const settings = { url, token, cache: join(data.path, `judge-${number}`), slots: 1 };
  judges.push(runJudge(settings, (line) => void told.push(`judge ${number}: ${line}`)));
}

async function submissionsOf(admin: Client): Promise<JurySubmissionView[]> {
  const path = `/api/contests/${demoContest.slug}/submissions`;
  return (await admin.call("GET", path, JurySubmissionList)).submissions;
}

/** Waits until so many have a verdict. A judging error would be none of the test's making: then it has failed. */
async function judged(admin: Client, count: number): Promise<JurySubmissionView[]> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(300)) {
    const submissions = await submissionsOf(admin);
    const failed = submissions.find(({ roundState }) => roundState === "failed");
    // So busy that three times in a row nothing could be measured: that says nothing of what is lost.
    if (failed?.failure.includes("the host is overloaded")) skip(failed.failure);
    if (failed) throw new Error(`${failed.id} got no verdict: ${failed.failure}\n${told.join("\n")}`);
    if (submissions.filter(({ state }) => state === "judged").length >= count) return submissions;
    if (Date.now() > end) throw new Error(`fewer than ${count} verdicts:\n${told.join("\n")}`);
  }
}

/**
 * Kills with SIGKILL, spread over all the judging. A third failure of one submission would be a judging error, which is as
 * it should be but not what is tested: so a submission that has been hit twice is in danger of the server's end only.
 */
async function killAtRandom(admin: Client, random: () => number, start: () => Promise<Site>): Promise<void> {
  const hits = new Map<string, number>();
  for (let kill = 1; kill <= KILLS; kill++) {
    await judged(admin, Math.floor((kill * TEAMS * PER_TEAM) / (KILLS + 1)));
    await sleep(random() * 1500);
    const judging = (await submissionsOf(admin)).filter(({ state }) => state === "judging");
    const kind = pick(["judge", "supervisor", "server"] as const, random);
    const victims =
      kind === "server" || judging.some(({ id }) => (hits.get(id) ?? 0) >= 2) ? [] : await victimsOf(kind);
    if (victims.length === 0) {
      told.push(`kill ${kill}: the server`);
      await killServer();
      await start();
      continue;
    }
    for (const { id } of judging) hits.set(id, (hits.get(id) ?? 0) + 1);
    const victim = pick(victims, random);
    told.push(`kill ${kill}: a ${kind}, process ${victim}`);
    try {
      process.kill(victim, "SIGKILL");
    } catch {
      // It ended in the meantime, which is as good.
    }
  }
}

/** Judges are children of ours, and supervisors are theirs. */
async function victimsOf(kind: "judge" | "supervisor"): Promise<number[]> {
  const found = descendantsOf(process.pid).filter(({ command }) => command.includes("judge/main.ts"));
  const pids = found.map(({ pid }) => pid);
  return kind === "judge" ? pids : (await Promise.all(pids.map(childrenOf))).flat();
}

async function killServer(): Promise<void> {
  const before = site?.processes() ?? [];
  await site?.end("SIGKILL");
  site = null;
  expect(await survivors(before, 10_000)).toEqual([]);
}

type Standing = Record<string, { solved: boolean; rejected: number; pending: number }>;

function standing({ teams, cells }: Board): Standing {
  const nameOf = (cell: Cell): string => teams.find(({ id }) => id === cell.team)?.name ?? "";
  return Object.fromEntries(
    cells.map((cell) => {
      const solved = cell.solvedAt !== null;
      const rejected = cell.attempts - Number(solved);
      return [`${nameOf(cell)} ${cell.label}`, { solved, rejected, pending: cell.pending }];
    }),
  );
}

/** What follows from the order of submitting, whatever the order of judging was. */
function expectedStanding(teams: readonly Team[]): Standing {
  const cells: Standing = {};
  for (const { name, sent } of teams) {
    for (const { program } of sent) {
      const cell = (cells[`${name} ${program.label}`] ??= { solved: false, rejected: 0, pending: 0 });
      if (cell.solved) continue;
      if (program.expected === "AC") cell.solved = true;
      else if (penalised.has(program.expected)) cell.rejected++;
    }
  }
  return cells;
}

/** What was written down for each submission, in the order in which the teams sent them. */
async function rowsOf(teams: readonly Team[]): Promise<Record<string, unknown>[]> {
  const server = await startServer(data.path, () => {});
  try {
    const database = await server.database();
    const count = database.prepare(
      `SELECT id,
         (SELECT COUNT(*) FROM rounds WHERE submission = s.id) AS rounds,
         (SELECT COUNT(*) FROM rounds WHERE submission = s.id AND state = 'judged') AS judged,
         (SELECT COUNT(*) FROM judgements WHERE submission = s.id) AS judgements,
         (SELECT COUNT(*) FROM contest_events
          WHERE event ->> 'type' = 'judgement' AND event ->> 'submission' = s.id) AS events
       FROM submissions s WHERE id = ?`,
    );
    const rows: Record<string, unknown>[] = [];
    for (const { id } of teams.flatMap(({ sent }) => sent))
      rows.push(...(await count.bind(id).all()).results);
    return rows;
  } finally {
    await server.close();
  }
}
