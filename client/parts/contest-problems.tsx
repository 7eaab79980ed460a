import type { ContestFormat } from "../../protocol/contest-format.ts";
import type { ContestProblem, ContestView } from "../../protocol/contest.ts";
import { pickText, t } from "../i18n.ts";
import { Balloon } from "./icons.tsx";
import "../locales/contests.ts";

interface Props {
  contest: ContestView;
  /** Whether the time has come for the reader's team to see them. */
  shown: boolean;
}

/** A contest's problems, each with its letter, its balloon and what it is worth. */
export function ContestProblems({ contest, shown }: Props) {
  const { timed, problems, slug, format } = contest;
  return (
    <section aria-labelledby="lobby-problems">
      <h2 id="lobby-problems">{t("nav.problems")}</h2>
      {shown || problems.every(({ slug: known }) => known !== null) ? null : (
        <p class="soft">
          {t(timed.times.windowMs === null ? "contest.problemsHidden" : "contest.problemsHiddenWindow")}
        </p>
      )}
      <ol class="problem-list" data-rows>
        {problems.map((problem) => (
          <li key={problem.label}>
            <ProblemLine contest={slug} problem={problem} worth={worthOf(format, problem.label)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What the format says that a full solution is worth; null where it says nothing. */
function worthOf(format: ContestFormat, label: string): number | null {
  return format.type === "icpc" ? null : (format.points[label] ?? null);
}

interface LineProps {
  contest: string;
  problem: ContestProblem;
  worth: number | null;
}

function ProblemLine({ contest, problem, worth }: LineProps) {
  const label = (
    <span class="problem-label">
      <Balloon colour={problem.colour} />
      {problem.label}
    </span>
  );
  const points = worth === null ? null : <small class="soft">{t("contest.points", { count: worth })}</small>;
  if (problem.name === null) {
    return (
      <span class="problem-line soft">
        {label} <span>{t("contest.hiddenProblem")}</span> {points}
      </span>
    );
  }
  return (
    <a class="problem-line" href={`/contests/${contest}/problems/${problem.label}`}>
      {label} <span>{pickText(problem.name)}</span> {points}
    </a>
  );
}
