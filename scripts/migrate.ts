import { readFileSync } from "node:fs";
import { workerFiles, type Migration } from "./build-worker.ts";
import type { Database } from "./server.ts";

// wrangler's own table, so that both can be used on one database.
const APPLIED = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;
const HASHES =
  "CREATE TABLE IF NOT EXISTS migration_hashes (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT";

/** The migrations as the build has split them. */
export function readMigrations(): Migration[] {
  const migrations: Migration[] = JSON.parse(readFileSync(workerFiles.migrations, "utf8"));
  return migrations;
}

/**
 * Applies, in order, every migration that the database has not had; each as one batch, which happens as a whole or not.
 *
 * @returns the names of those applied now
 * @throws a sentence when a migration that was applied has changed or is gone: the database is then of another making than
 *   this code, and nothing is touched
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  await database.batch([database.prepare(APPLIED), database.prepare(HASHES)]);
  const { results } = await database
    .prepare(
      "SELECT d1_migrations.name, sha256 FROM d1_migrations LEFT JOIN migration_hashes USING (name) ORDER BY id",
    )
    .all<{ name: string; sha256: string | null }>();
  const applied = new Map(results.map(({ name, sha256 }) => [name, sha256]));
  for (const [name, sha256] of applied) {
    const file = migrations.find((migration) => migration.name === name);
    if (!file)
      throw new Error(`The database has had the migration ${name}, which is not in migrations/. ${REMEDY}`);
    if (sha256 !== null && sha256 !== file.sha256) {
      throw new Error(`The migration ${name} was changed after the database had had it. ${REMEDY}`);
    }
  }
  const missing = migrations.filter(({ name }) => !applied.has(name));
  for (const { name, sha256, statements } of missing) {
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
      database.prepare("INSERT INTO migration_hashes (name, sha256) VALUES (?, ?)").bind(name, sha256),
    ]);
  }
  return missing.map(({ name }) => name);
}

const REMEDY =
  "Migrations are only ever added. Go back to the code that this data folder was used with, or start with a new one " +
  "(npm start -- --data FOLDER).";
