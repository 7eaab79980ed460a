import { useLocation, useRoute } from "preact-iso";
import type { ContestView } from "../../protocol/contest.ts";
import { ProblemView } from "../../protocol/problem.ts";
import { request } from "../api.ts";
import { useContest } from "../contest.ts";
import { locale, t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { PrintPage } from "../parts/print-page.tsx";
import { Cover, ProblemSheet } from "../parts/problem-sheets.tsx";
import "../locales/print.ts";

/** A contest's problem set on paper: a cover, then each problem from a new page on, in one language. */
export default function PrintProblems() {
  const loading = useContest(useRoute().params.slug ?? "");
  return (
    <Await loading={loading}>
      {(contest) =>
        contest.problems.every(({ slug }) => slug !== null) ? (
          <ProblemSet key={contest.slug} contest={contest} />
        ) : (
          <PrintPage contest={contest} heading={t("print.problems")}>
            <p class="empty">{t("print.problemsWhen")}</p>
          </PrintPage>
        )
      }
    </Await>
  );
}

function ProblemSet({ contest }: { contest: ContestView }) {
  const { slug, problems } = contest;
  const loading = useLoaded(`problems of ${slug}`, (signal) =>
    Promise.all(
      problems.map(({ label }) =>
        request(ProblemView, `/api/contests/${slug}/problems/${label}`, { signal }),
      ),
    ),
  );
  return <Await loading={loading}>{(views) => <Sheets contest={contest} problems={views} />}</Await>;
}

function Sheets({ contest, problems }: { contest: ContestView; problems: readonly ProblemView[] }) {
  const { query } = useLocation();
  const wanted = query["locale"] ?? locale.value;
  return (
    <PrintPage
      contest={contest}
      heading={t("print.problems")}
      choice={<Language problems={problems} wanted={wanted} />}
    >
      <Cover contest={contest} problems={problems} wanted={wanted} />
      {problems.map((problem) => (
        <ProblemSheet key={problem.contest?.label} problem={problem} wanted={wanted} />
      ))}
    </PrintPage>
  );
}

function Language({ problems, wanted }: { problems: readonly ProblemView[]; wanted: string }) {
  const { path, route } = useLocation();
  const names = new Intl.DisplayNames(locale.value, { type: "language" });
  const there = new Set(
    problems.flatMap(({ statements }) => statements.map((statement) => statement.locale)),
  );
  const shown = [...new Set([...there, wanted])].sort();
  return (
    <label>
      {t("print.language")}{" "}
      <select
        value={wanted}
        onChange={(event) => route(`${path}?locale=${encodeURIComponent(event.currentTarget.value)}`, true)}
      >
        {shown.map((one) => (
          <option key={one} value={one}>
            {names.of(one) ?? one}
          </option>
        ))}
      </select>
    </label>
  );
}
