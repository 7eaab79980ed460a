import * as v from "valibot";
import { LanguageId } from "../protocol/language.ts";
import { parseJson } from "./json.ts";
import { oneFile } from "./source-files.ts";
import { readItem, writeItem } from "./storage.ts";

/** A source not yet submitted, kept in the browser per account, problem and language. Half-written ones may be empty. */
const Draft = v.object({
  files: v.pipe(v.array(v.object({ name: v.string(), text: v.string() })), v.minLength(1)),
  entryPoint: v.nullable(v.string()),
  savedAt: v.number(),
});
export type Draft = v.InferOutput<typeof Draft>;

export interface DraftPlace {
  /** The account's id, or null for a reader who is not signed in: two people may share a machine. */
  owner: string | null;
  problem: string;
}

const draftKey = ({ owner, problem }: DraftPlace, language: LanguageId): string =>
  `draft/${owner ?? ""}/${problem}/${language}`;
const languageKey = ({ owner, problem }: DraftPlace): string => `language/${owner ?? ""}/${problem}`;

/** The draft kept for a problem in a language, or null. What a reader wrote before signing in counts until it is replaced. */
export function readDraft(place: DraftPlace, language: LanguageId): Draft | null {
  const text = readItem(draftKey(place, language));
  if (text === null) return place.owner === null ? null : readDraft({ ...place, owner: null }, language);
  const kept = parseJson(text);
  const parsed = v.safeParse(Draft, kept);
  return parsed.success ? parsed.output : readOldDraft(kept, language);
}

/** Drafts from before a submission could have several files. */
const OldDraft = v.object({ source: v.string(), savedAt: v.number() });

function readOldDraft(kept: unknown, language: LanguageId): Draft | null {
  const parsed = v.safeParse(OldDraft, kept);
  return parsed.success
    ? { ...oneFile(language, parsed.output.source), savedAt: parsed.output.savedAt }
    : null;
}

/** Whether the draft was kept; browsers refuse when their storage is full or switched off. */
export function writeDraft(place: DraftPlace, language: LanguageId, draft: Draft): boolean {
  return writeItem(draftKey(place, language), JSON.stringify(draft));
}

/**
 * The language last used for a problem, else the one last used at all, else the first of `better` that the problem
 * allows, else the first that it allows.
 */
export function readLanguage(
  place: DraftPlace,
  allowed: readonly LanguageId[],
  better: readonly LanguageId[],
): LanguageId | null {
  const remembered = [readItem(languageKey(place)), readItem("language")];
  for (const id of remembered) {
    const found = allowed.find((language) => language === id);
    if (found) return found;
  }
  return better.find((language) => allowed.includes(language)) ?? allowed[0] ?? null;
}

export function writeLanguage(place: DraftPlace, language: LanguageId): void {
  writeItem(languageKey(place), language);
  writeItem("language", language);
}

const LastProblem = v.object({ path: v.string(), name: v.record(v.string(), v.string()) });
export type LastProblem = v.InferOutput<typeof LastProblem>;

/** The problem last worked on here, for "continue" on the home page. */
export function readLastProblem(): LastProblem | null {
  const parsed = v.safeParse(LastProblem, parseJson(readItem("last-problem") ?? ""));
  return parsed.success ? parsed.output : null;
}

export function writeLastProblem(last: LastProblem): void {
  writeItem("last-problem", JSON.stringify(last));
}
