import {
  type ChoiceReason,
  type ChoiceReasons,
  type ConsideredOffer,
  MOST_OTHERS,
} from "../protocol/choice-reasons.ts";
import { firstTokenMs } from "./first-token-estimate.ts";
import { expectedCost, type JobNeeds, type LiveOffer, roughCost, suitableOffers } from "./matching.ts";
import { roundedUp } from "./price.ts";
import { bestOfEach, type Choice, wholeOf } from "./routing.ts";
import { tokensPerSecond } from "./speed-estimate.ts";
import { successRate } from "./success-rate.ts";

/** A choice, and what it was made of. */
export interface MadeChoice<O> {
  needs: JobNeeds;
  /** All of the model, those, too, that were left out before choosing because not enough is held for them. */
  offers: readonly O[];
  /** Whether enough is held for an offer. */
  isHeldFor: (offer: O) => boolean;
  choice: Choice<O>;
  /** The choice that decided how much to hold, which may have looked at more offers; null where all were busy then. */
  before: Choice<O> | null;
  /** Milliseconds: the time that the choice was made by. */
  now: number;
}

/**
 * Why an offer was chosen, and why others were not. It chooses nothing anew: it reads who was left after each step, and tells
 * the numbers of the functions that those steps went by. Only the offers that are listed are looked at closely, so that
 * thousands of others cost little.
 */
export function reasonsFor<O extends LiveOffer>(made: MadeChoice<O>): ChoiceReasons {
  const { needs, offers, choice } = made;
  const shares = sharesOf(choice);
  const listed = [choice.offer, ...othersOf(made, shares)];
  return {
    sort: needs.preferences.sort,
    offers: listed.map((offer): ConsideredOffer => {
      const chosen = offer === choice.offer;
      const reason = chosen ? whyChosen(made, shares) : whyPassedOver(made, shares, offer);
      return {
        provider: offer.provider,
        chosen,
        reason,
        ...numbersOf(made, offer),
        share: shares.get(offer) ?? null,
      };
    }),
    unlisted: offers.length - listed.length,
  };
}

function numbersOf<O extends LiveOffer>({ needs, now }: MadeChoice<O>, offer: O) {
  return {
    costNano: Number(roundedUp(expectedCost(needs, offer))),
    firstTokenMs: firstTokenMs(offer.firstToken, needs.prompt.expected, now),
    tokensPerSecond: tokensPerSecond(offer.speed, now),
    success: successRate(offer.success, now),
    slots: { total: offer.slots.total, busy: offer.slots.busy },
  };
}

/** How likely each candidate is where chance decides. */
type Shares<O> = ReadonlyMap<O, number>;

function sharesOf<O extends LiveOffer>({ steps }: Choice<O>): Shares<O> {
  const drawn = bestOfEach(steps.candidates);
  const whole = wholeOf(drawn);
  return new Map(drawn.map(({ offer, weight }) => [offer, weight / whole]));
}

function whyChosen<O extends LiveOffer>({ choice, before }: MadeChoice<O>, shares: Shares<O>): ChoiceReason {
  const { by } = choice;
  if (by === "order") return { why: "named" };
  if ((before ?? choice).steps.free.length === 1) return { why: "only" };
  switch (by) {
    case "conversation":
    case "trial":
      return { why: by };
    case "chance":
      return { why: shares.size === 1 ? "best" : "drawn" };
    default:
      return by satisfies never;
  }
}

function whyPassedOver<O extends LiveOffer>(made: MadeChoice<O>, shares: Shares<O>, offer: O): ChoiceReason {
  const { needs, isHeldFor, choice, before, now } = made;
  const alone = suitableOffers(needs, [offer], now);
  if (!Array.isArray(alone)) return { why: "demand", unmet: alone };
  if (!isHeldFor(offer)) {
    // What is held follows from the choice before: that is why one is out for which it does not suffice, unless it came since.
    const isKnown = !needs.allowFallbacks || before?.steps.suiting.includes(offer);
    const whyBefore = before !== null && isKnown ? leftOutBy(before, sharesOf(before), offer) : null;
    return whyBefore ?? { why: "held" };
  }
  const why = leftOutBy(choice, shares, offer);
  if (why !== null) return why;
  if (choice.by === "conversation") return { why: "other_served" };
  return { why: choice.by === "trial" ? "other_tried" : "chance" };
}

/** The first step that left out an offer that meets every demand; null where it was among the candidates. */
function leftOutBy<O extends LiveOffer>(
  { steps }: Choice<O>,
  shares: Shares<O>,
  offer: O,
): ChoiceReason | null {
  // Where nobody else may take over, the first of the order goes before all that would do as well.
  if (!steps.suiting.includes(offer)) return { why: "order" };
  if (!steps.free.includes(offer)) return { why: "busy" };
  if (!steps.named.includes(offer)) return { why: "order" };
  if (!steps.sound.includes(offer)) return { why: "failing" };
  if (!steps.fitting.includes(offer)) return { why: "preferences" };
  return shares.has(offer) ? null : { why: "worse" };
}

/** The best of those that were not chosen: those that came furthest, the likeliest or cheapest of them first. */
function othersOf<O extends LiveOffer>(made: MadeChoice<O>, shares: Shares<O>): O[] {
  const { needs, offers, before } = made;
  const { offer, steps } = made.choice;
  const taken = new Set([offer]);
  const cost = (one: O): number => roughCost(needs, one);
  const { fitting, sound, named, free, suiting } = steps;
  take(taken, [...shares.keys()], (one) => -(shares.get(one) ?? 0));
  const lefts = [fitting, sound, named, free, suiting, before?.steps.suiting ?? [], offers];
  for (const left of lefts) take(taken, left, cost);
  return [...taken].slice(1);
}

/** Takes those with the least value that were not taken yet, while there is room. */
function take<O>(taken: Set<O>, from: readonly O[], value: (offer: O) => number): void {
  const room = 1 + MOST_OTHERS - taken.size;
  if (room <= 0) return;
  const best: { offer: O; value: number }[] = [];
  for (const offer of from) {
    if (taken.has(offer)) continue;
    const its = { offer, value: value(offer) };
    const last = best.at(-1);
    if (best.length === room && last !== undefined && its.value >= last.value) continue;
    const place = best.findIndex((other) => other.value > its.value);
    best.splice(place === -1 ? best.length : place, 0, its);
    best.length = Math.min(best.length, room);
  }
  for (const { offer } of best) taken.add(offer);
}
