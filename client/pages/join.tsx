import { useLocation, useRoute } from "preact-iso";
import { JoinView, type Join } from "../../protocol/team.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await, Waiting } from "../parts/await.tsx";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { signInPath } from "../parts/signed-in.tsx";
import { account, sessionKnown } from "../session.ts";
import "../locales/teams.ts";

/** Where a link to join leads: to a contest with a new team, or into a team. */
export default function JoinPage() {
  const code = useRoute().params.code ?? "";
  const path = `/api/join/${encodeURIComponent(code)}`;
  const loading = useLoaded(`${path} for ${account.value?.id ?? ""}`, (signal) =>
    request(JoinView, path, { signal }),
  );
  if (!sessionKnown.value) return <Waiting />;
  return <Await loading={loading}>{(view) => <Invitation path={path} view={view} />}</Await>;
}

function Invitation({ path, view }: { path: string; view: JoinView }) {
  const { contest, team, refusal, own } = view;
  return (
    <Page
      title={t(team === null ? "join.contest" : "join.team", {
        contest: contest.name,
        team: team?.name ?? "",
      })}
      above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
      width="text"
    >
      {team === null || team.members.length === 0 ? null : (
        <p>{t("join.members", { names: team.members.join(", ") })}</p>
      )}
      {own !== null ? (
        <>
          <Notice kind="info">{t("join.own", { team: own })}</Notice>
          <ToContest slug={contest.slug} />
        </>
      ) : refusal !== null ? (
        <>
          <Notice kind="warning">{refusal}</Notice>
          <ToContest slug={contest.slug} />
        </>
      ) : account.value === null ? (
        <SignInFirst />
      ) : (
        <JoinForm path={path} view={view} suggested={account.value.displayName} />
      )}
    </Page>
  );
}

const ToContest = ({ slug }: { slug: string }) => (
  <p class="actions">
    <a class="button" href={`/contests/${slug}`}>
      {t("join.toContest")}
    </a>
  </p>
);

function SignInFirst() {
  const { url } = useLocation();
  return (
    <>
      <p>{t("join.signInFirst")}</p>
      <p class="actions">
        <a class="button primary" href={signInPath(url)}>
          {t("signIn.title")}
        </a>
        <a class="button" href={`/sign-up?next=${encodeURIComponent(url)}`}>
          {t("signUp.title")}
        </a>
      </p>
    </>
  );
}

function JoinForm({ path, view, suggested }: { path: string; view: JoinView; suggested: string }) {
  const { contest, team } = view;
  const { route } = useLocation();
  const form = useForm(async (data) => {
    const body: Join = { name: team === null ? textOf(data, "name").trim() : null };
    await request(JoinView, path, { method: "POST", body });
    route(`/contests/${contest.slug}`);
  });
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={form} fields={["name"]} />
      {team === null ? (
        <Field name="name" label={t("contest.teamName")} errors={form.errors}>
          {(input) => (
            <input {...input} required maxLength={80} defaultValue={suggested} autocomplete="off" />
          )}
        </Field>
      ) : null}
      <p class="actions">
        <button class="primary" disabled={form.busy}>
          {t("join.button")}
        </button>
      </p>
    </form>
  );
}
