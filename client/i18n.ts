import { signal } from "@preact/signals";
import type en from "./locales/en.json";
import type board from "./locales/board/en.json";
import type clarifications from "./locales/clarifications/en.json";
import type contestForms from "./locales/contest-forms/en.json";
import type contests from "./locales/contests/en.json";
import type judges from "./locales/judges/en.json";
import type jury from "./locales/jury/en.json";
import type market from "./locales/market/en.json";
import type print from "./locales/print/en.json";
import type reasons from "./locales/reasons/en.json";
import type resolver from "./locales/resolver/en.json";
import type statistics from "./locales/statistics/en.json";
import type teams from "./locales/teams/en.json";
import type virtual from "./locales/virtual/en.json";
import type wishes from "./locales/wishes/en.json";

/** The interface's languages, each by its own name. */
export const locales = { en: "English", "pt-BR": "Português", zh: "简体中文" } as const;
export type LocaleId = keyof typeof locales;
export const localeIds: readonly LocaleId[] = ["en", "pt-BR", "zh"];

export type Messages = Readonly<Record<string, string>>;
/** What every page has at hand, and what pages of one part of the site bring along (`addTexts`). */
type Name =
  | keyof typeof en
  | keyof typeof board
  | keyof typeof clarifications
  | keyof typeof contestForms
  | keyof typeof contests
  | keyof typeof judges
  | keyof typeof jury
  | keyof typeof market
  | keyof typeof print
  | keyof typeof reasons
  | keyof typeof resolver
  | keyof typeof statistics
  | keyof typeof teams
  | keyof typeof virtual
  | keyof typeof wishes;
/** Texts that count something are written `name_one`, `name_other` and asked for as `name`. */
type PluralKey = Name extends infer N ? (N extends `${infer Base}_other` ? Base : never) : never;
type PlainKey = Exclude<Name, `${string}_one` | `${string}_other`>;
export type Key = PlainKey | PluralKey;
type Values = Readonly<Record<string, string | number>>;

/** Texts by language, to be loaded when they are needed. */
export type Texts = Readonly<Record<LocaleId, () => Promise<{ default: Messages }>>>;

const parts = new Set<Texts>([
  {
    en: () => import("./locales/en.json"),
    "pt-BR": () => import("./locales/pt-BR.json"),
    zh: () => import("./locales/zh.json"),
  },
]);

export const locale = signal<LocaleId>("en");
const messages = signal<Messages>({});
let wanted: LocaleId = "en";

/**
 * The first of the wanted languages that the interface speaks, by tag and then by its main part; English otherwise.
 * @param wanted BCP 47 tags, the most wanted first, e.g. `["pt", "en-GB"]`
 */
export function chooseLocale(wanted: readonly string[]): LocaleId {
  for (const tag of wanted) {
    const main = tag.split("-")[0];
    const found = localeIds.find((id) => id === tag) ?? localeIds.find((id) => id.split("-")[0] === main);
    if (found) return found;
  }
  return "en";
}

/** Loads a language's texts and then switches the page to it. */
export function applyLocale(id: LocaleId): Promise<void> {
  wanted = id;
  return showTexts();
}

/** Loads the texts of a part of the site, which then follow the page's language like all others. */
export function addTexts(texts: Texts): Promise<void> {
  parts.add(texts);
  return showTexts();
}

async function showTexts(): Promise<void> {
  const [id, count] = [wanted, parts.size];
  const loaded = await Promise.all([...parts].map((texts) => texts[id]()));
  // Something else was asked for meanwhile: what was loaded last need not be what was asked for last.
  if (id !== wanted || count !== parts.size) return showTexts();
  messages.value = Object.assign({}, ...loaded.map((texts) => texts.default));
  locale.value = id;
  document.documentElement.lang = id;
}

/** Switches the language and remembers it for a year; a cookie, since the Worker may read it too. */
export async function switchLocale(id: LocaleId): Promise<void> {
  await applyLocale(id);
  document.cookie = `language=${id}; path=/; max-age=31536000; samesite=lax`;
}

/** The language that the reader chose before, else what the browser asks for. */
export function preferredLocale(): LocaleId {
  const chosen = /(?:^|; )language=([A-Za-z-]+)/.exec(document.cookie)?.[1];
  return chooseLocale([...(chosen === undefined ? [] : [chosen]), ...navigator.languages]);
}

/** One for each language: to make it takes longer than to use it, and a large scoreboard uses thousands. */
function kept<T>(make: (id: LocaleId) => T): (id: LocaleId) => T {
  const made = new Map<LocaleId, T>();
  return (id) => {
    const known = made.get(id) ?? make(id);
    made.set(id, known);
    return known;
  };
}
const pluralRules = kept((id) => new Intl.PluralRules(id));
const numberFormat = kept((id) => new Intl.NumberFormat(id));

/** A number as a language writes it. */
export const writeNumber = (value: number, id: LocaleId): string => numberFormat(id).format(value);

/** The plural form of a text: `name_one` or `name_other`; forms that a locale leaves out are told as `other`. */
function pluralForm(texts: Messages, id: LocaleId, key: string, count: number): string | undefined {
  return texts[`${key}_${pluralRules(id).select(count)}`] ?? texts[`${key}_other`];
}

/** Fills `{name}` places; numbers are written as the language writes them. */
export function fill(text: string, values: Values, id: LocaleId): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === "number" ? writeNumber(value, id) : value;
  });
}

/** A text in the given language; separate from `t` so that it can be tested without a page. */
export function translate(texts: Messages, id: LocaleId, key: string, values: Values): string {
  const { count } = values;
  const text = texts[key] ?? (typeof count === "number" ? pluralForm(texts, id, key, count) : undefined);
  return fill(text ?? key, values, id);
}

/**
 * A text in the reader's language. Components that call it are drawn again when the language changes.
 * @param key a key of locales/en.json; for counted texts without `_one` and `_other`
 * @param values what goes into the `{places}`; counted texts need `count`
 */
export function t(key: PlainKey, values?: Values): string;
export function t(key: PluralKey, values: Values & { count: number }): string;
export function t(key: Key, values: Values = {}): string {
  return translate(messages.value, locale.value, key, values);
}

/**
 * One text of several, in the reader's language if there is one, else in English, else in whatever there is.
 * @param text texts by BCP 47 tag
 */
export function pickText(text: Readonly<Record<string, string>>): string {
  return pickLocale(text, locale.value)?.[1] ?? "";
}

/** The entry of `byLocale` that fits a language best: same tag, same main part, English, the first. */
export function pickLocale<T>(byLocale: Readonly<Record<string, T>>, wanted: string): [string, T] | null {
  const entries = Object.entries(byLocale);
  const main = (tag: string): string => tag.split("-")[0] ?? tag;
  return (
    entries.find(([tag]) => tag === wanted) ??
    entries.find(([tag]) => main(tag) === main(wanted)) ??
    entries.find(([tag]) => main(tag) === "en") ??
    entries[0] ??
    null
  );
}
