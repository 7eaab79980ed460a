import { createStore, get, set, type UseStore } from "idb-keyval";
import * as v from "valibot";
import type { DraftPlace } from "./drafts.ts";

/** An input of the reader's own, kept on this machine per account and problem. */
const OwnCase = v.object({
  id: v.string(),
  /** "" until somebody gives one: it is then called by its number. */
  name: v.string(),
  input: v.string(),
  /** What the program should write; null when nobody said so. */
  expected: v.nullable(v.string()),
});
export type OwnCase = v.InferOutput<typeof OwnCase>;
const Cases = v.pipe(v.array(OwnCase), v.minLength(1));

let opened: UseStore | undefined;
/** A database of its own: IndexedDB, since an input may be of megabytes. Browsers without it throw here, and only here. */
const store = (): UseStore => (opened ??= createStore("cases", "of-problems"));

const keyOf = ({ owner, problem }: DraftPlace): string => `${owner ?? ""}/${problem}`;

const leftKey = ({ owner, problem }: DraftPlace): string => `cases/${owner}/${problem}`;

/** What was typed just before the page was left, newer than what the database has; null for nothing. */
function left(place: DraftPlace): unknown {
  const text = sessionStorage.getItem(leftKey(place));
  return text === null ? null : JSON.parse(text);
}

/** The cases of a problem; null when there are none yet, or the browser's storage cannot be read. Those from before signing in count until they are replaced. */
export async function readCases(place: DraftPlace): Promise<OwnCase[] | null> {
  try {
    const newer = v.safeParse(Cases, left(place));
    if (newer.success) {
      await writeCases(place, newer.output);
      return newer.output;
    }
    const parsed = v.safeParse(Cases, await get<unknown>(keyOf(place), store()));
    if (parsed.success) return parsed.output;
  } catch {
    return null;
  }
  return place.owner === null ? null : readCases({ ...place, owner: null });
}

/** Whether they were kept; browsers refuse when their storage is full or switched off. */
export async function writeCases(place: DraftPlace, cases: readonly OwnCase[]): Promise<boolean> {
  try {
    const before = sessionStorage.getItem(leftKey(place));
    await set(keyOf(place), cases, store());
    // The database has what was left before; what was left meanwhile is newer than this.
    if (sessionStorage.getItem(leftKey(place)) === before) sessionStorage.removeItem(leftKey(place));
    return true;
  } catch {
    return false;
  }
}
