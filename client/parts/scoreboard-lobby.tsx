import type { Board } from "../../protocol/contest.ts";
import { t } from "../i18n.ts";
import { lobbyOf, type LobbyGroup } from "../standings.ts";

/** Who takes part in a contest that has not begun: its teams by group and organisation. */
export function ScoreboardLobby({ board }: { board: Board }) {
  const groups = lobbyOf(board);
  return (
    <div class="board-lobby">
      <p>{t("scoreboard.lobby", { count: board.teams.length })}</p>
      {groups.map((one) => (
        <LobbySection key={one.group?.id ?? ""} {...one} alone={groups.length === 1} />
      ))}
    </div>
  );
}

function LobbySection({ group, organisations, alone }: LobbyGroup & { alone: boolean }) {
  return (
    <section>
      {group === null && alone ? null : <h2>{group?.name ?? t("scoreboard.noGroup")}</h2>}
      <ul>
        {organisations.map(({ organisation, teams }) => (
          <li key={organisation ?? ""}>
            {organisation === null ? null : <strong>{organisation}</strong>}
            <ul>
              {teams.map(({ id, name }) => (
                <li key={id}>{name}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
