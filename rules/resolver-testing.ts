import type { AwardRules } from "../protocol/award.ts";
import type { ResolverStep } from "../protocol/resolver.ts";
import { boardOfLines, medalRules } from "./awards-testing.ts";
import { resolverSteps } from "./resolver.ts";

export const noMedals = medalRules("0/0/0");

/** The steps in short, each with `|` after it where the show waits. */
export function show(frozen: string[], final: string[], rules: AwardRules = noMedals, groups = ""): string[] {
  const boards = [boardOfLines(frozen, true, groups), boardOfLines(final, false, groups)] as const;
  return resolverSteps(...boards, rules).map((step) => said(step) + (step.pause ? " |" : ""));
}

function said(step: ResolverStep): string {
  switch (step.type) {
    case "look":
      return `look ${step.row} ${step.team}`;
    case "problem":
      return `${step.team} ${step.label}?`;
    case "verdict": {
      const { team, label, attempts, solvedAt } = step.cell;
      const rejected = solvedAt === null ? attempts : attempts - 1;
      return `${team} ${label}${solvedAt === null ? "" : `+${solvedAt / 60_000}`}${rejected === 0 ? "" : `-${rejected}`}`;
    }
    case "move":
      return `${step.team} ${step.from}>${step.to} #${step.rank}`;
    case "place":
      return [`place ${step.row} ${step.team} #${step.rank}`, ...step.awards.map(({ id }) => id)].join(" ");
    case "award":
      return [step.award.id, ...step.award.teams].join(" ");
    case "end":
      return "end";
    default:
      return step satisfies never;
  }
}

/** The steps without the waiting, and without looking at rows where nothing is pending. */
export function told(frozen: string[], final: string[], rules: AwardRules = noMedals, groups = ""): string[] {
  return show(frozen, final, rules, groups)
    .map((step) => step.replace(/ \|$/, ""))
    .filter((step) => !step.startsWith("look") && step !== "end");
}
