import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { zipSync } from "fflate";
import * as v from "valibot";
import { WebSocket } from "ws";
import type { LanguageId } from "../../protocol/language.ts";
import { JudgingStatus, LiveAccountMessage, SubmissionView, type Submit } from "../../protocol/submission.ts";
import {
  asAdministrator,
  prepareInstallation,
  renewAdministrator,
  renewJudgeToken,
} from "../installation.ts";
import { runJudge } from "../judge-process.ts";
import { migrate, readMigrations } from "../migrate.ts";
import { type Database, startServer, type Server } from "../server.ts";

/** A site with one judge and one signed-in account, on a folder of its own that goes with it. */
export interface BenchSite {
  /** Imports and publishes a package; the name in its folder's place. */
  publish(name: string, files: Readonly<Record<string, string>>): Promise<void>;
  submit(problem: string, language: LanguageId, source: string): Promise<SubmissionView>;
  /** Every message of the account's feed from now on, with the time at which it came. */
  listen(heard: (message: LiveAccountMessage, at: number) => void): Promise<() => void>;
  /** What the judge can judge. */
  languages: readonly LanguageId[];
  /** What the judge prints, line by line. */
  onJudgeLine(heard: (line: string) => void): void;
  close(): Promise<void>;
}

/** Requests of many accounts at once would need many accounts: the benchmark measures judging, not limits. */
const ACCOUNTS = 40;

/**
 * @param slots - how many submissions the judge judges at once; no more than there are processors
 */
export async function openBenchSite(slots: number): Promise<BenchSite> {
  const data = await mkdtemp(join(tmpdir(), "bench-site-"));
  const server = await startServer(data, (line) => console.error(`site  | ${line}`));
  const lines = new Set<(line: string) => void>();
  try {
    const database = await server.database();
    await migrate(database, readMigrations());
    await prepareInstallation(database);
    await renewAdministrator(database);
    const cookies = await Promise.all(Array.from({ length: ACCOUNTS }, () => signedIn(database)));
    const token = await renewJudgeToken(database);
    const url = await server.open("127.0.0.1", 0);
    const endJudge = runJudge(
      { url, token, cache: join(data, "judge"), slots: Math.min(slots, availableParallelism()) },
      (line) => {
        for (const heard of lines) heard(line);
      },
    );
    const languages = await languagesOffered(server);
    let turn = 0;
    return {
      languages,
      publish: async (name, files) => publish(server, await server.database(), name, files),
      submit: (problem, language, source) =>
        submit(url, cookies[turn++ % ACCOUNTS] ?? "", problem, language, source),
      listen: (heard) => listen(url, cookies, heard),
      onJudgeLine: (heard) => void lines.add(heard),
      close: async () => {
        await endJudge();
        await server.close();
        await rm(data, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (error) {
    await server.close();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

/** A session of a new account; its cookie. */
async function signedIn(database: Database): Promise<string> {
  const user = randomUUID();
  const token = randomBytes(32).toString("hex");
  const hash = createHash("sha256").update(token).digest("hex");
  const now = Date.now();
  await database.batch([
    database
      .prepare(
        `INSERT INTO users (id, username, display_name, password_hash, role, created_at)
         VALUES (?1, ?1, ?1, '-', 'member', ?2)`,
      )
      .bind(user, now),
    database
      .prepare("INSERT INTO sessions (token_hash, user, created_at, expires_at) VALUES (?, ?, ?, ?)")
      .bind(hash, user, now, now + 3_600_000),
  ]);
  return `session=${token}`;
}

/** Waits until the judge has found out what it can. */
async function languagesOffered(server: Server): Promise<LanguageId[]> {
  for (;;) {
    const answer = await server.fetch("/api/judging");
    const { judges } = v.parse(JudgingStatus, JSON.parse(await answer.text()));
    const [judge] = judges;
    if (judge !== undefined && judge.slots === 0) throw new Error(`nothing is judged here: ${judge.reason}`);
    if (judge !== undefined) return judge.languages.map(({ id }) => id);
    await sleep(100);
  }
}

async function publish(
  server: Server,
  database: Database,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const encoder = new TextEncoder();
  const zip = zipSync(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, encoder.encode(text)])),
  );
  await asAdministrator(database, async (cookie) => {
    const headers = { cookie, "content-type": "application/zip" };
    const imported = await server.fetch(`/api/problems?name=${name}`, { method: "POST", headers, body: zip });
    if (imported.status !== 201) throw new Error(`${name} was not imported: ${await imported.text()}`);
    const published = await server.fetch(`/api/problems/${name}/publish`, {
      method: "POST",
      headers: { cookie },
    });
    if (published.status >= 300) throw new Error(`${name} was not published: ${await published.text()}`);
  });
}

async function submit(
  url: string,
  cookie: string,
  problem: string,
  language: LanguageId,
  source: string,
): Promise<SubmissionView> {
  const body = {
    problem,
    language,
    files: [{ name: "main.txt", text: source }],
    entryPoint: null,
  } satisfies Submit;
  const answer = await fetch(`${url}/api/submissions`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`a submission was refused: ${answer.status} ${text}`);
  return v.parse(SubmissionView, JSON.parse(text));
}

async function listen(
  url: string,
  cookies: readonly string[],
  heard: (message: LiveAccountMessage, at: number) => void,
): Promise<() => void> {
  const sockets = await Promise.all(
    cookies.map(async (cookie) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/live/me`, { headers: { cookie } });
      socket.on("message", (data) =>
        heard(v.parse(LiveAccountMessage, JSON.parse(String(data))), performance.now()),
      );
      await once(socket, "open");
      return socket;
    }),
  );
  return () => {
    for (const socket of sockets) socket.close();
  };
}
