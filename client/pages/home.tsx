import { ContestList, type ContestSummary } from "../../protocol/contest.ts";
import { isOver, statusAt } from "../../rules/contest-state.ts";
import { request } from "../api.ts";
import { observeServerTime, serverNow } from "../clock.ts";
import { readLastProblem } from "../drafts.ts";
import { pickText, t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { LoadError, Waiting } from "../parts/await.tsx";
import { Countdown, State } from "../parts/contest-time.tsx";
import { Icon } from "../parts/icons.tsx";
import { Page } from "../parts/page.tsx";
import { SubmissionTable } from "../parts/submission-table.tsx";
import { account, organises, sessionKnown } from "../session.ts";
import { useOwnSubmissions } from "../submissions.ts";

/** For strangers what this is and two doors; for the signed in what is on. */
export default function Home() {
  if (!sessionKnown.value) return <Waiting />;
  return account.value ? <Desk /> : <Welcome />;
}

function Welcome() {
  return (
    <Page title="Tabarena" heading={t("home.sentence")} width="text">
      <p class="lead">{t("home.how")}</p>
      <ul class="doors">
        <li>
          <a href="/problems">
            <Icon name="play" />
            <strong>{t("home.solve")}</strong>
            <span>{t("home.solveMore")}</span>
          </a>
        </li>
        <li>
          <a href="/contests">
            <Icon name="cup" />
            <strong>{t("home.contests")}</strong>
            <span>{t("home.contestsMore")}</span>
          </a>
        </li>
      </ul>
    </Page>
  );
}

function Desk() {
  const last = readLastProblem();
  return (
    <Page
      title={t("nav.home")}
      heading={t("home.hello", { name: account.value?.displayName ?? "" })}
      actions={
        last ? (
          <a class="button primary" href={last.path}>
            {t("home.continue", { problem: pickText(last.name) })}
            <Icon name="arrow" />
          </a>
        ) : (
          <a class="button primary" href="/problems">
            {t("home.solve")}
            <Icon name="arrow" />
          </a>
        )
      }
    >
      <Contests />
      <Recent />
    </Page>
  );
}

function Contests() {
  const loading = useLoaded("contests", async (signal) => {
    const list = await request(ContestList, "/api/contests", { signal });
    observeServerTime(list.now);
    return list.contests;
  });
  const { loaded } = loading;
  const contests = loaded.state === "ready" ? currentContests(loaded.value, serverNow()) : [];
  return (
    <section aria-labelledby="home-contests">
      <h2 id="home-contests">{t("home.current")}</h2>
      {contests.length > 0 ? (
        <ul class="cards" data-rows>
          {contests.map((contest) => (
            <ContestCard key={contest.slug} contest={contest} />
          ))}
        </ul>
      ) : null}
      {loaded.state === "ready" && contests.length === 0 ? (
        <p class="empty">
          {t("home.noContests")} {organises.value ? <a href="/contests/new">{t("contests.new")}</a> : null}
        </p>
      ) : null}
      <LoadError loading={loading} />
    </section>
  );
}

/** Contests that run or are to come: running ones first, then the soonest, then those without a start. */
function currentContests(contests: readonly ContestSummary[], now: number): ContestSummary[] {
  const rank = ({ timed }: ContestSummary): number => (statusAt(timed, now).state === "scheduled" ? 1 : 0);
  const start = ({ timed }: ContestSummary): number => timed.times.startAt ?? Number.MAX_VALUE;
  return contests
    .filter((contest) => !isOver(contest.timed, now))
    .sort((a, b) => rank(a) - rank(b) || start(a) - start(b))
    .slice(0, 4);
}

function ContestCard({ contest }: { contest: ContestSummary }) {
  return (
    <li class="card">
      <h3>
        <a href={`/contests/${contest.slug}`}>{contest.name}</a>
      </h3>
      <p>
        <State timed={contest.timed} /> <Countdown timed={contest.timed} team={contest.team?.id ?? null} />
      </p>
      <p class="soft">
        {t(`contestFormat.${contest.format.type}`)} ·{" "}
        {contest.team ? t("contest.asTeam", { team: contest.team.name }) : t("contest.notRegistered")}
      </p>
    </li>
  );
}

function Recent() {
  const { loading, shown } = useOwnSubmissions({});
  return (
    <section>
      <h2>{t("home.recent")}</h2>
      {shown.length > 0 ? (
        <>
          <SubmissionTable submissions={shown.slice(0, 6)} label={t("home.recent")} />
          <p>
            <a href="/submissions">{t("home.allSubmissions")}</a>
          </p>
        </>
      ) : null}
      {shown.length === 0 && loading.loaded.state === "ready" ? (
        <p class="empty">{t("submissions.empty")}</p>
      ) : null}
      <LoadError loading={loading} />
    </section>
  );
}
