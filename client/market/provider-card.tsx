import { useState } from "preact/hooks";
import { ProviderToken, type ProviderList } from "../../protocol/market.ts";
import { Nothing, request } from "../api.ts";
import { useAct } from "../act.ts";
import { t } from "../i18n.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Icon } from "../parts/icons.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";
import { credits, share, speed, tokens } from "./amounts.ts";
import { PriceCells, PriceHeads } from "./offer-table.tsx";
import { ProviderJobTable } from "./provider-jobs.tsx";

type Provider = ProviderList["providers"][number];

interface Props {
  provider: Provider;
  /** Where its jobs are shown from: "" for the newest, null when they are not shown. */
  jobsBefore: string | null;
  showToken: (made: ProviderToken) => void;
  reload: () => void;
}

export function ProviderCard({ provider, jobsBefore, showToken, reload }: Props) {
  const { id } = provider;
  return (
    <section class="card panel" aria-labelledby={`provider-${id}`}>
      <header class="panel-head">
        <h2 id={`provider-${id}`}>{id}</h2>
        <State provider={provider} />
        <Acts id={id} showToken={showToken} reload={reload} />
      </header>
      <Facts provider={provider} />
      {provider.offers.length === 0 ? (
        <p class="soft">{t("providers.noOffers")}</p>
      ) : (
        <Offers provider={provider} />
      )}
      {jobsBefore === null ? (
        <p>
          <a href={`/market/providers?jobs=${id}`} aria-label={t("providers.showJobsOf", { name: id })}>
            {t("providers.showJobs")}
          </a>
        </p>
      ) : (
        <ProviderJobTable id={id} before={jobsBefore} />
      )}
    </section>
  );
}

function State({ provider: { connection, seenAt } }: { provider: Provider }) {
  if (connection === null) {
    return (
      <>
        <span class="chip">
          <Icon name="dots" />
          {t("providers.away")}
        </span>
        <span class="soft">
          {seenAt === null ? (
            t("providers.neverSeen")
          ) : (
            <>
              {t("providers.lastSeen")} <When at={seenAt} />
            </>
          )}
        </span>
      </>
    );
  }
  return (
    <>
      <span class={`chip ${connection.draining ? "chip-warning" : "chip-ready"}`}>
        <Icon name={connection.draining ? "stop" : "check"} />
        {t(connection.draining ? "market.draining" : "providers.connected")}
      </span>
      <span class="soft">{`${t(`providerKind.${connection.kind}`)} · ${connection.agent}`}</span>
    </>
  );
}

/** Another token, and the end of the provider: both take away what it connects with now. */
const acts = {
  token: { label: "providers.newToken", of: "providers.newTokenOf", danger: false },
  revoke: { label: "keys.revoke", of: "keys.revokeOf", danger: true },
} as const;

function Acts({ id, showToken, reload }: Pick<Props, "showToken" | "reload"> & { id: string }) {
  const act = useAct();
  const [asked, setAsked] = useState<keyof typeof acts | null>(null);
  const send = (what: keyof typeof acts): Promise<boolean> =>
    act.run(async () => {
      if (what === "token") {
        showToken(await request(ProviderToken, `/api/providers/${id}/token`, { method: "POST" }));
      } else {
        await request(Nothing, `/api/providers/${id}`, { method: "DELETE" });
      }
      reload();
    });
  return (
    <span class="panel-acts">
      {(["token", "revoke"] as const).map((what) => (
        <button
          key={what}
          type="button"
          class={`small ${acts[what].danger ? "danger" : ""}`}
          aria-label={t(acts[what].of, { name: id })}
          onClick={() => {
            act.forget();
            setAsked(what);
          }}
        >
          {t(acts[what].label)}
        </button>
      ))}
      {asked === null ? null : (
        <Confirm
          title={t(asked === "token" ? "providers.newTokenSure" : "keys.revokeSure", { name: id })}
          label={t(acts[asked].label)}
          danger={acts[asked].danger}
          busy={act.busy}
          error={act.error}
          act={() => void send(asked).then((done) => done && setAsked(null))}
          close={() => setAsked(null)}
        >
          <p>{t(asked === "token" ? "providers.newTokenConsequence" : "providers.revokeConsequence")}</p>
        </Confirm>
      )}
    </span>
  );
}

function Facts({ provider }: { provider: Provider }) {
  const { connection } = provider;
  const facts = [
    connection === null
      ? null
      : [
          t("market.slots"),
          t("providers.slotsBusy", { busy: connection.slots.busy, total: connection.slots.total }),
        ],
    [t("market.uptime"), share(provider.uptime)],
    // What is expected of a newcomer says nothing of this one.
    [t("market.success"), provider.jobs === 0 ? "–" : share(provider.success)],
    [t("providers.jobs"), tokens(provider.jobs)],
    [t("providers.tokensOut"), tokens(provider.completionTokens)],
    [t("providers.earned"), t("market.credits", { amount: credits(provider.earnedNano) })],
  ].filter((fact) => fact !== null);
  return (
    <dl class="facts facts-row">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What it said on its last connection. */
function Offers({ provider: { id, offers } }: { provider: Provider }) {
  return (
    <TableScroll label={t("providers.offersOf", { name: id })}>
      <table>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t("market.model")}
            </th>
            <th scope="colgroup" colSpan={3} class="prices">
              {t("market.pricesPerMillion")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("market.context")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("market.speed")}
            </th>
          </tr>
          <PriceHeads />
        </thead>
        <tbody>
          {offers.map((offer) => (
            <tr key={offer.offer}>
              <th scope="row" class="named">
                {offer.model}
              </th>
              <PriceCells prices={offer.prices} />
              <td class="number">{tokens(offer.contextTokens)}</td>
              <td class="number">{offer.tokensPerSecond === null ? "–" : speed(offer.tokensPerSecond)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
