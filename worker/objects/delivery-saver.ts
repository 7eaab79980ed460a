import type { Env } from "../env.ts";
import type { MarketLimits } from "../market-limits.ts";
import { saveParts } from "./job-rows.ts";
import { deliveredTokens, type MarketJob, unsavedTokens } from "./market-job.ts";

/**
 * Writes down what was delivered, every `saveTokens` of a job or `saveMs`, so that a crash loses no more than was delivered
 * since. One writing is under way at a time, of all jobs for which it is due.
 */
export class DeliverySaver {
  readonly #env: Env;
  readonly #limits: Pick<MarketLimits, "saveTokens" | "saveMs">;
  #isSaving = false;

  constructor(env: Env, limits: Pick<MarketLimits, "saveTokens" | "saveMs">) {
    this.#env = env;
    this.#limits = limits;
  }

  /** Looks for which of the jobs it is due at `now` milliseconds. */
  save(jobs: Iterable<MarketJob>, now: number): void {
    if (this.#isSaving) return;
    const due = [...jobs].filter((job) => this.#isDue(job, now));
    if (due.length === 0) return;
    this.#isSaving = true;
    void this.#saveNow(due, now)
      .catch((error: unknown) => console.error("delivered tokens could not be saved", error))
      .finally(() => (this.#isSaving = false));
  }

  #isDue(job: MarketJob, now: number): boolean {
    const unsaved = job.state === "ending" ? 0 : unsavedTokens(job);
    const { saveTokens, saveMs } = this.#limits;
    return unsaved >= saveTokens || (unsaved > 0 && now - job.savedAt >= saveMs);
  }

  async #saveNow(jobs: readonly MarketJob[], now: number): Promise<void> {
    for (const job of jobs) {
      job.savedTokens = deliveredTokens(job);
      job.savedAt = now;
    }
    const late = jobs.filter(({ isWritten }) => !isWritten);
    await saveParts(this.#env, jobs, late);
    for (const job of late) job.isWritten = true;
  }
}
