import type { Clarification, QueueStep } from "../../protocol/clarification.ts";
import type { ContestView } from "../../protocol/contest.ts";
import { errorText, Nothing, request } from "../api.ts";
import { useAct } from "../act.ts";
import { queueOf, type Thread } from "../clarification-threads.ts";
import { apiOf } from "../clarifications.ts";
import { t } from "../i18n.ts";
import { ClarificationAnswer } from "./clarification-answer.tsx";
import { ClarificationThread } from "./clarification-thread.tsx";
import { Notice } from "./notice.tsx";

interface Props {
  contest: ContestView;
  threads: readonly Thread[];
  /** Asks for the list again. */
  reload: () => void;
}

const none: ReadonlySet<string> = new Set();

/** What the jury has to answer, and below it everything that was said. */
export function ClarificationQueue({ contest, threads, reload }: Props) {
  const { waiting, others } = queueOf(threads);
  const list = (some: readonly Thread[]) => (
    <ul class="clarifications">
      {some.map((thread) => (
        <ClarificationThread key={thread.head.id} contest={contest} thread={thread} fresh={none}>
          {thread.head.kind === "question" ? (
            <Steps slug={contest.slug} question={thread.head} reload={reload} />
          ) : null}
        </ClarificationThread>
      ))}
    </ul>
  );
  return (
    <>
      <section aria-labelledby="queue">
        <h2 id="queue">
          {t("clarification.queue")} <output class="badge">{waiting.length}</output>
        </h2>
        {waiting.length === 0 ? <p class="empty">{t("clarification.queueEmpty")}</p> : list(waiting)}
      </section>
      {others.length === 0 ? null : (
        <section aria-labelledby="others">
          <h2 id="others">{t("clarification.others")}</h2>
          {list(others)}
        </section>
      )}
    </>
  );
}

interface StepsProps {
  slug: string;
  question: Clarification;
  reload: () => void;
}

/** Claiming a question, answering it, and what else may become of it. */
function Steps({ slug, question, reload }: StepsProps) {
  const act = useAct();
  const claim = question.jury?.claim ?? null;
  const take = async (step: QueueStep["step"]): Promise<void> => {
    const body: QueueStep = { step };
    await act.run(async () => {
      await request(Nothing, `${apiOf(slug)}/${question.id}/queue`, { method: "POST", body });
    });
    // Also when it was refused: then somebody else was faster, and the list is out of date.
    reload();
  };
  const button = (step: QueueStep["step"], label: string) => (
    <button type="button" class="small" disabled={act.busy} onClick={() => void take(step)}>
      {label}
    </button>
  );
  return (
    <>
      {act.error === null ? null : <Notice kind="error">{errorText(act.error)}</Notice>}
      {claim?.isMine === true ? (
        <ClarificationAnswer
          slug={slug}
          question={question.id}
          hasTeam={question.from !== null}
          said={reload}
        />
      ) : null}
      <p class="actions">
        {claim === null ? (
          button("claim", question.isAnswered ? t("clarification.claimAgain") : t("clarification.claim"))
        ) : (
          <>
            <span class="chip">
              {claim.isMine
                ? t("clarification.claimedByMe")
                : t("clarification.claimedBy", { name: claim.by })}
            </span>
            {button(
              "release",
              claim.isMine ? t("clarification.release") : t("clarification.releaseOf", { name: claim.by }),
            )}
          </>
        )}
        {question.isAnswered
          ? button("reopen", t("clarification.reopen"))
          : claim === null || claim.isMine
            ? button("close", t("clarification.close"))
            : null}
      </p>
    </>
  );
}
