import { useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import { useContest } from "../contest.ts";
import { toggleFullScreen } from "../full-screen.ts";
import { t } from "../i18n.ts";
import { Await } from "../parts/await.tsx";
import { LiveDot, OutdatedNotice } from "../parts/live-dot.tsx";
import { Page } from "../parts/page.tsx";
import { ResolverBoard } from "../parts/resolver-board.tsx";
import { useShowKeys } from "../parts/resolver-controls.tsx";
import { ResolverSaid } from "../parts/resolver-said.tsx";
import { useShow } from "../resolver-follow.ts";
import type { ContestView } from "../../protocol/contest.ts";
import "../locales/resolver.ts";

/** The show of a contest's results, for the projector and for everybody who follows it. */
export default function ResolverShow() {
  const slug = useRoute().params.slug ?? "";
  const contest = useContest(slug);
  return <Await loading={contest}>{(view) => <Show key={view.slug} contest={view} />}</Await>;
}

function Show({ contest }: { contest: ContestView }) {
  const { followed, connection } = useShow(contest.slug);
  const state = connection?.state.value ?? "connecting";
  useShowKeys({ f: toggleFullScreen });
  useEffect(() => {
    // The site's own bars have no place on a projector.
    document.documentElement.classList.add("hall");
    return () => document.documentElement.classList.remove("hall");
  }, []);
  return (
    <Page
      title={t("resolver.title", { contest: contest.name })}
      heading={contest.name}
      actions={
        <>
          <LiveDot state={state} heardAt={connection?.heardAt.value ?? null} />
          <button type="button" onClick={toggleFullScreen}>
            {t("resolver.fullScreen")} <kbd>F</kbd>
          </button>
        </>
      }
    >
      {state === "outdated" ? <OutdatedNotice /> : null}
      {followed === null ? null : followed.type === "waiting" ? (
        <output class="empty">{t("resolver.waiting")}</output>
      ) : (
        <>
          <ResolverSaid step={followed.last} state={followed.state} />
          <ResolverBoard state={followed.state} />
        </>
      )}
    </Page>
  );
}
