import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asAdministrator, prepareInstallation, renewAdministrator } from "../../installation.ts";
import { migrate, readMigrations } from "../../migrate.ts";
import { type Database, type Server, startServer } from "../../server.ts";
import { endWithParent, tellParent } from "./parent.ts";

/**
 * A process: the site as `npm start` runs it, on a folder of its own that goes with it, with an account that has credits and a
 * key, and a provider of somebody else's.
 */
const CREDITS = "1000000";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const secret = (kind: "key" | "provider"): string => `tab-${kind}-${randomBytes(32).toString("hex")}`;

async function addAccount(database: Database): Promise<string> {
  const user = randomUUID();
  await database
    .prepare(
      `INSERT INTO users (id, username, display_name, password_hash, role, created_at)
       VALUES (?1, ?1, ?1, '-', 'member', ?2)`,
    )
    .bind(user, Date.now())
    .run();
  return user;
}

async function giveCredits(server: Server, user: string): Promise<void> {
  await asAdministrator(await server.database(), async (cookie) => {
    const granted = await server.fetch("/api/grants", {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ key: randomUUID(), account: user, amount: CREDITS, note: "for the benchmark" }),
    });
    if (granted.status !== 201) throw new Error(`no credits were granted: ${await granted.text()}`);
  });
}

async function addKey(database: Database, user: string): Promise<string> {
  const key = secret("key");
  await database
    .prepare("INSERT INTO api_keys (id, user, name, secret_hash, hint, created_at) VALUES (?, ?, ?, ?, ?, ?)")
    .bind(randomUUID(), user, "benchmark", sha256(key), key.slice(-4), Date.now())
    .run();
  return key;
}

async function addProvider(database: Database, owner: string): Promise<string> {
  const token = secret("provider");
  await database
    .prepare("INSERT INTO providers (id, owner, token_hash, created_at) VALUES (?, ?, ?, ?)")
    .bind("bench-provider", owner, sha256(token), Date.now())
    .run();
  return token;
}

const data = await mkdtemp(join(tmpdir(), "bench-relay-"));
let server: Server | null = null;
const end = async (): Promise<void> => {
  await server?.close();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
};
endWithParent(end);
try {
  server = await startServer(data, (line) => console.error(`site  | ${line}`));
  const database = await server.database();
  await migrate(database, readMigrations());
  await prepareInstallation(database);
  await renewAdministrator(database);
  const consumer = await addAccount(database);
  await giveCredits(server, consumer);
  const key = await addKey(database, consumer);
  const token = await addProvider(database, await addAccount(database));
  const url = await server.open("127.0.0.1", 0);
  tellParent({ type: "ready", url, key, token });
} catch (error) {
  console.error(error);
  await end();
  process.exit(1);
}
