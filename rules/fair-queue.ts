/** One who waits. `deadline`: milliseconds, after which it need not be served any more. */
export interface WaitingJob {
  job: string;
  consumer: string;
  deadline: number;
}

export interface QueueLimits {
  total: number;
  perConsumer: number;
}

/** Why a job may not wait: its consumer, or everybody together, has as many waiting as there may be. */
export type QueueRefusal = "consumer_full" | "queue_full";

/**
 * Jobs that wait, by turns of their consumers: each who has jobs waiting is served one, then the next consumer one, and
 * so on in a ring; a consumer's own jobs are served in the order in which they came. So somebody with a thousand jobs
 * waiting delays another one's first by no more than a single job.
 *
 *     turn ->  ann: a1 a2 a3        served: a1 b1 c1 a2 c2 a3
 *              bob: b1
 *              cy:  c1 c2
 *
 * Lists are linked, so that to enqueue, to take the first and to remove any takes the same time however many wait.
 */
export interface FairQueue<J extends WaitingJob> {
  readonly limits: QueueLimits;
  readonly places: Map<string, Place<J>>;
  readonly lines: Map<string, Line<J>>;
  /** Whose turn it is, and who comes after. */
  readonly ring: Chain<Line<J>>;
}

interface Chain<N> {
  first: N | null;
  last: N | null;
}

interface Link<N> {
  before: N | null;
  after: N | null;
}

interface Place<J extends WaitingJob> extends Link<Place<J>> {
  job: J;
  line: Line<J>;
}

/** A consumer's jobs. There is no line without jobs. */
interface Line<J extends WaitingJob> extends Link<Line<J>>, Chain<Place<J>> {
  consumer: string;
  length: number;
}

export function emptyQueue<J extends WaitingJob>(limits: QueueLimits): FairQueue<J> {
  return { limits, places: new Map(), lines: new Map(), ring: { first: null, last: null } };
}

/** Why one more job of this consumer may not wait, or null. */
export function refusalFor(queue: FairQueue<WaitingJob>, consumer: string): QueueRefusal | null {
  if ((queue.lines.get(consumer)?.length ?? 0) >= queue.limits.perConsumer) return "consumer_full";
  return queue.places.size >= queue.limits.total ? "queue_full" : null;
}

/**
 * Lets a job wait behind its consumer's others; a consumer who had none comes last in the ring.
 *
 * @returns why it may not wait, or null
 * @throws Error when it waits already
 */
export function enqueue<J extends WaitingJob>(queue: FairQueue<J>, job: J): QueueRefusal | null {
  const refusal = refusalFor(queue, job.consumer);
  if (refusal === null) joinLine(queue, job, append);
  return refusal;
}

/**
 * Puts back a job that was taken and not served, by no fault of its own: it is the next to be served. It had its place,
 * so no limit holds it up.
 *
 * @throws Error when it waits already
 */
export function putBack<J extends WaitingJob>(queue: FairQueue<J>, job: J): void {
  const line = joinLine(queue, job, prepend);
  unlink(queue.ring, line);
  prepend(queue.ring, line);
}

/**
 * Takes the next job that suits, and its consumer's turn is over. Those before it, which do not suit, keep their places
 * and turns.
 *
 * @param suits whether what has become free can serve the job; looks at every waiting job when none suits
 */
export function takeNext<J extends WaitingJob>(
  queue: FairQueue<J>,
  suits: (job: J) => boolean = () => true,
): J | null {
  for (let line = queue.ring.first; line !== null; line = line.after) {
    for (let place = line.first; place !== null; place = place.after) {
      if (!suits(place.job)) continue;
      leave(queue, place);
      if (line.length > 0) {
        unlink(queue.ring, line);
        append(queue.ring, line);
      }
      return place.job;
    }
  }
  return null;
}

/** Removes a job that need not be served any more, as its consumer hung up; null when it does not wait. */
export function removeJob<J extends WaitingJob>(queue: FairQueue<J>, job: string): J | null {
  const place = queue.places.get(job);
  if (place === undefined) return null;
  leave(queue, place);
  return place.job;
}

/** Removes the jobs whose deadline has come by `now`, and returns them. */
export function removeExpired<J extends WaitingJob>(queue: FairQueue<J>, now: number): J[] {
  const expired: J[] = [];
  for (const place of queue.places.values()) {
    if (place.job.deadline > now) continue;
    leave(queue, place);
    expired.push(place.job);
  }
  return expired;
}

/** All that wait, in the order in which they are served if each suits whatever becomes free. */
export function* inTurn<J extends WaitingJob>(queue: FairQueue<J>): Generator<J, void> {
  let round: Place<J>[] = [];
  for (let line = queue.ring.first; line !== null; line = line.after)
    if (line.first !== null) round.push(line.first);
  while (round.length > 0) {
    const next: Place<J>[] = [];
    for (const place of round) {
      yield place.job;
      if (place.after !== null) next.push(place.after);
    }
    round = next;
  }
}

/** Puts a job at one end of its consumer's line. */
function joinLine<J extends WaitingJob>(
  queue: FairQueue<J>,
  job: J,
  put: (line: Line<J>, place: Place<J>) => void,
): Line<J> {
  if (queue.places.has(job.job)) throw new Error(`The job ${job.job} waits already.`);
  const line = lineOf(queue, job);
  const place: Place<J> = { job, line, before: null, after: null };
  queue.places.set(job.job, place);
  put(line, place);
  line.length++;
  return line;
}

/** The consumer's line, which comes last in the ring when it is new. */
function lineOf<J extends WaitingJob>(queue: FairQueue<J>, { consumer }: J): Line<J> {
  const known = queue.lines.get(consumer);
  if (known !== undefined) return known;
  const line: Line<J> = { consumer, length: 0, first: null, last: null, before: null, after: null };
  queue.lines.set(consumer, line);
  append(queue.ring, line);
  return line;
}

function leave<J extends WaitingJob>(queue: FairQueue<J>, place: Place<J>): void {
  queue.places.delete(place.job.job);
  unlink(place.line, place);
  place.line.length--;
  if (place.line.length > 0) return;
  queue.lines.delete(place.line.consumer);
  unlink(queue.ring, place.line);
}

function append<N extends Link<N>>(chain: Chain<N>, node: N): void {
  node.before = chain.last;
  if (chain.last === null) chain.first = node;
  else chain.last.after = node;
  chain.last = node;
}

function prepend<N extends Link<N>>(chain: Chain<N>, node: N): void {
  node.after = chain.first;
  if (chain.first === null) chain.last = node;
  else chain.first.before = node;
  chain.first = node;
}

function unlink<N extends Link<N>>(chain: Chain<N>, node: N): void {
  if (node.before === null) chain.first = node.after;
  else node.before.after = node.after;
  if (node.after === null) chain.last = node.before;
  else node.after.before = node.before;
  node.before = null;
  node.after = null;
}
