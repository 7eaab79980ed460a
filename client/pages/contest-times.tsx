import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import type { ContestView } from "../../protocol/contest.ts";
import { statusAt } from "../../rules/contest-state.ts";
import { useServerNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { useTicks } from "../load.ts";
import "../locales/contest-forms.ts";
import { Await } from "../parts/await.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { FinalSteps } from "../parts/times-final.tsx";
import { FreezeActions, LengthActions, PauseActions, StartActions } from "../parts/times-actions.tsx";
import { TimesNow } from "../parts/times-now.tsx";
import { RemovedTime } from "../parts/times-removed.tsx";
import { ExtraTime } from "../parts/times-teams.tsx";

/** Others may change the times too. */
const NEWS_EVERY_MS = 15_000;

/** A contest's times, and everything that those who manage it can do about them. */
export default function ContestTimes() {
  return <SignedIn title={t("contest.times")}>{() => <Loaded />}</SignedIn>;
}

function Loaded() {
  const { params } = useRoute();
  const loading = useContest(params.slug ?? "", useTicks(NEWS_EVERY_MS));
  return (
    <Await loading={loading}>
      {(contest) => (
        <Page
          title={t("contest.times")}
          above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
          width="text"
        >
          {contest.manages ? (
            <Times key={contest.slug} contest={contest} replace={loading.replace} />
          ) : (
            <Notice kind="warning">{t("error.forbidden")}</Notice>
          )}
        </Page>
      )}
    </Await>
  );
}

interface TimesProps {
  contest: ContestView;
  replace: (contest: ContestView) => void;
}

function Times({ contest, replace }: TimesProps) {
  const [done, setDone] = useState("");
  const { state } = statusAt(contest.timed, useServerNow());
  const going = state === "running" || state === "frozen";
  const props = {
    contest,
    done: (changed: ContestView, what: string) => {
      replace(changed);
      setDone(what);
    },
  };
  return (
    <>
      <TimesNow contest={contest} />
      <output>{done === "" ? null : t("times.done", { what: done })}</output>
      {state === "finalised" ? <Notice kind="info">{t("times.final")}</Notice> : null}
      {state === "scheduled" ? <StartActions {...props} /> : null}
      {state === "finalised" ? null : (
        <>
          {going ? <PauseActions {...props} /> : null}
          <LengthActions {...props} going={going} />
          <FreezeActions {...props} going={state === "running"} />
          {state === "scheduled" ? null : <RemovedTime {...props} />}
          <ExtraTime {...props} />
        </>
      )}
      {state === "scheduled" || going ? null : <FinalSteps {...props} />}
    </>
  );
}
