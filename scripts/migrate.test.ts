import { Miniflare } from "miniflare";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Migration } from "./build-worker.ts";
import { migrate } from "./migrate.ts";
import type { Database } from "./server.ts";

const first: Migration = {
  name: "0001_a.sql",
  sha256: "a1",
  statements: ["CREATE TABLE a (x)", "INSERT INTO a VALUES (1)"],
};
const second: Migration = { name: "0002_b.sql", sha256: "b1", statements: ["CREATE TABLE b (x)"] };

let miniflare: Miniflare;
let database: Database;
let databases = 0;

beforeAll(async () => {
  const env = Object.fromEntries(
    Array.from({ length: 8 }, (_, at) => [`DB${at}`, { type: "d1" as const, id: `db${at}` }]),
  );
  miniflare = new Miniflare({
    cf: false,
    telemetry: { enabled: false },
    workers: [
      {
        config: {
          name: "test",
          compatibilityDate: "2026-10-23",
          manifest: {
            mainModule: "index.js",
            modulesRoot: import.meta.dirname,
            modules: { "index.js": { type: "esm", contents: "export default {}" } },
          },
          env,
        },
      },
    ],
  });
  await miniflare.ready;
}, 30_000);
afterAll(() => miniflare.dispose());
beforeEach(async () => void (database = await miniflare.getD1Database(`DB${databases++}`)));

const tables = async (): Promise<string[]> => {
  const { results } = await database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('a', 'b', 'broken') ORDER BY name",
    )
    .all<{ name: string }>();
  return results.map(({ name }) => name);
};

describe("migrations", () => {
  it("are applied in order, each once", async () => {
    expect(await migrate(database, [first])).toEqual(["0001_a.sql"]);
    expect(await migrate(database, [first, second])).toEqual(["0002_b.sql"]);
    expect(await migrate(database, [first, second])).toEqual([]);
    expect(await tables()).toEqual(["a", "b"]);
  });

  it("stand in the table that wrangler reads", async () => {
    await migrate(database, [first, second]);
    const { results } = await database.prepare("SELECT id, name FROM d1_migrations ORDER BY id").all();
    expect(results).toEqual([
      { id: 1, name: "0001_a.sql" },
      { id: 2, name: "0002_b.sql" },
    ]);
  });

  it("happen as a whole or not at all", async () => {
    const broken: Migration = {
      name: "0002_x.sql",
      sha256: "x",
      statements: ["CREATE TABLE broken (x)", "INSERT INTO none VALUES (1)"],
    };
    await expect(migrate(database, [first, broken])).rejects.toThrow("none");
    expect(await tables()).toEqual(["a"]);
    expect(await migrate(database, [first, second])).toEqual(["0002_b.sql"]);
  });

  it("are refused, with nothing done, when one was changed after it was applied", async () => {
    await migrate(database, [first]);
    await expect(migrate(database, [{ ...first, sha256: "a2" }, second])).rejects.toThrow(
      /0001_a\.sql was changed/,
    );
    expect(await tables()).toEqual(["a"]);
  });

  it("are refused, with nothing done, when one that was applied is gone", async () => {
    await migrate(database, [first]);
    await expect(migrate(database, [second])).rejects.toThrow(/0001_a\.sql, which is not in migrations/);
    expect(await tables()).toEqual(["a"]);
  });

  it("that wrangler has applied are not applied again", async () => {
    await database
      .prepare(
        "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
      )
      .run();
    await database.prepare("INSERT INTO d1_migrations (name) VALUES ('0001_a.sql')").run();
    expect(await migrate(database, [first, second])).toEqual(["0002_b.sql"]);
  });
});
