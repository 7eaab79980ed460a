import * as v from "valibot";
import { Feature } from "./feature.ts";
import { ProviderId } from "./market.ts";
import { Nano, Prices } from "./money.ts";
import { SortBy } from "./provider-wishes.ts";
import { Count } from "./text.ts";

/** Why a job went to the provider that it went to: kept with the job, and shown to who asked. */

const Amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const Share = v.pipe(Amount, v.maxValue(1));
const Names = v.pipe(v.array(v.string()), v.readonly());

/** The first demand that an offer does not meet: `Unmet` of rules/matching.ts, where each is told, for one offer alone. */
const UnmetDemand = v.variant("demand", [
  v.object({ demand: v.picklist(["model", "task", "providers", "staying", "untried"]) }),
  v.object({ demand: v.literal("parameters"), unhonoured: Names }),
  v.object({ demand: v.literal("features"), missing: v.array(Feature) }),
  v.object({ demand: v.literal("quantisation"), offered: v.array(v.nullable(v.string())) }),
  v.object({ demand: v.picklist(["context", "output"]), needed: Count, largest: Count }),
  v.object({ demand: v.literal("price"), cheapest: Prices }),
  v.object({ demand: v.literal("speed"), fastest: Amount }),
]);

/** Of the chosen one, why it was; of another, the first thing for which it was passed over. */
export const ChoiceReason = v.variant("why", [
  v.object({
    why: v.picklist([
      // Of the chosen one:
      /** No other suited and had a slot free. */
      "only",
      /** It was the best, and no other nearly as good. */
      "best",
      /** Several were about as good, and chance took this one. */
      "drawn",
      /** It is the first of the request's `order` that could take it. */
      "named",
      /** It served the conversation before. */
      "conversation",
      /** One job in twenty finds out what a provider is like now that is new, or failed lately. */
      "trial",
      // Of another:
      /** A request that may cost so much had not been held for. */
      "held",
      "busy",
      /** Another was named in `order`, or named before it. */
      "order",
      /** Its jobs failed lately. */
      "failing",
      /** It is not known to meet the preferred speed or time to the first token. */
      "preferences",
      /** It was not among the best. */
      "worse",
      /** It was as good, but another had served the conversation before. */
      "other_served",
      /** It was as good, but another was tried out. */
      "other_tried",
      /** It was as good, and chance took another. */
      "chance",
    ]),
  }),
  v.object({ why: v.literal("demand"), unmet: UnmetDemand }),
]);
export type ChoiceReason = v.InferOutput<typeof ChoiceReason>;

/** What an offer was known for when it was chosen or not. */
export const ConsideredOffer = v.object({
  provider: ProviderId,
  chosen: v.boolean(),
  reason: ChoiceReason,
  /** Expected of this very job, before anybody knew its answer. */
  costNano: Nano,
  /** The same; null where it was never measured. */
  firstTokenMs: v.nullable(Amount),
  tokensPerSecond: v.nullable(Amount),
  /** The share of its jobs that was expected to succeed. */
  success: Share,
  slots: v.object({ total: Count, busy: Count }),
  /** The share of jobs like this one that chance gave it; null where it was not in the running. */
  share: v.nullable(Share),
});
export type ConsideredOffer = v.InferOutput<typeof ConsideredOffer>;

/** How many offers are shown besides the chosen one. */
export const MOST_OTHERS = 8;

export const ChoiceReasons = v.object({
  /** What the request sorted by; null where everything was weighed. */
  sort: v.nullable(SortBy),
  /** The chosen one first, then the best of the others, those that no demand excluded before those that one did. */
  offers: v.pipe(v.array(ConsideredOffer), v.minLength(1), v.maxLength(1 + MOST_OTHERS)),
  /** How many more offers of the model there were. */
  unlisted: Count,
});
export type ChoiceReasons = v.InferOutput<typeof ChoiceReasons>;

/**
 * GET /api/requests/:job/reasons, of the reader's own: null for a request that was sent to nobody, is not written down yet, or
 * is older than the reasons.
 */
export const RequestReasons = v.object({ reasons: v.nullable(ChoiceReasons) });
export type RequestReasons = v.InferOutput<typeof RequestReasons>;
