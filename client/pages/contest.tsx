import { useLocation, useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import { ContestView, type ContestProblem, type RegisterTeam } from "../../protocol/contest.ts";
import { phaseAt } from "../../rules/contest-clock.ts";
import { request } from "../api.ts";
import { useServerNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { dateTime, span, timeZone } from "../format.ts";
import { pickText, t } from "../i18n.ts";
import { Await } from "../parts/await.tsx";
import { ContestProgress, Countdown, Phase } from "../parts/contest-time.tsx";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { Balloon, Icon } from "../parts/icons.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Page } from "../parts/page.tsx";
import { signInPath } from "../parts/signed-in.tsx";
import { SubmissionTable } from "../parts/submission-table.tsx";
import { WaitingSubmissions } from "../parts/waiting-submissions.tsx";
import { account } from "../session.ts";
import { useOwnSubmissions } from "../submissions.ts";

/** A contest's lobby: where it stands, its rules, its problems, and one's own team. */
export default function Contest() {
  const { params } = useRoute();
  const loading = useContest(params.slug ?? "");
  return (
    <Await loading={loading}>
      {(contest) => <Lobby contest={contest} replace={loading.replace} reload={loading.reload} />}
    </Await>
  );
}

interface LobbyProps {
  contest: ContestView;
  replace: (contest: ContestView) => void;
  reload: () => void;
}

function Lobby({ contest, replace, reload }: LobbyProps) {
  const { clock, slug } = contest;
  const started = phaseAt(clock, useServerNow()) !== "before";
  useEffect(() => {
    // The problems' names are secret until the start, so they have to be asked for when it has come.
    if (started && contest.problems.some((problem) => problem.slug === null)) reload();
  }, [started]);
  return (
    <Page
      title={contest.name}
      above={<a href="/contests">{t("nav.contests")}</a>}
      actions={
        <>
          {contest.manages ? (
            <a class="button" href={`/contests/${slug}/edit`}>
              {t("contest.edit")}
            </a>
          ) : null}
          <a class="button primary" href={`/contests/${slug}/scoreboard`}>
            {t("contest.scoreboard")}
            <Icon name="arrow" />
          </a>
        </>
      }
    >
      {contest.manages ? <JuryNav slug={slug} /> : null}
      <div class="lobby-clock">
        <Phase clock={clock} />
        <Countdown clock={clock} />
        <ContestProgress clock={clock} />
      </div>
      <div class="lobby">
        <div>
          <Problems contest={contest} started={started} />
          {contest.team ? <OwnSubmissions contest={contest} /> : null}
        </div>
        <aside>
          <Team contest={contest} replace={replace} />
          <Rules contest={contest} />
        </aside>
      </div>
    </Page>
  );
}

function Problems({ contest, started }: { contest: ContestView; started: boolean }) {
  return (
    <section aria-labelledby="lobby-problems">
      <h2 id="lobby-problems">{t("nav.problems")}</h2>
      {started ? null : <p class="soft">{t("contest.problemsHidden")}</p>}
      <ol class="problem-list" data-rows>
        {contest.problems.map((problem) => (
          <li key={problem.label}>
            <ProblemLine contest={contest.slug} problem={problem} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function ProblemLine({ contest, problem }: { contest: string; problem: ContestProblem }) {
  const label = (
    <span class="problem-label">
      <Balloon colour={problem.colour} />
      {problem.label}
    </span>
  );
  if (problem.name === null) {
    return (
      <span class="problem-line soft">
        {label} <span>{t("contest.hiddenProblem")}</span>
      </span>
    );
  }
  return (
    <a class="problem-line" href={`/contests/${contest}/problems/${problem.label}`}>
      {label} <span>{pickText(problem.name)}</span>
    </a>
  );
}

function OwnSubmissions({ contest }: { contest: ContestView }) {
  const { shown } = useOwnSubmissions({ contest: contest.slug });
  return (
    <section>
      <h2>{t("contest.mySubmissions")}</h2>
      <WaitingSubmissions contest={contest.slug} />
      {shown.length === 0 ? (
        <p class="empty">{t("submissions.empty")}</p>
      ) : (
        <SubmissionTable submissions={shown} label={t("contest.mySubmissions")} />
      )}
    </section>
  );
}

function Rules({ contest }: { contest: ContestView }) {
  const { clock } = contest;
  return (
    <section aria-labelledby="lobby-rules" class="card">
      <h2 id="lobby-rules">{t("contest.rules")}</h2>
      <dl class="facts">
        <div>
          <dt>{t("contests.start")}</dt>
          <dd>
            {dateTime(clock.startAt)} <span class="soft">{timeZone()}</span>
          </dd>
        </div>
        <div>
          <dt>{t("contests.length")}</dt>
          <dd>{span(clock.durationMs)}</dd>
        </div>
        <div>
          <dt>{t("contest.penalty")}</dt>
          <dd>{t("contest.penaltyMinutes", { count: clock.penaltyMinutes })}</dd>
        </div>
        <div>
          <dt>{t("contest.freeze")}</dt>
          <dd>
            {clock.freezeMs === 0
              ? t("contest.noFreeze")
              : t("contest.freezeLast", { span: span(clock.freezeMs) })}
          </dd>
        </div>
      </dl>
      <p class="soft">{t("contest.scoring")}</p>
    </section>
  );
}

function Team({ contest, replace }: { contest: ContestView; replace: (contest: ContestView) => void }) {
  const { url } = useLocation();
  const over = phaseAt(contest.clock, useServerNow()) === "over";
  return (
    <section aria-labelledby="lobby-team" class="card">
      <h2 id="lobby-team">{t("contest.team")}</h2>
      {contest.team ? (
        <p class="team-name">
          <Icon name="check" /> {t("contest.asTeam", { team: contest.team.name })}
        </p>
      ) : over ? (
        <p class="soft">{t("contest.registrationOver")}</p>
      ) : account.value ? (
        <Register slug={contest.slug} suggested={account.value.displayName} replace={replace} />
      ) : (
        <p>
          <a class="button" href={signInPath(url)}>
            {t("contest.signInToRegister")}
          </a>
        </p>
      )}
    </section>
  );
}

interface RegisterProps {
  slug: string;
  suggested: string;
  replace: (contest: ContestView) => void;
}

function Register({ slug, suggested, replace }: RegisterProps) {
  const form = useForm(async (data) => {
    const body: RegisterTeam = { name: textOf(data, "name") };
    replace(await request(ContestView, `/api/contests/${slug}/teams`, { method: "POST", body }));
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
