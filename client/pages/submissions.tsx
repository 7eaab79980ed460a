import { useLocation } from "preact-iso";
import { t } from "../i18n.ts";
import { Await } from "../parts/await.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { SubmissionTable } from "../parts/submission-table.tsx";
import { WaitingSubmissions } from "../parts/waiting-submissions.tsx";
import "../locales/statistics.ts";
import { useOwnSubmissions, waiting, type SubmissionFilter } from "../submissions.ts";

/** The account's own submissions; `?contest=` and `?problem=` narrow them. */
export default function Submissions() {
  return <SignedIn title={t("nav.submissions")}>{() => <Own />}</SignedIn>;
}

function Own() {
  const { query } = useLocation();
  const filter: SubmissionFilter = {};
  if (query.contest !== undefined) filter.contest = query.contest;
  if (query.problem !== undefined) filter.problem = query.problem;
  const { loading, shown } = useOwnSubmissions(filter);
  const page = (
    <Page title={t("nav.submissions")} actions={<a href="/progress">{t("progress.title")}</a>}>
      <WaitingSubmissions {...filter} />
      {shown.length > 0 ? (
        <SubmissionTable submissions={shown} label={t("nav.submissions")} />
      ) : (
        <p class="empty">
          {t("submissions.empty")} <a href="/problems">{t("home.solve")}</a>
        </p>
      )}
    </Page>
  );
  // What waits here is shown also when the list cannot be had.
  return shown.length > 0 || waiting.value.length > 0 ? page : <Await loading={loading}>{() => page}</Await>;
}
