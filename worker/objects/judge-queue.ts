import { DurableObject } from "cloudflare:workers";
import type { JudgeMessage, Outcome } from "../../protocol/judge.ts";
import { isProvisional, type JudgingStatus } from "../../protocol/submission.ts";
import { closedBecause } from "../admission.ts";
import { pokeRoom } from "../contest-log.ts";
import { wantContainers } from "../judge-containers.ts";
import { runView, sweepRuns } from "../custom-run-rows.ts";
import type { Env } from "../env.ts";
import { submissionView } from "../submission-rows.ts";
import { writeTimeLimit } from "../time-limits.ts";
import { doable, officialLanguages, presentJudges, working, type PresentJudge } from "./connections.ts";
import { Followers } from "./followers.ts";
import {
  agreed,
  HEARTBEAT_MS,
  isLocalhost,
  judgeOn,
  LEASE_MS,
  parseMessage,
  refuse,
  send,
  type Hello,
  type JudgeOnSocket,
} from "./judge-socket.ts";
import { heard } from "./judge-rows.ts";
import {
  failureNoted,
  isSubmission,
  queueOfficialRounds,
  release,
  requeue,
  type HeldLease,
  type SubmissionLease,
} from "./leases.ts";
import { LeaseBook, type WatchedLease } from "./lease-book.ts";
import { faultIn } from "./outcome-check.ts";
import { writeRun, writeVerdict, type VerdictOutcome } from "./outcomes.ts";
import { acceptSocket, echoClose } from "./sockets.ts";
import { leaseNext, waitingCount } from "./waiting.ts";

const SWEEP_MS = 5_000;

/**
 * Hands queued work to judges and writes down what they find. All it knows can be read again from D1 (`rounds`, `tasks`)
 * and from its sockets' attachments. A lease's life is drawn at those tables in migrations/, the conversation with
 * a judge in protocol/judge.ts.
 */
export class JudgeQueue extends DurableObject<Env> {
  #leases: LeaseBook;
  /** Dispatching reads, then writes: two at once would give one judge more than its slots. */
  #dispatching: Promise<void> = Promise.resolve();
  #followers: Followers;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#leases = new LeaseBook(env);
    this.#followers = new Followers(env, (work) => ctx.waitUntil(work));
    void ctx.blockConcurrencyWhile(() => this.#leases.readAgain());
  }

  /** A judge connects; the Worker has checked its token and passes who it is. */
  override async fetch(request: Request): Promise<Response> {
    const id = request.headers.get("x-judge-id") ?? "";
    const name = request.headers.get("x-judge-name") ?? "";
    const local = isLocalhost(new URL(request.url).hostname);
    const judge: JudgeOnSocket = {
      id,
      name,
      local,
      hello: null,
      leaving: false,
      heardAt: Date.now(),
      load: null,
    };
    const response = acceptSocket(this.ctx, [id]);
    for (const socket of this.ctx.getWebSockets(id)) {
      if (socket.deserializeAttachment() === null) socket.serializeAttachment(judge);
      else socket.close(4001, "the same judge connected again");
    }
    await this.#keepSweeping();
    return response;
  }

  /** Says that something may have been queued, or that a judge may go on. */
  async poke(): Promise<void> {
    await this.#dispatch();
  }

  /** Who judges here at present, and how much waits. */
  async status(): Promise<JudgingStatus> {
    const judges = await working(this.ctx, this.env);
    const [waiting, closed] = await Promise.all([waitingCount(this.env), closedBecause(this.env)]);
    return { judges: judges.flatMap(({ judge }) => judge.hello ?? []), waiting, closed };
  }

  /** Every judge that has introduced itself and is still there, and how many leases each judge has, there or not. */
  presence(): { judges: PresentJudge[]; leases: Record<string, number> } {
    const held = Map.groupBy(this.#leases.all(), ({ judge }) => judge);
    return {
      judges: presentJudges(this.ctx),
      leases: Object.fromEntries([...held].map(([judge, leases]) => [judge, leases.length])),
    };
  }

  /** The lease of this id if `judge` holds it, or null: sources and evidence are for held leases only. */
  holds(judge: string, lease: string): HeldLease | null {
    const watched = this.#leases.held(judge, lease);
    if (!watched) return null;
    const { expiresAt: _expiresAt, audience: _audience, ...held } = watched;
    return held;
  }

  /** Ends the connection of a judge whose token was revoked; what it held waits again, and no attempt is counted. */
  async revoke(id: string): Promise<void> {
    for (const socket of this.ctx.getWebSockets(id)) refuse(socket, "The token of this judge was revoked.");
    for (const lease of this.#leases.of(id)) await this.#release(lease);
    await this.#dispatch();
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const judge = judgeOn(socket);
    const message = parseMessage(data);
    if ("refusal" in message) return refuse(socket, message.refusal);
    if (!judge.hello && message.type !== "hello") return refuse(socket, "Say hello first.");
    const known: JudgeOnSocket = { ...judge, heardAt: Date.now() };
    socket.serializeAttachment(known);
    try {
      await this.#answer(socket, known, message);
    } catch (error) {
      // The judge connects again and repeats every result that was not settled.
      console.error("a judge's message could not be handled", error);
      socket.close(1011, "try again");
    }
  }

  async #answer(socket: WebSocket, judge: JudgeOnSocket, message: JudgeMessage): Promise<void> {
    switch (message.type) {
      case "hello":
        return this.#welcome(socket, judge, message);
      case "heartbeat":
        socket.serializeAttachment({ ...judge, load: message.load } satisfies JudgeOnSocket);
        return this.#leases.extend(judge.id, message.holding);
      case "progress":
        return this.#progress(judge, message.lease, message.done, message.total);
      case "result":
        return this.#settle(socket, judge, message.lease, message.outcome);
      case "leaving":
        return this.#leave(socket, judge, message.holding);
      default:
        message satisfies never;
    }
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    // Its leases stay until it is back or they expire: a dropped connection does not undo a judge's work.
    echoClose(socket, code);
    const { id, heardAt } = judgeOn(socket);
    await heard(this.env, id, heardAt);
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    for (const lease of this.#leases.all()) {
      if (lease.expiresAt <= now) await this.#giveUp(lease, "the judge was not heard of any more");
    }
    await sweepRuns(this.env, now);
    await this.#judgeOfficially();
    await this.#dispatch();
    await this.#keepSweeping();
  }

  async #welcome(socket: WebSocket, judge: JudgeOnSocket, hello: Hello): Promise<void> {
    const versions = agreed(hello.protocols);
    if ("refusal" in versions) return refuse(socket, versions.refusal);
    const { slots, level, reason, languages } = hello;
    if (level !== null && isProvisional(level) && !judge.local) {
      return refuse(
        socket,
        `A judge of level ${level} isolates nothing: it may serve only a site on its own machine, at an address like http://localhost.`,
      );
    }
    const name = hello.name || judge.name;
    const introduced = { ...judge, name, hello: { name, slots, level, reason, languages }, leaving: false };
    socket.serializeAttachment(introduced satisfies JudgeOnSocket);
    await heard(this.env, judge.id, judge.heardAt);
    // A judge that was killed and started again holds nothing: its work goes on elsewhere without waiting for expiry.
    for (const lease of this.#leases.of(judge.id)) {
      if (!hello.holding.includes(lease.work.lease)) await this.#giveUp(lease, "the judge started anew");
    }
    this.#leases.extend(judge.id, hello.holding);
    const { protocol } = versions;
    send(socket, { type: "welcome", protocol, heartbeatMs: HEARTBEAT_MS, leaseMs: LEASE_MS });
    await this.#judgeOfficially();
    await this.#dispatch();
  }

  async #leave(socket: WebSocket, judge: JudgeOnSocket, holding: readonly string[]): Promise<void> {
    socket.serializeAttachment({ ...judge, leaving: true } satisfies JudgeOnSocket);
    for (const lease of this.#leases.of(judge.id)) {
      if (!holding.includes(lease.work.lease)) await this.#release(lease);
    }
    await this.#dispatch();
  }

  async #progress(judge: JudgeOnSocket, id: string, done: number, total: number): Promise<void> {
    const lease = this.#leases.held(judge.id, id);
    if (!lease) return this.#noteStranger(judge, id, "progress");
    this.#leases.extend(judge.id, [id]);
    if (!isSubmission(lease) || lease.isQuiet) return;
    const { submission } = lease.work;
    this.#followers.tell(lease.audience, async () => ({ type: "progress", submission, done, total }));
  }

  async #settle(socket: WebSocket, judge: JudgeOnSocket, id: string, outcome: Outcome): Promise<void> {
    const lease = this.#leases.held(judge.id, id);
    if (!lease) await this.#noteStranger(judge, id, "a result");
    else {
      const fault = await faultIn(this.env, lease, outcome, judge.hello?.level ?? null);
      if (fault !== null) await this.#giveUp(lease, fault);
      else await this.#record(lease, outcome);
    }
    send(socket, { type: "settled", lease: id });
    await this.#dispatch();
  }

  /** A judge repeats a result until it hears that it was settled: only what it never held, or lost, is a failure. */
  async #noteStranger(judge: JudgeOnSocket, lease: string, sent: string): Promise<void> {
    if (this.#leases.hasEnded(lease)) return;
    await failureNoted(this.env, judge.id, `it sent ${sent} for a lease that it does not hold`).run();
  }

  async #record(lease: WatchedLease, outcome: Outcome): Promise<void> {
    switch (outcome.type) {
      case "failure":
        return this.#giveUp(lease, outcome.message);
      case "verdict":
        return isSubmission(lease) ? this.#recordVerdict(lease, outcome) : undefined;
      case "run":
        await writeRun(this.env, lease, outcome.result, Date.now());
        return this.#end(lease);
      case "time limit":
        await writeTimeLimit(this.env, lease, outcome);
        return this.#end(lease);
      default:
        outcome satisfies never;
    }
  }

  async #recordVerdict(lease: WatchedLease & SubmissionLease, outcome: VerdictOutcome): Promise<void> {
    const written = await writeVerdict(this.env, lease, outcome, Date.now());
    // An official verdict came while this one was made. That is nobody's failure; official judges get the round.
    if (written === "overruled") return this.#release(lease);
    if (written === "written" && lease.contest !== null && lease.standing === "counts")
      await pokeRoom(this.env, lease.contest);
    this.#end(lease);
  }

  async #giveUp(lease: WatchedLease, failure: string): Promise<void> {
    await requeue(this.env, lease, failure);
    this.#end(lease);
  }

  async #release(lease: WatchedLease): Promise<void> {
    await release(this.env, lease);
    this.#end(lease);
  }

  #end(lease: WatchedLease): void {
    this.#leases.remove(lease);
    this.#tellState(lease);
  }

  /** Gives free slots work; one dispatch at a time, and a failed one does not stop the next. */
  #dispatch(): Promise<void> {
    const next = this.#dispatching.then(() => this.#fillSlots());
    this.#dispatching = next.catch(() => undefined);
    return next;
  }

  /** Has judged again what only a provisional verdict was given for, in the languages that can be judged officially. */
  async #judgeOfficially(): Promise<void> {
    const languages = officialLanguages(await working(this.ctx, this.env));
    if (languages.size > 0) await queueOfficialRounds(this.env, [...languages], Date.now());
  }

  async #fillSlots(): Promise<void> {
    const ready = await working(this.ctx, this.env);
    const official = officialLanguages(ready);
    for (const { socket, judge } of ready) {
      if (!judge.hello || judge.hello.level === null) continue;
      const { slots, level, languages: known } = judge.hello;
      const provisional = isProvisional(level);
      // Never a provisional verdict where an official one can be had: each would have to be judged once more.
      const languages = doable(known).filter((id) => !(provisional && official.has(id)));
      const timeLimits = !(provisional && official.size > 0);
      for (let free = slots - this.#leases.of(judge.id).length; free > 0; free--) {
        const held = await leaseNext(this.env, { id: judge.id, languages, level, timeLimits });
        if (!held) break;
        // Watched before it is sent: a quick judge's result must find its lease here.
        this.#tellState(await this.#leases.add(held));
        send(socket, { type: "lease", lease: held.work });
      }
    }
    this.#followers.tellPlaces();
    this.ctx.waitUntil(this.#wantContainers());
  }

  /** What the judges that are there leave waiting is a container's. */
  async #wantContainers(): Promise<void> {
    if (this.env.JUDGE_CONTAINERS === 0) return;
    try {
      await wantContainers(this.env, await waitingCount(this.env));
    } catch (error) {
      console.error("no container could be started for a judge; the next sweep tries again", error);
    }
  }

  #tellState(lease: WatchedLease): void {
    this.#followers.tell(lease.audience, async () => {
      if (isSubmission(lease))
        return { type: "submission", submission: await submissionView(this.env, lease.work.submission) };
      return { type: "run", run: await runView(this.env, lease.task?.id ?? "") };
    });
  }

  /** The alarm stays armed while a judge is connected or a lease is out. */
  async #keepSweeping(): Promise<void> {
    const needed = this.#leases.all().length > 0 || this.ctx.getWebSockets().length > 0;
    if (needed && (await this.ctx.storage.getAlarm()) === null)
      await this.ctx.storage.setAlarm(Date.now() + SWEEP_MS);
  }
}
