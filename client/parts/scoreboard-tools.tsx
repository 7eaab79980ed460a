import type { Board, BoardGroup } from "../../protocol/contest.ts";
import { boardAddress, type BoardView } from "../board-view.ts";
import { csvOf, jsonOf, type SeenBoard } from "../board-export.ts";
import { saveFile } from "../saved-file.ts";
import { t } from "../i18n.ts";
import { showRow } from "../keys.ts";
import { Icon } from "./icons.tsx";

/** Leads from the board that everybody sees to the jury's, and back. */
export function ViewSwitch({ slug, view }: { slug: string; view: BoardView }) {
  return (
    <nav class="actions" aria-label={t("scoreboard.view")}>
      {(["public", "jury"] as const).map((one) => (
        <a
          key={one}
          class={one === view.view ? "button small primary" : "button small"}
          href={boardAddress(slug, { ...view, view: one })}
          aria-current={one === view.view ? "true" : undefined}
        >
          {t(`scoreboard.view.${one}`)}
        </a>
      ))}
    </nav>
  );
}

/** Scrolls to the reader's own row. */
export function FindMe() {
  const find = (): void => {
    const row = document.querySelector<HTMLElement>("[data-me]");
    if (row) showRow(row);
  };
  return (
    <button type="button" onClick={find}>
      <Icon name="person" />
      {t("scoreboard.findMe")}
    </button>
  );
}

interface BoardToolsProps {
  board: Board;
  view: BoardView;
  change: (view: BoardView) => void;
  typed: string;
  type: (typed: string) => void;
}

/** What is shown of the board: some groups, and those whose name somebody types. */
export function BoardTools({ board, view, change, typed, type }: BoardToolsProps) {
  return (
    <search class="board-tools">
      <input
        type="search"
        aria-label={t("scoreboard.search")}
        placeholder={t("scoreboard.search")}
        value={typed}
        onInput={(event) => type(event.currentTarget.value)}
      />
      {board.groups.length === 0 ? null : (
        <GroupChoice
          groups={board.groups}
          chosen={view.groups}
          choose={(groups) => change({ ...view, groups })}
        />
      )}
    </search>
  );
}

interface GroupChoiceProps {
  groups: readonly BoardGroup[];
  chosen: readonly string[];
  choose: (groups: string[]) => void;
}

function GroupChoice({ groups, chosen, choose }: GroupChoiceProps) {
  const names = groups.filter(({ id }) => chosen.includes(id)).map(({ name }) => name);
  return (
    <details class="group-choice">
      <summary>
        {chosen.length === 0
          ? t("scoreboard.allGroups")
          : t("scoreboard.groups", { names: names.join(", ") || "—" })}
      </summary>
      <fieldset>
        <legend class="sr-only">{t("scoreboard.groupsLegend")}</legend>
        {groups.map(({ id, name }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) =>
                choose([...chosen.filter((one) => one !== id), ...(event.currentTarget.checked ? [id] : [])])
              }
            />
            {name}
          </label>
        ))}
        {chosen.length === 0 ? null : (
          <button type="button" class="small" onClick={() => choose([])}>
            {t("scoreboard.allGroups")}
          </button>
        )}
      </fieldset>
    </details>
  );
}

interface OutputsProps {
  slug: string;
  view: BoardView;
  /** Asked when somebody wants it, since it changes all the time. */
  seen: () => SeenBoard;
}

/** The board for a projector, for paper, and for other programs. */
export function Outputs({ slug, view, seen }: OutputsProps) {
  const name = `scoreboard-${slug}${view.view === "jury" ? "-jury" : ""}`;
  return (
    <div class="actions board-outputs">
      <a class="button small" href={boardAddress(slug, { ...view, hall: true })}>
        {t("scoreboard.hall")}
      </a>
      <button type="button" class="small" onClick={() => print()}>
        {t("scoreboard.print")}
      </button>
      <button
        type="button"
        class="small"
        // The mark at the beginning tells spreadsheets that it is UTF-8.
        onClick={() => saveFile(`${name}.csv`, "text/csv", `\uFEFF${csvOf(seen())}`)}
      >
        <Icon name="download" />
        {t("scoreboard.csv")}
      </button>
      <button
        type="button"
        class="small"
        onClick={() => saveFile(`${name}.json`, "application/json", jsonOf(seen()))}
      >
        <Icon name="download" />
        {t("scoreboard.json")}
      </button>
    </div>
  );
}
