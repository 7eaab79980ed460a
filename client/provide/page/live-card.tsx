import type { ProviderList } from "../../../protocol/market.ts";
import { bytes, timeOfDay } from "../../format.ts";
import { t } from "../../i18n.ts";
import { credits, speed, tokens } from "../../market/amounts.ts";
import { Icon, type IconName } from "../../parts/icons.tsx";
import { Notice } from "../../parts/notice.tsx";
import type { TabLinkState } from "../tab-messages.ts";
import type { TabJob } from "../tab-view.ts";
import type { Desk } from "./desk.ts";
import { useHidden } from "./hidden.ts";
import { WakeLock } from "./wake-lock.tsx";

interface Props {
  desk: Desk;
  list: ProviderList | null;
}

const looks: Record<TabLinkState, readonly [IconName, string]> = {
  offline: ["stop", ""],
  connecting: ["dots", ""],
  online: ["check", "chip-ready"],
  lost: ["warning", "chip-warning"],
  turned_away: ["warning", "chip-warning"],
  draining: ["stop", "chip-warning"],
};

/** What is online: the state of its link, what it does at this moment, what it has earned, and how to end it. */
export function LiveCard({ desk, list }: Props) {
  const { link, linkMessage, limit, usedBytes } = desk.view.value;
  const terms = desk.terms.value;
  const hidden = useHidden();
  const [icon, look] = looks[link];
  const total = list?.providers.find(({ id }) => id === terms?.provider)?.earnedNano;
  return (
    <section class="card panel" aria-labelledby="live">
      <header class="panel-head">
        <h2 id="live">{terms?.provider ?? ""}</h2>
        <output class={`chip ${look}`}>
          <Icon name={icon} />
          {t(`provide.link.${link}`)}
        </output>
        <span class="panel-acts">
          <button type="button" disabled={link === "draining"} onClick={desk.drain}>
            {t("provide.drain")}
          </button>
          <button type="button" class="danger" onClick={desk.stop}>
            <Icon name="stop" />
            {t("provide.stop")}
          </button>
        </span>
      </header>
      <p class="hint">{t("provide.endHint")}</p>
      {link === "turned_away" || link === "lost" ? (
        <Notice kind="warning">
          {t(`provide.linkLong.${link}`)}
          {linkMessage === "" ? null : <span class="under">{linkMessage}</span>}
        </Notice>
      ) : null}
      {limit === null ? null : <Notice kind="info">{t(`provide.limit.${limit}`)}</Notice>}
      {hidden ? <Notice kind="info">{t("provide.hidden")}</Notice> : null}
      <dl class="facts facts-row amounts">
        <Fact
          term={t("provide.earnedToday")}
          value={t("market.credits", { amount: credits(desk.earnedToday.value) })}
        />
        {total === undefined ? null : (
          <Fact term={t("provide.earnedInAll")} value={t("market.credits", { amount: credits(total) })} />
        )}
        <Fact term={t("provide.jobs")} value={tokens(desk.view.value.jobCount)} />
        <Fact term={t("provide.data")} value={bytes(usedBytes)} />
        {terms === null || terms.limits.until === null ? null : (
          <Fact term={t("provide.until")} value={timeOfDay(terms.limits.until)} />
        )}
      </dl>
      <LiveJobs jobs={desk.live.value} />
      <WakeLock />
    </section>
  );
}

const Fact = ({ term, value }: { term: string; value: string }) => (
  <div>
    <dt>{term}</dt>
    <dd>{value}</dd>
  </div>
);

/** Spoken by nobody while it counts: the figures change with each token. */
function LiveJobs({ jobs }: { jobs: readonly TabJob[] }) {
  if (jobs.length === 0) return <p class="soft">{t("provide.idle")}</p>;
  return (
    <ul class="live-jobs">
      {jobs.map(({ job, state, tokens: written, tokensPerSecond }) => (
        <li key={job}>
          <span class="chip">
            <Icon name="dots" />
            {t(`provide.job.${state}`)}
          </span>{" "}
          {t("requests.ofTokens", { count: written })}
          {tokensPerSecond === null ? "" : ` · ${speed(tokensPerSecond)}`}
        </li>
      ))}
    </ul>
  );
}
