import { Board, type ContestView } from "../../protocol/contest.ts";
import { languages } from "../../protocol/language.ts";
import type { JudgingStatus } from "../../protocol/submission.ts";
import { request } from "../api.ts";
import { longSpan } from "../contest-words.ts";
import { dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import { judgingObstacle, useJudging, versionsOf } from "../judging.ts";
import { useLoaded } from "../load.ts";
import { Icon } from "./icons.tsx";

interface Step {
  id: "name" | "times" | "freeze" | "problems" | "languages" | "teams" | "judge";
  /** Null while it is not known. */
  done: boolean | null;
  /** How it stands. */
  said: string;
  href: string;
}

/** What a contest needs before it can be held: what is done is green, and every line leads to where it is done. */
export function ContestSetup({ contest }: { contest: ContestView }) {
  const { slug } = contest;
  const path = `/api/contests/${slug}/scoreboard?view=jury`;
  const { loaded } = useLoaded(path, (signal) => request(Board, path, { signal }));
  const teams = loaded.state === "ready" ? loaded.value.teams.length : null;
  const steps = stepsOf(contest, teams, useJudging(slug));
  const done = steps.filter((step) => step.done === true).length;
  return (
    <details class="card" open={done < steps.length}>
      <summary>{t("setup.title", { done, all: steps.length })}</summary>
      <ul class="setup">
        {steps.map((step) => (
          <li key={step.id} class={step.done === true ? "setup-done" : undefined}>
            <Icon name={step.done === true ? "check" : "dots"} />
            <span class="sr-only">{t(step.done === true ? "setup.done" : "setup.open")}</span>{" "}
            <a href={step.href}>{t(`setup.${step.id}`)}</a> <span class="soft">{step.said}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function stepsOf(contest: ContestView, teams: number | null, judging: JudgingStatus | null): Step[] {
  const { slug, timed, format } = contest;
  const { startAt, freezeMs, durationMs } = timed.times;
  const [edit, times] = [`/contests/${slug}/edit`, `/contests/${slug}/times`];
  const missing = judging === null ? [] : missingLanguages(contest, judging);
  const obstacle = judging === null ? null : judgingObstacle(judging, null);
  const count = contest.problems.length;
  const allowed = contest.languages?.map((id) => languages[id].name).join(", ") ?? t("contest.allLanguages");
  return [
    { id: "name", done: true, said: contest.name, href: edit },
    {
      id: "times",
      done: startAt !== null,
      said: startAt === null ? t("contestState.unset") : `${dateTime(startAt)}, ${longSpan(durationMs)}`,
      href: times,
    },
    {
      id: "freeze",
      // The other formats are held without one as often as with one.
      done: freezeMs > 0 || format.type !== "icpc",
      said: freezeMs > 0 ? t("contest.freezeLast", { span: longSpan(freezeMs) }) : t("contest.noFreeze"),
      href: times,
    },
    { id: "problems", done: count > 0, said: t("problems.count", { count }), href: edit },
    {
      id: "languages",
      done: judging === null ? null : missing.length === 0,
      said: missing.length > 0 ? t("setup.missing", { languages: missing.join(", ") }) : allowed,
      href: edit,
    },
    {
      id: "teams",
      done: teams === null ? null : teams > 0,
      said: teams === null ? "" : t("setup.teamCount", { count: teams }),
      href: `/contests/${slug}/teams`,
    },
    {
      id: "judge",
      done: judging === null ? null : obstacle === null,
      said: obstacle ?? "",
      href: "/organise/judges",
    },
  ];
}

/** Languages that the contest allows and that no connected judge has, by name. */
function missingLanguages(contest: ContestView, judging: JudgingStatus): string[] {
  return (contest.languages ?? [])
    .filter((id) => id !== "answers" && versionsOf(judging, id).length === 0)
    .map((id) => languages[id].name);
}
