import * as v from "valibot";
import { EndReason } from "./finish-reason.ts";
import { Feature } from "./feature.ts";
import { Task } from "./task.ts";
import { Nano, NanoPrice, Prices } from "./money.ts";
import { Engine, ModelName } from "./offer.ts";
import { Count, Instant, Milliseconds, Slug } from "./text.ts";

/** What the market's pages show. Programs that consume use /v1 and its own shapes (`chat-completion.ts`). */

/** The name by which everybody knows a provider, chosen once by its owner. */
export const ProviderId = v.pipe(
  Slug,
  v.minLength(3, "at least 3 characters"),
  v.maxLength(40, "at most 40 characters"),
);

/** A share of something: 0 to 1. */
const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const TokensPerSecond = v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0)));

/** How a provider is reached: a program of its own, or a tab of a browser. */
const ProviderKind = v.picklist(["native", "browser"]);

/** An offer as the pages list it. */
const ListedOffer = v.object({
  provider: ProviderId,
  kind: ProviderKind,
  prices: Prices,
  contextTokens: Count,
  maxOutputTokens: Count,
  quantisation: v.nullable(v.string()),
  engine: Engine,
  tasks: v.array(Task),
  features: v.array(Feature),
  /** Of one answer alone: what was declared, corrected by what was seen. */
  tokensPerSecond: TokensPerSecond,
  /** The share of its latest jobs that succeeded, as is expected of the next. */
  success: Share,
  slots: v.object({ total: Count, busy: Count }),
  draining: v.boolean(),
  /** The share of the last 24 hours, or of the time since it was made, in which it was connected. */
  uptime: Share,
});
export type ListedOffer = v.InferOutput<typeof ListedOffer>;

/** GET /api/market/models, by anybody: what is offered at this moment, models by name. */
export const ModelOffers = v.object({
  models: v.array(
    v.object({
      model: ModelName,
      /** The cheapest completion first. */
      offers: v.array(ListedOffer),
    }),
  ),
  /** The platform's part of every cost, in hundredths of a percent. */
  feeBasisPoints: Count,
  /** How many jobs wait for a free slot. */
  waiting: Count,
});
export type ModelOffers = v.InferOutput<typeof ModelOffers>;

/** What half of the answers did as well as or better than, and what nine of ten did; null where there was none. */
const Usual = v.nullable(
  v.object({ half: v.pipe(v.number(), v.minValue(0)), nineOfTen: v.pipe(v.number(), v.minValue(0)) }),
);

/** An offer of one model, with what was seen of its provider in the last 24 hours. */
const BookedOffer = v.object({
  ...ListedOffer.entries,
  /** What follows is of so many answers of this provider with this model, none of them to its own owner. */
  answers: Count,
  /** From when it got the request to its first token. */
  firstTokenMs: Usual,
  /** How fast it wrote from there on: nine of ten answers were at least that fast. */
  writtenPerSecond: Usual,
  /** The share of each of the last 24 hours in which it was connected, the latest last; null before it was made. */
  connected: v.pipe(v.array(v.nullable(Share)), v.length(24)),
});
export type BookedOffer = v.InferOutput<typeof BookedOffer>;

/** GET /api/market/models/:model, by anybody: who offers a model at this moment. Slashes of the name are encoded. */
export const ModelBook = v.object({
  model: ModelName,
  /** The cheapest completion first, then the cheapest prompt, then the fastest. */
  offers: v.array(BookedOffer),
  feeBasisPoints: Count,
});
export type ModelBook = v.InferOutput<typeof ModelBook>;

/**
 * GET /api/market/models/:model/history, by anybody: the hours of the last seven days, those before anybody offered the
 * model left out, by what was answered to others than the provider's owner.
 */
export const ModelHistory = v.object({
  /** The earliest first; the last one is not over. */
  hours: v.array(
    v.object({
      beganAt: Instant,
      /** How many requests ended with something that was paid for, or was free. */
      jobs: Count,
      /** Of a million tokens of answers. */
      cheapestPrice: v.nullable(NanoPrice),
      medianPrice: v.nullable(NanoPrice),
      /** Medians. */
      firstTokenMs: v.nullable(Milliseconds),
      tokensPerSecond: TokensPerSecond,
    }),
  ),
});
export type ModelHistory = v.InferOutput<typeof ModelHistory>;

/** An account has at most so many keys that were not revoked, and as many providers. */
export const MAX_KEYS = 50;
export const MAX_PROVIDERS = 50;

/** POST /api/keys answers with the secret, which is shown nowhere else. */
export const ApiKeySecret = v.object({ id: v.string(), name: v.string(), secret: v.string() });
export type ApiKeySecret = v.InferOutput<typeof ApiKeySecret>;

/** What API keys and providers' tokens look like, so that scanners for leaked secrets can find them. */
export const API_KEY = /^tab-key-[0-9a-f]{64}$/;
export const PROVIDER_TOKEN = /^tab-provider-[0-9a-f]{64}$/;

/** How a job ended. `open` while it has not. */
export const JobEnd = v.picklist(["open", "finished", "cancelled", "failed", "interrupted"]);
export type JobEnd = v.InferOutput<typeof JobEnd>;

/** How one provider's part of a job ended. */
export const PartOutcome = v.picklist([
  "finished",
  /** The answer was complete before the provider had ended. */
  "cut",
  "refused",
  /** It said neither yes nor no in time. */
  "silent",
  /** It wrote nothing for too long. */
  "stalled",
  "failed",
  /** Its socket ended. */
  "lost",
  /** It broke the rules of the link. */
  "breach",
  /** It wrote something else than the consumer has already. */
  "diverged",
  /** The consumer went, or the job took too long. */
  "cancelled",
]);
export type PartOutcome = v.InferOutput<typeof PartOutcome>;

/** GET /api/requests?before=JOB: the reader's own, newest first. */
export const RequestList = v.object({
  requests: v.array(
    v.object({
      job: v.string(),
      /** The one that served it, or is to. */
      model: v.string(),
      /** What was asked for, where that is an alias or `auto`; null where it is the model's own name. */
      askedModel: v.nullable(v.string()),
      /** The name of the key that it came with; null where there was none. */
      key: v.nullable(v.string()),
      at: Instant,
      streamed: v.boolean(),
      end: JobEnd,
      finishReason: v.nullable(EndReason),
      /** What the consumer was told, or null. */
      error: v.nullable(v.string()),
      promptTokens: Count,
      cachedPromptTokens: Count,
      completionTokens: Count,
      costNano: Nano,
      heldNano: Nano,
      firstTokenMs: v.nullable(Milliseconds),
      totalMs: v.nullable(Milliseconds),
      /** Who served it, in turn; those, too, that gave nothing. */
      providers: v.array(
        v.object({ provider: ProviderId, outcome: v.nullable(PartOutcome), completionTokens: Count }),
      ),
    }),
  ),
  /** What to ask for as `before` for those that follow; null when there are none. */
  next: v.nullable(v.string()),
});
export type RequestList = v.InferOutput<typeof RequestList>;

const OwnOffer = v.object({
  offer: v.string(),
  model: ModelName,
  prices: v.object({ prompt: NanoPrice, cachedPrompt: NanoPrice, completion: NanoPrice }),
  contextTokens: Count,
  tokensPerSecond: TokensPerSecond,
});

/** GET /api/providers: the reader's own that were not revoked, by name. */
export const ProviderList = v.object({
  providers: v.array(
    v.object({
      id: ProviderId,
      createdAt: Instant,
      /** Null while it is not connected. */
      connection: v.nullable(
        v.object({
          kind: ProviderKind,
          agent: v.string(),
          slots: v.object({ total: Count, busy: Count }),
          draining: v.boolean(),
        }),
      ),
      /** When it was last connected; null for never. */
      seenAt: v.nullable(Instant),
      uptime: Share,
      success: Share,
      /** Of its last hello. */
      offers: v.array(OwnOffer),
      /** Since it was made. */
      jobs: Count,
      completionTokens: Count,
      earnedNano: Nano,
    }),
  ),
  feeBasisPoints: Count,
});
export type ProviderList = v.InferOutput<typeof ProviderList>;

/** POST /api/providers … */
export const NewProvider = v.strictObject({ id: ProviderId });
/** … and POST /api/providers/:id/token answer with the token, which is shown nowhere else. */
export const ProviderToken = v.object({ id: ProviderId, token: v.string() });
export type ProviderToken = v.InferOutput<typeof ProviderToken>;

/** GET /api/providers/:id/jobs?before=NEXT, by its owner: its parts of jobs, newest first; a job may have several of them. */
export const ProviderJobs = v.object({
  jobs: v.array(
    v.object({
      job: v.string(),
      model: v.string(),
      at: Instant,
      /** Null while it goes on. */
      outcome: v.nullable(PartOutcome),
      promptTokens: Count,
      cachedPromptTokens: Count,
      completionTokens: Count,
      earnedNano: Nano,
      feeNano: Nano,
    }),
  ),
  next: v.nullable(v.string()),
});
export type ProviderJobs = v.InferOutput<typeof ProviderJobs>;
