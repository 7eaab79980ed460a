import type { RequestReasons } from "../../protocol/choice-reasons.ts";
import type { Books, Granted, Statement } from "../../protocol/ledger.ts";
import type { ApiKeyList, SharedAliases } from "../../protocol/api-key.ts";
import type {
  ApiKeySecret,
  ModelBook,
  ModelHistory,
  ModelOffers,
  ProviderList,
  ProviderToken,
  RequestList,
} from "../../protocol/market.ts";
import * as market from "./fixtures/market.ts";
import * as modelPage from "./fixtures/model-page.ts";

/** What the market's answers depend on. */
export interface MarketState {
  /** Whether anybody has offered or asked for anything yet. */
  used: boolean;
  balanced: boolean;
  /** Of each model that is known. */
  history: ModelHistory;
  /** How grants are refused, or null when they are given. */
  grantRefused: { status: number; code: "key_taken" | "invalid_request"; details: string[] } | null;
}

export const usual: MarketState = {
  used: true,
  balanced: true,
  history: modelPage.history,
  grantRefused: null,
};

type Given = { status: number; body: unknown };
const ok = (body: unknown): Given => ({ status: 200, body });

/** The market's answers by `METHOD path`, as `answer` of site.ts asks for them. */
export function marketRoutes(
  { used, balanced, history, grantRefused }: MarketState,
  query: URLSearchParams,
): readonly (readonly [RegExp, (id: string) => Given])[] {
  const fresh: Statement = { balanceNano: 0, heldNano: 0, entries: [], next: null };
  return [
    [
      /^GET \/api\/market\/models$/,
      () =>
        ok(used ? market.models : ({ models: [], feeBasisPoints: 250, waiting: 0 } satisfies ModelOffers)),
    ],
    [
      /^GET \/api\/market\/models\/([\w.%-]+)$/,
      (name) =>
        isKnown(name)
          ? ok(used ? modelPage.book : ({ ...modelPage.book, offers: [] } satisfies ModelBook))
          : unknown,
    ],
    [
      /^GET \/api\/market\/models\/([\w.%-]+)\/history$/,
      (name) => (isKnown(name) ? ok(used ? history : quiet) : unknown),
    ],
    [/^GET \/api\/keys$/, () => ok(used ? market.keys : ({ keys: [] } satisfies ApiKeyList))],
    [/^POST \/api\/keys$/, () => ok({ id: "key-3", name: "new", secret: SECRET } satisfies ApiKeySecret)],
    [/^PATCH \/api\/keys\/[\w-]+$/, () => ok(market.keys)],
    [/^DELETE \/api\/(?:keys|providers)\/[\w-]+$/, () => ok({})],
    [/^(?:GET|PUT) \/api\/wishes$/, () => ok(used ? market.wishes : { wishes: {}, aliases: [] })],
    [
      /^GET \/api\/market\/aliases$/,
      () => ok({ aliases: [{ name: "gpt-4o", models: ["tabarena-tiny"] }] } satisfies SharedAliases),
    ],
    [
      /^PUT \/api\/market\/aliases$/,
      () => ({
        status: 400,
        body: {
          code: "invalid_request",
          message: "The request has fields that are missing or wrong.",
          details: ["aliases.1.models: at most 8 models"],
        },
      }),
    ],
    [
      /^GET \/api\/requests$/,
      () => {
        if (!used) return ok({ requests: [], next: null } satisfies RequestList);
        if (!query.has("before")) return ok(market.requests);
        return ok({ requests: market.requests.requests.slice(0, 1), next: null } satisfies RequestList);
      },
    ],
    [
      /^GET \/api\/requests\/([\w-]+)\/reasons$/,
      // The others are from before reasons were kept.
      (job) => ok({ reasons: job === "job-0005" ? market.reasons : null } satisfies RequestReasons),
    ],
    [
      /^GET \/api\/providers$/,
      () => ok(used ? market.providers : ({ providers: [], feeBasisPoints: 250 } satisfies ProviderList)),
    ],
    [/^POST \/api\/providers$/, () => ok({ id: "shed-1", token: TOKEN } satisfies ProviderToken)],
    [/^POST \/api\/providers\/([\w-]+)\/token$/, (id) => ok({ id, token: TOKEN } satisfies ProviderToken)],
    [/^GET \/api\/providers\/[\w-]+\/jobs$/, () => ok(market.jobsOf(query.get("before")))],
    [/^GET \/api\/ledger$/, () => ok(used ? market.statement : fresh)],
    [/^GET \/api\/books$/, () => ok((balanced ? market.books : market.brokenBooks) satisfies Books)],
    [
      /^POST \/api\/grants$/,
      () =>
        grantRefused === null
          ? ok({ account: "account-bo", balanceNano: 12_500_000_000 } satisfies Granted)
          : { status: grantRefused.status, body: { ...grantRefused, message: "Refused." } },
    ],
  ];
}

const isKnown = (name: string): boolean => decodeURIComponent(name) === modelPage.MODEL;

const unknown: Given = { status: 404, body: { code: "not_found", message: "Nobody has ever offered it." } };

/** A model that nobody asked for lately. */
const quiet: ModelHistory = {
  hours: modelPage.history.hours.map(({ beganAt }) => ({
    beganAt,
    jobs: 0,
    cheapestPrice: null,
    medianPrice: null,
    firstTokenMs: null,
    tokensPerSecond: null,
  })),
};

export const SECRET = `tab-key-${"0123456789abcdef".repeat(4)}`;
export const TOKEN = `tab-provider-${"fedcba9876543210".repeat(4)}`;
