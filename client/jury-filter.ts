import { LanguageId } from "../protocol/language.ts";
import type { RejudgingFilter, RoundState } from "../protocol/jury.ts";
import { Verdict } from "../protocol/verdict.ts";

/** Which submissions of a contest the jury looks at, as the page's address and the API's hold it. */
export interface JuryFilter {
  /** A label; "" for all, as in every other field. */
  problem: string;
  team: string;
  language: string;
  /** A verdict, or where judging stands: a submission is asked for by one or the other. */
  outcome: string;
  /** The page after this one. */
  before: string;
}

export const everything: JuryFilter = { problem: "", team: "", language: "", outcome: "", before: "" };

type Outcome = { kind: "verdict"; id: Verdict } | { kind: "state"; id: RoundState };

export const outcomes: readonly Outcome[] = [
  ...Verdict.options.map((id) => ({ id, kind: "verdict" as const })),
  ...(["failed", "queued", "leased"] as const).map((id) => ({ id, kind: "state" as const })),
];

type Query = Readonly<Record<string, string>>;

/** Reads `?problem=A&team=t-1&language=cpp&verdict=WA&before=…`; what it does not know means everything. */
export function readJuryFilter(query: Query): JuryFilter {
  const wanted = query.verdict ?? query.state ?? "";
  return {
    problem: query.problem ?? "",
    team: query.team ?? "",
    language: LanguageId.options.find((id) => id === query.language) ?? "",
    outcome: outcomes.find(({ id }) => id === wanted)?.id ?? "",
    before: query.before ?? "",
  };
}

/** The same as a query, without the question mark; "" for everything. */
export function juryQuery({ problem, team, language, outcome, before }: JuryFilter): string {
  const query = new URLSearchParams();
  const kind = outcomes.find(({ id }) => id === outcome)?.kind ?? "verdict";
  for (const [key, value] of Object.entries({ problem, team, language, [kind]: outcome, before })) {
    if (value !== "") query.set(key, value);
  }
  return query.toString();
}

export const withQuery = (path: string, query: string): string => (query === "" ? path : `${path}?${query}`);

/** What a rejudging takes, read from the address that the list of submissions led to; `submissions` are ids. */
export function readRejudgingFilter(query: Query): RejudgingFilter {
  const verdicts = (query.verdict ?? "")
    .split(",")
    .filter((id) => id === "failed" || Verdict.options.some((one) => one === id))
    .map((id) => Verdict.options.find((one) => one === id) ?? ("failed" as const));
  if (query.state === "failed") verdicts.push("failed");
  const ids = (query.submissions ?? "").split(",").filter(Boolean);
  return {
    problem: query.problem ?? null,
    team: query.team ?? null,
    language: LanguageId.options.find((id) => id === query.language) ?? null,
    verdicts: verdicts.length === 0 ? null : verdicts,
    submissions: ids.length === 0 ? null : ids,
  };
}
