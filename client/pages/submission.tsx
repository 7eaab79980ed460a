import { useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import { languages } from "../../protocol/language.ts";
import {
  isProvisional,
  SubmissionDetail,
  type RunView,
  type SubmissionView,
} from "../../protocol/submission.ts";
import { request } from "../api.ts";
import { bytes, dateTime, exactMilliseconds, memory, milliseconds } from "../format.ts";
import { pickText, t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Copy } from "../parts/copy.tsx";
import { Editor } from "../parts/editor.tsx";
import { Page } from "../parts/page.tsx";
import { problemPath } from "../parts/submission-table.tsx";
import { SubmissionState, Verdict } from "../parts/verdict.tsx";
import { When } from "../parts/when.tsx";
import { account } from "../session.ts";
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
      {detail.runs.length === 0 ? null : <Tests detail={detail} />}
      <section aria-labelledby="source" class="source">
        <header class="section-head">
          <h2 id="source">{t("submission.source")}</h2>
          <Copy text={detail.files[0]?.text ?? ""} label={t("submission.copySource")} />
        </header>
        <Editor
          document={detail.id}
          source={detail.files[0]?.text ?? ""}
          language={detail.language}
          label={t("submission.source")}
          readOnly
        />
      </section>
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

/** One mark for each test, in the order in which they were run; what hidden tests hold is not told. */
function Tests({ detail: { runs, judgement } }: { detail: SubmissionDetail }) {
  const provisional = judgement !== null && isProvisional(judgement.level);
  return (
    <section aria-labelledby="tests">
      <h2 id="tests">{t("submission.tests")}</h2>
      <ol class="strip tests">
        {runs.map((run) => (
          <li
            key={run.position}
            title={t("submission.testTitle", {
              verdict: t(`verdict.${run.verdict}`),
              cpu: milliseconds(run.cpuMs),
              wall: milliseconds(run.wallMs),
              memory: memory(run.memoryKiB),
            })}
          >
            <span class="test-number">{run.position}</span>
            <Verdict verdict={run.verdict} provisional={provisional} brief />
            {run.sample ? <span class="soft">{t("submission.sample")}</span> : null}
            <span class="soft">{milliseconds(run.cpuMs)}</span>
          </li>
        ))}
      </ol>
      <Measurements runs={runs.filter((run) => run.measurements.length > 1)} provisional={provisional} />
    </section>
  );
}

/** Every measurement of the tests that were measured again: a verdict near a limit must be explainable. */
function Measurements({ runs, provisional }: { runs: readonly RunView[]; provisional: boolean }) {
  if (runs.length === 0) return null;
  return (
    <div class="measurements">
      <p class="hint">{t("submission.measuredWhy")}</p>
      {runs.map(({ position, measurements }) => (
        <dl key={position}>
          <dt>{t("submission.measured", { number: position, count: measurements.length })}</dt>
          {measurements.map(({ verdict, cpuMs, wallMs }, index) => (
            <dd key={index}>
              <Verdict verdict={verdict} provisional={provisional} brief />{" "}
              {t("submission.measurement", {
                cpu: exactMilliseconds(cpuMs),
                wall: exactMilliseconds(wallMs),
              })}
            </dd>
          ))}
        </dl>
      ))}
    </div>
  );
}
