import * as v from "valibot";
import {
  ContestChange,
  ContestForm,
  type ContestChangePreview,
  type ContestView,
} from "../../protocol/contest.ts";
import { TimesEdit, type TimedContest } from "../../protocol/contest-times.ts";
import type { ErrorBody } from "../../protocol/errors.ts";
import { finalise, thaw, type Decided } from "../../rules/contest-state.ts";
import { editContest, previewEdit } from "../../rules/contest-times-preview.ts";
import { formatFaults } from "../../rules/formats/format-check.ts";
import { contestView } from "./fixtures/contests.ts";
import { shelf } from "./fixtures/problems.ts";
import { MINUTE, now } from "./fixtures/time.ts";

type Given = { status: number; body: unknown };
const ok = (body: unknown): Given => ({ status: 200, body });
const refuse = (status: number, body: ErrorBody): Given => ({ status, body });
const unknown = refuse(404, { code: "not_found", message: "Nothing here." });

/** Two submissions of a team: shortly after the start of most contests, and a few minutes ago. */
const received = [
  { id: "s-1", team: "team-02", receivedAt: now - 100 * MINUTE },
  { id: "s-2", team: "team-02", receivedAt: now - 5 * MINUTE },
];

const changed: ContestChangePreview = {
  added: ["I"],
  withdrawn: [],
  limits: [{ label: "A", judged: 3 }],
  ranks: [{ team: "team-02", name: "Pão de Queijo", before: 3, after: 1 }],
};

/**
 * The answers to those who make and run contests, by `METHOD path`: what is refused is so by the real schemas and rules.
 *
 * @param said - the request's body
 */
export function organiseRoutes(
  query: URLSearchParams,
  said: string,
): readonly (readonly [RegExp, (slug: string) => Given])[] {
  const preview = query.has("preview");
  return [
    [/^POST \/api\/contests$/, () => written(ContestForm, said, () => ok(contestView("spring-open")))],
    [
      /^PUT \/api\/contests\/([\w-]+)$/,
      (slug) => written(ContestChange, said, () => ok(preview ? changed : contestView(slug))),
    ],
    [
      /^POST \/api\/contests\/([\w-]+)\/times$/,
      (slug) => onContest(slug, (contest) => edited(contest, said, preview)),
    ],
    [
      /^POST \/api\/contests\/([\w-]+)\/begin$/,
      (slug) =>
        onContest(slug, (contest) =>
          decided(
            contest,
            editContest(contest.timed, { type: "begin", team: contest.team?.id ?? "" }, Date.now()),
          ),
        ),
    ],
    [
      /^POST \/api\/contests\/([\w-]+)\/thaw$/,
      (slug) => onContest(slug, (contest) => decided(contest, thaw(contest.timed, Date.now()))),
    ],
    [
      /^POST \/api\/contests\/([\w-]+)\/finalise$/,
      (slug) =>
        onContest(slug, (contest) =>
          decided(
            contest,
            finalise(contest.timed, { pending: 2, judgingErrors: 0, unanswered: 1 }, Date.now()),
          ),
        ),
    ],
  ];
}

function onContest(slug: string, act: (contest: ContestView) => Given): Given {
  const contest = contestView(slug);
  return contest === null ? unknown : act(contest);
}

function written(
  schema: typeof ContestForm | typeof ContestChange,
  said: string,
  answer: () => Given,
): Given {
  const parsed = v.safeParse(schema, JSON.parse(said));
  const details = parsed.success
    ? faultsOf(parsed.output)
    : parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`);
  if (details.length === 0) return answer();
  return refuse(400, { code: "invalid_request", message: "Some fields are wrong.", details });
}

function faultsOf({ format, problems }: ContestChange): string[] {
  const known = problems.map((slug, index) => ({
    label: String.fromCodePoint(65 + index),
    maxScore: shelf.some((one) => one.slug === slug && one.types.includes("scoring"))
      ? 100
      : ("pass-fail" as const),
  }));
  return formatFaults(format, known, { durationMs: 300 * MINUTE }).map((fault) => `format.${fault}`);
}

function edited(contest: ContestView, said: string, preview: boolean): Given {
  const parsed = v.safeParse(TimesEdit, JSON.parse(said));
  if (!parsed.success) {
    const details = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`);
    return refuse(400, { code: "invalid_request", message: "Some fields are wrong.", details });
  }
  if (!preview) return decided(contest, editContest(contest.timed, parsed.output, Date.now()));
  const previewed = previewEdit(contest.timed, parsed.output, Date.now(), received);
  return previewed.ok ? ok(previewed.preview) : refused(previewed.refusal);
}

function decided(contest: ContestView, result: Decided): Given {
  return result.ok ? ok(withTimes(contest, result.contest)) : refused(result.refusal);
}

const withTimes = (contest: ContestView, timed: TimedContest): ContestView => ({ ...contest, timed });
const refused = (message: string): Given => refuse(409, { code: "contest_refuses", message });
