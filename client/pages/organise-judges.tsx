import { useState } from "preact/hooks";
import type { CheckReport } from "../../protocol/judge-check.ts";
import { ChangeJudging, JudgeList, JudgeToken, type NewJudge } from "../../protocol/judge-list.ts";
import { languages } from "../../protocol/language.ts";
import { errorText, Nothing, request } from "../api.ts";
import { useAct } from "../act.ts";
import { t } from "../i18n.ts";
import "../locales/judges.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { FormError, Field, textOf, useForm } from "../parts/field.tsx";
import { Check, HowToCheck, levelName } from "../parts/judge-check.tsx";
import { Icon, type IconName } from "../parts/icons.tsx";
import { JudgeTokenDialog } from "../parts/judge-token.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { When } from "../parts/when.tsx";
import { account } from "../session.ts";

const NEWS_EVERY_MS = 10_000;

type Judge = JudgeList["judges"][number];
type Told = CheckReport["guarantees"][number];

export default function OrganiseJudges() {
  return (
    <SignedIn title={t("judges.title")} only="organiser">
      {() => <Judges />}
    </SignedIn>
  );
}

/** Can the judges be trusted, what are they doing, and what waits for them. */
function Judges() {
  const loading = useLoaded(
    "judges",
    (signal) => request(JudgeList, "/api/judges", { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  const administers = account.value?.role === "administrator";
  return (
    <Await loading={loading}>
      {({ judges, waiting, failed, closed }) => (
        <Page
          title={t("judges.title")}
          above={<a href="/organise/problems">{t("nav.organise")}</a>}
          actions={<span class="soft">{t("judges.waiting", { count: waiting })}</span>}
        >
          {failed === 0 ? null : <Notice kind="warning">{t("judges.failed", { count: failed })}</Notice>}
          <Queue closed={closed} administers={administers} reload={loading.reload} />
          {judges.length === 0 ? <p class="empty">{t("judges.none")}</p> : null}
          {judges
            .toSorted((a, b) => urgency(a) - urgency(b))
            .map((judge) => (
              <JudgeCard key={judge.id} judge={judge} administers={administers} reload={loading.reload} />
            ))}
          {administers ? <NewJudgeForm reload={loading.reload} /> : null}
        </Page>
      )}
    </Await>
  );
}

/** First what judges now and should not, then what is silent with work in its hands, then what judges, then what is away. */
function urgency(judge: Judge): number {
  if (judge.state === "away") return 3;
  if (brokenOf(judge).length > 0) return 0;
  return judge.state === "silent" ? 1 : 2;
}

const brokenOf = ({ check }: Judge): Told[] =>
  check?.guarantees.filter(({ state }) => state === "broken") ?? [];

/** Whether submissions are taken at all; closing says why to everybody who submits. */
function Queue({
  closed,
  administers,
  reload,
}: {
  closed: string | null;
  administers: boolean;
  reload: () => void;
}) {
  const act = useAct();
  const [reason, setReason] = useState("");
  const change = (body: ChangeJudging): void => {
    void act.run(async () => {
      await request(Nothing, "/api/judging", { method: "PUT", body });
      setReason("");
      reload();
    });
  };
  return (
    <>
      {closed === null ? null : (
        <Notice kind="warning">
          <strong>{t("judges.queueClosed")}</strong> {closed}{" "}
          {administers ? (
            <button type="button" class="small" disabled={act.busy} onClick={() => change({ closed: null })}>
              {t("judges.openQueue")}
            </button>
          ) : null}
        </Notice>
      )}
      {act.error === null ? null : <Notice kind="error">{errorText(act.error)}</Notice>}
      {administers && closed === null ? (
        <details>
          <summary>{t("judges.closeQueue")}</summary>
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault();
              change({ closed: reason });
            }}
          >
            <label class="field">
              {t("judges.closeReason")}
              <input
                required
                maxLength={200}
                autocomplete="off"
                value={reason}
                onInput={(event) => setReason(event.currentTarget.value)}
              />
              <span class="hint">{t("judges.closeHint")}</span>
            </label>
            <p class="actions">
              <button class="danger" disabled={act.busy || reason.trim() === ""}>
                {t("judges.closeQueue")}
              </button>
            </p>
          </form>
        </details>
      ) : null}
    </>
  );
}

interface CardProps {
  judge: Judge;
  administers: boolean;
  reload: () => void;
}

function JudgeCard({ judge, administers, reload }: CardProps) {
  const { id, name, state, check } = judge;
  const connected = state !== "away";
  return (
    <section class="card panel" aria-labelledby={`judge-${id}`}>
      <header class="panel-head">
        <h2 id={`judge-${id}`}>{name}</h2>
        <State judge={judge} />
        {administers ? <Acts judge={judge} reload={reload} /> : null}
      </header>
      <Warnings judge={judge} />
      {connected ? <Work judge={judge} /> : null}
      {connected ? <Abilities judge={judge} /> : null}
      <h3>{t("judges.check")}</h3>
      {check === null ? <HowToCheck /> : <Check check={check} />}
    </section>
  );
}

const stateIcons: Record<Judge["state"], IconName> = {
  idle: "check",
  judging: "play",
  paused: "stop",
  silent: "warning",
  away: "dots",
};

function State({ judge: { state, heardAt } }: { judge: Judge }) {
  const look = { idle: "chip-ready", judging: "chip-ready", paused: "", silent: "chip-warning", away: "" }[
    state
  ];
  return (
    <>
      <span class={`chip ${look}`}>
        <Icon name={stateIcons[state]} />
        {t(`judgeState.${state}`)}
      </span>
      {state !== "silent" && state !== "away" ? null : (
        <span class="soft">
          {heardAt === null ? (
            t("judges.neverHeard")
          ) : (
            <>
              {t("judges.lastHeard")} <When at={heardAt} />
            </>
          )}
        </span>
      )}
    </>
  );
}

/** Pausing, and taking a judge's token away for good. */
function Acts({ judge: { id, name, paused }, reload }: Omit<CardProps, "administers">) {
  const act = useAct();
  const [asked, setAsked] = useState(false);
  const send = (method: "PATCH" | "DELETE", body?: { paused: boolean }): Promise<boolean> =>
    act.run(async () => {
      await request(Nothing, `/api/judges/${id}`, body === undefined ? { method } : { method, body });
      reload();
    });
  return (
    <span class="panel-acts">
      <button
        type="button"
        class="small"
        aria-label={t(paused ? "judges.resumeOf" : "judges.pauseOf", { name })}
        disabled={act.busy}
        onClick={() => void send("PATCH", { paused: !paused })}
      >
        {t(paused ? "judges.resume" : "judges.pause")}
      </button>
      <button
        type="button"
        class="small danger"
        aria-label={t("judges.revokeOf", { name })}
        onClick={() => {
          act.forget();
          setAsked(true);
        }}
      >
        {t("judges.revoke")}
      </button>
      {act.error !== null && !asked ? <span class="wrong">{errorText(act.error)}</span> : null}
      {asked ? (
        <Confirm
          title={t("judges.revokeSure", { name })}
          label={t("judges.revoke")}
          danger
          busy={act.busy}
          error={act.error}
          act={() => void send("DELETE").then((done) => done && setAsked(false))}
          close={() => setAsked(false)}
        >
          <p>{t("judges.revokeConsequence")}</p>
        </Confirm>
      ) : null}
    </span>
  );
}

/** What somebody should act on. Only what happens now is an alert: a judge that is away harms nobody. */
function Warnings({ judge }: { judge: Judge }) {
  const { state, slots, level, reason, check, lastFailure } = judge;
  const connected = state !== "away";
  const broken = brokenOf(judge);
  return (
    <>
      {broken.length === 0 ? null : (
        <Notice kind={connected ? "error" : "warning"}>
          <strong>
            {t("judges.broken", {
              count: broken.length,
              names: broken.map((told) => t(`guarantee.${told.id}`)).join(", "),
            })}
          </strong>
          {connected ? ` ${t("judges.distrust")}` : ""}
        </Notice>
      )}
      {state === "silent" ? <Notice kind="warning">{t("judges.silent")}</Notice> : null}
      {connected && slots === 0 ? <Notice kind="warning">{t("judges.idle", { reason })}</Notice> : null}
      {connected && check !== null && check.level !== level ? (
        <Notice kind="warning">
          {t("judges.otherLevel", { checked: levelName(check.level), level: levelName(level) })}
        </Notice>
      ) : null}
      {lastFailure === null ? null : (
        <p class="failure">
          {t("judges.lastFailure")} <When at={lastFailure.at} />: {lastFailure.message}
        </p>
      )}
    </>
  );
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function Work({ judge: { leases, slots, load } }: { judge: Judge }) {
  return (
    <dl class="facts facts-row">
      <div>
        <dt>{t("judges.leases")}</dt>
        <dd>{t("judges.leasesOf", { leases, slots })}</dd>
      </div>
      <div>
        <dt>{t("judges.load")}</dt>
        <dd>
          {load === null ? (
            t("judges.noLoad")
          ) : (
            <>
              <meter value={Math.min(load, 1)} aria-label={t("judges.load")} /> {percent(load)}
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Abilities({ judge }: { judge: Judge }) {
  return (
    <dl class="facts">
      <div>
        <dt>{t("judges.level")}</dt>
        <dd>
          <strong>{levelName(judge.level)}</strong>
          {`: ${t(`sandboxMeaning.${judge.level ?? "none"}`)}`}
        </dd>
      </div>
      <div>
        <dt>{t("judges.reason")}</dt>
        <dd>{judge.reason}</dd>
      </div>
      <div>
        <dt>{t("limits.languages")}</dt>
        <dd>
          {judge.languages.length === 0
            ? t("judges.noLanguages")
            : judge.languages.map(({ id, version }) => `${languages[id].name} (${version})`).join(", ")}
        </dd>
      </div>
    </dl>
  );
}

/** Lets one more judge in; its token is shown this once, with the command that starts the judge. */
function NewJudgeForm({ reload }: { reload: () => void }) {
  const [made, setMade] = useState<JudgeToken | null>(null);
  const form = useForm(async (data) => {
    const body: NewJudge = { name: textOf(data, "name") };
    setMade(await request(JudgeToken, "/api/judges", { method: "POST", body }));
    reload();
  });
  return (
    <section aria-labelledby="new-judge" class="card">
      <h2 id="new-judge">{t("judges.new")}</h2>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={["name"]} />
        <Field name="name" label={t("judges.name")} hint={t("judges.newHint")} errors={form.errors}>
          {(input) => <input {...input} required maxLength={80} autocomplete="off" />}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy}>
            {t("judges.create")}
          </button>
        </p>
      </form>
      {made === null ? null : <JudgeTokenDialog made={made} close={() => setMade(null)} />}
    </section>
  );
}
