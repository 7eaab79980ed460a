import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { ContestView, RegisterTeam } from "../../protocol/contest.ts";
import { refusalOf } from "../../rules/contest-state-actions.ts";
import { statusAt } from "../../rules/contest-state.ts";
import { remainingTime, teamTimes } from "../../rules/contest-times.ts";
import { useAct } from "../act.ts";
import { useServerNow } from "../clock.ts";
import { askContest } from "../contest.ts";
import { longSpan } from "../contest-words.ts";
import { t } from "../i18n.ts";
import { account } from "../session.ts";
import { Confirm } from "./confirm.tsx";
import { Field, FormError, textOf, useForm } from "./field.tsx";
import { Icon } from "./icons.tsx";
import { signInPath } from "./signed-in.tsx";
import { LeaveTeam } from "./team-leave.tsx";

interface Props {
  contest: ContestView;
  replace: (contest: ContestView) => void;
}

/** The reader's team in a contest, or how to come by one. */
export function ContestTeam({ contest, replace }: Props) {
  return (
    <section aria-labelledby="lobby-team" class="card panel">
      <h2 id="lobby-team">{t("contest.team")}</h2>
      {contest.team ? (
        <>
          <p class="team-name">
            <Icon name="check" /> {t("contest.asTeam", { team: contest.team.name })}
          </p>
          <Begin contest={contest} team={contest.team.id} replace={replace} />
          <LeaveTeam contest={contest} replace={replace} />
        </>
      ) : (
        <WithoutTeam contest={contest} replace={replace} />
      )}
    </section>
  );
}

function WithoutTeam({ contest, replace }: Props) {
  const { url } = useLocation();
  const now = useServerNow();
  if (refusalOf(contest.timed, "register", now, null) !== null) {
    return <p class="soft">{t("contest.registrationOver")}</p>;
  }
  if (account.value) {
    return <Register slug={contest.slug} suggested={account.value.displayName} replace={replace} />;
  }
  return (
    <p>
      <a class="button" href={signInPath(url)}>
        {t("contest.signInToRegister")}
      </a>
    </p>
  );
}

interface RegisterProps {
  slug: string;
  suggested: string;
  replace: (contest: ContestView) => void;
}

function Register({ slug, suggested, replace }: RegisterProps) {
  const form = useForm(async (data) => {
    replace(await askContest(slug, "teams", { name: textOf(data, "name") } satisfies RegisterTeam));
  });
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={form} fields={["name"]} />
      <Field name="name" label={t("contest.teamName")} hint={t("contest.teamNameHint")} errors={form.errors}>
        {(input) => <input {...input} required maxLength={80} defaultValue={suggested} autocomplete="off" />}
      </Field>
      <p class="actions">
        <button class="primary" disabled={form.busy}>
          {t("contest.register")}
        </button>
      </p>
    </form>
  );
}

/** Where teams have a time of their own: begins it, after a question, since nothing stops it then. */
function Begin({ contest, team, replace }: Props & { team: string }) {
  const { timed, slug } = contest;
  const { windowMs } = timed.times;
  const now = useServerNow();
  const [asked, setAsked] = useState(false);
  const act = useAct();
  if (windowMs === null || teamTimes(timed.times, team).beganAt !== null) return null;
  const { state, paused } = statusAt(timed, now);
  const left = remainingTime(timed.times, now) ?? 0;
  const open = (state === "running" || state === "frozen") && !paused && left > 0;
  const { extraMs } = teamTimes(timed.times, team);
  const begin = async (): Promise<void> => {
    const begun = await act.run(async () => replace(await askContest(slug, "begin")));
    if (begun) setAsked(false);
  };
  return (
    <>
      <p class="soft">{t("contest.windowAbout", { span: longSpan(windowMs + extraMs) })}</p>
      {open ? (
        <p class="actions">
          <button type="button" class="primary" onClick={() => setAsked(true)}>
            {t("contest.begin")}
          </button>
        </p>
      ) : null}
      {asked ? (
        <Confirm
          title={t("contest.beginSure")}
          label={t("contest.begin")}
          busy={act.busy}
          error={act.error}
          act={() => void begin()}
          close={() => setAsked(false)}
        >
          <p>{t("contest.beginConsequence", { span: longSpan(Math.min(windowMs, left) + extraMs) })}</p>
          {left < windowMs ? <p>{t("contest.beginShort")}</p> : null}
        </Confirm>
      ) : null}
    </>
  );
}
