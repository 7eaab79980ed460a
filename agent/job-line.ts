import { formatCredits } from "../protocol/money.ts";
import type { JobEvent } from "../provider/jobs.ts";

/** What becomes of a job in a line of the agent's output; null for what nobody reads there. */
export function jobLine(event: JobEvent): string | null {
  switch (event.type) {
    case "begun":
    case "written":
    case "finished":
      return null;
    case "refused":
      return `job ${event.job}: refused (${event.reason}: ${event.message})`;
    case "failed":
      return `job ${event.job}: failed (${event.message})`;
    case "settled": {
      const { paid, amountNano } = event;
      return (
        `job ${event.job}: earned ${formatCredits(amountNano)} credits for ${paid.promptTokens} tokens read ` +
        `and ${paid.completionTokens} written`
      );
    }
    default:
      return event satisfies never;
  }
}
