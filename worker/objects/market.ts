import { DurableObject } from "cloudflare:workers";
import * as v from "valibot";
import { type ProviderMessage, REPLACED } from "../../protocol/provider.ts";
import { isStream } from "../../rules/asked.ts";
import { choicesOf } from "../../rules/choices.ts";
import type { Env } from "../env.ts";
import { answeredAgain, REPLAYED } from "../idempotency.ts";
import type { ChoicesOrder, JobOrder, MarketPresence } from "../job-order.ts";
import { MarketLimits } from "../market-limits.ts";
import { sharedAliases } from "../wishes.ts";
import { answerOfChoices, type ChoiceSource } from "./choices.ts";
import { settlements } from "./job-rows.ts";
import { endOrphans } from "./orphaned-jobs.ts";
import { type BookedProvider, ProviderBook, takeRating } from "./provider-book.ts";
import { keepRatings, knownProvider, measured, sessionsSeen, writeHello } from "./provider-rows.ts";
import {
  agreed,
  dismiss,
  type Hello,
  HEARTBEAT_MS,
  parseFrame,
  providerOn,
  type ProviderOnSocket,
  send,
} from "./provider-socket.ts";
import { dropOldReasons } from "./reason-keeping.ts";
import { Relay } from "./relay.ts";
import { acceptSocket, echoClose } from "./sockets.ts";

const SHARD = "main";

/** A provider that was not heard of for so long is gone. */
const SILENCE_MS = 3 * HEARTBEAT_MS;

/** How often it is looked whether reasons are too old to be kept. */
const TIDY_MS = 60 * 60 * 1_000;

/**
 * Where providers connect and consumers' requests are served. All that it knows can be read again from D1 and from its
 * sockets; jobs under way live as long as their streams, which end with it, and are settled by what was written down.
 */
export class Market extends DurableObject<Env> {
  readonly #book = new ProviderBook();
  readonly #limits: MarketLimits;
  readonly #relay: Relay;
  #isArmed = false;
  #tidyAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#limits = v.parse(MarketLimits, env.MARKET_LIMITS);
    this.#relay = new Relay(env, this.#limits, this.#book);
    this.#relay.onLate = (provider, job) => ctx.waitUntil(this.#tellSettled(provider, [job]));
    void ctx.blockConcurrencyWhile(async () => {
      await endOrphans(env, SHARD, Date.now());
      await this.aliasesChanged();
      for (const socket of ctx.getWebSockets()) await this.#remember(socket);
    });
  }

  /** `GET /link`: a provider connects; the Worker has checked its token. `POST /jobs` and `/choices`: a consumer's request. */
  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === "/link") return this.#connect(request);
    await this.#keepLooking();
    if (new URL(request.url).pathname === "/choices")
      return this.#serveChoices(await request.json<ChoicesOrder>(), request.signal);
    return this.#serve(await request.json<JobOrder>(), request.signal);
  }

  async #serve(order: JobOrder, signal: AbortSignal, models?: readonly string[] | null): Promise<Response> {
    const response = await this.#relay.serve(order, signal, models);
    for (const [name, value] of Object.entries(this.#rateLimit(order))) response.headers.set(name, value);
    return response;
  }

  async #serveChoices({ choices, ...all }: ChoicesOrder, signal: AbortSignal): Promise<Response> {
    let models: readonly string[] | null;
    const sources = choicesOf(all.asked).map((asked, index): ChoiceSource => {
      const choice = choices[index];
      if (choice === undefined) throw new Error(`The choice ${index} has no job.`);
      const { job, earlier } = choice;
      const order = { ...all, job, asked };
      // One answer names one model, so all of its choices are by that.
      if (index === 0) models = this.#relay.oneModelOf(order);
      return async (wanted) => (earlier ? answeredAgain(earlier, order) : this.#serve(order, wanted, models));
    });
    const response = await answerOfChoices(sources, isStream(all.asked), signal);
    if (choices.some(({ earlier }) => earlier === null)) response.headers.delete(REPLAYED);
    return response;
  }

  /**
   * The one limit that 429 is for, in OpenAI's words for it: so many requests of an account may wait at once. It is none of
   * requests a minute, nor of tokens, so there is no time at which it begins anew.
   */
  #rateLimit({ consumer }: JobOrder): Record<string, string> {
    return {
      "x-ratelimit-limit-requests": String(this.#limits.waitingPerConsumer),
      "x-ratelimit-remaining-requests": String(this.#relay.placesLeft(consumer)),
    };
  }

  /** Who is connected at present, and how many requests wait. */
  async presence(): Promise<MarketPresence> {
    return { providers: this.#book.presence(Date.now()), waiting: this.#relay.waiting };
  }

  /** Nothing begins by what API keys were before they were changed, or under one that was revoked: its version is infinite. */
  async renewKeys(keys: readonly { id: string; version: number }[]): Promise<void> {
    for (const { id, version } of keys) await this.#relay.renewKey(id, version);
  }

  /** The installation's aliases are others than before. */
  async aliasesChanged(): Promise<void> {
    this.#relay.aliases = await sharedAliases(this.env);
  }

  /** Ends the connection of a provider whose token was replaced or revoked. */
  async revoke(id: string): Promise<void> {
    for (const socket of this.ctx.getWebSockets(id)) {
      dismiss(socket, "The token of this provider was revoked.", false);
      this.#leave(socket);
    }
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> | undefined {
    const messages = parseFrame(data);
    if ("refusal" in messages) {
      dismiss(socket, messages.refusal, true);
      this.#leave(socket);
      return undefined;
    }
    const provider = this.#book.at(socket);
    try {
      // Nothing but a hello takes time, and a promise for each frame would.
      if (provider === null) return this.#introduce(socket, messages);
      for (const message of messages) this.#answer(provider, message);
    } catch (error) {
      this.#fail(socket, error);
    }
    return undefined;
  }

  #fail(socket: WebSocket, error: unknown): void {
    console.error("a provider's message could not be handled", error);
    socket.close(1011, "try again");
    this.#leave(socket);
  }

  /** Hears somebody who is not in the book: new here, or replaced by a newer socket, or gone. */
  async #introduce(socket: WebSocket, messages: readonly ProviderMessage[]): Promise<void> {
    const [first] = messages;
    const { hello } = providerOn(socket);
    if (hello !== null) return;
    if (first?.type !== "hello" || messages.length > 1) return dismiss(socket, "Say hello first.", true);
    try {
      await this.#welcome(socket, first);
    } catch (error) {
      this.#fail(socket, error);
    }
  }

  #answer(provider: BookedProvider, message: ProviderMessage): void {
    if (message.type === "hello") {
      dismiss(provider.socket, "Hello was said before.", true);
      this.#leave(provider.socket);
      return;
    }
    if (message.type !== "drain") return this.#relay.heard(provider, message);
    for (const offer of provider.offers.values()) offer.draining = true;
    const { socket } = provider;
    socket.serializeAttachment({ ...providerOn(socket), draining: true } satisfies ProviderOnSocket);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    echoClose(socket, code);
    const provider = this.#leave(socket);
    if (provider) await this.#writeDown([provider], Date.now());
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#leave(socket);
  }

  /** Ends sockets of which nothing is heard, and writes down who is there. */
  override async alarm(): Promise<void> {
    this.#isArmed = false;
    const now = Date.now();
    for (const socket of this.ctx.getWebSockets()) {
      const heardAt = this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
      if (now - Math.max(heardAt, providerOn(socket).connectedAt) <= SILENCE_MS) continue;
      socket.close(4002, "nothing was heard of you");
      this.#leave(socket);
    }
    await this.#writeDown([...this.#book.all()], now);
    await this.#tidy(now);
    await this.#keepLooking();
  }

  async #tidy(now: number): Promise<void> {
    if (now < this.#tidyAt) return;
    this.#tidyAt = (await dropOldReasons(this.env, now)) ? now : now + TIDY_MS;
  }

  async #connect(request: Request): Promise<Response> {
    const id = request.headers.get("x-provider-id") ?? "";
    const response = acceptSocket(this.ctx, [id]);
    for (const socket of this.ctx.getWebSockets(id)) {
      if (socket.deserializeAttachment() !== null) continue;
      const attachment: ProviderOnSocket = { id, hello: null, draining: false, connectedAt: Date.now() };
      socket.serializeAttachment(attachment);
    }
    await this.#keepLooking();
    return response;
  }

  async #welcome(socket: WebSocket, hello: Hello): Promise<void> {
    const versions = agreed(hello.protocols);
    if ("refusal" in versions) return dismiss(socket, versions.refusal, false);
    const { id, connectedAt } = providerOn(socket);
    const now = Date.now();
    const known = await knownProvider(this.env, id, now);
    if (known === null) return dismiss(socket, "This provider was revoked.", false);
    const session = crypto.randomUUID();
    const offers = hello.offers.map((terms) => measured(terms, known, now));
    await writeHello(this.env, id, session, offers, now);
    if (socket.readyState !== WebSocket.OPEN) return;
    this.#replace(id, socket);
    const { kind, agent, slots } = hello;
    const remembered: ProviderOnSocket = {
      id,
      hello: { session, kind, agent, slots },
      draining: false,
      connectedAt,
    };
    socket.serializeAttachment(remembered);
    const { owner, success } = known;
    const provider = this.#book.add({
      id,
      owner,
      kind,
      agent,
      session,
      socket,
      slots,
      offers,
      success,
      draining: false,
    });
    send(socket, { type: "welcome", protocol: versions.protocol, provider: id, heartbeatMs: HEARTBEAT_MS });
    this.#relay.serveWaiting();
    await this.#account(provider, hello.holding);
  }

  /** The newest socket of a provider is its only one: what the one before was working on goes elsewhere. */
  #replace(id: string, socket: WebSocket): void {
    const before = this.#book.get(id);
    if (before) {
      this.#book.remove(id);
      this.#relay.lost(before);
    }
    for (const other of this.ctx.getWebSockets(id))
      if (other !== socket) other.close(REPLACED, "the same provider connected again");
  }

  /** Tells a provider what has become of the jobs that it holds. */
  async #account(provider: BookedProvider, holding: readonly string[]): Promise<void> {
    const open = holding.filter((job) => this.#relay.isOpen(job));
    for (const job of open) send(provider.socket, { type: "cancel", job });
    await this.#tellSettled(
      provider,
      holding.filter((job) => !open.includes(job)),
    );
  }

  async #tellSettled(provider: BookedProvider, jobs: readonly string[]): Promise<void> {
    const found = await settlements(this.env, provider.id, jobs);
    const settled = new Map(found.map((settlement) => [settlement.job, settlement]));
    const nothing = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };
    for (const job of jobs) {
      if (this.#relay.isOpen(job)) continue;
      const { paid = nothing, amountNano = 0 } = settled.get(job) ?? {};
      send(provider.socket, { type: "settled", job, paid, amountNano });
    }
  }

  /** That these providers were there until now, and what was seen of them. */
  async #writeDown(providers: readonly BookedProvider[], now: number): Promise<void> {
    await sessionsSeen(
      this.env,
      providers.map(({ session }) => session),
      now,
    );
    await keepRatings(
      this.env,
      providers.flatMap((provider) => takeRating(provider) ?? []),
    );
  }

  /** The provider on this socket is not there any more; null where it was not before. */
  #leave(socket: WebSocket): BookedProvider | null {
    const provider = this.#book.at(socket);
    if (provider === null) return null;
    this.#book.remove(provider.id);
    this.#relay.lost(provider);
    return provider;
  }

  /** After hibernation: the provider on this socket is still there. */
  async #remember(socket: WebSocket): Promise<void> {
    const { id, hello, draining } = providerOn(socket);
    if (hello === null) return;
    const now = Date.now();
    const known = await knownProvider(this.env, id, now);
    if (known === null) return dismiss(socket, "This provider was revoked.", false);
    const { owner, success } = known;
    const offers = known.offers.map(({ terms }) => measured(terms, known, now));
    const { session, kind, agent, slots } = hello;
    this.#book.add({ id, owner, kind, agent, session, socket, slots, offers, success, draining });
  }

  /** The alarm stays armed while somebody is connected or a job is open. */
  async #keepLooking(): Promise<void> {
    if (this.#isArmed || (this.ctx.getWebSockets().length === 0 && this.#relay.open === 0)) return;
    this.#isArmed = true;
    await this.ctx.storage.setAlarm(Date.now() + HEARTBEAT_MS);
  }
}
