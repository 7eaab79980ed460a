import { ContestList, type ContestSummary } from "../../protocol/contest.ts";
import { phaseAt } from "../../rules/contest-clock.ts";
import { request } from "../api.ts";
import { observeServerTime, useServerNow } from "../clock.ts";
import { dateTime, span } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Countdown, Phase } from "../parts/contest-time.tsx";
import { Page } from "../parts/page.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { account, organises } from "../session.ts";

/** Contests that run or are to come, then those that are over. */
export default function Contests() {
  const loading = useLoaded(`contests of ${account.value?.id ?? ""}`, async (signal) => {
    const list = await request(ContestList, "/api/contests", { signal });
    observeServerTime(list.now);
    return list.contests;
  });
  return (
    <Await loading={loading}>
      {(contests) => (
        <Page
          title={t("nav.contests")}
          actions={
            organises.value ? (
              <a class="button" href="/contests/new">
                {t("contests.new")}
              </a>
            ) : null
          }
        >
          {contests.length === 0 ? (
            <p class="empty">{t("home.noContests")}</p>
          ) : (
            <Lists contests={contests} />
          )}
        </Page>
      )}
    </Await>
  );
}

function Lists({ contests }: { contests: readonly ContestSummary[] }) {
  const now = useServerNow();
  const over = contests.filter((contest) => phaseAt(contest.clock, now) === "over");
  const current = contests.filter((contest) => !over.includes(contest));
  return (
    <>
      {current.length === 0 ? null : (
        <section>
          <h2>{t("home.current")}</h2>
          <ContestTable
            label={t("home.current")}
            contests={current.sort((a, b) => a.clock.startAt - b.clock.startAt)}
          />
        </section>
      )}
      {over.length === 0 ? null : (
        <section>
          <h2>{t("contests.past")}</h2>
          <ContestTable
            label={t("contests.past")}
            contests={over.sort((a, b) => b.clock.startAt - a.clock.startAt)}
          />
        </section>
      )}
    </>
  );
}

function ContestTable({ label, contests }: { label: string; contests: readonly ContestSummary[] }) {
  return (
    <TableScroll label={label}>
      <table data-rows>
        <thead>
          <tr>
            <th scope="col">{t("contests.name")}</th>
            <th scope="col">{t("contests.phase")}</th>
            <th scope="col">{t("contests.start")}</th>
            <th scope="col" class="number">
              {t("contests.length")}
            </th>
            <th scope="col">{t("contests.team")}</th>
          </tr>
        </thead>
        <tbody>
          {contests.map((contest) => (
            <tr key={contest.slug}>
              <th scope="row">
                <a href={`/contests/${contest.slug}`}>{contest.name}</a>
              </th>
              <td class="nowrap">
                <Phase clock={contest.clock} /> <Countdown clock={contest.clock} />
              </td>
              <td class="nowrap">
                <time>{dateTime(contest.clock.startAt)}</time>
              </td>
              <td class="number">{span(contest.clock.durationMs)}</td>
              <td>{contest.team?.name ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
