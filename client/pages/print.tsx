import { useRoute } from "preact-iso";
import type { ContestView } from "../../protocol/contest.ts";
import { statusAt } from "../../rules/contest-state.ts";
import { useServerNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { Await } from "../parts/await.tsx";
import { later } from "../parts/later.tsx";
import { Page } from "../parts/page.tsx";
import NotFound from "./not-found.tsx";
import "../locales/print.ts";

const sheets = {
  problems: later(async () => (await import("./print-problems.tsx")).default),
  standings: later(async () => (await import("./print-standings.tsx")).default),
  certificates: later(async () => (await import("./print-certificates.tsx")).default),
};
const choices = ["problems", "standings", "certificates"] as const;

/** What of a contest can be printed, and what was chosen of it. */
export default function Print() {
  const { slug = "", what } = useRoute().params;
  const chosen = choices.find((choice) => choice === what);
  if (what !== undefined && chosen === undefined) return <NotFound />;
  if (chosen === undefined) return <Choices slug={slug} />;
  const Sheets = sheets[chosen];
  return <Sheets key={chosen} />;
}

function Choices({ slug }: { slug: string }) {
  const loading = useContest(slug);
  return <Await loading={loading}>{(contest) => <Choice contest={contest} />}</Await>;
}

function Choice({ contest }: { contest: ContestView }) {
  const { state, boardFrozen } = statusAt(contest.timed, useServerNow());
  const possible = {
    problems: contest.problems.every(({ slug }) => slug !== null),
    standings: state !== "scheduled",
    certificates: state === "finalised" && !boardFrozen,
  };
  return (
    <Page
      title={t("print.titleOf", { what: t("print.title"), contest: contest.name })}
      heading={t("print.title")}
      above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
      width="text"
    >
      <ul data-rows>
        {choices.map((choice) => (
          <li key={choice} class="card">
            <h2>
              {possible[choice] ? (
                <a href={`/contests/${contest.slug}/print/${choice}`}>{t(`print.${choice}`)}</a>
              ) : (
                t(`print.${choice}`)
              )}
            </h2>
            <p class="soft">{possible[choice] ? t(`print.${choice}About`) : t(`print.${choice}When`)}</p>
          </li>
        ))}
      </ul>
    </Page>
  );
}
