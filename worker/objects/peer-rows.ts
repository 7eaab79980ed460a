import * as v from "valibot";
import { PeerRole } from "../../protocol/peer-signal.ts";
import { Kept, type Place } from "../../rules/peer-hub.ts";

/**
 * What a signalling hub writes down, in a database of its own: nothing that is not made again soon. Messages that wait are of it, as
 * sockets outlive the object that holds them: who sent one would else wait for ever.
 */

export interface IssuedPlace extends Place {
  id: string;
  issuedAt: number;
}

const PlaceRow = v.object({
  id: v.string(),
  account: v.string(),
  role: PeerRole,
  tokenHash: v.string(),
  issuedAt: v.number(),
  expiresAt: v.number(),
});
const COLUMNS = "id, account, role, token_hash AS tokenHash, issued_at AS issuedAt, expires_at AS expiresAt";

const KeptRow = v.object({ entry: v.pipe(v.string(), v.parseJson(), Kept) });

export function createTables(sql: SqlStorage): void {
  sql.exec(
    `CREATE TABLE IF NOT EXISTS places (id TEXT PRIMARY KEY, account TEXT NOT NULL, role TEXT NOT NULL,
       token_hash TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL);
     CREATE TABLE IF NOT EXISTS kept (nr INTEGER PRIMARY KEY, entry TEXT NOT NULL);`,
  );
}

/** Null where there is none of that id. */
export function placeOf(sql: SqlStorage, id: string): IssuedPlace | null {
  const [row] = sql.exec(`SELECT ${COLUMNS} FROM places WHERE id = ?`, id);
  return row === undefined ? null : v.parse(PlaceRow, row);
}

export const allPlaces = (sql: SqlStorage): IssuedPlace[] =>
  v.parse(v.array(PlaceRow), [...sql.exec(`SELECT ${COLUMNS} FROM places`)]);

export function addPlace(sql: SqlStorage, place: IssuedPlace): void {
  const { id, account, role, tokenHash, issuedAt, expiresAt } = place;
  sql.exec("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)", id, account, role, tokenHash, issuedAt, expiresAt);
}

export function movePlace(sql: SqlStorage, id: string, expiresAt: number): void {
  sql.exec("UPDATE places SET expires_at = ? WHERE id = ?", expiresAt, id);
}

export function removePlace(sql: SqlStorage, id: string): void {
  sql.exec("DELETE FROM places WHERE id = ?", id);
}

/** What waits, in the order that it was said. */
export const allKept = (sql: SqlStorage): Kept[] =>
  v.parse(v.array(KeptRow), [...sql.exec("SELECT entry FROM kept ORDER BY nr")]).map(({ entry }) => entry);

/** Writes down what waits now, where that was written down which waited before. */
export function writeKept(sql: SqlStorage, before: readonly Kept[], now: readonly Kept[]): void {
  const [old, rest] = [new Set(before), new Set(now)];
  for (const one of before) if (!rest.has(one)) sql.exec("DELETE FROM kept WHERE nr = ?", one.nr);
  for (const one of now)
    if (!old.has(one)) sql.exec("INSERT INTO kept VALUES (?, ?)", one.nr, JSON.stringify(one));
}
