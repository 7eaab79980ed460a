import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { JudgeToken } from "../../protocol/judge-list.ts";
import { build } from "../../scripts/build.ts";
import { PROBLEMS } from "../../scripts/folders.ts";
import { migrate, readMigrations } from "../../scripts/migrate.ts";
import { startServer, type Database } from "../../scripts/server.ts";
import { temporaryFolder } from "../site.ts";
import { startScriptedJudge, type ScriptedJudgeOptions } from "./scripted-judge.ts";

/** A site with problems and a scripted judge, on a folder of its own. */
export interface Hall {
  url: string;
  administrator: Person;
  nobody: Person;
  /** A new account, signed in. */
  person(username: string): Promise<Person>;
  close(): Promise<void>;
}

/** Somebody who asks the site for something. */
export interface Person {
  username: string;
  headers: Readonly<Record<string, string>>;
  send(method: string, path: string, body?: unknown): Promise<Response>;
  /** Sends JSON and parses the answer, which must be a success. */
  call<Schema extends v.GenericSchema>(
    method: string,
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<v.InferOutput<Schema>>;
}

/**
 * @param problems - the demo's, by their slugs, which are published
 * @param verdictOf - what the judge says
 */
export async function openHall(
  problems: readonly string[],
  verdictOf?: ScriptedJudgeOptions["verdictOf"],
): Promise<Hall> {
  await build();
  const data = temporaryFolder();
  const server = await startServer(data.path, (line) => console.error(`site  | ${line}`));
  await migrate(await server.database(), readMigrations());
  const url = await server.open("127.0.0.1", 0);
  const person = async (username: string, role: "administrator" | "member"): Promise<Person> =>
    personAt(url, username, await signedUp(await server.database(), username, role));
  const administrator = await person("admin", "administrator");
  for (const slug of problems) await publish(url, administrator, slug);
  const { token } = await administrator.call("POST", "/api/judges", JudgeToken, { name: "scripted" });
  const judge = startScriptedJudge({ url, token, ...(verdictOf && { verdictOf }) });
  return {
    url,
    administrator,
    nobody: personAt(url, "", {}),
    person: (username) => person(username, "member"),
    async close() {
      await judge.stop();
      await server.close();
      data.remove();
    },
  };
}

/** An account with a session, made in the database: to hash a password takes longer than all else. */
async function signedUp(
  database: Database,
  username: string,
  role: "administrator" | "member",
): Promise<Person["headers"]> {
  const id = randomUUID();
  const session = randomBytes(32).toString("hex");
  const now = Date.now();
  await database.batch([
    database
      .prepare(
        `INSERT INTO users (id, username, display_name, password_hash, role, created_at)
         VALUES (?1, ?2, ?2, '-', ?3, ?4)`,
      )
      .bind(id, username, role, now),
    database
      .prepare("INSERT INTO sessions (token_hash, user, created_at, expires_at) VALUES (?, ?, ?, ?)")
      .bind(createHash("sha256").update(session).digest("hex"), id, now, now + 3_600_000),
  ]);
  return { cookie: `session=${session}` };
}

async function publish(url: string, administrator: Person, slug: string): Promise<void> {
  const imported = await fetch(`${url}/api/problems?name=${slug}`, {
    method: "POST",
    headers: administrator.headers,
    body: readFileSync(join(PROBLEMS, `${slug}.zip`)),
  });
  if (!imported.ok) throw new Error(`${slug} cannot be imported: ${await imported.text()}`);
  await administrator.call("POST", `/api/problems/${slug}/publish`, v.unknown());
}

function personAt(url: string, username: string, headers: Person["headers"]): Person {
  const send: Person["send"] = (method, path, body) =>
    fetch(url + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    username,
    headers,
    send,
    async call(method, path, schema, body) {
      const answer = await send(method, path, body);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
      return v.parse(schema, JSON.parse(text));
    },
  };
}
