import type { Board } from "../../protocol/contest.ts";
import type { CellFigure } from "../../rules/formats/format.ts";
import { columnsOf } from "../../rules/formats/board.ts";
import { hasParts, type Face } from "../board-faces.ts";
import { t } from "../i18n.ts";

const kinds: readonly Face["kind"][] = ["full", "first", "partial", "none", "pending"];

/** What the cells of this contest's format mean, so that nothing rests on colour. */
export function Legend({ board }: { board: Board }) {
  const column = columnsOf(board).find(({ type }) => type === "problem");
  const figures = column?.type === "problem" ? column.figures : [];
  return (
    <details class="legend">
      <summary>{t("scoreboard.legend")}</summary>
      <ul>
        {kinds
          .filter((kind) => kind !== "partial" || hasParts(figures))
          .map((kind) => (
            <li key={kind}>
              <span class={`cell-face cell-${kind}`} aria-hidden="true" />
              {t(`scoreboard.legend.${kind}`)}
            </li>
          ))}
        {figures.map((figure) => (
          <li key={figure.type}>
            <strong>{exampleOf(figure)}</strong>
            {t(`scoreboard.figure.${figure.type}`)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function exampleOf(figure: CellFigure): string {
  switch (figure.type) {
    case "attempts":
      return "2×";
    case "rejected":
      return "+1, −1";
    case "points":
      return "100";
    case "lost":
      return "−25";
    case "solvedAt":
      return figure.to === "minute" ? "87′" : "1:27:13";
    default:
      return figure satisfies never;
  }
}
