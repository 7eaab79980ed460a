import { useRoute } from "preact-iso";
import { ContestProgress, type ProblemProgress } from "../../protocol/contest-statistics.ts";
import type { ContestView } from "../../protocol/contest.ts";
import { request } from "../api.ts";
import { useContest } from "../contest.ts";
import { dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Icon, type IconName } from "../parts/icons.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import "../locales/statistics.ts";

const NEWS_EVERY_MS = 60_000;

/** How far each team is with each problem, for the jury: a class and its homework. */
export default function ClassProgress() {
  const slug = useRoute().params.slug ?? "";
  return <SignedIn title={t("progress.ofTeams")}>{() => <OfContest key={slug} slug={slug} />}</SignedIn>;
}

function OfContest({ slug }: { slug: string }) {
  const contest = useContest(slug);
  const path = `/api/contests/${slug}/progress`;
  const loading = useLoaded(
    path,
    (signal) => request(ContestProgress, path, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  return (
    <Await loading={contest}>
      {(view) => (
        <Await loading={loading}>
          {(progress) => <Shown contest={view} progress={progress} reload={loading.reload} />}
        </Await>
      )}
    </Await>
  );
}

interface ShownProps {
  contest: ContestView;
  progress: ContestProgress;
  reload: () => void;
}

function Shown({ contest, progress, reload }: ShownProps) {
  const { slug, name } = contest;
  return (
    <Page
      title={t("progress.titleOf", { contest: name })}
      heading={t("progress.ofTeams")}
      above={<a href={`/contests/${slug}`}>{name}</a>}
      actions={
        <>
          <button type="button" onClick={reload}>
            {t("action.refresh")}
          </button>
          <a class="button" href={`/api/contests/${slug}/progress?as=csv`} download>
            <Icon name="download" />
            {t("progress.csv")}
          </a>
        </>
      }
    >
      <JuryNav slug={slug} />
      {progress.teams.length === 0 ? (
        <p class="empty">{t("progress.noTeams")}</p>
      ) : (
        <Teams progress={progress} hasPoints={contest.format.type !== "icpc"} />
      )}
    </Page>
  );
}

function Teams({
  progress: { problems, teams },
  hasPoints,
}: {
  progress: ContestProgress;
  hasPoints: boolean;
}) {
  return (
    <TableScroll label={t("progress.ofTeams")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("progress.team")}</th>
            <th scope="col" class="number">
              {t("progress.solved")}
            </th>
            {hasPoints ? (
              <th scope="col" class="number">
                {t("progress.points")}
              </th>
            ) : null}
            {problems.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
            <th scope="col" class="number">
              {t("statistics.submissions")}
            </th>
            <th scope="col" class="number">
              {t("progress.last")}
            </th>
          </tr>
        </thead>
        <tbody>
          {teams.map((team) => (
            <tr key={team.id}>
              <th scope="row">
                {team.name}
                {team.group === null && team.organisation === null ? null : (
                  <span class="under">
                    {[team.group, team.organisation].filter((one) => one !== null).join(" · ")}
                  </span>
                )}
              </th>
              <td class="number">{team.solved}</td>
              {hasPoints ? <td class="number">{team.points}</td> : null}
              {team.cells.map((cell) => (
                <td key={cell.label}>
                  <State cell={cell} hasPoints={hasPoints} />
                </td>
              ))}
              <td class="number">{team.submissions}</td>
              <td class="number">{team.lastAt === null ? "–" : dateTime(team.lastAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

const icons: Record<ProblemProgress["state"], IconName | null> = {
  solved: "check",
  partial: "check",
  tried: "cross",
  waiting: "dots",
  untried: null,
};

function State({ cell: { state, tries, points }, hasPoints }: { cell: ProblemProgress; hasPoints: boolean }) {
  const icon = icons[state];
  if (icon === null) return <span class="soft">{t("progress.state.untried")}</span>;
  return (
    <>
      <Icon name={icon} /> {t(`progress.state.${state}`)}
      <span class="under">
        {hasPoints ? t("progress.inPoints", { points }) : null} {t("statistics.tries", { count: tries })}
      </span>
    </>
  );
}
