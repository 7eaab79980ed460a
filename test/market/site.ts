import { createHash, randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { Books, Granted, Statement } from "../../protocol/ledger.ts";
import { ApiKeySecret, ProviderToken } from "../../protocol/market.ts";
import { build } from "../../scripts/build.ts";
import { migrate, readMigrations } from "../../scripts/migrate.ts";
import { startServer, type Json } from "../../scripts/server.ts";
import type { MarketLimits } from "../../worker/market-limits.ts";
import { descendantsOf, survivors } from "../processes.ts";
import { temporaryFolder } from "../site.ts";

/** A market in a box: the real server on a folder of its own, with nobody in it yet. */
export interface MarketSite {
  url: string;
  /** What it waits for how long. */
  limits: MarketLimits;
  /** Somebody new, with so many credits (`0.25`) and an API key. */
  account(credits?: string): Promise<MarketAccount>;
  books(): Promise<Books>;
  /** What was written down of a job, once it has ended. */
  ended(job: string | null): Promise<EndedJob>;
  /** What a query gives, of which the caller names the shape. */
  rows<Row extends v.GenericSchema>(
    row: Row,
    sql: string,
    ...bindings: (string | number)[]
  ): Promise<v.InferOutput<Row>[]>;
  /** Kills the runtime as a power cut would; it is started anew on the same data and port, and answers again. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

export interface MarketAccount {
  id: string;
  /** An API key. */
  key: string;
  get<Schema extends v.GenericSchema>(path: string, schema: Schema): Promise<v.InferOutput<Schema>>;
  post<Schema extends v.GenericSchema>(
    path: string,
    schema: Schema,
    body: object,
  ): Promise<v.InferOutput<Schema>>;
  remove(path: string): Promise<void>;
  change(method: "PUT" | "PATCH", path: string, body: object): Promise<void>;
  /** A new provider of this account's, and the token that it connects with. */
  provider(id?: string): Promise<MadeProvider>;
  statement(): Promise<Statement>;
}

type MadeProvider = v.InferOutput<typeof ProviderToken>;

const EndedJob = v.object({
  consumer: v.string(),
  ended: v.string(),
  finish_reason: v.nullable(v.string()),
  error: v.nullable(v.string()),
  held: v.number(),
  prompt_bound: v.number(),
  prompt_tokens: v.number(),
  completion_tokens: v.number(),
  cost: v.number(),
});
const JobPart = v.object({
  provider: v.string(),
  owner: v.string(),
  outcome: v.nullable(v.string()),
  prompt_tokens: v.number(),
  completion_tokens: v.number(),
  cost: v.number(),
  fee: v.number(),
  earned: v.number(),
});
export type EndedJob = v.InferOutput<typeof EndedJob> & { parts: v.InferOutput<typeof JobPart>[] };

/** Long enough for a busy machine to do what is asked, short enough for a test to wait for the end of. */
const LIMITS: MarketLimits = {
  acceptMs: 1_000,
  firstTokenMs: 2_000,
  stallMs: 1_500,
  totalMs: 12_000,
  waitMs: 4_000,
  waiting: 16,
  waitingPerConsumer: 6,
  answerTokens: 200,
  saveTokens: 10,
  saveMs: 100,
};

/** How long a job may take to be written down after its answer, on a busy machine. */
const PATIENCE_MS = 20_000;

/** @param wishes limits that differ from those above, and other vars of wrangler.toml */
export async function startMarket(
  wishes: { limits?: Partial<MarketLimits>; vars?: Record<string, Json> } = {},
): Promise<MarketSite> {
  await build();
  const data = temporaryFolder();
  const limits = { ...LIMITS, ...wishes.limits };
  const vars = { ALLOWANCE_CREDITS: "0", HOLD_AHEAD_MS: 0, MARKET_LIMITS: limits, ...wishes.vars };
  const server = await startServer(data.path, (line) => console.error(`site  | ${line}`), vars);
  await migrate(await server.database(), readMigrations());
  const url = await server.open("127.0.0.1", 0);

  /** An account with a session, made in the database: to hash a password takes longer than all else. */
  const signUp = async (role: "administrator" | "member"): Promise<{ id: string; cookie: string }> => {
    const id = randomUUID();
    const session = randomBytes(32).toString("hex");
    const now = Date.now();
    const database = await server.database();
    await database.batch([
      database
        .prepare(
          `INSERT INTO users (id, username, display_name, password_hash, role, created_at)
           VALUES (?1, ?1, ?1, '-', ?2, ?3)`,
        )
        .bind(id, role, now),
      database
        .prepare("INSERT INTO sessions (token_hash, user, created_at, expires_at) VALUES (?, ?, ?, ?)")
        .bind(createHash("sha256").update(session).digest("hex"), id, now, now + 3_600_000),
    ]);
    return { id, cookie: `session=${session}` };
  };
  const administrator = await signUp("administrator");

  const rows: MarketSite["rows"] = async (row, sql, ...bindings) => {
    const statement = (await server.database()).prepare(sql).bind(...bindings);
    return v.parse(v.array(row), (await statement.all()).results);
  };
  return {
    url,
    limits,
    async account(credits = "1000") {
      const { id, cookie } = await signUp("member");
      const caller = callerOf(url, cookie);
      if (credits !== "0") {
        const grant = { key: randomUUID(), account: id, amount: credits, note: "for a test" };
        await callerOf(url, administrator.cookie).post("/api/grants", Granted, grant);
      }
      const { secret } = await caller.post("/api/keys", ApiKeySecret, { name: "test" });
      return {
        id,
        key: secret,
        ...caller,
        provider: (name = `provider-${randomBytes(6).toString("hex")}`) =>
          caller.post("/api/providers", ProviderToken, { id: name }),
        statement: () => caller.get("/api/ledger", Statement),
      };
    },
    books: () => callerOf(url, administrator.cookie).get("/api/books", Books),
    rows,
    async ended(job) {
      if (job === null) throw new Error("The answer did not say which job it was.");
      const columns = Object.keys(EndedJob.entries).join();
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(20)) {
        const sql = `SELECT ${columns} FROM jobs WHERE id = ? AND ended IS NOT NULL`;
        const [found] = await rows(EndedJob, sql, job);
        if (found === undefined) continue;
        const parts = `SELECT ${Object.keys(JobPart.entries).join()} FROM job_parts WHERE job = ? ORDER BY part`;
        return { ...found, parts: await rows(JobPart, parts, job) };
      }
      throw new Error(`The job ${job} does not end.`);
    },
    async crash() {
      const runtimes = descendantsOf(process.pid).filter(({ command }) =>
        /\bworkerd\b.* serve /.test(command),
      );
      if (runtimes.length === 0) throw new Error("There is no runtime to kill.");
      for (const { pid } of runtimes) process.kill(pid, "SIGKILL");
      await survivors(runtimes, 10_000);
      await answers(url);
    },
    async close() {
      await server.close();
      data.remove();
    },
  };
}

function callerOf(url: string, cookie: string): Pick<MarketAccount, "get" | "post" | "remove" | "change"> {
  const call = async <Schema extends v.GenericSchema>(
    path: string,
    schema: Schema,
    init: RequestInit = {},
  ) => {
    const headers = { cookie, "content-type": "application/json" };
    const response = await fetch(url + path, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return v.parse(schema, JSON.parse(text));
  };
  return {
    get: (path, schema) => call(path, schema),
    post: (path, schema, body) => call(path, schema, { method: "POST", body: JSON.stringify(body) }),
    remove: async (path) => void (await call(path, v.unknown(), { method: "DELETE" })),
    change: async (method, path, body) =>
      void (await call(path, v.unknown(), { method, body: JSON.stringify(body) })),
  };
}

/** Waits until a killed site serves again. */
async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 60_000; ; await sleep(50)) {
    try {
      const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
    } catch (error) {
      if (Date.now() > end) throw new Error("The site does not come back.", { cause: error });
    }
  }
}
