import type { ContestStatistics, ProblemStatistics } from "../../protocol/contest-statistics.ts";
import type { ContestView } from "../../protocol/contest.ts";
import { Verdict } from "../../protocol/verdict.ts";
import { contestMinute } from "../format.ts";
import { locale, pickText, t } from "../i18n.ts";
import { Balloon } from "./icons.tsx";
import { NumberTable } from "./chart-table.tsx";
import "../locales/statistics.ts";

/** `62%`, or a dash where there is nothing to take a share of. */
export const percent = (share: number | null): string =>
  share === null
    ? "–"
    : new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 0 }).format(share);

const columns = [
  "problem",
  "submissions",
  "tried",
  "solved",
  "acceptance",
  "firstSolve",
  "medianTime",
  "medianTries",
] as const;

interface Props {
  contest: ContestView;
  statistics: ContestStatistics;
}

/** Every problem's figures: who solved it and when, what became of the submissions, how many tries it took. */
export function ProblemFigures({ contest, statistics: { problems } }: Props) {
  const named = problems.map((problem) => ({
    ...problem,
    name: <Name contest={contest} label={problem.label} />,
  }));
  const verdicts = [...Verdict.options, "pending" as const];
  const mostTries = Math.max(0, ...problems.map(({ teamsByTries }) => teamsByTries.length));
  const tries = Array.from({ length: mostTries }, (_, index) => index + 1);
  return (
    <section aria-labelledby="by-problem">
      <h2 id="by-problem">{t("statistics.byProblem")}</h2>
      <NumberTable
        title={t("statistics.byProblem")}
        head={columns.map((name) => t(`statistics.${name}`))}
        rows={named.map((problem) => ({
          key: problem.label,
          name: problem.name,
          values: figuresOf(problem),
        }))}
      />
      <details>
        <summary>{t("statistics.verdictsByProblem")}</summary>
        <NumberTable
          title={t("statistics.verdictsByProblem")}
          head={[
            t("statistics.problem"),
            ...verdicts.map((verdict) => (verdict === "pending" ? t("statistics.pending") : verdict)),
          ]}
          rows={named.map((problem) => ({
            key: problem.label,
            name: problem.name,
            values: verdicts.map((verdict) => problem.verdicts[verdict]),
          }))}
        />
      </details>
      <details>
        <summary>{t("statistics.teamsByTries")}</summary>
        <NumberTable
          title={t("statistics.teamsByTries")}
          head={[t("statistics.problem"), ...tries.map((count) => t("statistics.tries", { count }))]}
          rows={named.map((problem) => ({
            key: problem.label,
            name: problem.name,
            values: tries.map((count) => problem.teamsByTries[count - 1] ?? 0),
          }))}
        />
      </details>
    </section>
  );
}

function Name({ contest, label }: { contest: ContestView; label: string }) {
  const problem = contest.problems.find((one) => one.label === label);
  return (
    <span class="problem-label">
      {problem ? <Balloon colour={problem.colour} /> : null}
      {label}
      {problem?.name ? <span class="under">{pickText(problem.name)}</span> : null}
    </span>
  );
}

function figuresOf({
  submissions,
  triedBy,
  solvedBy,
  acceptance,
  firstSolve,
  solveTimes,
  tries,
}: ProblemStatistics) {
  return [
    submissions,
    triedBy,
    solvedBy,
    percent(acceptance),
    firstSolve === null ? "–" : `${contestMinute(firstSolve.at)} · ${firstSolve.name}`,
    solveTimes === null ? "–" : contestMinute(solveTimes.median),
    tries === null ? "–" : tries.median,
  ];
}
