import { ContestList, type ContestSummary } from "../../protocol/contest.ts";
import { isOver, statusAt } from "../../rules/contest-state.ts";
import { request } from "../api.ts";
import { observeServerTime, useServerNow } from "../clock.ts";
import { longSpan } from "../contest-words.ts";
import { dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Countdown, State } from "../parts/contest-time.tsx";
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
            <>
              {organises.value ? (
                <a class="button" href="/contests/new">
                  {t("contests.new")}
                </a>
              ) : null}
              <a href="/ratings">{t("contestLink.ratings")}</a>
            </>
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
  const start = ({ timed }: ContestSummary): number => timed.times.startAt ?? Number.MAX_VALUE;
  const soonest = [...contests].sort((a, b) => start(a) - start(b));
  const over = soonest.filter(({ timed }) => isOver(timed, now)).reverse();
  const coming = soonest.filter(({ timed }) => statusAt(timed, now).state === "scheduled");
  const running = soonest.filter((contest) => !over.includes(contest) && !coming.includes(contest));
  return (
    <>
      <ContestTable label={t("contests.running")} contests={running} />
      <ContestTable label={t("contests.coming")} contests={coming} />
      <ContestTable label={t("contests.past")} contests={over} />
    </>
  );
}

/** Contests of one kind under their heading; nothing where there are none. */
function ContestTable({ label, contests }: { label: string; contests: readonly ContestSummary[] }) {
  if (contests.length === 0) return null;
  return (
    <section>
      <h2>{label}</h2>
      <TableScroll label={label}>
        <table data-rows>
          <thead>
            <tr>
              <th scope="col">{t("contests.name")}</th>
              <th scope="col">{t("contests.phase")}</th>
              <th scope="col">{t("contest.format")}</th>
              <th scope="col">{t("contests.start")}</th>
              <th scope="col" class="number">
                {t("contests.length")}
              </th>
              <th scope="col">{t("contests.team")}</th>
            </tr>
          </thead>
          <tbody>
            {contests.map((contest) => (
              <ContestRow key={contest.slug} contest={contest} />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function ContestRow({ contest: { slug, name, timed, format, team } }: { contest: ContestSummary }) {
  const { startAt, durationMs } = timed.times;
  return (
    <tr>
      <th scope="row">
        <a href={`/contests/${slug}`}>{name}</a>
      </th>
      <td class="nowrap">
        <State timed={timed} /> <Countdown timed={timed} team={team?.id ?? null} />
      </td>
      <td>{t(`contestFormat.${format.type}`)}</td>
      <td class="nowrap">{startAt === null ? "" : <time>{dateTime(startAt)}</time>}</td>
      <td class="number nowrap">{longSpan(durationMs)}</td>
      <td>{team?.name ?? ""}</td>
    </tr>
  );
}
