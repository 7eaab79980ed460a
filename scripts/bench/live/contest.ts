import { createHash, randomBytes, randomUUID } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import * as v from "valibot";
import { type ContestEvent, ContestView, type ContestForm } from "../../../protocol/contest.ts";
import { type SubmissionView } from "../../../protocol/submission.ts";
import { migrate, readMigrations } from "../../migrate.ts";
import { type Database, startServer, type Server } from "../../server.ts";

/** One contest on the real server, with teams that can submit at once. Nothing judges there yet. */
export interface StagedContest {
  url: string;
  /** The contest's id in the database. */
  id: string;
  /** Of the administrator, who owns the contest. */
  cookie: string;
  /** What a judge connects with. */
  judgeToken: string;
  problems: readonly StagedProblem[];
  teams: readonly StagedTeam[];
  server: Server;
}

export interface StagedProblem {
  label: string;
  slug: string;
}

export interface StagedTeam {
  id: string;
  name: string;
  /** A session of each of its members. */
  cookies: readonly string[];
}

/** The address of the one contest. */
export const SLUG = "staged";

/**
 * Starts the built Worker on `data` with a contest. Accounts and teams are written straight into the database, where a
 * password for each would take longer than all else; problems come by the same request as anybody's.
 */
export async function stageContest(
  data: string,
  counts: { teams: number; members: number; problems: number },
  times: Pick<ContestForm, "startAt" | "durationMinutes" | "freezeMinutes">,
): Promise<StagedContest> {
  const server = await startServer(data, (line) => console.error(`site  | ${line}`));
  try {
    await migrate(await server.database(), readMigrations());
    const [administrator] = await signedUp(await server.database(), 1, "administrator");
    const cookie = administrator?.cookie ?? "";
    const judgeToken = await newJudge(await server.database());
    const url = await server.open("127.0.0.1", 0);
    const problems = Array.from({ length: counts.problems }, (_, at) => ({
      label: String.fromCharCode(65 + at),
      slug: `sum-${at + 1}`,
    }));
    for (const { slug } of problems) await publish(server, cookie, slug);
    await call({ url, cookie }, "POST", "/api/contests", ContestView, {
      slug: SLUG,
      name: "Staged",
      format: { type: "icpc", penaltyMinutes: 20 },
      languages: null,
      problems: problems.map(({ slug }) => slug),
      limits: {},
      windowMinutes: null,
      ...times,
    } satisfies ContestForm);
    const database = await server.database();
    const id = await database.prepare("SELECT id FROM contests").first<string>("id");
    if (id === null) throw new Error("The contest was not made.");
    const teams = await registered(database, id, counts.teams, counts.members);
    return { url, id, cookie, judgeToken, problems, teams, server };
  } catch (error) {
    await server.close();
    throw error;
  }
}

interface Caller {
  url: string;
  cookie: string;
}

/** Sends JSON and reads what a success answers. */
export async function call<Schema extends v.GenericSchema>(
  { url, cookie }: Caller,
  method: "GET" | "POST",
  path: string,
  schema: Schema,
  body?: object,
): Promise<v.InferOutput<Schema>> {
  const response = await fetch(url + path, {
    method,
    headers: { cookie, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return v.parse(schema, JSON.parse(text));
}

/** What an author needs to know of a submission. */
const Submitted = v.object({ id: v.string(), submittedAt: v.number() });
type Submitted = Pick<SubmissionView, "id" | "submittedAt">;

/** Submits a text to a problem of the contest. */
export const submit = (caller: Caller, problem: StagedProblem, text: string): Promise<Submitted> =>
  call(caller, "POST", "/api/submissions", Submitted, {
    problem: problem.slug,
    contest: SLUG,
    language: "python3",
    files: [{ name: "main.py", text }],
    entryPoint: null,
  });

/** A statement of the database takes at most 2 MB. */
const EVENTS_AT_ONCE = 2_000;

/** Appends to the contest's log, in as few statements as can be. */
export async function append(
  database: Database,
  contest: string,
  events: readonly ContestEvent[],
): Promise<void> {
  for (let from = 0; from < events.length; from += EVENTS_AT_ONCE)
    await database
      .prepare(
        `INSERT INTO contest_events (contest, seq, event, at)
         SELECT ?1, (SELECT COALESCE(MAX(seq), 0) FROM contest_events WHERE contest = ?1) + key + 1, value, ?3
         FROM json_each(?2)`,
      )
      .bind(contest, JSON.stringify(events.slice(from, from + EVENTS_AT_ONCE)), Date.now())
      .run();
}

interface SignedUp {
  id: string;
  cookie: string;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** New accounts, each with a session. */
async function signedUp(
  database: Database,
  count: number,
  role: "administrator" | "member",
): Promise<SignedUp[]> {
  const made = Array.from({ length: count }, () => ({
    id: randomUUID(),
    token: randomBytes(32).toString("hex"),
  }));
  const rows = JSON.stringify(made.map(({ id, token }) => ({ id, hash: sha256(token) })));
  const now = Date.now();
  await database.batch([
    database
      .prepare(
        `INSERT INTO users (id, username, display_name, password_hash, role, created_at)
         SELECT value ->> 'id', value ->> 'id', value ->> 'id', '-', ?2, ?3 FROM json_each(?1)`,
      )
      .bind(rows, role, now),
    database
      .prepare(
        `INSERT INTO sessions (token_hash, user, created_at, expires_at)
         SELECT value ->> 'hash', value ->> 'id', ?2, ?3 FROM json_each(?1)`,
      )
      .bind(rows, now, now + 3 * 3_600_000),
  ]);
  return made.map(({ id, token }) => ({ id, cookie: `session=${token}` }));
}

async function newJudge(database: Database): Promise<string> {
  const token = randomBytes(32).toString("hex");
  await database
    .prepare("INSERT INTO judges (id, name, token_hash, created_at) VALUES ('staged', 'staged', ?, ?)")
    .bind(sha256(token), Date.now())
    .run();
  return token;
}

/** Teams with their members, in the database and in the log. */
async function registered(
  database: Database,
  contest: string,
  count: number,
  members: number,
): Promise<StagedTeam[]> {
  const accounts = await signedUp(database, count * members, "member");
  const teams = Array.from({ length: count }, (_, at) => ({
    id: randomUUID(),
    name: `Team ${String(at + 1).padStart(3, "0")}`,
    members: accounts.slice(at * members, (at + 1) * members),
  }));
  const rows = JSON.stringify(
    teams.map((team) => ({ ...team, members: team.members.map((member) => member.id) })),
  );
  await database.batch([
    database
      .prepare(
        `INSERT INTO teams (id, contest, name, created_at)
         SELECT value ->> 'id', ?2, value ->> 'name', ?3 FROM json_each(?1)`,
      )
      .bind(rows, contest, Date.now()),
    database
      .prepare(
        `INSERT INTO team_members (contest, user, team)
         SELECT ?2, member.value, team.value ->> 'id'
         FROM json_each(?1) team, json_each(team.value, '$.members') member`,
      )
      .bind(rows, contest),
  ]);
  await append(
    database,
    contest,
    teams.map(({ id, name }) => ({ type: "team", team: id, name, group: null, organisation: null })),
  );
  return teams.map(({ id, name, members: ofTeam }) => ({
    id,
    name,
    cookies: ofTeam.map(({ cookie }) => cookie),
  }));
}

async function publish(server: Server, cookie: string, slug: string): Promise<void> {
  const files = {
    "problem.yaml": `problem_format_version: 2025-09
name: Sum ${slug}
uuid: ${randomUUID()}
license: cc0
rights_owner: nobody
limits:
  time_limit: 1
`,
    "statement/problem.en.md": "Add two numbers.\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/1.in": "20 22\n",
    "data/secret/1.ans": "42\n",
    "submissions/accepted/sum.py": "print(sum(map(int, input().split())))\n",
    "input_validators/any.py": "import sys\nsys.exit(42)\n",
  };
  const zip = zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
  const headers = { cookie, "content-type": "application/zip" };
  const imported = await server.fetch(`/api/problems?name=${slug}`, { method: "POST", headers, body: zip });
  if (imported.status !== 201) throw new Error(`${slug} was not imported: ${await imported.text()}`);
  const published = await server.fetch(`/api/problems/${slug}/publish`, {
    method: "POST",
    headers: { cookie },
  });
  if (published.status >= 300) throw new Error(`${slug} was not published: ${await published.text()}`);
}
