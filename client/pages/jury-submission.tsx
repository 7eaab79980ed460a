import { useLocation, useRoute } from "preact-iso";
import { JuryDetail } from "../../protocol/jury.ts";
import { languages } from "../../protocol/language.ts";
import { SubmissionDetail } from "../../protocol/submission.ts";
import { request } from "../api.ts";
import { bytes, dateTime } from "../format.ts";
import { pickText, t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { JuryRounds } from "../parts/jury-rounds.tsx";
import { JuryRuns } from "../parts/jury-runs.tsx";
import { JuryState } from "../parts/jury-state.tsx";
import { JuryTestView } from "../parts/jury-test.tsx";
import { OverrideForm } from "../parts/override.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { SourceView } from "../parts/source-view.tsx";
import { When } from "../parts/when.tsx";

const NEWS_EVERY_MS = 15_000;

/** A submission as its jury sees it: every round, every test with its files, and what may be done about it. */
export default function JurySubmission() {
  return <SignedIn title={t("jury.view")}>{() => <Loaded />}</SignedIn>;
}

function Loaded() {
  const id = useRoute().params.id ?? "";
  const { query } = useLocation();
  const round = query.round === undefined ? "" : `?round=${Number(query.round)}`;
  const path = `/api/submissions/${id}/jury${round}`;
  const loading = useLoaded(path, (signal) => request(JuryDetail, path, { signal }), useTicks(NEWS_EVERY_MS));
  return (
    <Await loading={loading}>
      {(detail) => (
        <Detail
          detail={detail}
          test={query.test === undefined ? null : Number(query.test)}
          reload={loading.reload}
        />
      )}
    </Await>
  );
}

interface DetailProps {
  detail: JuryDetail;
  test: number | null;
  reload: () => void;
}

function Detail({ detail: { submission, rounds, round, runs }, test, reload }: DetailProps) {
  const { id, contest, label } = submission;
  const who = submission.team?.name ?? submission.author;
  const name = `${label === null ? "" : `${label} · `}${pickText(submission.problemName)}`;
  return (
    <Page
      title={t("submission.title", { problem: name })}
      heading={t("submission.heading", { author: who })}
      above={contest === null ? name : <a href={`/contests/${contest}/submissions`}>{name}</a>}
      actions={
        <>
          <a href={`/submissions/${id}`}>{t("jury.asTeam")}</a>
          {contest === null ? null : (
            <a class="button" href={`/contests/${contest}/rejudgings?submissions=${id}`}>
              {t("jury.rejudgeOne")}
            </a>
          )}
        </>
      }
    >
      {contest === null ? null : <JuryNav slug={contest} />}
      <output class="submission-state">
        <JuryState submission={submission} />
      </output>
      <dl class="facts facts-row">
        <div>
          <dt>{t("submission.when")}</dt>
          <dd>
            <When at={submission.submittedAt} contestTimeMs={submission.contestTimeMs} />{" "}
            {submission.contestTimeMs === null ? null : (
              <span class="soft">{dateTime(submission.submittedAt)}</span>
            )}
          </dd>
        </div>
        <div>
          <dt>{t("submission.language")}</dt>
          <dd>{languages[submission.language].name}</dd>
        </div>
        <div>
          <dt>{t("submission.size")}</dt>
          <dd>{bytes(submission.bytes)}</dd>
        </div>
        <div>
          <dt>{t("jury.author")}</dt>
          <dd>{submission.author}</dd>
        </div>
      </dl>
      <JuryRounds submission={id} rounds={rounds} shown={round} />
      <section aria-labelledby="jury-tests">
        <h2 id="jury-tests">{t("jury.testsOfRound", { round })}</h2>
        {runs.length === 0 ? (
          <p class="empty">{t("jury.noRuns")}</p>
        ) : (
          <JuryRuns
            runs={runs}
            shown={test}
            hrefOf={(position) => `/submissions/${id}/jury?round=${round}&test=${position}`}
          />
        )}
      </section>
      {test === null ? null : (
        <JuryTestView key={`${test} ${round}`} submission={id} position={test} round={round} />
      )}
      <OverrideForm submission={submission} done={reload} />
      <Source id={id} />
    </Page>
  );
}

function Source({ id }: { id: string }) {
  const loading = useLoaded(`submission ${id}`, (signal) =>
    request(SubmissionDetail, `/api/submissions/${id}`, { signal }),
  );
  if (loading.loaded.state !== "ready") return null;
  const { compileOutput, language } = loading.loaded.value;
  return (
    <>
      {compileOutput === "" ? null : (
        <section aria-labelledby="compile-output">
          <h2 id="compile-output">{t("submission.compileOutput")}</h2>
          <pre class="block">{compileOutput}</pre>
        </section>
      )}
      <SourceView id={id} source={loading.loaded.value} language={language} />
    </>
  );
}
