import { useRoute } from "preact-iso";
import type { ContestView } from "../../protocol/contest.ts";
import { ProblemView } from "../../protocol/problem.ts";
import { request } from "../api.ts";
import { isOver } from "../../rules/contest-state.ts";
import { serverNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { pickText, t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Countdown } from "../parts/contest-time.tsx";
import { Balloon } from "../parts/icons.tsx";
import { later } from "../parts/later.tsx";
import { Workspace } from "../parts/workspace.tsx";
import { account } from "../session.ts";

const ClarificationBadge = later(() =>
  import("../parts/clarification-badge.tsx").then((part) => part.ClarificationBadge),
);
// Only contests that are over are gone through by a clock of one's own.
const VirtualClock = later(() => import("../parts/virtual-clock.tsx").then((part) => part.VirtualClock));

/** The same page as in the archive, with the contest's clock and its other problems at hand. */
export default function ContestProblem() {
  const { slug = "", label = "" } = useRoute().params;
  const contest = useContest(slug);
  const loading = useLoaded(`problem ${slug} ${label} of ${account.value?.id ?? ""}`, (signal) =>
    request(ProblemView, `/api/contests/${slug}/problems/${label}`, { signal }),
  );
  return (
    <Await loading={loading}>
      {(problem) => (
        <Workspace
          key={`${slug} ${label}`}
          problem={problem}
          path={`/contests/${slug}/problems/${label}`}
          above={
            contest.loaded.state === "ready" ? (
              <ContestBar contest={contest.loaded.value} label={label} />
            ) : (
              <a href={`/contests/${slug}`}>{problem.contest?.name ?? slug}</a>
            )
          }
        />
      )}
    </Await>
  );
}

function ContestBar({ contest, label }: { contest: ContestView; label: string }) {
  return (
    <span class="contest-bar">
      <a href={`/contests/${contest.slug}`}>{contest.name}</a>
      <Countdown timed={contest.timed} team={contest.team?.id ?? null} />
      {account.value !== null && isOver(contest.timed, serverNow()) ? (
        <VirtualClock slug={contest.slug} />
      ) : null}
      <nav aria-label={t("contest.problemsOf")}>
        {contest.problems.map((problem) => (
          <a
            key={problem.label}
            href={`/contests/${contest.slug}/problems/${problem.label}`}
            aria-current={problem.label === label ? "page" : undefined}
            title={problem.name === null ? undefined : pickText(problem.name)}
          >
            <Balloon colour={problem.colour} />
            {problem.label}
          </a>
        ))}
        <a href={`/contests/${contest.slug}/scoreboard`}>{t("contest.scoreboard")}</a>
        <ClarificationBadge slug={contest.slug} />
      </nav>
    </span>
  );
}
