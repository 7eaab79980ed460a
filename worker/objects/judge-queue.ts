import { DurableObject } from "cloudflare:workers";
import { JUDGE_PROTOCOL, type JudgeMessage, type Outcome } from "../../protocol/judge.ts";
import type { LanguageId } from "../../protocol/language.ts";
import { isProvisional, type JudgingStatus, type LiveAccountMessage } from "../../protocol/submission.ts";
import { pokeRoom } from "../contest-log.ts";
import { accountFeed, type Env } from "../env.ts";
import { audienceOf, submissionView } from "../submissions.ts";
import {
  isLocalhost,
  judgeOn,
  parseMessage,
  refuse,
  send,
  type Hello,
  type JudgeOnSocket,
} from "./judge-socket.ts";
import {
  leaseNext,
  queueOfficialRounds,
  readLeases,
  release,
  requeue,
  waitingCount,
  writeVerdict,
  type HeldLease,
} from "./leases.ts";
import { acceptSocket, echoClose } from "./sockets.ts";

const HEARTBEAT_MS = 5_000;
const LEASE_MS = 30_000;
const SWEEP_MS = 5_000;

/** A judge that has introduced itself: who its token says it is, and what it said. */
export type ConnectedJudge = { id: string } & NonNullable<JudgeOnSocket["hello"]>;

/** A lease being worked on; D1 holds the lease itself, this adds what only matters while we live. */
interface WatchedLease extends HeldLease {
  expiresAt: number;
  audience: string[];
}

/**
 * Hands queued rounds to judges and writes down what they find. All it knows can be read again from D1 (`rounds`) and
 * from its sockets' attachments. A lease's life is drawn at the `rounds` table in migrations/, the conversation with
 * a judge in protocol/judge.ts.
 */
export class JudgeQueue extends DurableObject<Env> {
  #leases = new Map<string, WatchedLease>();
  /** Dispatching reads, then writes: two at once would give one judge more than its slots. */
  #dispatching: Promise<void> = Promise.resolve();
  #telling: Promise<void> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      for (const held of await readLeases(env)) await this.#watch(held);
    });
  }

  /** A judge connects; the Worker has checked its token and passes who it is. */
  override async fetch(request: Request): Promise<Response> {
    const id = request.headers.get("x-judge-id") ?? "";
    const name = request.headers.get("x-judge-name") ?? "";
    const local = isLocalhost(new URL(request.url).hostname);
    const response = acceptSocket(this.ctx, [id]);
    for (const socket of this.ctx.getWebSockets(id)) {
      if (socket.deserializeAttachment() === null)
        socket.serializeAttachment({ id, name, local, hello: null } satisfies JudgeOnSocket);
      else socket.close(4001, "the same judge connected again");
    }
    await this.#keepSweeping();
    return response;
  }

  /** Says that a round was queued. */
  async poke(): Promise<void> {
    await this.#dispatch();
  }

  /** Who judges here, of those that have introduced themselves, and how much waits. */
  async status(): Promise<JudgingStatus> {
    const judges = this.#judges().flatMap(({ judge: { hello } }) => (hello ? [hello] : []));
    return { judges, waiting: await waitingCount(this.env) };
  }

  /** Every judge that has introduced itself and is still there. */
  connected(): ConnectedJudge[] {
    return this.#judges().flatMap(({ judge: { id, hello } }) => (hello ? [{ id, ...hello }] : []));
  }

  /** The submission of a lease that `judge` holds, or null: sources are given for held leases only. */
  holds(judge: string, lease: string): string | null {
    const held = this.#leases.get(lease);
    return held?.judge === judge ? held.submission : null;
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const judge = judgeOn(socket);
    const message = typeof data === "string" ? parseMessage(data) : null;
    if (!message) return refuse(socket, "This is not a message of the judge link.");
    if (!judge.hello && message.type !== "hello") return refuse(socket, "Say hello first.");
    try {
      await this.#answer(socket, judge, message);
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
        return this.#extend(judge, message.holding);
      case "progress":
        return this.#progress(judge, message.lease, message.done, message.total);
      case "result":
        return this.#settle(socket, judge, message.lease, message.outcome);
      default:
        message satisfies never;
    }
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // Its leases stay until it is back or they expire: a dropped connection does not undo a judge's work.
    echoClose(socket, code);
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    for (const lease of this.#leases.values()) {
      if (lease.expiresAt <= now) await this.#giveUp(lease, "the judge was not heard of any more");
    }
    await this.#judgeOfficially();
    await this.#dispatch();
    await this.#keepSweeping();
  }

  async #welcome(socket: WebSocket, judge: JudgeOnSocket, hello: Hello): Promise<void> {
    if (hello.protocol !== JUDGE_PROTOCOL) {
      return refuse(
        socket,
        `This server speaks version ${JUDGE_PROTOCOL} of the judge link, the judge ${hello.protocol}.`,
      );
    }
    const { slots, level, reason, languages } = hello;
    if (level !== null && isProvisional(level) && !judge.local) {
      return refuse(
        socket,
        `A judge of level ${level} isolates nothing: it may serve only a site on its own machine, at an address like http://localhost.`,
      );
    }
    const name = hello.name || judge.name;
    socket.serializeAttachment({
      ...judge,
      name,
      hello: { name, slots, level, reason, languages },
    } satisfies JudgeOnSocket);
    // A judge that was killed and started again holds nothing: its work goes on elsewhere without waiting for expiry.
    for (const lease of this.#leases.values()) {
      if (lease.judge === judge.id && !hello.holding.includes(lease.lease))
        await this.#giveUp(lease, "the judge started anew");
    }
    this.#extend(judge, hello.holding);
    send(socket, { type: "welcome", protocol: JUDGE_PROTOCOL, heartbeatMs: HEARTBEAT_MS, leaseMs: LEASE_MS });
    await this.#judgeOfficially();
    await this.#dispatch();
  }

  #extend(judge: JudgeOnSocket, holding: readonly string[]): void {
    for (const id of holding) {
      const lease = this.#leases.get(id);
      if (lease?.judge === judge.id) lease.expiresAt = Date.now() + LEASE_MS;
    }
  }

  #progress(judge: JudgeOnSocket, id: string, done: number, total: number): void {
    const lease = this.#leases.get(id);
    if (lease?.judge !== judge.id) return;
    lease.expiresAt = Date.now() + LEASE_MS;
    this.#tell(lease.audience, async () => ({ type: "progress", submission: lease.submission, done, total }));
  }

  async #settle(socket: WebSocket, judge: JudgeOnSocket, id: string, outcome: Outcome): Promise<void> {
    const lease = this.#leases.get(id);
    if (lease?.judge === judge.id) {
      if (outcome.type === "failure") await this.#giveUp(lease, outcome.message);
      else if (outcome.level === judge.hello?.level) await this.#record(lease, outcome);
      else
        await this.#giveUp(
          lease,
          `the verdict is of level ${outcome.level}, which the judge did not announce`,
        );
    }
    send(socket, { type: "settled", lease: id });
    await this.#dispatch();
  }

  async #record(lease: WatchedLease, outcome: Extract<Outcome, { type: "verdict" }>): Promise<void> {
    const written = await writeVerdict(this.env, lease, outcome, Date.now());
    this.#leases.delete(lease.lease);
    if (written === "stale") return;
    // An official verdict came while this one was made. That is nobody's failure; official judges get the round.
    if (written === "overruled") await release(this.env, lease.lease);
    else if (lease.contest !== null) await pokeRoom(this.env, lease.contest);
    this.#tellState(lease);
  }

  async #giveUp(lease: WatchedLease, failure: string): Promise<void> {
    this.#leases.delete(lease.lease);
    await requeue(this.env, lease.lease, failure);
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
    const languages = this.#officialLanguages();
    if (languages.size > 0) await queueOfficialRounds(this.env, [...languages], Date.now());
  }

  /** What the connected judges can judge whose verdicts are official. */
  #officialLanguages(): Set<LanguageId> {
    const official = this.connected().filter(
      ({ slots, level }) => slots > 0 && level !== null && !isProvisional(level),
    );
    return new Set(official.flatMap(({ languages }) => languages.map(({ id }) => id)));
  }

  async #fillSlots(): Promise<void> {
    for (const { socket, judge } of this.#judges()) {
      if (!judge.hello || judge.hello.level === null) continue;
      const { slots, level } = judge.hello;
      const held = [...this.#leases.values()].filter((lease) => lease.judge === judge.id).length;
      const known = judge.hello.languages.map(({ id }) => id);
      // Never a provisional verdict where an official one can be had: each would have to be judged once more.
      const languages = isProvisional(level) ? without(known, this.#officialLanguages()) : known;
      for (let free = slots - held; free > 0; free--) {
        const leased = await leaseNext(this.env, judge.id, languages, level);
        if (!leased) break;
        // Watched before it is sent: a quick judge's result must find its lease here.
        const watched = await this.#watch(leased);
        this.#tellState(watched);
        const { contest: _contest, judge: _judge, ...lease } = leased;
        send(socket, { type: "lease", ...lease });
      }
    }
  }

  async #watch(held: HeldLease): Promise<WatchedLease> {
    const audience = await audienceOf(this.env, held.submission);
    const watched = { ...held, audience, expiresAt: Date.now() + LEASE_MS };
    this.#leases.set(held.lease, watched);
    return watched;
  }

  #tellState({ submission, audience }: WatchedLease): void {
    this.#tell(audience, async () => ({
      type: "submission",
      submission: await submissionView(this.env, submission),
    }));
  }

  /** Messages go out in the order of these calls. */
  #tell(audience: readonly string[], message: () => Promise<LiveAccountMessage>): void {
    this.#telling = this.#tellAfter(this.#telling, audience, message);
    this.ctx.waitUntil(this.#telling);
  }

  /** What is sent is read only when its turn has come: a page must never hear "judging" after the verdict. */
  async #tellAfter(
    before: Promise<void>,
    audience: readonly string[],
    message: () => Promise<LiveAccountMessage>,
  ): Promise<void> {
    await before;
    try {
      const told = await message();
      await Promise.all(audience.map((user) => accountFeed(this.env, user).push(told)));
    } catch {
      // A lost message costs a moment: pages read the truth when they reconnect.
    }
  }

  #judges(): { socket: WebSocket; judge: JudgeOnSocket }[] {
    return this.ctx
      .getWebSockets()
      .filter((socket) => socket.readyState === WebSocket.OPEN)
      .map((socket) => ({ socket, judge: judgeOn(socket) }));
  }

  /** The alarm stays armed while a judge is connected or a lease is out. */
  async #keepSweeping(): Promise<void> {
    const needed = this.#leases.size > 0 || this.ctx.getWebSockets().length > 0;
    if (needed && (await this.ctx.storage.getAlarm()) === null)
      await this.ctx.storage.setAlarm(Date.now() + SWEEP_MS);
  }
}

const without = (all: readonly LanguageId[], left: ReadonlySet<LanguageId>): LanguageId[] =>
  all.filter((id) => !left.has(id));
