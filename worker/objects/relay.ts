import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { PartOutcome } from "../../protocol/market.ts";
import type { ModelAlias } from "../../protocol/model-alias.ts";
import type { ProviderMessage } from "../../protocol/provider.ts";
import { emptyAnswer, usageOf } from "../../rules/answer-chunks.ts";
import { jobRequest, vectorsAsked } from "../../rules/asked.ts";
import type { Bill } from "../../rules/billing.ts";
import { receiveDelta } from "../../rules/delivery.ts";
import {
  emptyQueue,
  enqueue,
  type FairQueue,
  putBack,
  type QueueRefusal,
  refusalFor,
  removeExpired,
  removeJob,
  takeNext,
} from "../../rules/fair-queue.ts";
import { withFirstToken } from "../../rules/first-token-estimate.ts";
import { type JobNeeds, suitableOffers, type Unmet } from "../../rules/matching.ts";
import { modelsFor } from "../../rules/model-names.ts";
import { chooseOf, type Choice, preferredOf } from "../../rules/routing.ts";
import { tokensPerSecond, withSample } from "../../rules/speed-estimate.ts";
import { isCaughtUp } from "../../rules/stream-splice.ts";
import type { VectorDelivery } from "../../rules/vectors.ts";
import { withOutcome } from "../../rules/success-rate.ts";
import { afterPart, type PartEnd } from "../../rules/take-over.ts";
import type { Env } from "../env.ts";
import type { JobOrder } from "../job-order.ts";
import type { MarketLimits } from "../market-limits.ts";
import { type AnswerError, type AnswerEvents, errorAnswer } from "./answer.ts";
import { Conversations } from "./conversations.ts";
import { DeliverySaver } from "./delivery-saver.ts";
import { HoldsAhead } from "./holds-ahead.ts";
import { type Found, matchOf, reasonsOf, seed } from "./job-choice.ts";
import { passDelta, passVectors, takeVector } from "./job-deltas.ts";
import {
  allTried,
  faultyRequest,
  fullError,
  lostInTheMiddle,
  lostWithNoOther,
  noSlotInTime,
  notComplete,
  unmetDemand,
} from "./job-errors.ts";
import { holdFor, type PlacedLevel } from "./job-hold.ts";
import { billOf, type JobEnding } from "./job-rows.ts";
import { JobSettling, tellSettled } from "./job-settling.ts";
import {
  answerSoFar,
  completionOfJob,
  headOf,
  type MarketJob,
  needsOf,
  startOver,
  unsavedTokens,
  writtenTokens,
} from "./market-job.ts";
import { waitAfter, waitingTexts } from "./market-outlook.ts";
import { newAnswer } from "./new-answer.ts";
import type { BookedOffer, BookedProvider, ProviderBook } from "./provider-book.ts";
import { send } from "./provider-socket.ts";
import { beginPart, overdueOf, ratingOf, sampleOf, type ServedPart, standStill } from "./served-part.ts";

/** How often the relay looks at its clocks. */
const TICK_MS = 250;

/** A look that is so late says that the machine slept, or did something else for all that time. */
const STANDSTILL_MS = 1_000;

/** A slot whose job was taken away counts as busy until its provider says that it is free, or for so long. */
const LEAVING_MS = 10_000;

/** What an answer is expected to have before any of its model was seen. */
const USUAL_TOKENS = 256;

/** How long the end of a job waits for its consumer, once its time is over. */
const PATIENCE_MS = 5_000;

type AboutJob = Exclude<ProviderMessage, { type: "hello" | "drain" }>;
type Message<Type extends ProviderMessage["type"]> = Extract<ProviderMessage, { type: Type }>;

/**
 * The jobs of a market: each finds an offer, is held for, waits if it must, is served by one provider or several, and ends
 * by being settled. What is decided, `rules/` decides; a job's life is drawn in market-job.ts, the conversation with a
 * provider in protocol/provider.ts, what the consumer sees of it in answer.ts.
 */
export class Relay {
  readonly #env: Env;
  readonly #limits: MarketLimits;
  readonly #book: ProviderBook;
  readonly #jobs = new Map<string, MarketJob>();
  readonly #queue: FairQueue<MarketJob>;
  readonly #usualTokens = new Map<string, number>();
  readonly #conversations = new Conversations();
  readonly #ahead: HoldsAhead;
  readonly #settling: JobSettling;
  readonly #saver: DeliverySaver;
  /** The installation's, set by the Market. */
  aliases: readonly ModelAlias[] = [];
  #ticking = false;

  constructor(env: Env, limits: MarketLimits, book: ProviderBook) {
    this.#env = env;
    this.#ahead = new HoldsAhead(env, env.HOLD_AHEAD_MS);
    this.#settling = new JobSettling(env, this.#ahead);
    this.#limits = limits;
    this.#saver = new DeliverySaver(env, limits);
    this.#book = book;
    this.#queue = emptyQueue({ total: limits.waiting, perConsumer: limits.waitingPerConsumer });
  }

  get open(): number {
    return this.#jobs.size;
  }

  get waiting(): number {
    return this.#queue.places.size;
  }

  /** How many more requests of this consumer may wait at this moment; with none left, one that would have to is refused. */
  placesLeft(consumer: string): number {
    return Math.max(0, this.#limits.waitingPerConsumer - (this.#queue.lines.get(consumer)?.length ?? 0));
  }

  /** The models that a request may be served by; null for any. */
  modelsOf({ asked, aliased }: JobOrder): readonly string[] | null {
    return modelsFor(asked.request.model, aliased, this.aliases);
  }

  /** One of the models that a request may be served by, where some would serve it now: what is asked with it can be served by the same. */
  oneModelOf(order: JobOrder): readonly string[] | null {
    const models = this.modelsOf(order);
    if (models?.length === 1) return models;
    const looked = this.#lookAround(order, models, Date.now());
    return "unmet" in looked ? models : [looked.chosen.model];
  }

  /** What the market has for a request at `now`: all that suit it, and the one that is to serve it, or would, had it a slot free. */
  #lookAround(order: JobOrder, models: readonly string[] | null, now: number) {
    const before = this.#conversations.servedBy(order, now);
    const needs = needsOf(order, models, this.#usualTokensOf(models), before);
    const suiting = suitableOffers(needs, this.#book.offersOf(models), now);
    if (!Array.isArray(suiting)) return { unmet: suiting };
    const match = chooseOf(needs, suiting, now, seed());
    const chosen = match.type === "offer" ? match.offer : preferredOf(needs, suiting, now, seed());
    return { needs, suiting, match, chosen };
  }

  /**
   * Serves a request; what it answers is what the consumer gets.
   * @param models those that may serve it; null for any
   */
  async serve(
    order: JobOrder,
    signal: AbortSignal,
    models: readonly string[] | null = this.modelsOf(order),
  ): Promise<Response> {
    const now = Date.now();
    const refuse = (error: AnswerError): Response => errorAnswer(order.job, error);
    const looked = this.#lookAround(order, models, now);
    if ("unmet" in looked)
      return refuse(await unmetDemand(this.#env, this.#book, looked.unmet, order, models));
    const { needs, suiting, match, chosen } = looked;
    if (match.type === "busy") {
      const refusal = refusalFor(this.#queue, order.consumer);
      if (refusal !== null) return refuse(this.#full(refusal, needs));
    }
    const held = await holdFor(this.#env, this.#limits, this.#ahead, { order, needs, chosen, suiting }, now);
    if ("error" in held) return refuse(held.error);
    const job = this.#begin({ ...order, job: held.job }, needs, held, chosen);
    if (signal.aborted) this.#gone(job);
    else {
      signal.addEventListener("abort", () => this.#gone(job));
      this.#place(job, match.type === "offer" ? match : null);
    }
    return job.answer.response;
  }

  /** An API key was changed, or revoked: nothing begins by an earlier version. */
  async renewKey(apiKey: string, version: number): Promise<void> {
    await this.#ahead.renew(apiKey, version);
  }

  /** What a provider says about a job. */
  heard(provider: BookedProvider, message: AboutJob): void {
    const job = this.#jobs.get(message.job);
    const part = job?.part?.by === provider && job.state === "served" ? job.part : null;
    if (!job || !part) return this.#heardLate(provider, message, job);
    part.heardAt = Date.now();
    switch (message.type) {
      case "accept":
        part.isAccepted = true;
        if (message.promptTokens !== null && part.claimed === null)
          part.claimed = {
            promptTokens: message.promptTokens,
            cachedPromptTokens: 0,
            completionTokens: null,
          };
        return;
      case "refuse":
        return this.#refused(job, part, message);
      case "delta":
        return this.#delta(job, part, message);
      case "finished":
        return this.#finished(job, part, message);
      case "failed":
        if (message.usage !== null) part.claimed = message.usage;
        return this.#goOn(job, part, "failed", { type: "broken" });
      default:
        message satisfies never;
    }
  }

  /** The provider's socket has ended, and with it its parts. */
  lost(provider: BookedProvider): void {
    for (const id of provider.serving) {
      const job = this.#jobs.get(id);
      if (job?.part?.by === provider) this.#goOn(job, job.part, "lost", { type: "broken" });
    }
  }

  /** The job if it has no end yet. */
  isOpen(job: string): boolean {
    return this.#jobs.has(job);
  }

  /** Gives free slots to those who wait. */
  serveWaiting(): void {
    while (this.waiting > 0 && this.#hasFreeSlot()) {
      let found: Found | null = null;
      const job = takeNext(this.#queue, (waiting) => {
        const match = matchOf(waiting, this.#book);
        if (match.type === "offer") found = match;
        return match.type === "offer";
      });
      if (job === null || found === null) return;
      this.#dispatch(job, found);
    }
  }

  #hasFreeSlot(): boolean {
    return this.#book.offers().some(({ slots, draining }) => !draining && slots.busy < slots.total);
  }

  // Before a job begins

  #full(refusal: QueueRefusal, needs: JobNeeds): AnswerError {
    const waitMs = waitAfter(refusal, needs, this.#queue, this.#book, this.#jobs, Date.now());
    return fullError(refusal, this.#limits.waitingPerConsumer, waitMs);
  }

  #begin(
    order: JobOrder,
    needs: JobNeeds,
    { level, terms, isWritten }: PlacedLevel,
    { model }: BookedOffer,
  ): MarketJob {
    const now = Date.now();
    const events: AnswerEvents = {
      gone: () => this.#gone(job),
      slow: (isSlow) => this.#pause(job, isSlow),
    };
    const head = headOf(order, model, now);
    const job: MarketJob = {
      job: order.job,
      consumer: order.consumer,
      deadline: now + this.#limits.waitMs,
      expectedMs: this.#expectedMs(needs),
      order,
      needs,
      level,
      terms,
      isWritten,
      head,
      answer: newAnswer(order, head, events),
      gathered: emptyAnswer(),
      hasToolCalls: false,
      parts: [],
      reasons: null,
      part: null,
      ways: null,
      fault: null,
      isSlow: false,
      state: "waiting",
      createdAt: now,
      firstTokenAt: null,
      totalBy: null,
      savedTokens: 0,
      savedAt: now,
    };
    this.#jobs.set(job.job, job);
    this.#tick();
    return job;
  }

  /** What answers of these models to chats usually have; of several, the most. */
  #usualTokensOf(models: readonly string[] | null): number {
    const seen = [...(models ?? this.#usualTokens.keys())].map((model) => this.#usualTokens.get(model) ?? 0);
    return Math.max(0, ...seen) || USUAL_TOKENS;
  }

  #expectedMs({ models, completion }: JobNeeds): number {
    const now = Date.now();
    const speeds = this.#book.offersOf(models);
    const speed = Math.max(1, ...speeds.map((offer) => tokensPerSecond(offer.speed, now) ?? 0));
    return 300 + (1000 * completion.expected) / speed;
  }

  // From a job to a provider

  /**
   * Dispatches a job that has no part at present, lets it wait, or ends it.
   * @param before the choice by which it was held for, if this is when it begins
   */
  #place(job: MarketJob, before: Choice<BookedOffer> | null = null): void {
    const match = matchOf(job, this.#book);
    switch (match.type) {
      case "offer":
        return this.#dispatch(job, match, before);
      case "busy":
        return this.#wait(job);
      case "none":
        return this.#nobody(job, match.unmet);
      default:
        match satisfies never;
    }
  }

  #wait(job: MarketJob): void {
    job.state = "waiting";
    if (job.parts.length > 0) {
      job.deadline = Date.now() + this.#limits.stallMs;
      return putBack(this.#queue, job);
    }
    const refusal = enqueue(this.#queue, job);
    if (refusal !== null) void this.#fail(job, this.#full(refusal, job.needs));
  }

  #nobody(job: MarketJob, unmet: Unmet): void {
    void unmetDemand(this.#env, this.#book, unmet, job.order, job.needs.models).then((error) =>
      this.#fail(
        job,
        job.fault !== null ? faultyRequest(job.fault, job.order) : job.parts.length === 0 ? error : allTried,
      ),
    );
    // Nothing else may happen to it meanwhile.
    job.state = "ending";
  }

  #dispatch(job: MarketJob, { choice, way, at }: Found, before: Choice<BookedOffer> | null = null): void {
    const { offer } = choice;
    const by = this.#book.get(offer.provider);
    if (by === null) throw new Error(`The offer ${offer.offer} is of nobody who is connected.`);
    job.reasons ??= reasonsOf(job, this.#book, choice, before, at);
    const now = Date.now();
    const left = way?.maxTokens ?? job.terms.bounds.maxTokens - writtenTokens(job);
    const maxTokens = Math.min(left, offer.maxOutputTokens);
    job.state = "served";
    job.head.model = offer.model;
    job.totalBy ??= now + this.#limits.totalMs;
    const anew = way?.way === "regenerate" ? job.gathered : null;
    job.part = beginPart(by, offer, maxTokens, anew, vectorsAsked(job.order.asked), now);
    job.parts.push(job.part);
    this.#book.take(by, job.job);
    job.answer.servedBy({ provider: by.id, prices: by.owner === job.consumer ? null : offer.prices });
    const { acceptMs, firstTokenMs, stallMs } = this.#limits;
    send(by.socket, {
      type: "job",
      job: job.job,
      offer: offer.offer,
      request: jobRequest(job.order.asked, maxTokens, way?.way === "prefill" ? job.gathered.text : null),
      timeouts: { acceptMs, firstTokenMs, stallMs, totalMs: job.totalBy - now },
    });
    if (job.isSlow) this.#pause(job, true);
  }

  // From a provider to the consumer

  #refused(job: MarketJob, part: ServedPart, { reason }: Message<"refuse">): void {
    if (reason === "too_long" || reason === "unsupported") job.fault ??= reason;
    if (reason === "unknown_offer") this.#book.drop(part.by, part.offer.offer);
    this.#goOn(job, part, reason === "engine" ? "failed" : "refused", { type: "broken" });
  }

  #delta(job: MarketJob, part: ServedPart, delta: Message<"delta">): void {
    const now = Date.now();
    if (part.vectors !== null) return this.#vector(job, part, part.vectors, delta, now);
    const receipt = receiveDelta(part.delivery, delta, now);
    switch (receipt.type) {
      case "drop":
        part.delivery = receipt.delivery;
        return;
      case "breach":
        return this.#goOn(job, part, "breach", { type: "broken" });
      case "cut":
        if (receipt.delta !== null && !this.#pass(job, part, receipt.delta, now)) return;
        return this.#goOn(job, part, "cut", { type: "cut" });
      case "deliver":
        part.delivery = receipt.delivery;
        this.#pass(job, part, receipt.delta, now);
        return;
      default:
        receipt satisfies never;
    }
  }

  #vector(
    job: MarketJob,
    part: ServedPart,
    vectors: VectorDelivery,
    delta: Message<"delta">,
    now: number,
  ): void {
    const taken = takeVector(part, vectors, delta, now);
    if (taken === "broken") this.#goOn(job, part, "breach", { type: "broken" });
    if (taken !== "too_many") return;
    job.fault = "too_many";
    this.#goOn(job, part, "cancelled", { type: "broken" });
  }

  /** Writes a delta to the answer; returns whether the part goes on. */
  #pass(job: MarketJob, part: ServedPart, delta: Message<"delta">, now: number): boolean {
    const passed = passDelta(job, part, delta, now);
    if (passed === "diverged") {
      this.#goOn(job, part, "diverged", { type: "diverged" });
      return false;
    }
    if (passed === "begun") this.#began(job, part, now);
    if (unsavedTokens(job) >= this.#limits.saveTokens) this.#saver.save(this.#jobs.values(), now);
    return true;
  }

  /** A provider's first words tell how soon it begins, but where it had to write anew what others wrote; and it has the prompt. */
  #began(job: MarketJob, part: ServedPart, now: number): void {
    this.#conversations.serves(job.order, part.offer, now);
    if (part.splices !== null) return;
    const sample = { ms: now - part.beganAt - part.pausedMs, promptTokens: job.needs.prompt.expected };
    part.offer.firstToken = withFirstToken(part.offer.firstToken, sample, now);
    part.by.isRated = true;
  }

  #finished(job: MarketJob, part: ServedPart, { reason, deltas, usage }: Message<"finished">): void {
    part.claimed = usage;
    const { splices, vectors } = part;
    const { nextSeq } = vectors ?? part.delivery;
    if (deltas !== nextSeq) return this.#goOn(job, part, "breach", { type: "broken" });
    if (reason === "cancelled") return this.#goOn(job, part, "failed", { type: "broken" });
    if (vectors !== null) {
      if (!passVectors(job, part, vectors)) return this.#goOn(job, part, "breach", { type: "broken" });
      // Who also writes texts is known by how soon those begin.
      if (part.offer.tasks.every((task) => task === "embedding")) this.#began(job, part, Date.now());
    }
    if (splices && !(isCaughtUp(splices.text) && isCaughtUp(splices.reasoning)))
      return this.#goOn(job, part, "diverged", { type: "diverged" });
    this.#goOn(job, part, "finished", { type: "finished", reason });
  }

  /** About a job that is over for this provider, or never was its own. */
  #heardLate(provider: BookedProvider, message: AboutJob, job?: MarketJob): void {
    if (message.type === "accept" || message.type === "delta") return;
    this.#book.free(provider, message.job, null);
    this.serveWaiting();
    if (message.type === "refuse") return;
    if (job === undefined) return this.onLate(provider, message.job);
    // The bill is being written, and told to the consumer: nothing changes it any more.
    if (job.state === "ending") return;
    // Its socket was lost and it is back, while others go on with the job: its account is taken all the same.
    const part = job.parts.find((each) => each.provider === provider.id && each.outcome === "lost");
    if (part && message.usage !== null) part.claimed = message.usage;
  }

  /** Set by the Market: a provider repeats the end of a job that was settled. */
  onLate: (provider: BookedProvider, job: string) => void = () => undefined;

  /** A part has ended: the answer is finished, goes on with another provider, or fails. */
  #goOn(job: MarketJob, part: ServedPart, outcome: PartOutcome, end: PartEnd): void {
    this.#endPart(job, part, outcome);
    job.needs = { ...job.needs, tried: [...job.needs.tried, part.provider] };
    const sequel = afterPart(end, answerSoFar(job));
    switch (sequel.type) {
      case "finish":
        void this.#finish(job, sequel.reason);
        break;
      case "restart":
        job.ways = null;
        this.#place(job);
        break;
      case "continue":
        job.ways = sequel.ways;
        this.#place(job);
        break;
      case "error":
        if (job.answer.startOver()) {
          startOver(job);
          this.#place(job);
        } else {
          void this.#fail(job, lostInTheMiddle);
        }
        break;
      default:
        sequel satisfies never;
    }
    this.serveWaiting();
  }

  #endPart(job: MarketJob, part: ServedPart, outcome: PartOutcome): void {
    const now = Date.now();
    const { by, offer } = part;
    part.outcome = outcome;
    job.part = null;
    const isOver = outcome === "finished" || outcome === "failed" || outcome === "refused";
    if (!isOver && outcome !== "lost") send(by.socket, { type: "cancel", job: job.job });
    this.#book.free(by, job.job, isOver ? null : now + LEAVING_MS);
    // Whoever serves himself proves nothing to others.
    const rating = by.owner === job.consumer ? null : ratingOf(outcome);
    if (rating !== null) {
      by.isRated = true;
      const success = withOutcome(offer.success, rating, now);
      for (const each of by.offers.values()) each.success = success;
    }
    const sample = sampleOf(part);
    if (sample === null) return;
    by.isRated = true;
    offer.speed = withSample(offer.speed, sample, now);
  }

  #pause(job: MarketJob, isSlow: boolean): void {
    job.isSlow = isSlow;
    const { part } = job;
    if (part === null || job.state !== "served") return;
    const now = Date.now();
    if (isSlow) part.pausedAt ??= now;
    else {
      part.pausedMs += part.pausedAt === null ? 0 : now - part.pausedAt;
      part.pausedAt = null;
      part.heardAt = now;
    }
    send(part.by.socket, { type: isSlow ? "pause" : "resume", job: job.job });
  }

  // The end of a job

  async #finish(job: MarketJob, said: FinishReason): Promise<void> {
    job.state = "ending";
    // Whoever calls no tool cannot have ended by it, whatever the engine says.
    const reason = said === "tool_calls" && !job.hasToolCalls ? "stop" : said;
    this.#learnUsual(job);
    const bill = () => billOf(job.consumer, job.terms, job.parts);
    const hasAll = await job.answer.finish(reason, () => completionOfJob(job, reason, bill()));
    const ended = hasAll ? "finished" : "cancelled";
    const { usage, costNano } = await this.#end(job, { ended, reason: hasAll ? reason : null, error: null });
    if (hasAll) job.answer.end(usageOf(usage, costNano));
  }

  /** Of chats alone: what goes on with a text has 16 tokens unless it says otherwise, and vectors have none. */
  #learnUsual(job: MarketJob): void {
    if (job.needs.task !== "chat") return;
    const { model } = job.head;
    const usual = this.#usualTokens.get(model) ?? USUAL_TOKENS;
    this.#usualTokens.set(model, Math.ceil(0.9 * usual + 0.1 * writtenTokens(job)));
  }

  async #fail(job: MarketJob, error: AnswerError): Promise<void> {
    job.state = "ending";
    await job.answer.read();
    await this.#end(job, { ended: "failed", reason: null, error: error.message });
    job.answer.fail(error);
  }

  /** The consumer has hung up. */
  #gone(job: MarketJob): void {
    if (job.state === "ending") return;
    removeJob(this.#queue, job.job);
    if (job.part) this.#endPart(job, job.part, "cancelled");
    job.state = "ending";
    job.answer.breakOff("The consumer has gone.");
    void this.#end(job, { ended: "cancelled", reason: null, error: null });
    this.serveWaiting();
  }

  /** Returns what was paid. */
  async #end(job: MarketJob, ending: Omit<JobEnding, "at" | "firstTokenAt">): Promise<Bill> {
    const bill = await this.#settling.settle(job, ending);
    this.#jobs.delete(job.job);
    tellSettled(this.#book, job, bill);
    return bill;
  }

  // By the clock

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    const due = Date.now() + TICK_MS;
    setTimeout(() => {
      this.#ticking = false;
      const now = Date.now();
      if (now - due > STANDSTILL_MS)
        for (const { part } of this.#jobs.values()) if (part) standStill(part, now - due);
      this.#lookAtClocks(now);
      this.#saver.save(this.#jobs.values(), now);
      if (this.#book.freeOverdue(now)) this.serveWaiting();
      this.#ahead.giveBackOverdue(now);
      if (this.#jobs.size > 0 || !this.#ahead.isEmpty) this.#tick();
    }, TICK_MS);
  }

  #lookAtClocks(now: number): void {
    for (const job of removeExpired(this.#queue, now)) void this.#fail(job, this.#waitedTooLong(job));
    const texts = this.waiting > 0 ? waitingTexts(this.#queue, this.#book, this.#jobs, now) : null;
    for (const job of this.#jobs.values()) {
      if (job.state === "ending") {
        if (now > (job.totalBy ?? job.deadline) + PATIENCE_MS)
          job.answer.breakOff("Nobody reads this answer.");
      } else if (job.totalBy !== null && now >= job.totalBy) {
        this.#tookTooLong(job);
      } else {
        job.answer.wait(
          texts?.get(job.job) ?? (job.firstTokenAt === null ? "waiting for the first token" : "going on"),
        );
        const overdue = job.part && overdueOf(job.part, this.#limits, now);
        if (job.part && overdue) this.#goOn(job, job.part, overdue, { type: "broken" });
      }
    }
  }

  #waitedTooLong(job: MarketJob): AnswerError {
    return job.parts.length > 0 ? lostWithNoOther : noSlotInTime(this.#full("queue_full", job.needs));
  }

  #tookTooLong(job: MarketJob): void {
    removeJob(this.#queue, job.job);
    if (job.part) this.#endPart(job, job.part, "cancelled");
    void this.#fail(job, notComplete(this.#limits.totalMs));
  }
}
