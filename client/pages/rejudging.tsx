import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import type { ContestView } from "../../protocol/contest.ts";
import { RejudgingView } from "../../protocol/jury.ts";
import { Verdict as VerdictId } from "../../protocol/verdict.ts";
import { request } from "../api.ts";
import { useAct } from "../act.ts";
import "../locales/jury.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Managed } from "../parts/managed.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { RejudgingProgress } from "../parts/rejudging-progress.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { Verdict } from "../parts/verdict.tsx";
import { When } from "../parts/when.tsx";

const NEWS_EVERY_MS = 4000;

/** One rejudging: how far it is, what it would change, and the decision. */
export default function Rejudging() {
  const { slug = "", id = "" } = useRoute().params;
  return (
    <Managed slug={slug} title={t("rejudging.title")}>
      {(contest) => <Loaded contest={contest} id={id} />}
    </Managed>
  );
}

function Loaded({ contest, id }: { contest: ContestView; id: string }) {
  const path = `/api/rejudgings/${id}`;
  const loading = useLoaded(
    path,
    (signal) => request(RejudgingView, path, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  return (
    <Await loading={loading}>
      {(rejudging) => <Detail contest={contest} rejudging={rejudging} replace={loading.replace} />}
    </Await>
  );
}

interface DetailProps {
  contest: ContestView;
  rejudging: RejudgingView;
  replace: (rejudging: RejudgingView) => void;
}

function Detail({ contest, rejudging, replace }: DetailProps) {
  const { state, changes } = rejudging;
  return (
    <Page
      title={t("rejudging.title")}
      heading={rejudging.reason}
      above={<a href={`/contests/${contest.slug}/rejudgings`}>{t("jury.rejudgings")}</a>}
    >
      <JuryNav slug={contest.slug} />
      <p>
        {t("rejudging.by", { name: rejudging.by })} <When at={rejudging.at} />
      </p>
      <p>
        <output>
          <RejudgingProgress rejudging={rejudging} />
        </output>
      </p>
      {rejudging.failed > 0 && state !== "cancelled" ? (
        <Notice kind="warning">{t("rejudging.failedKeep", { count: rejudging.failed })}</Notice>
      ) : null}
      <Decision rejudging={rejudging} replace={replace} />
      <section aria-labelledby="matrix">
        <h2 id="matrix">{t("rejudging.matrix")}</h2>
        <Matrix matrix={rejudging.matrix} />
      </section>
      <section aria-labelledby="changes">
        <h2 id="changes">{t("rejudging.changes")}</h2>
        {changes.length === 0 ? (
          <p class="empty">{t("rejudging.noChanges")}</p>
        ) : (
          <Changes changes={changes} />
        )}
      </section>
    </Page>
  );
}

/** Applying and cancelling, each after a question that says what comes of it. */
function Decision({ rejudging, replace }: Omit<DetailProps, "contest">) {
  const { id, state, changes, total, done } = rejudging;
  const [asked, setAsked] = useState<"apply" | "cancel" | null>(null);
  const act = useAct();
  if (state === "applied" || state === "cancelled") return null;
  const decide = async (decision: "apply" | "cancel"): Promise<void> => {
    const decided = await act.run(async () => {
      replace(await request(RejudgingView, `/api/rejudgings/${id}/${decision}`, { method: "POST" }));
    });
    if (decided) setAsked(null);
  };
  const ask = (decision: "apply" | "cancel"): void => {
    act.forget();
    setAsked(decision);
  };
  return (
    <>
      <p class="actions">
        <button type="button" class="primary" disabled={state !== "ready"} onClick={() => ask("apply")}>
          {t("rejudging.apply")}
        </button>
        <button type="button" onClick={() => ask("cancel")}>
          {t("rejudging.cancel")}
        </button>
        {state === "judging" ? (
          <span class="soft">{t("rejudging.notReady", { count: total - done })}</span>
        ) : null}
      </p>
      {asked === null ? null : (
        <Confirm
          title={t(`rejudging.${asked}Sure`)}
          label={t(`rejudging.${asked}`)}
          danger={asked === "cancel"}
          busy={act.busy}
          error={act.error}
          act={() => void decide(asked)}
          close={() => setAsked(null)}
        >
          <p>
            {asked === "apply"
              ? t("rejudging.applyConsequence", { count: changes.length })
              : t("rejudging.cancelConsequence")}
          </p>
        </Confirm>
      )}
    </>
  );
}

/** Old verdicts down, new ones across; what stays as it was lies on the diagonal. */
function Matrix({ matrix }: { matrix: RejudgingView["matrix"] }) {
  if (matrix.length === 0) return <p class="empty">{t("rejudging.nothingYet")}</p>;
  const from = [null, ...VerdictId.options].filter((id) => matrix.some((cell) => cell.from === id));
  const to = VerdictId.options.filter((id) => matrix.some((cell) => cell.to === id));
  return (
    <TableScroll label={t("rejudging.matrix")}>
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">{t("rejudging.oldNew")}</th>
            {to.map((id) => (
              <th key={id} scope="col" class="number">
                <Verdict verdict={id} brief />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {from.map((old) => (
            <tr key={old}>
              <th scope="row">{old === null ? t("rejudging.noVerdict") : <Verdict verdict={old} />}</th>
              {to.map((id) => {
                const count = matrix.find((cell) => cell.from === old && cell.to === id)?.count ?? 0;
                const kind = count === 0 ? "nothing" : old === id ? "same" : "changed";
                return (
                  <td key={id} class={`number matrix-${kind}`}>
                    {count === 0 ? "·" : count}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Changes({ changes }: { changes: RejudgingView["changes"] }) {
  return (
    <TableScroll label={t("rejudging.changes")}>
      <table data-rows>
        <thead>
          <tr>
            <th scope="col">{t("contest.team")}</th>
            <th scope="col">{t("submission.problem")}</th>
            <th scope="col">{t("rejudging.old")}</th>
            <th scope="col">{t("rejudging.new-verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.submission}>
              <td>
                <a href={`/submissions/${change.submission}/jury`}>{change.team}</a>
              </td>
              <td>{change.label}</td>
              <td>
                <Side verdict={change.from} score={change.fromScore} />
              </td>
              <td>
                <Side verdict={change.to} score={change.toScore} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Side({ verdict, score }: { verdict: VerdictId | null; score: number | null }) {
  return (
    <>
      {verdict === null ? t("rejudging.noVerdict") : <Verdict verdict={verdict} />}
      {score === null ? null : <span class="score"> {t("submission.score", { score })}</span>}
    </>
  );
}
