import type { Bill } from "../../rules/billing.ts";
import type { Env } from "../env.ts";
import { newJobId } from "../job-order.ts";
import type { Ended } from "../ledger.ts";
import { piecesOf } from "./answer-form.ts";
import type { HoldsAhead } from "./holds-ahead.ts";
import { answerToKeep, billOf, endJob, type EndedJob, endJobs, type JobEnding } from "./job-rows.ts";
import { completionOfJob, type MarketJob } from "./market-job.ts";
import type { ProviderBook } from "./provider-book.ts";
import { send } from "./provider-socket.ts";

const LONGEST_RETRY_MS = 30_000;

/**
 * So long after a batch began the next one begins, with all that has ended meanwhile: a batch costs more than what is in it,
 * and a job that ends when nothing else does waits for nobody.
 */
const GATHER_MS = 50;

/** Each may write some thousand characters, and D1 takes no text longer than 2 MB. */
const MOST_AT_ONCE = 100;

interface Waiting {
  job: EndedJob;
  isEnded(ended: Ended): void;
}

/**
 * Settles jobs, however often that has to be tried, and places holds for the next ones of their keys where that is wanted.
 *
 *     ended --> waiting --GATHER_MS after the last batch--> one batch of all --> settled
 *                                                             +-- refused: each in a batch of its own, until it is settled
 */
export class JobSettling {
  readonly #env: Env;
  readonly #holdsAhead: HoldsAhead;
  #waiting: Waiting[] = [];
  #beganAt = 0;
  #isArmed = false;

  constructor(env: Env, holdsAhead: HoldsAhead) {
    this.#env = env;
    this.#holdsAhead = holdsAhead;
  }

  /** Returns what was paid, once it is. */
  async settle(job: MarketJob, ending: Omit<JobEnding, "at" | "firstTokenAt">): Promise<Bill> {
    const bill = billOf(job.consumer, job.terms, job.parts);
    const ended = this.#endedJob(job, ending, bill);
    const { ahead } = ended;
    const settled = await new Promise<Ended>((isEnded) => {
      this.#waiting.push({ job: ended, isEnded });
      this.#arm();
    });
    if (ahead !== null && settled.type === "ended" && settled.ahead) this.#holdsAhead.add(ahead, Date.now());
    return bill;
  }

  #endedJob(job: MarketJob, ending: Omit<JobEnding, "at" | "firstTokenAt">, bill: Bill): EndedJob {
    const hold = { job: job.job, consumer: job.consumer, heldNano: job.terms.heldNano };
    const { apiKey, keyVersion, keepsAnswer } = job.order;
    const isNext = ending.ended === "finished" && hold.heldNano > 0 && this.#holdsAhead.wants(apiKey);
    const answer =
      keepsAnswer && ending.reason !== null
        ? answerToKeep(piecesOf(job.answer.form.whole(completionOfJob(job, ending.reason, bill))))
        : null;
    return {
      hold,
      bill,
      served: job,
      ending: { ...ending, firstTokenAt: job.firstTokenAt, at: Date.now() },
      late: job.isWritten ? null : job,
      model:
        job.needs.models?.length === 1
          ? null
          : { served: job.head.model, asked: job.order.asked.request.model },
      answer,
      ahead: isNext ? { ...hold, job: newJobId(), apiKey, keyVersion } : null,
    };
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    const wait = this.#beganAt + GATHER_MS - Date.now();
    if (wait <= 0) void this.#flush();
    else setTimeout(() => void this.#flush(), wait);
  }

  async #flush(): Promise<void> {
    this.#isArmed = false;
    this.#beganAt = Date.now();
    const due = this.#waiting.splice(0, MOST_AT_ONCE);
    if (this.#waiting.length > 0) this.#arm();
    const ended = due.length === 1 ? null : await this.#together(due);
    for (const [index, { job, isEnded }] of due.entries()) {
      const how = ended?.[index];
      if (how !== undefined) isEnded(how);
      else void this.#alone(job).then(isEnded);
    }
  }

  async #together(due: readonly Waiting[]): Promise<Ended[] | null> {
    try {
      return await endJobs(
        this.#env,
        due.map(({ job }) => job),
      );
    } catch (error) {
      console.error(`${due.length} jobs could not be settled together; each is settled by itself`, error);
      return null;
    }
  }

  async #alone(job: EndedJob): Promise<Ended> {
    for (let wait = 100; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
      try {
        return await endJob(this.#env, job);
      } catch (error) {
        console.error(`the job ${job.hold.job} could not be settled; tried again in ${wait} ms`, error);
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }
}

/** Tells the providers of a job what each of them earned by it. */
export function tellSettled(book: ProviderBook, job: MarketJob, bill: Bill): void {
  for (const [index, { provider }] of job.parts.entries()) {
    const part = bill.parts[index];
    const by = book.get(provider);
    if (!by || !part) continue;
    send(by.socket, { type: "settled", job: job.job, paid: part.usage, amountNano: part.earnedNano });
  }
}
