import { describe, expect, it } from "vitest";
import {
  emptyQueue,
  enqueue,
  type FairQueue,
  inTurn,
  putBack,
  removeExpired,
  removeJob,
  takeNext,
  type WaitingJob,
} from "./fair-queue.ts";
import { seededRandom } from "./seeded-random.ts";

const AMPLE = { total: 100, perConsumer: 50 };

/** The letters of a job's name are its consumer: `a1` is a's. */
function waiting(job: string, deadline = 1000): WaitingJob {
  return { job, consumer: job.replace(/\d+$/, ""), deadline };
}
function queueOf(jobs: string, limits = AMPLE): FairQueue<WaitingJob> {
  const queue = emptyQueue<WaitingJob>(limits);
  for (const job of jobs.split(" ")) expect(enqueue(queue, waiting(job))).toBeNull();
  return queue;
}
const names = (jobs: Iterable<WaitingJob>): string => [...jobs].map(({ job }) => job).join(" ");
/** Takes until nothing is left. */
function served(queue: FairQueue<WaitingJob>): string {
  const jobs: WaitingJob[] = [];
  for (let job = takeNext(queue); job !== null; job = takeNext(queue)) jobs.push(job);
  return names(jobs);
}

describe("jobs are served", () => {
  it("by turns of their consumers, and each consumer's in the order in which they came", () => {
    expect(served(queueOf("a1 a2 a3 b1 c1 c2"))).toBe("a1 b1 c1 a2 c2 a3");
  });

  it("so that a thousand jobs of one delay another's by one", () => {
    const many = Array.from({ length: 1000 }, (_, index) => `a${index}`).join(" ");
    const queue = queueOf(`${many} b1`, { total: 2000, perConsumer: 1000 });
    expect([takeNext(queue)?.job, takeNext(queue)?.job]).toEqual(["a0", "b1"]);
  });

  it("a consumer's who comes back after all others whose turn is to come", () => {
    const queue = queueOf("a1 b1 b2 c1");
    takeNext(queue);
    enqueue(queue, waiting("a2"));
    expect(served(queue)).toBe("b1 c1 a2 b2");
  });

  it("past those that do not suit what is free, who keep their turn", () => {
    const queue = queueOf("a1 a2 b1 c1");
    expect(takeNext(queue, ({ job }) => job === "c1" || job === "a2")?.job).toBe("a2");
    expect(takeNext(queue, ({ job }) => job === "c1")?.job).toBe("c1");
    expect(takeNext(queue, () => false)).toBeNull();
    expect(served(queue)).toBe("b1 a1");
  });

  it("next when they were put back, though the queue be full", () => {
    const queue = queueOf("a1 a2 b1", { total: 3, perConsumer: 2 });
    const job = takeNext(queue);
    enqueue(queue, waiting("c1"));
    if (job !== null) putBack(queue, job);
    expect(queue.places.size).toBe(4);
    expect(served(queue)).toBe("a1 b1 c1 a2");
  });
});

describe("a job may not wait", () => {
  it("when its consumer has as many waiting as one may have", () => {
    const queue = queueOf("a1 a2 b1", { total: 10, perConsumer: 2 });
    expect(enqueue(queue, waiting("a3"))).toBe("consumer_full");
    expect(enqueue(queue, waiting("b2"))).toBeNull();
    takeNext(queue);
    expect(enqueue(queue, waiting("a3"))).toBeNull();
  });

  it("when as many wait as may wait in all", () => {
    const queue = queueOf("a1 b1 c1", { total: 3, perConsumer: 2 });
    expect(enqueue(queue, waiting("d1"))).toBe("queue_full");
    expect(names(inTurn(queue))).toBe("a1 b1 c1");
    removeJob(queue, "b1");
    expect(enqueue(queue, waiting("d1"))).toBeNull();
  });

  it("twice", () => {
    const queue = queueOf("a1");
    expect(() => enqueue(queue, waiting("a1"))).toThrow("The job a1 waits already.");
    expect(() => putBack(queue, waiting("a1"))).toThrow("The job a1 waits already.");
    expect(served(queue)).toBe("a1");
  });
});

describe("a job leaves", () => {
  it("when its consumer hangs up, wherever it stands", () => {
    const queue = queueOf("a1 a2 a3 b1");
    expect(removeJob(queue, "a2")?.job).toBe("a2");
    expect(removeJob(queue, "b1")?.job).toBe("b1");
    expect(removeJob(queue, "b1")).toBeNull();
    expect(served(queue)).toBe("a1 a3");
  });

  it("when its deadline has come", () => {
    const queue = emptyQueue<WaitingJob>(AMPLE);
    for (const [job, deadline] of [
      ["a1", 30],
      ["a2", 10],
      ["b1", 20],
    ] as const)
      enqueue(queue, waiting(job, deadline));
    expect(names(removeExpired(queue, 9))).toBe("");
    expect(names(removeExpired(queue, 20)).split(" ").toSorted()).toEqual(["a2", "b1"]);
    expect(names(removeExpired(queue, 30))).toBe("a1");
  });
});

it("looks at no other jobs when the first suits, however many wait", () => {
  const queue = emptyQueue<WaitingJob>({ total: 20_000, perConsumer: 20_000 });
  for (let index = 0; index < 20_000; index++) enqueue(queue, waiting(`c${"x".repeat(index % 40)}${index}`));
  let looks = 0;
  while (takeNext(queue, () => ++looks > 0) !== null);
  expect(looks).toBe(20_000);
  expect([queue.places.size, queue.lines.size, queue.ring]).toEqual([0, 0, { first: null, last: null }]);
});

/** The same by the definition: lines in the order of turns, each a list. */
class Model {
  lines: { consumer: string; jobs: WaitingJob[] }[] = [];
  all(): WaitingJob[] {
    return this.lines.flatMap(({ jobs }) => jobs);
  }
  add(job: WaitingJob): void {
    const line = this.lines.find(({ consumer }) => consumer === job.consumer);
    if (line === undefined) this.lines.push({ consumer: job.consumer, jobs: [job] });
    else line.jobs.push(job);
  }
  putBack(job: WaitingJob): void {
    const jobs = this.lines.find(({ consumer }) => consumer === job.consumer)?.jobs ?? [];
    this.lines = this.lines.filter(({ consumer }) => consumer !== job.consumer);
    this.lines.unshift({ consumer: job.consumer, jobs: [job, ...jobs] });
  }
  drop(gone: (job: WaitingJob) => boolean): void {
    for (const line of this.lines) line.jobs = line.jobs.filter((job) => !gone(job));
    this.lines = this.lines.filter(({ jobs }) => jobs.length > 0);
  }
  take(suits: (job: WaitingJob) => boolean): WaitingJob | null {
    const line = this.lines.find(({ jobs }) => jobs.some(suits));
    const job = line?.jobs.find(suits);
    if (line === undefined || job === undefined) return null;
    this.lines = [...this.lines.filter((other) => other !== line), line];
    this.drop((other) => other === job);
    return job;
  }
  inTurn(): WaitingJob[] {
    const longest = Math.max(0, ...this.lines.map(({ jobs }) => jobs.length));
    const rounds = Array.from({ length: longest }, (_, round) => this.lines.map(({ jobs }) => jobs[round]));
    return rounds.flat().filter((job) => job !== undefined);
  }
}

describe("whatever happens in whatever order", () => {
  const random = seededRandom(21);
  const below = (bound: number): number => Math.floor(random() * bound);
  const limits = { total: 30, perConsumer: 8 };

  it("the queue is what its definition says, within its limits, and can be restored as it is", () => {
    for (let round = 0; round < 40; round++) {
      const queue = emptyQueue<WaitingJob>(limits);
      const model = new Model();
      let taken: WaitingJob | null = null;
      for (let now = 0; now < 200; now++) {
        const what = random();
        const anyJob = model.all()[below(model.all().length)];
        if (what < 0.5) {
          const job = waiting(`${"abcdefg".charAt(below(7))}${now}`, now + below(300));
          const own = model.all().filter(({ consumer }) => consumer === job.consumer).length;
          const full = own >= 8 ? "consumer_full" : model.all().length >= 30 ? "queue_full" : null;
          expect(enqueue(queue, job)).toBe(full);
          if (full === null) model.add(job);
        } else if (what < 0.75) {
          const letters = "abcdefg".slice(below(3));
          const suits = ({ consumer }: WaitingJob): boolean => letters.includes(consumer);
          taken = takeNext(queue, suits);
          expect(taken).toBe(model.take(suits));
        } else if (what < 0.8 && taken !== null && !queue.places.has(taken.job)) {
          putBack(queue, taken);
          model.putBack(taken);
        } else if (what < 0.9 && anyJob !== undefined) {
          expect(removeJob(queue, anyJob.job)).toBe(anyJob);
          model.drop((job) => job === anyJob);
        } else {
          const expired = removeExpired(queue, now);
          expect(new Set(expired)).toEqual(new Set(model.all().filter(({ deadline }) => deadline <= now)));
          model.drop(({ deadline }) => deadline <= now);
        }
        expect(names(inTurn(queue))).toBe(names(model.inTurn()));
      }
      expect(served(queue)).toBe(names(model.inTurn()));
    }
  });

  it("between two jobs of one consumer, no other who waits all the time is served more or less than once", () => {
    const queue = emptyQueue<WaitingJob>({ total: 10_000, perConsumer: 2000 });
    const weights = { a: 0.7, b: 0.85, c: 0.95, d: 1 };
    for (let index = 0; index < 3000; index++) {
      const draw = random();
      const consumer = Object.entries(weights).find(([, weight]) => draw < weight)?.[0] ?? "d";
      enqueue(queue, waiting(`${consumer}${index}`));
    }
    const first = Array.from({ length: 400 }, () => takeNext(queue)?.consumer ?? "");
    for (let at = 0; at < first.length; at += 4) expect(new Set(first.slice(at, at + 4)).size).toBe(4);
  });
});
