import { useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import { languages } from "../../protocol/language.ts";
import { JuryDetail } from "../../protocol/jury.ts";
import { isProvisional, SubmissionDetail, type SubmissionView } from "../../protocol/submission.ts";
import { request } from "../api.ts";
import { bytes, dateTime, memory, milliseconds } from "../format.ts";
import { pickText, t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Page } from "../parts/page.tsx";
import { SourceView } from "../parts/source-view.tsx";
import { problemPath } from "../parts/submission-table.tsx";
import { TestTable } from "../parts/test-table.tsx";
import { SubmissionState } from "../parts/verdict.tsx";
import { When } from "../parts/when.tsx";
import { account, organises } from "../session.ts";
import { feedOpened, submissions, useAccountFeed } from "../submissions.ts";

/** One submission: its source, and what the judge said of every test. */
export default function Submission() {
  const id = useRoute().params.id ?? "";
  useAccountFeed();
  const news = submissions.value.get(id);
  const loading = useLoaded(
    `submission ${id} of ${account.value?.id ?? ""}`,
    (signal) => request(SubmissionDetail, `/api/submissions/${id}`, { signal }),
    feedOpened.value,
  );
  const { loaded, reload } = loading;
  const shownRound = loaded.state === "ready" ? (loaded.value.judgement?.round ?? -1) : null;
  useEffect(() => {
    // The feed tells the verdict; the tests one by one come with the whole submission only.
    if (shownRound !== null && news?.judgement && news.judgement.round > shownRound) reload();
  }, [news?.judgement?.round, shownRound]);
  return <Await loading={loading}>{(detail) => <Detail detail={detail} news={news ?? detail} />}</Await>;
}

function Detail({ detail, news }: { detail: SubmissionDetail; news: SubmissionView }) {
  const name = pickText(detail.problemName);
  const label = detail.label === null ? "" : `${detail.label} · `;
  return (
    <Page
      title={t("submission.title", { problem: `${label}${name}` })}
      above={<a href={problemPath(detail)}>{`${label}${name}`}</a>}
      heading={t("submission.heading", { author: detail.author })}
      actions={organises.value ? <JuryLink id={detail.id} /> : undefined}
    >
      <output class="submission-state">
        <SubmissionState submission={news} />
      </output>
      <Facts detail={detail} />
      {detail.compileOutput === "" ? null : (
        <section aria-labelledby="compile-output">
          <h2 id="compile-output">{t("submission.compileOutput")}</h2>
          <pre class="block">{detail.compileOutput}</pre>
        </section>
      )}
      {detail.runs.length === 0 ? null : (
        <TestTable
          runs={detail.runs}
          provisional={detail.judgement !== null && isProvisional(detail.judgement.level)}
        />
      )}
      <SourceView id={detail.id} source={detail} language={detail.language} />
    </Page>
  );
}

function Facts({ detail }: { detail: SubmissionDetail }) {
  const { judgement } = detail;
  return (
    <dl class="facts facts-row">
      <div>
        <dt>{t("submission.when")}</dt>
        <dd>
          <When at={detail.submittedAt} contestTimeMs={detail.contestTimeMs} />
          {detail.contestTimeMs === null ? null : <span class="soft"> {dateTime(detail.submittedAt)}</span>}
        </dd>
      </div>
      <div>
        <dt>{t("submission.language")}</dt>
        <dd>{languages[detail.language].name}</dd>
      </div>
      <div>
        <dt>{t("submission.size")}</dt>
        <dd>{bytes(detail.bytes)}</dd>
      </div>
      {judgement === null ? null : (
        <>
          <div>
            <dt>{t("submission.time")}</dt>
            <dd>{milliseconds(judgement.cpuMs)}</dd>
          </div>
          <div>
            <dt>{t("submission.memory")}</dt>
            <dd>{memory(judgement.memoryKiB)}</dd>
          </div>
          <div>
            <dt>{t("submission.toolchain")}</dt>
            <dd>{judgement.toolchain}</dd>
          </div>
          <div>
            <dt>{t("submission.sandbox")}</dt>
            <dd>
              {t(`sandbox.${judgement.level}`)}
              {isProvisional(judgement.level) ? (
                <span class="soft"> ({t("verdict.provisional")})</span>
              ) : null}
            </dd>
          </div>
        </>
      )}
    </dl>
  );
}

/** The way to the jury's part, for those whom the server lets in. */
function JuryLink({ id }: { id: string }) {
  const { loaded } = useLoaded(`jury ${id}`, (signal) =>
    request(JuryDetail, `/api/submissions/${id}/jury`, { signal }),
  );
  if (loaded.state !== "ready") return null;
  return (
    <a class="button" href={`/submissions/${id}/jury`}>
      {t("jury.view")}
    </a>
  );
}
