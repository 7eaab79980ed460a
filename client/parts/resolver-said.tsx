import type { AwardName } from "../../protocol/award.ts";
import type { Board } from "../../protocol/contest.ts";
import type { ResolverState, ResolverStep } from "../../protocol/resolver.ts";
import { awardText, stateText, stepText } from "../resolver-texts.ts";
import { Icon } from "./icons.tsx";

interface Props {
  /** The step that was shown last, or null. */
  step: ResolverStep | null;
  state: ResolverState;
}

/** The step that is shown, in words, and large where it gives awards; a screen reader hears each of them. */
export function ResolverSaid({ step, state }: Props) {
  const { board } = state;
  const awards = awardsOf(step);
  return (
    <output class="resolver-said">
      <span class={awards.length === 0 ? undefined : "sr-only"}>
        {step === null ? stateText(state) : stepText(step, board)}
      </span>
      {awards.length === 0 ? null : (
        <span class="resolver-award" aria-hidden="true">
          <strong>{teamsOf(step, board)}</strong>
          {awards.map((award) => (
            <span key={award.id}>
              <Icon name={award.id.startsWith("first-to-solve") ? "star" : "cup"} /> {awardText(award, board)}
            </span>
          ))}
        </span>
      )}
    </output>
  );
}

function awardsOf(step: ResolverStep | null): readonly AwardName[] {
  if (step?.type === "place") return step.awards;
  return step?.type === "award" ? [step.award] : [];
}

function teamsOf(step: ResolverStep | null, { teams }: Board): string {
  const ids = step?.type === "place" ? [step.team] : step?.type === "award" ? step.award.teams : [];
  return ids.map((id) => teams.find((team) => team.id === id)?.name ?? id).join(", ");
}
