import { OwnProgress } from "../../protocol/contest-statistics.ts";
import { languages } from "../../protocol/language.ts";
import { request } from "../api.ts";
import { dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { NumberTable } from "../parts/chart-table.tsx";
import { later } from "../parts/later.tsx";
import { Page } from "../parts/page.tsx";
import { percent } from "../parts/problem-figures.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import "../locales/statistics.ts";

const Days = later(async () => (await import("../parts/day-chart.tsx")).DayChart);

/** What the reader has solved so far, by themselves. */
export default function Progress() {
  return <SignedIn title={t("progress.title")}>{() => <Own />}</SignedIn>;
}

function Own() {
  // What this machine's clock is ahead of UTC, so that days begin at the reader's midnight.
  const path = `/api/progress?offset=${-new Date().getTimezoneOffset()}`;
  const loading = useLoaded(path, (signal) => request(OwnProgress, path, { signal }));
  return <Await loading={loading}>{(progress) => <Shown progress={progress} />}</Await>;
}

function Shown({ progress }: { progress: OwnProgress }) {
  const { submissions, overall, streak, days } = progress;
  const facts: [string, string | number][] = [
    [t("statistics.submissions"), submissions],
    [t("progress.solved"), t("progress.ofAll", { solved: overall.solved, problems: overall.problems })],
    [t("progress.tried"), overall.tried],
    [t("progress.streak"), t("progress.inDays", { count: streak.present })],
    [t("progress.longest"), t("progress.inDays", { count: streak.longest })],
  ];
  return (
    <Page title={t("progress.title")} actions={<a href="/ratings">{t("ratings.title")}</a>}>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {submissions === 0 ? (
        <p class="empty">
          {t("progress.empty")} <a href="/problems">{t("home.solve")}</a>
        </p>
      ) : (
        <Days days={days} now={Date.now()} />
      )}
      <ByDifficulty progress={progress} />
      <ByKeyword progress={progress} />
      <Contests progress={progress} />
      <Languages progress={progress} />
    </Page>
  );
}

type Part = OwnProgress["overall"];

const partHead = (name: string): string[] => [
  name,
  t("progress.solved"),
  t("progress.tried"),
  t("progress.problems"),
  t("progress.share"),
];

const partValues = ({ problems, tried, solved }: Part) => [
  solved,
  tried,
  problems,
  percent(problems === 0 ? null : solved / problems),
];

function ByDifficulty({ progress: { byDifficulty } }: { progress: OwnProgress }) {
  if (byDifficulty.length === 0) return null;
  return (
    <section>
      <h2>{t("progress.byDifficulty")}</h2>
      <p class="soft">{t("progress.difficultyAbout")}</p>
      <NumberTable
        title={t("progress.byDifficulty")}
        head={partHead(t("progress.difficulty"))}
        rows={byDifficulty.map(({ difficulty, ...part }) => ({
          key: String(difficulty),
          name: difficulty === null ? t("progress.ungraded") : difficulty,
          values: partValues(part),
        }))}
      />
    </section>
  );
}

function ByKeyword({ progress: { byKeyword } }: { progress: OwnProgress }) {
  if (byKeyword.length === 0) return null;
  return (
    <section>
      <h2>{t("progress.byKeyword")}</h2>
      <NumberTable
        title={t("progress.byKeyword")}
        head={partHead(t("progress.keyword"))}
        rows={byKeyword.map(({ keyword, ...part }) => ({
          key: keyword,
          name: keyword,
          values: partValues(part),
        }))}
      />
    </section>
  );
}

function Contests({ progress: { contests, names } }: { progress: OwnProgress }) {
  if (contests.length === 0) return null;
  return (
    <section>
      <h2>{t("nav.contests")}</h2>
      <NumberTable
        title={t("nav.contests")}
        head={[
          t("progress.contest"),
          t("progress.firstSubmission"),
          t("statistics.submissions"),
          t("progress.tried"),
          t("progress.solved"),
        ]}
        rows={contests.toReversed().map(({ contest, from, submissions, tried, solved }) => ({
          key: contest,
          name: <a href={`/contests/${contest}`}>{names[contest] ?? contest}</a>,
          values: [dateTime(from), submissions, tried, solved],
        }))}
      />
    </section>
  );
}

function Languages({ progress }: { progress: OwnProgress }) {
  if (progress.languages.length === 0) return null;
  return (
    <section>
      <h2>{t("statistics.languages")}</h2>
      <NumberTable
        title={t("statistics.languages")}
        head={[t("language.label"), t("statistics.submissions"), t("statistics.accepted")]}
        rows={progress.languages.map(({ language, submissions, accepted }) => ({
          key: language,
          name: languages[language].name,
          values: [submissions, accepted],
        }))}
      />
    </section>
  );
}
