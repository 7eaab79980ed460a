import { useLocation } from "preact-iso";
import { Statement } from "../../protocol/ledger.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { change, credits } from "../market/amounts.ts";
import { MarketPage } from "../market/frame.tsx";
import { Paging } from "../market/paging.tsx";
import { Await } from "../parts/await.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";

type Entry = Statement["entries"][number];

export default function MarketLedger() {
  return <SignedIn title={t("market.ledger")}>{() => <Ledger />}</SignedIn>;
}

/** What the reader has, and every amount that ever moved to make it so. */
function Ledger() {
  const before = useLocation().query.before ?? "";
  const path = before === "" ? "/api/ledger" : `/api/ledger?before=${encodeURIComponent(before)}`;
  const loading = useLoaded(path, (signal) => request(Statement, path, { signal }));
  return (
    <Await loading={loading}>
      {({ balanceNano, heldNano, entries, next }) => (
        <MarketPage
          title={t("market.ledger")}
          actions={
            <button type="button" onClick={loading.reload}>
              {t("action.refresh")}
            </button>
          }
        >
          <dl class="facts facts-row amounts">
            <div>
              <dt>{t("ledger.toSpend")}</dt>
              <dd>{t("market.credits", { amount: credits(balanceNano) })}</dd>
            </div>
            <div>
              <dt>{t("ledger.setAside")}</dt>
              <dd>{t("market.credits", { amount: credits(heldNano) })}</dd>
            </div>
          </dl>
          <p class="hint">{t("ledger.about")}</p>
          {entries.length === 0 ? <p class="empty">{t("ledger.none")}</p> : <EntryTable entries={entries} />}
          <Paging path="/market/ledger" before={before} next={next} />
        </MarketPage>
      )}
    </Await>
  );
}

function EntryTable({ entries }: { entries: readonly Entry[] }) {
  return (
    <TableScroll label={t("market.ledger")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("submission.when")}</th>
            <th scope="col">{t("ledger.what")}</th>
            <th scope="col">{t("ledger.of")}</th>
            <th scope="col" class="number">
              {t("ledger.amount")}
            </th>
            <th scope="col" class="number">
              {t("ledger.after")}
            </th>
            <th scope="col">{t("ledger.note")}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td class="nowrap">
                <When at={entry.at} />
              </td>
              <td>{t(`ledgerKind.${entry.kind}`)}</td>
              <td class={entry.of === "held" ? "soft" : ""}>
                {t(entry.of === "held" ? "ledger.setAside" : "ledger.toSpend")}
              </td>
              <td class="number">{change(entry.amountNano)}</td>
              <td class="number">{credits(entry.afterNano)}</td>
              <td class="named">
                {entry.note}
                {entry.job === null ? null : (
                  <span class="nowrap">{t("ledger.job", { job: entry.job })}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
