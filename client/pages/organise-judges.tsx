import { Guarantee, type CheckReport, type GuaranteeState } from "../../protocol/judge-check.ts";
import { JudgeList } from "../../protocol/judge-list.ts";
import { languages } from "../../protocol/language.ts";
import type { SandboxLevel } from "../../protocol/submission.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Icon, type IconName } from "../parts/icons.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { When } from "../parts/when.tsx";

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

/** Can the judges be trusted: what each isolates by, and whether its own hostile programs were held. */
function Judges() {
  const loading = useLoaded(
    "judges",
    (signal) => request(JudgeList, "/api/judges", { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  return (
    <Await loading={loading}>
      {({ judges, waiting }) => (
        <Page
          title={t("judges.title")}
          above={<a href="/organise/problems">{t("nav.organise")}</a>}
          actions={<span class="soft">{t("judges.waiting", { count: waiting })}</span>}
        >
          {judges.length === 0 ? <p class="empty">{t("judges.none")}</p> : null}
          {judges
            .toSorted((a, b) => urgency(a) - urgency(b))
            .map((judge) => (
              <JudgeCard key={judge.id} judge={judge} />
            ))}
        </Page>
      )}
    </Await>
  );
}

/** First what judges now and should not, then what judges, then what is away. */
function urgency(judge: Judge): number {
  if (judge.state === "away") return 2;
  return brokenOf(judge).length > 0 ? 0 : 1;
}

const brokenOf = ({ check }: Judge): Told[] =>
  check?.guarantees.filter(({ state }) => state === "broken") ?? [];

function JudgeCard({ judge }: { judge: Judge }) {
  const { id, name, state, check } = judge;
  const connected = state !== "away";
  return (
    <section class="card judge" aria-labelledby={`judge-${id}`}>
      <header class="judge-head">
        <h2 id={`judge-${id}`}>{name}</h2>
        <span class={connected ? "chip chip-ready" : "chip"}>
          <Icon name={connected ? "check" : "dots"} />
          {connected ? t("judges.connected") : t("judges.away")}
        </span>
      </header>
      <Warnings judge={judge} />
      {connected ? <Abilities judge={judge} /> : null}
      <h3>{t("judges.check")}</h3>
      {check === null ? <HowToCheck /> : <Check check={check} />}
    </section>
  );
}

/** What somebody should act on. Only what happens now is an alert: a judge that is away harms nobody. */
function Warnings({ judge }: { judge: Judge }) {
  const { state, slots, level, reason, check } = judge;
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
      {connected && slots === 0 ? <Notice kind="warning">{t("judges.idle", { reason })}</Notice> : null}
      {connected && check !== null && check.level !== level ? (
        <Notice kind="warning">
          {t("judges.otherLevel", { checked: levelName(check.level), level: levelName(level) })}
        </Notice>
      ) : null}
    </>
  );
}

const levelName = (level: SandboxLevel | null): string => t(`sandbox.${level ?? "none"}`);

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
        <dt>{t("judges.slots")}</dt>
        <dd>{judge.slots}</dd>
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

function HowToCheck() {
  return (
    <p>
      {t("judges.neverChecked")} <code>npm run judge -- doctor</code>
    </p>
  );
}

const icons: Record<GuaranteeState, IconName> = { broken: "cross", unchecked: "question", holds: "check" };
const order: readonly GuaranteeState[] = ["broken", "unchecked", "holds"];

/** One line for each guarantee, what does not hold first. What a report leaves out was not checked. */
function Check({ check }: { check: CheckReport }) {
  const told = Guarantee.options.map(
    (id): Told => check.guarantees.find((one) => one.id === id) ?? { id, state: "unchecked", detail: "" },
  );
  return (
    <>
      <p class="soft">
        <When at={check.at} /> · {t("judges.level")}: {levelName(check.level)}
        {check.reason === "" ? "" : ` (${check.reason})`}
      </p>
      <ul class="guarantees">
        {order.flatMap((state) =>
          told
            .filter((one) => one.state === state)
            .map(({ id, detail }) => (
              <li key={id} class={`guarantee-${state}`}>
                <span class="guarantee-state">
                  <Icon name={icons[state]} />
                  {t(`guaranteeState.${state}`)}
                </span>
                <span>
                  <strong>{t(`guarantee.${id}`)}</strong> {t(`guaranteeMeaning.${id}`)}
                </span>
                <span class="soft">{detail}</span>
              </li>
            )),
        )}
      </ul>
    </>
  );
}
