import { createStore, delMany, get, update, type UseStore } from "idb-keyval";
import * as v from "valibot";
import type { LanguageId } from "../protocol/language.ts";
import type { DraftPlace } from "./drafts.ts";
import { sameSource } from "./source-files.ts";

/**
 * Earlier versions of drafts, kept on this machine per account, problem and language. The draft itself is kept elsewhere (drafts.ts): that
 * a version could not be kept never costs the reader what is in the editor.
 */
const Version = v.object({
  /** When it was kept; no two versions of a draft have the same moment. */
  at: v.number(),
  /** What was done with it; `time` means that it had changed for some minutes, `restored` that another version took its place. */
  why: v.picklist(["run", "submit", "language", "time", "restored"]),
  files: v.pipe(v.array(v.object({ name: v.string(), text: v.string() })), v.minLength(1)),
  entryPoint: v.nullable(v.string()),
});
export type Version = v.InferOutput<typeof Version>;

/** Bounds of one draft's history, and of all together; the browser's storage is shared with runtimes of some ten MB. */
export const MOST_VERSIONS = 100;
export const MOST_CHARACTERS = 1_000_000;
const MOST_CHARACTERS_IN_ALL = 10_000_000;

/** What was submitted is worth the most, what merely lay there the least. */
const worth: Record<Version["why"], number> = { time: 0, language: 1, run: 1, restored: 2, submit: 3 };

const charactersOf = (versions: readonly Version[]): number =>
  versions.reduce((sum, { files }) => files.reduce((more, { text }) => more + text.length, sum), 0);

/**
 * A history with one more version, the newest last. What is as the newest already is not kept twice, but a submission makes it one that was
 * submitted. Beyond the bounds the oldest of the least worth goes first, the newest never.
 */
export function withVersion(history: readonly Version[], version: Version): Version[] {
  const last = history.at(-1);
  if (last && sameSource(last, version)) {
    return worth[version.why] > worth[last.why]
      ? [...history.slice(0, -1), { ...last, why: version.why }]
      : [...history];
  }
  const kept = [...history, { ...version, at: Math.max(version.at, (last?.at ?? 0) + 1) }];
  while (kept.length > 1 && (kept.length > MOST_VERSIONS || charactersOf(kept) > MOST_CHARACTERS)) {
    const older = kept.slice(0, -1);
    const least = Math.min(...older.map(({ why }) => worth[why]));
    kept.splice(
      older.findIndex(({ why }) => worth[why] === least),
      1,
    );
  }
  return kept;
}

/** How large each draft's history is, and when it last grew. */
const Sizes = v.record(v.string(), v.object({ characters: v.number(), at: v.number() }));
type Sizes = v.InferOutput<typeof Sizes>;

/** The histories to forget so that all together are within `most`: those that grew longest ago, and never the one in use. */
export function toForget(sizes: Sizes, inUse: string, most: number): string[] {
  let total = Object.values(sizes).reduce((sum, { characters }) => sum + characters, 0);
  const forgotten: string[] = [];
  for (const [key, { characters }] of Object.entries(sizes).sort(([, a], [, b]) => a.at - b.at)) {
    if (total <= most) break;
    if (key === inUse) continue;
    forgotten.push(key);
    total -= characters;
  }
  return forgotten;
}

let opened: UseStore | undefined;
/** Opened at the first use: browsers without IndexedDB throw here, and only here. */
const store = (): UseStore => (opened ??= createStore("history", "versions"));

const SIZES = "sizes";
const keyOf = ({ owner, problem }: DraftPlace, language: LanguageId): string =>
  `${owner ?? ""}/${problem}/${language}`;

const parseVersions = (kept: unknown): Version[] => {
  const parsed = v.safeParse(v.array(Version), kept);
  return parsed.success ? parsed.output : [];
};

/**
 * Keeps a version of a draft. Two pages may do so at once: none loses the other's.
 * @returns whether it was kept; browsers refuse when their storage is full or switched off, and then nothing has changed
 */
export async function keepVersion(
  place: DraftPlace,
  language: LanguageId,
  version: Version,
): Promise<boolean> {
  const key = keyOf(place, language);
  try {
    let characters = 0;
    await update<unknown>(
      key,
      (kept) => {
        const next = withVersion(parseVersions(kept), version);
        characters = charactersOf(next);
        return next;
      },
      store(),
    );
    let forgotten: string[] = [];
    await update<unknown>(
      SIZES,
      (kept) => {
        const parsed = v.safeParse(Sizes, kept);
        const sizes = { ...(parsed.success ? parsed.output : {}), [key]: { characters, at: version.at } };
        forgotten = toForget(sizes, key, MOST_CHARACTERS_IN_ALL);
        return Object.fromEntries(Object.entries(sizes).filter(([name]) => !forgotten.includes(name)));
      },
      store(),
    );
    await delMany(forgotten, store());
    return true;
  } catch {
    return false;
  }
}

/**
 * The versions of a draft, the newest first; those from before signing in are among them.
 * @returns null when the browser's storage cannot be read
 */
export async function readHistory(place: DraftPlace, language: LanguageId): Promise<Version[] | null> {
  const places = place.owner === null ? [place] : [place, { ...place, owner: null }];
  try {
    const found = await Promise.all(places.map((one) => get<unknown>(keyOf(one, language), store())));
    return found.flatMap(parseVersions).sort((a, b) => b.at - a.at);
  } catch {
    return null;
  }
}
