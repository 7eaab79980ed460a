import { computed, signal } from "@preact/signals";
import type { TabModel } from "../../../protocol/tab-model.ts";
import type { TabLimits } from "../../../rules/tab-limits.ts";
import { downloadRate, secondsLeft } from "../../download-rate.ts";
import { earnedOn, keepEarned, keepOffer, keepSpeed, type KeptOffer, readOffer } from "../tab-kept.ts";
import type { FromWorker, TabOffer, WeightsSource } from "../tab-messages.ts";
import type { OpenTabSession, TabSession } from "../tab-session.ts";
import { heard, isOffering, liveJobs, nothingYet } from "../tab-view.ts";

/** A model with where its weights come from. */
export interface Choice {
  model: TabModel;
  weights: WeightsSource;
}

/** What goes online: for whom, at which prices, and how much of this device it may use. */
export interface Terms {
  provider: string;
  prices: TabOffer["prices"];
  limits: TabLimits;
}

/**
 * What the page knows and does. Nothing begins before somebody presses a button: the Worker itself is started with the first
 * model that is loaded.
 */
export function createDesk(open: OpenTabSession) {
  let session: TabSession | null = null;
  let rate = downloadRate();
  /** Goes online as soon as the model is loaded: somebody has pressed "Resume". */
  let next: { terms: Terms; usedBytes: number } | null = null;

  const view = signal(nothingYet);
  const choice = signal<Choice | null>(null);
  const terms = signal<Terms | null>(null);
  const cancelled = signal<string | null>(null);
  const kept = signal<KeptOffer | null>(readOffer());
  const earnedToday = signal(earnedOn(Date.now()));
  const pace = signal<{ perSecond: number | null; left: number | null }>({ perSecond: null, left: null });

  const hear = (message: FromWorker): void => {
    const now = Date.now();
    const before = view.value.link;
    view.value = heard(view.value, message, now);
    switch (message.type) {
      case "loading":
        return notePace(message.phase === "download" ? message.doneBytes : null, message.totalBytes, now);
      case "loaded":
        return onLoaded(message.facts.tokensPerSecond);
      case "loadFailed":
        next = null;
        return;
      case "settled":
        earnedToday.value = keepEarned(message.amountNano, now);
        return;
      case "data":
        return noteUse(message.usedBytes);
      case "link":
        // It has come to its end: drained, stopped, or by a limit.
        if (message.state === "offline" && before !== "offline") forget();
        return;
      case "engineFailed":
      case "job":
      case "limit":
        return;
      default:
        message satisfies never;
    }
  };
  const say: TabSession["send"] = (message) => {
    session ??= open(hear);
    session.send(message);
  };

  function notePace(loaded: number | null, total: number, now: number): void {
    if (loaded === null) return;
    rate.note(loaded, now);
    const perSecond = rate.perSecond(now);
    pace.value = { perSecond, left: total === 0 ? null : secondsLeft(total - loaded, perSecond) };
  }
  function onLoaded(tokensPerSecond: number | null): void {
    if (choice.value !== null && tokensPerSecond !== null)
      keepSpeed(choice.value.model.name, tokensPerSecond);
    if (next !== null) goOnline(next.terms, next.usedBytes);
    next = null;
  }
  function noteUse(usedBytes: number): void {
    const offer = readOffer();
    if (offer !== null) keepOffer({ ...offer, usedBytes });
  }
  function forget(): void {
    keepOffer(null);
    kept.value = null;
    terms.value = null;
  }

  function load(chosen: Choice, contextTokens: number): void {
    rate = downloadRate();
    pace.value = { perSecond: null, left: null };
    choice.value = chosen;
    cancelled.value = null;
    const totalBytes = chosen.model.files.reduce((sum, { bytes }) => sum + bytes, 0);
    view.value = {
      ...view.value,
      engine: { state: "loading", phase: "download", doneBytes: 0, totalBytes },
    };
    say({ type: "load", ...chosen, contextTokens });
  }
  function unload(): void {
    next = null;
    cancelled.value = view.value.engine.state === "loading" ? (choice.value?.model.name ?? null) : null;
    say({ type: "unload" });
    view.value = { ...view.value, engine: { state: "empty" } };
  }

  function goOnline(wanted: Terms, usedBytes = 0): void {
    const { engine } = view.value;
    const chosen = choice.value;
    if (engine.state !== "loaded" || chosen === null) return;
    const { provider, prices, limits } = wanted;
    const { model, weights } = chosen;
    const offer: KeptOffer = {
      model: model.name,
      fromDevice: weights.from === "device",
      contextTokens: engine.facts.contextTokens,
      provider,
      prices,
      limits,
      usedBytes,
    };
    keepOffer(offer);
    kept.value = null;
    terms.value = wanted;
    say({ type: "online", provider, offer: { model: model.name, prices }, limits, usedBytes });
  }

  /** Loads what was online before a reload, and goes online with it at the same terms. */
  function resume(offer: KeptOffer, chosen: Choice): void {
    const { provider, prices, limits, usedBytes, contextTokens } = offer;
    next = { terms: { provider, prices, limits }, usedBytes };
    load(chosen, contextTokens);
  }

  return {
    view,
    choice,
    /** Of what is online; null while nothing is. */
    terms,
    /** The model of which a download was broken off; what came of it is kept. */
    cancelled,
    /** What was online when the page went. */
    kept,
    earnedToday,
    /** Of the download, in bytes per second, and seconds until it is here. */
    pace,
    offering: computed(() => isOffering(view.value)),
    live: computed(() => liveJobs(view.value)),
    load,
    unload,
    goOnline,
    resume,
    forget,
    drain: () => say({ type: "drain" }),
    stop: () => say({ type: "stop" }),
  };
}

export type Desk = ReturnType<typeof createDesk>;
