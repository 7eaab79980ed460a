import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import type { ContestView } from "../../protocol/contest.ts";
import { ResolverPlan } from "../../protocol/resolver.ts";
import { stateAt } from "../../rules/resolver-state.ts";
import { errorText, request } from "../api.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { AwardRulesForm } from "../parts/resolver-award-rules.tsx";
import { Begin, BeginAnew, Thaw } from "../parts/resolver-acts.tsx";
import { ResolverBoard } from "../parts/resolver-board.tsx";
import { ResolverControls } from "../parts/resolver-controls.tsx";
import { ResolverNext } from "../parts/resolver-next.tsx";
import { ResolverSaid } from "../parts/resolver-said.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { useShow } from "../resolver-follow.ts";
import { whyText } from "../resolver-texts.ts";
import { usePresenting } from "../use-presenting.ts";

type Ready = Extract<ResolverPlan, { type: "ready" }>;

/** Where a contest's jury leads the show of its results. */
export default function Resolver() {
  const slug = useRoute().params.slug ?? "";
  return <SignedIn title={t("resolver.heading")}>{() => <Contest slug={slug} />}</SignedIn>;
}

function Contest({ slug }: { slug: string }) {
  return (
    <Await loading={useContest(slug)}>
      {(contest) =>
        contest.isJury ? (
          <Loaded contest={contest} />
        ) : (
          <Page title={t("resolver.heading")} width="text">
            <Notice kind="warning">{t("resolver.onlyJury")}</Notice>
          </Page>
        )
      }
    </Await>
  );
}

function Loaded({ contest }: { contest: ContestView }) {
  const path = `/api/contests/${contest.slug}/resolver/steps`;
  const loading = useLoaded(path, (signal) => request(ResolverPlan, path, { signal }));
  return (
    <Await loading={loading}>
      {(plan) => (
        <Page
          title={t("resolver.title", { contest: contest.name })}
          heading={t("resolver.heading")}
          above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
          actions={
            <a class="button" href={`/contests/${contest.slug}/resolver/show`} target="_blank">
              {t("resolver.projector")}
            </a>
          }
        >
          <Plan contest={contest} plan={plan} reload={loading.reload} />
        </Page>
      )}
    </Await>
  );
}

interface PlanProps {
  contest: ContestView;
  plan: ResolverPlan;
  reload: () => void;
}

function Plan({ contest, plan, reload }: PlanProps) {
  const { slug, manages } = contest;
  if (plan.type === "refused") {
    return (
      <>
        <Notice kind="warning">{whyText(plan.why, plan.team)}</Notice>
        {plan.why.reason === "unjudged" ? (
          <p>
            <a href={`/contests/${slug}/submissions`}>{t("resolver.toJudge")}</a>
          </p>
        ) : null}
        {manages ? <AwardRulesForm slug={slug} saved={reload} /> : null}
      </>
    );
  }
  if (plan.show === null) {
    return (
      <>
        <p>{t("resolver.lead")}</p>
        <Begin slug={slug} begun={reload} />
        {manages ? <AwardRulesForm slug={slug} saved={reload} /> : null}
        <ResolverNext state={stateAt(plan.frozen, plan.steps, 0)} steps={plan.steps} />
      </>
    );
  }
  return <Presenter key={plan.show} contest={contest} plan={plan} reload={reload} />;
}

function Presenter({ contest, plan, reload }: PlanProps & { plan: Ready }) {
  const { slug, manages, timed } = contest;
  const presenting = usePresenting(slug, plan.steps, plan.shown);
  const { shown, error } = presenting;
  const state = useMemo(() => stateAt(plan.frozen, plan.steps, shown), [plan, shown]);
  // Somebody else of the jury may lead too, or begin anew.
  useShow(slug, (followed) => {
    if (followed.type !== "shown" || followed.show !== plan.show) reload();
    else presenting.heard(followed.state.shown);
  });
  return (
    <>
      {plan.outdated ? <Notice kind="warning">{t("resolver.outdated")}</Notice> : null}
      {error === null ? null : <Notice kind="error">{errorText(error)}</Notice>}
      <ResolverControls presenting={presenting} steps={plan.steps.length} />
      <ResolverSaid step={plan.steps[shown - 1] ?? null} state={state} />
      <ResolverNext state={state} steps={plan.steps} />
      {state.ended && manages ? <Thaw slug={slug} thawedAt={timed.thawedAt} /> : null}
      <ResolverBoard state={state} />
      {timed.thawedAt === null ? <BeginAnew slug={slug} begun={reload} /> : null}
    </>
  );
}
