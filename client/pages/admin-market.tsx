import { Books } from "../../protocol/ledger.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded, type Loading } from "../load.ts";
import { credits, tokens } from "../market/amounts.ts";
import { MarketPage } from "../market/frame.tsx";
import { GrantForm } from "../market/grant-form.tsx";
import { LoadError, Waiting } from "../parts/await.tsx";
import { Icon } from "../parts/icons.tsx";
import { Notice } from "../parts/notice.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";

export default function AdminMarket() {
  return (
    <SignedIn title={t("market.books")} only="administrator">
      {() => <Administration />}
    </SignedIn>
  );
}

/** Credits are given here, and here it is seen whether all of them add up. */
function Administration() {
  const loading = useLoaded("/api/books", (signal) => request(Books, "/api/books", { signal }));
  return (
    <MarketPage title={t("market.books")}>
      <BooksCard loading={loading} />
      <GrantForm granted={loading.reload} />
    </MarketPage>
  );
}

function BooksCard({ loading }: { loading: Loading<Books> }) {
  const { loaded } = loading;
  return (
    <section class="card panel" aria-labelledby="books">
      <header class="panel-head">
        <h2 id="books">{t("books.title")}</h2>
        {loaded.state === "ready" ? <Light balanced={loaded.value.balanced} /> : null}
        <span class="panel-acts">
          <button type="button" class="small" onClick={loading.reload}>
            {t("books.checkAgain")}
          </button>
        </span>
      </header>
      {loaded.state === "loading" ? <Waiting /> : null}
      <LoadError loading={loading} />
      {loaded.state === "ready" ? <Checked books={loaded.value} /> : null}
    </section>
  );
}

function Light({ balanced }: { balanced: boolean }) {
  return (
    <span class={`chip ${balanced ? "books-balanced" : "books-unbalanced"}`}>
      <Icon name={balanced ? "check" : "cross"} />
      {t(balanced ? "books.balanced" : "books.unbalanced")}
    </span>
  );
}

function Checked({ books: { findings, totals, events, postings, openHolds } }: { books: Books }) {
  const facts = [
    [t("books.users"), credits(totals.usersNano)],
    [t("books.held"), credits(totals.heldNano)],
    [t("books.fees"), credits(totals.feesNano)],
    // Its account is below zero by as much.
    [t("books.mint"), credits(String(-BigInt(totals.mintNano)))],
    [t("books.events"), tokens(events)],
    [t("books.postings"), tokens(postings)],
  ] as const;
  return (
    <>
      <p class="soft">{t("books.about")}</p>
      {findings.length === 0 ? null : (
        <>
          <Notice kind="error">{t("books.findings", { count: findings.length })}</Notice>
          <Findings findings={findings} />
        </>
      )}
      <dl class="facts facts-row amounts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{t("books.openHolds")}</dt>
          <dd>
            {tokens(openHolds.count)}
            {openHolds.oldestAt === null ? null : (
              <span class="under">
                {t("books.oldest")} <When at={openHolds.oldestAt} />
              </span>
            )}
          </dd>
        </div>
      </dl>
    </>
  );
}

const rules = {
  balance: "books.ruleBalance",
  running_balance: "books.ruleRunningBalance",
  event_sum: "books.ruleEventSum",
  below_zero: "books.ruleBelowZero",
  ended_hold: "books.ruleEndedHold",
  total: "books.ruleTotal",
} as const;

function Findings({ findings }: { findings: Books["findings"] }) {
  return (
    <TableScroll label={t("books.findingsTable")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("books.rule")}</th>
            <th scope="col">{t("books.subject")}</th>
            <th scope="col" class="number">
              {t("books.expected")}
            </th>
            <th scope="col" class="number">
              {t("books.found")}
            </th>
          </tr>
        </thead>
        <tbody>
          {findings.map(({ rule, subject, expectedNano, foundNano }) => (
            <tr key={`${rule} ${subject}`}>
              <td>{t(rules[rule])}</td>
              <td class="named">
                <code>{subject}</code>
              </td>
              <td class="number">{credits(expectedNano)}</td>
              <td class="number">{credits(foundNano)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
