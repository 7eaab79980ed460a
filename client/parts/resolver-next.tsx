import type { ResolverState, ResolverStep } from "../../protocol/resolver.ts";
import { bestRank } from "../../rules/resolver-chance.ts";
import { t } from "../i18n.ts";
import { stepText } from "../resolver-texts.ts";

/** So many steps ahead are enough to speak by. */
const AHEAD = 6;

interface Props {
  state: ResolverState;
  steps: readonly ResolverStep[];
}

/** For the presenter alone: what comes next, and what can be said of the team in the light. */
export function ResolverNext({ state, steps }: Props) {
  const coming = upToPause(steps.slice(state.shown, state.shown + AHEAD));
  return (
    <div class="resolver-next">
      <section aria-labelledby="comes-next">
        <h2 id="comes-next">{t("resolver.comesNext")}</h2>
        {coming.length === 0 ? <p>{t("resolver.nothingNext")}</p> : null}
        <ol>
          {coming.map((step) => (
            <li key={step.number}>{stepText(step, state.board)}</li>
          ))}
        </ol>
      </section>
      <section aria-labelledby="notes">
        <h2 id="notes">{t("resolver.notes")}</h2>
        <Notes state={state} steps={steps} />
      </section>
    </div>
  );
}

/** The steps that follow up to the first at which the show waits. */
function upToPause(steps: readonly ResolverStep[]): readonly ResolverStep[] {
  const pause = steps.findIndex((step) => step.pause);
  return pause < 0 ? steps : steps.slice(0, pause + 1);
}

function Notes({ state, steps }: Props) {
  const { board, looked, standing } = state;
  const team = board.teams.find(({ id }) => id === looked?.team);
  if (team === undefined) return null;
  const group = board.groups.find(({ id }) => id === team.group)?.name ?? null;
  const pending = board.cells.filter((cell) => cell.team === team.id && cell.pending > 0);
  const rank = standing.find((row) => row.team === team.id)?.rank ?? 0;
  const label = looked?.label ?? labelNext(steps[state.shown]);
  const best = label === null ? null : bestRank(board, team.id, label);
  const isOpen = pending.some((cell) => cell.label === label);
  return (
    <>
      <p>{[team.name, team.organisation, group].filter((part) => part !== null).join(" · ")}</p>
      <p>
        {t("resolver.stands", { rank })}
        {pending.length === 0
          ? null
          : ` · ${t("resolver.pendingOf", { labels: pending.map((cell) => cell.label).join(", ") })}`}
      </p>
      {best === null || label === null || !isOpen ? null : (
        <p>
          <strong>{t("resolver.ifSolved", { team: team.name, label, rank: best })}</strong>
        </p>
      )}
    </>
  );
}

const labelNext = (step: ResolverStep | undefined): string | null =>
  step?.type === "problem" ? step.label : null;
