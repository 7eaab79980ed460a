import type { AwardName } from "../protocol/award.ts";
import type { Board } from "../protocol/contest.ts";
import type { ResolverState, ResolverStep, Unresolvable } from "../protocol/resolver.ts";
import { columnsOf } from "../rules/formats/board.ts";
import { faceOf, type ProblemColumn } from "./board-faces.ts";
import { t } from "./i18n.ts";
import "./locales/resolver.ts";

type Names = Pick<Board, "teams" | "groups">;

const teamName = ({ teams }: Names, id: string): string => teams.find((team) => team.id === id)?.name ?? id;

/** What an award is for. */
export function awardText({ citation }: AwardName, { groups }: Names): string {
  switch (citation.key) {
    case "firstToSolve":
      return t("award.firstToSolve", { label: citation.label });
    case "groupWinner": {
      const group = groups.find(({ id }) => id === citation.group)?.name ?? citation.group;
      return t("award.groupWinner", { group });
    }
    case "rank":
      return t("award.rank", { rank: citation.rank });
    default:
      return t(`award.${citation.key}`);
  }
}

/** What a step tells, in a sentence. */
export function stepText(step: ResolverStep, board: Board): string {
  switch (step.type) {
    case "look":
      return t("resolver.step.look", { row: step.row + 1, team: teamName(board, step.team) });
    case "problem":
      return t("resolver.step.problem", { team: teamName(board, step.team), label: step.label });
    case "verdict": {
      const { team, label } = step.cell;
      const column = problemColumns(board).find((one) => one.label === label);
      const face = column === undefined ? null : faceOf(step.cell, column, false);
      const result = face?.sentence ?? t("resolver.step.nothing", { label });
      return t("resolver.step.verdict", { team: teamName(board, team), result });
    }
    case "move":
      return t("resolver.step.move", { team: teamName(board, step.team), rank: step.rank });
    case "place": {
      const place = t("resolver.step.place", { team: teamName(board, step.team), rank: step.rank });
      return [place, ...step.awards.map((award) => awardText(award, board))].join(" · ");
    }
    case "award": {
      const teams = step.award.teams.map((team) => teamName(board, team)).join(", ");
      return t("resolver.step.award", { award: awardText(step.award, board), teams });
    }
    case "end":
      return t("resolver.step.end");
    default:
      return step satisfies never;
  }
}

/** What is to be said of a state whose last step is not known. */
export function stateText({ board, looked, ended }: ResolverState): string {
  if (ended) return t("resolver.step.end");
  if (looked === null) return t("resolver.frozenBoard");
  return t("resolver.step.look", { row: looked.row + 1, team: teamName(board, looked.team) });
}

/** The problems' columns of a board. */
export const problemColumns = ({ format, problems }: Pick<Board, "format" | "problems">): ProblemColumn[] =>
  columnsOf({ format, problems }).filter((column) => column.type === "problem");

/** Why there can be no show. */
export function whyText(why: Unresolvable, team: string | null): string {
  const key = `resolver.why.${why.reason}` as const;
  return "label" in why ? t(key, { team: team ?? why.team, label: why.label }) : t(key);
}
