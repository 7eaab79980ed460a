import type { FinishReason } from "../../protocol/finish-reason.ts";
import { jobRequestOf } from "../../protocol/job.ts";
import type { PartOutcome } from "../../protocol/market.ts";
import type { ProviderMessage } from "../../protocol/provider.ts";
import { emptyAnswer, gather, usageOf } from "../../rules/answer-chunks.ts";
import { bytesOf, receiveDelta } from "../../rules/delivery.ts";
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
import { isWithin } from "../../rules/hold-levels.ts";
import { withFirstToken } from "../../rules/first-token-estimate.ts";
import { type JobNeeds, suitableOffers, type Unmet } from "../../rules/matching.ts";
import { chooseOf, chooseOffer, type Choice, type Match, preferredOf } from "../../rules/routing.ts";
import { reasonsFor } from "../../rules/routing-reasons.ts";
import { tokensPerSecond, withSample } from "../../rules/speed-estimate.ts";
import { isCaughtUp } from "../../rules/stream-splice.ts";
import { withOutcome } from "../../rules/success-rate.ts";
import { afterPart, type PartEnd, type WayOn } from "../../rules/take-over.ts";
import { unmetError } from "../../rules/unmet-error.ts";
import type { Env } from "../env.ts";
import { type JobOrder, newJobId } from "../job-order.ts";
import type { MarketLimits } from "../market-limits.ts";
import { type AnswerError, type AnswerEvents, errorAnswer } from "./answer.ts";
import { formOf } from "./answer-form.ts";
import { Conversations } from "./conversations.ts";
import { HoldsAhead } from "./holds-ahead.ts";
import { holdFor, type PlacedLevel } from "./job-hold.ts";
import { answerKept, billOf, endJob, type JobEnding, saveParts } from "./job-rows.ts";
import {
  answerSoFar,
  completionOfJob,
  deliveredTokens,
  headOf,
  type MarketJob,
  needsOf,
  startOver,
  unsavedTokens,
  writesTheSame,
  writtenTokens,
} from "./market-job.ts";
import { waitAfter, waitingTexts } from "./market-outlook.ts";
import type { BookedOffer, BookedProvider, ProviderBook } from "./provider-book.ts";
import { wasOffered } from "./provider-rows.ts";
import { send } from "./provider-socket.ts";
import { beginPart, ratingOf, sampleOf, type ServedPart, splice } from "./served-part.ts";
import { StreamAnswer } from "./stream-answer.ts";
import { WholeAnswer } from "./whole-answer.ts";

/** How often the relay looks at its clocks. */
const TICK_MS = 250;

/** A slot whose job was taken away counts as busy until its provider says that it is free, or for so long. */
const LEAVING_MS = 10_000;

/** What an answer is expected to have before any of its model was seen. */
const USUAL_TOKENS = 256;

/** How long the end of a job waits for its consumer, once its time is over. */
const PATIENCE_MS = 5_000;

const LONGEST_RETRY_MS = 30_000;

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
  #ticking = false;
  #saving = false;

  constructor(env: Env, limits: MarketLimits, book: ProviderBook) {
    this.#env = env;
    this.#ahead = new HoldsAhead(env, env.HOLD_AHEAD_MS);
    this.#limits = limits;
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

  /** Serves a request; what it answers is what the consumer gets. */
  async serve(order: JobOrder, signal: AbortSignal): Promise<Response> {
    const now = Date.now();
    const refuse = (error: AnswerError): Response => errorAnswer(order.job, error);
    const { model } = order.request;
    const usualTokens = this.#usualTokens.get(model) ?? USUAL_TOKENS;
    const needs = needsOf(order, usualTokens, this.#conversations.servedBy(order, now));
    const suiting = suitableOffers(needs, this.#book.offersOf(model), now);
    if (!Array.isArray(suiting)) return refuse(await this.#unmet(suiting, order));
    const match = chooseOf(needs, suiting, now, seed());
    if (match.type === "busy") {
      const refusal = refusalFor(this.#queue, order.consumer);
      if (refusal !== null) return refuse(this.#full(refusal, needs));
    }
    const chosen = match.type === "offer" ? match.offer : preferredOf(needs, suiting, now, seed());
    const held = await holdFor(this.#env, this.#limits, this.#ahead, { order, needs, chosen, suiting }, now);
    if ("error" in held) return refuse(held.error);
    const job = this.#begin({ ...order, job: held.job }, needs, held);
    if (signal.aborted) this.#gone(job);
    else {
      signal.addEventListener("abort", () => this.#gone(job));
      this.#place(job, match.type === "offer" ? match : null);
    }
    return job.answer.response;
  }

  /** An API key was revoked: nothing begins under it any more. */
  async forgetKey(apiKey: string): Promise<void> {
    await this.#ahead.forget(apiKey);
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
        const match = this.#match(waiting);
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

  async #unmet(unmet: Unmet, order: JobOrder): Promise<AnswerError> {
    const isKnown = unmet.demand !== "model" || (await wasOffered(this.#env, order.request.model));
    return { ...unmetError(unmet, order.request, isKnown), waitMs: null };
  }

  #full(refusal: QueueRefusal, needs: JobNeeds): AnswerError {
    const waitMs = waitAfter(refusal, needs, this.#queue, this.#book, this.#jobs, Date.now());
    return refusal === "consumer_full"
      ? {
          code: "rate_limited",
          message: `${this.#limits.waitingPerConsumer} of your requests wait already.`,
          param: null,
          waitMs,
        }
      : {
          code: "queue_full",
          message: "All slots are taken, and too many requests wait.",
          param: null,
          waitMs,
        };
  }

  #begin(order: JobOrder, needs: JobNeeds, { level, terms, isWritten }: PlacedLevel): MarketJob {
    const now = Date.now();
    const events: AnswerEvents = {
      gone: () => this.#gone(job),
      slow: (isSlow) => this.#pause(job, isSlow),
    };
    const head = headOf(order, now);
    const form = formOf(order.surface, head);
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
      answer: order.request.stream
        ? new StreamAnswer(order.job, form, events)
        : new WholeAnswer(order.job, form, events),
      gathered: emptyAnswer(),
      hasToolCalls: false,
      parts: [],
      reasons: null,
      part: null,
      ways: null,
      isTooLong: false,
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

  #expectedMs({ model, completion }: JobNeeds): number {
    const now = Date.now();
    const speeds = this.#book.offers().filter((offer) => offer.model === model);
    const speed = Math.max(1, ...speeds.map((offer) => tokensPerSecond(offer.speed, now) ?? 0));
    return 300 + (1000 * completion.expected) / speed;
  }

  // From a job to a provider

  /**
   * Dispatches a job that has no part at present, lets it wait, or ends it.
   * @param before the choice by which it was held for, if this is when it begins
   */
  #place(job: MarketJob, before: Choice<BookedOffer> | null = null): void {
    const match = this.#match(job);
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

  #match(job: MarketJob): Found | Exclude<Match<BookedOffer>, { type: "offer" }> {
    const now = Date.now();
    const offers = this.#book
      .offersOf(job.needs.model)
      .filter((offer) => isWithin(job.level, job.consumer, offer));
    if (job.ways === null) {
      const match = chooseOffer(job.needs, offers, now, seed());
      return match.type === "offer" ? { type: "offer", choice: match, way: null, at: now } : match;
    }
    let other: Exclude<Match<BookedOffer>, { type: "offer" }> = {
      type: "none",
      unmet: { demand: "untried" },
    };
    for (const way of job.ways) {
      const able = way.way === "regenerate" ? offers.filter((offer) => writesTheSame(job, offer)) : offers;
      const needs = { ...job.needs, features: [...job.needs.features, way.feature] };
      const match = chooseOffer(needs, able, now, seed());
      if (match.type === "offer") return { type: "offer", choice: match, way, at: now };
      if (match.type === "busy") other = match;
    }
    return other;
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
    void this.#unmet(unmet, job.order).then((error) =>
      this.#fail(
        job,
        job.isTooLong
          ? {
              code: "context_length_exceeded",
              message: "The messages are longer than the context of any provider that is left.",
              param: "messages",
              waitMs: null,
            }
          : job.parts.length === 0
            ? error
            : {
                code: "provider_failed",
                message:
                  "Every provider that could answer this request was tried, and none brought it to its end.",
                param: null,
                waitMs: null,
              },
      ),
    );
    // Nothing else may happen to it meanwhile.
    job.state = "ending";
  }

  #dispatch(job: MarketJob, { choice, way, at }: Found, before: Choice<BookedOffer> | null = null): void {
    const { offer } = choice;
    const by = this.#book.get(offer.provider);
    if (by === null) throw new Error(`The offer ${offer.offer} is of nobody who is connected.`);
    job.reasons ??= this.#reasons(job, choice, before, at);
    const now = Date.now();
    const { request } = job.order;
    const left = way?.maxTokens ?? job.terms.bounds.maxTokens - writtenTokens(job);
    const maxTokens = Math.min(left, offer.maxOutputTokens);
    job.state = "served";
    job.totalBy ??= now + this.#limits.totalMs;
    job.part = beginPart(by, offer, maxTokens, way?.way === "regenerate" ? job.gathered : null, now);
    job.parts.push(job.part);
    this.#book.take(by, job.job);
    job.answer.servedBy({ provider: by.id, prices: by.owner === job.consumer ? null : offer.prices });
    const { acceptMs, firstTokenMs, stallMs } = this.#limits;
    send(by.socket, {
      type: "job",
      job: job.job,
      offer: offer.offer,
      request: jobRequestOf(request, maxTokens, way?.way === "prefill" ? job.gathered.text : null, false),
      timeouts: { acceptMs, firstTokenMs, stallMs, totalMs: job.totalBy - now },
    });
    if (job.isSlow) this.#pause(job, true);
  }

  /** Why this one was chosen, for who asked: told of a job's first choice, by how things stood at that moment. */
  #reasons(
    { needs, level, consumer }: MarketJob,
    choice: Choice<BookedOffer>,
    before: Choice<BookedOffer> | null,
    now: number,
  ): string {
    const offers = this.#book.offersOf(needs.model);
    const isHeldFor = (offer: BookedOffer): boolean => isWithin(level, consumer, offer);
    return JSON.stringify(reasonsFor({ needs, offers, isHeldFor, choice, before, now }));
  }

  // From a provider to the consumer

  #refused(job: MarketJob, part: ServedPart, { reason }: Message<"refuse">): void {
    if (reason === "too_long") job.isTooLong = true;
    if (reason === "unknown_offer") this.#book.drop(part.by, part.offer.offer);
    this.#goOn(job, part, reason === "engine" ? "failed" : "refused", { type: "broken" });
  }

  #delta(job: MarketJob, part: ServedPart, delta: Message<"delta">): void {
    const now = Date.now();
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

  /** Writes a delta to the answer; returns whether the part goes on. */
  #pass(job: MarketJob, part: ServedPart, delta: Message<"delta">, now: number): boolean {
    if (part.firstDeltaAt === null) {
      part.firstDeltaAt = now;
      part.firstDeltaTokens = delta.tokenCount;
    }
    part.lastDeltaAt = now;
    const spliced = splice(part, delta);
    if (spliced === null) {
      this.#goOn(job, part, "diverged", { type: "diverged" });
      return false;
    }
    const { text, reasoning, toolCalls, logprobs } = spliced;
    const tokens = spliced.tokenCount + part.unwritten;
    const bytes = bytesOf(spliced);
    if (bytes === 0 && logprobs === undefined) {
      part.unwritten = tokens;
      return true;
    }
    part.unwritten = 0;
    const piece = {
      text,
      ...(reasoning === undefined ? {} : { reasoning }),
      ...(toolCalls === undefined ? {} : { toolCalls }),
      ...(logprobs === undefined || !job.order.request.logprobs ? {} : { logprobs }),
    };
    job.firstTokenAt ??= now;
    if (part.written.deliveredBytes === 0) this.#began(job, part, now);
    if (toolCalls !== undefined) job.hasToolCalls = true;
    gather(job.gathered, piece);
    part.written.deliveredTokens += tokens;
    part.written.deliveredBytes += bytes;
    job.answer.write(piece, { of: part, tokens, bytes });
    if (unsavedTokens(job) >= this.#limits.saveTokens) this.#save(now);
    return true;
  }

  /** A provider's first words tell how soon it begins, but where it had to write anew what others wrote; and it has the prompt. */
  #began(job: MarketJob, part: ServedPart, now: number): void {
    this.#conversations.serves(job.order, part.provider, now);
    if (part.splices !== null) return;
    const sample = { ms: now - part.beganAt - part.pausedMs, promptTokens: job.needs.prompt.expected };
    part.offer.firstToken = withFirstToken(part.offer.firstToken, sample, now);
  }

  #finished(job: MarketJob, part: ServedPart, { reason, deltas, usage }: Message<"finished">): void {
    part.claimed = usage;
    const { splices } = part;
    if (deltas !== part.delivery.nextSeq) return this.#goOn(job, part, "breach", { type: "broken" });
    if (reason === "cancelled") return this.#goOn(job, part, "failed", { type: "broken" });
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
          const message = "The provider was lost in the middle of an answer that no other can go on with.";
          void this.#fail(job, { code: "provider_failed", message, param: null, waitMs: null });
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
    const usual = this.#usualTokens.get(job.needs.model) ?? USUAL_TOKENS;
    this.#usualTokens.set(job.needs.model, Math.ceil(0.9 * usual + 0.1 * writtenTokens(job)));
    const bill = () => billOf(job.consumer, job.terms, job.parts);
    const hasAll = await job.answer.finish(reason, () => completionOfJob(job, reason, bill()));
    const ended = hasAll ? "finished" : "cancelled";
    await this.#end(job, { ended, reason: hasAll ? reason : null, error: null });
    const { usage, costNano } = bill();
    if (hasAll) job.answer.end(usageOf(usage, costNano));
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

  /** Settles a job, however often that has to be tried, and tells the providers. */
  async #end(job: MarketJob, ending: Omit<JobEnding, "at" | "firstTokenAt">): Promise<void> {
    const bill = billOf(job.consumer, job.terms, job.parts);
    const hold = { job: job.job, consumer: job.consumer, heldNano: job.terms.heldNano };
    const beside =
      job.order.keepsAnswer && ending.reason !== null
        ? answerKept(this.#env, job.answer.form.whole(completionOfJob(job, ending.reason, bill)), job.job)
        : [];
    const complete = { ...ending, firstTokenAt: job.firstTokenAt, at: Date.now() };
    const { apiKey } = job.order;
    const isNext = ending.ended === "finished" && hold.heldNano > 0 && this.#ahead.wants(apiKey);
    const ahead = isNext ? { ...hold, job: newJobId(), apiKey } : null;
    for (let wait = 100; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
      try {
        const late = job.isWritten ? [] : [job];
        const ended = await endJob(this.#env, hold, bill, job, complete, { late, beside, ahead });
        if (ahead !== null && ended.type === "ended" && ended.ahead) this.#ahead.add(ahead, Date.now());
        break;
      } catch (error) {
        console.error(`the job ${job.job} could not be settled; tried again in ${wait} ms`, error);
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    this.#jobs.delete(job.job);
    this.#tellSettled(job, bill.parts);
  }

  #tellSettled(job: MarketJob, billed: ReturnType<typeof billOf>["parts"]): void {
    for (const [index, { provider }] of job.parts.entries()) {
      const part = billed[index];
      const by = this.#book.get(provider);
      if (!by || !part) continue;
      send(by.socket, { type: "settled", job: job.job, paid: part.usage, amountNano: part.earnedNano });
    }
  }

  // By the clock

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    setTimeout(() => {
      this.#ticking = false;
      const now = Date.now();
      this.#lookAtClocks(now);
      this.#save(now);
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
        if (job.part) this.#lookAtPart(job, job.part, now);
      }
    }
  }

  #waitedTooLong(job: MarketJob): AnswerError {
    return job.parts.length > 0
      ? {
          code: "provider_failed",
          message: "The provider was lost, and no other that could go on became free in time.",
          param: null,
          waitMs: null,
        }
      : { ...this.#full("queue_full", job.needs), message: "No slot became free in time." };
  }

  #tookTooLong(job: MarketJob): void {
    removeJob(this.#queue, job.job);
    if (job.part) this.#endPart(job, job.part, "cancelled");
    const message = `The answer was not complete after ${Math.round(this.#limits.totalMs / 1000)} s.`;
    void this.#fail(job, { code: "timed_out", message, param: null, waitMs: null });
  }

  #lookAtPart(job: MarketJob, part: ServedPart, now: number): void {
    const { acceptMs, firstTokenMs, stallMs } = this.#limits;
    if (!part.isAccepted && part.firstDeltaAt === null) {
      if (now - part.beganAt >= acceptMs) this.#goOn(job, part, "silent", { type: "broken" });
    } else if (part.firstDeltaAt === null) {
      if (now - part.beganAt >= firstTokenMs) this.#goOn(job, part, "stalled", { type: "broken" });
    } else if (part.pausedAt === null && now - part.heardAt >= stallMs) {
      this.#goOn(job, part, "stalled", { type: "broken" });
    }
  }

  /** Writes down what was delivered, so that a crash loses no more than was delivered since. */
  #save(now: number): void {
    const { saveTokens, saveMs } = this.#limits;
    if (this.#saving) return;
    const due = [...this.#jobs.values()].filter((job) => {
      const unsaved = job.state === "ending" ? 0 : unsavedTokens(job);
      return unsaved >= saveTokens || (unsaved > 0 && now - job.savedAt >= saveMs);
    });
    if (due.length === 0) return;
    this.#saving = true;
    void this.#saveNow(due, now)
      .catch((error: unknown) => console.error("delivered tokens could not be saved", error))
      .finally(() => (this.#saving = false));
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

/** An offer for a job, when it was chosen, and how its provider is to go on with what others wrote. */
type Found = { type: "offer"; choice: Choice<BookedOffer>; way: WayOn | null; at: number };

const seed = (): number => Math.floor(Math.random() * 2 ** 32);
