import { useState } from "preact/hooks";
import type { TeamSheet } from "../../protocol/team-list.ts";
import type { TeamsView, TeamView } from "../../protocol/team.ts";
import { t } from "../i18n.ts";
import { TableScroll } from "./table-scroll.tsx";
import { TeamDialog } from "./team-dialog.tsx";
import { When } from "./when.tsx";

interface Props {
  view: TeamsView;
  reload: () => void;
  show: (sheet: TeamSheet) => void;
}

/** All teams, to be searched; who manages the contest opens one to change it. */
export function TeamTable({ view, reload, show }: Props) {
  const { teams, groups, manages, contest } = view;
  const [wanted, setWanted] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const groupName = new Map(groups.map(({ id, name }) => [id, name]));
  const found = teams.filter((team) => mentions(team, wanted));
  const opened = teams.find(({ id }) => id === open);
  if (teams.length === 0) return <p class="empty">{t("teams.none")}</p>;
  return (
    <>
      <search class="filters">
        <label for="teams-wanted" class="sr-only">
          {t("teams.search")}
        </label>
        <input
          id="teams-wanted"
          type="search"
          placeholder={t("teams.search")}
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
        <output class="soft">{t("teams.count", { count: found.length })}</output>
      </search>
      <TableScroll label={t("teams.title")}>
        <table data-rows>
          <thead>
            <tr>
              <th scope="col">{t("contest.team")}</th>
              <th scope="col">{t("teams.people")}</th>
              <th scope="col">{t("teams.group")}</th>
              <th scope="col">{t("teams.organisation")}</th>
              <th scope="col">{t("teams.seat")}</th>
              <th scope="col">{t("teams.accounts")}</th>
              <th scope="col">{t("teams.signedIn")}</th>
              <th scope="col" class="number">
                {t("teams.submissions")}
              </th>
              {manages ? (
                <th scope="col">
                  <span class="sr-only">{t("organise.actions")}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {found.map((team) => (
              <tr key={team.id}>
                <th scope="row">{team.name}</th>
                <td>{team.people.join(", ")}</td>
                <td>{team.group === null ? "" : groupName.get(team.group)}</td>
                <td>{team.organisation}</td>
                <td>{team.seat}</td>
                <td>{team.members.map(({ username }) => username).join(", ")}</td>
                <td class="nowrap">
                  {team.signedInAt === null ? (
                    <span class="soft">{t("teams.never")}</span>
                  ) : (
                    <When at={team.signedInAt} />
                  )}
                </td>
                <td class="number">{team.submissions}</td>
                {manages ? (
                  <td class="number">
                    <button
                      type="button"
                      class="small"
                      aria-label={t("teams.changeNamed", { name: team.name })}
                      onClick={() => setOpen(team.id)}
                    >
                      {t("teams.change")}
                    </button>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      {opened === undefined ? null : (
        <TeamDialog
          key={opened.id}
          path={`/api/contests/${contest.slug}/teams/${opened.id}`}
          team={opened}
          groups={groups}
          reload={reload}
          show={show}
          close={() => setOpen(null)}
        />
      )}
    </>
  );
}

/** Whether any word of the team holds what is looked for. */
function mentions(team: TeamView, wanted: string): boolean {
  const words = [
    team.name,
    team.organisation ?? "",
    team.seat ?? "",
    ...team.people,
    ...team.members.flatMap(({ username, displayName }) => [username, displayName]),
  ];
  const key = wanted.trim().toLowerCase();
  return words.some((word) => word.toLowerCase().includes(key));
}
