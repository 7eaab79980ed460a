import type { JobEvent } from "../../provider/jobs.ts";
import type { FromWorker, TabJobState } from "./tab-messages.ts";

/** More often nobody sees it change. */
const TELL_MS = 250;

interface Figures {
  tokens: number;
  /** When its first tokens were written, and how many these were. */
  first: { at: number; tokens: number } | null;
  at: number;
  toldAt: number;
}

/**
 * Makes the figures that the page shows of what becomes of each job.
 *
 * @param now some clock, in milliseconds
 */
export function jobFigures(
  tell: (message: FromWorker) => void,
  now: () => number,
): (event: JobEvent) => void {
  const live = new Map<string, Figures>();

  const say = (job: string, state: TabJobState, figures: Figures | undefined): void => {
    if (figures) figures.toldAt = now();
    const { tokens = 0 } = figures ?? {};
    tell({ type: "job", job, state, tokens, tokensPerSecond: figures ? speedOf(figures) : null });
  };
  const end = (job: string, state: TabJobState): void => {
    say(job, state, live.get(job));
    live.delete(job);
  };
  return (event) => {
    const { job } = event;
    switch (event.type) {
      case "begun":
        live.set(job, { tokens: 0, first: null, at: now(), toldAt: 0 });
        return say(job, "reading", live.get(job));
      case "written": {
        const figures = live.get(job);
        if (figures === undefined) return;
        const isFirst = figures.first === null;
        figures.tokens = event.tokens;
        figures.at = now();
        figures.first ??= { at: figures.at, tokens: event.tokens };
        if (isFirst || figures.at - figures.toldAt >= TELL_MS) say(job, "writing", figures);
        return;
      }
      case "finished":
        return end(job, event.reason === "cancelled" ? "cancelled" : "finished");
      case "failed":
        return end(job, "failed");
      case "refused":
        return end(job, "refused");
      case "settled": {
        // Of one whose end the Market knew before we did.
        if (live.has(job)) end(job, "finished");
        const { promptTokens, completionTokens } = event.paid;
        return tell({ type: "settled", job, amountNano: event.amountNano, promptTokens, completionTokens });
      }
      default:
        return void (event satisfies never);
    }
  };
}

/** Of this answer since its first tokens; null before there are more. */
function speedOf({ tokens, first, at }: Figures): number | null {
  if (first === null || tokens <= first.tokens || at <= first.at) return null;
  return ((tokens - first.tokens) * 1_000) / (at - first.at);
}
