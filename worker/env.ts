import type { AccountFeed } from "./objects/account-feed.ts";
import type { ContestRoom } from "./objects/contest-room.ts";
import type { JudgeContainer } from "./objects/judge-container.ts";
import type { JudgeQueue } from "./objects/judge-queue.ts";
import type { Market } from "./objects/market.ts";
import type { ResolverShow } from "./objects/resolver-show.ts";

/** The bindings of wrangler.toml. */
export interface Env {
  ASSETS: Fetcher;
  DB: D1Database;
  BLOBS: R2Bucket;
  JUDGE_QUEUE: DurableObjectNamespace<JudgeQueue>;
  CONTEST_ROOM: DurableObjectNamespace<ContestRoom>;
  ACCOUNT_FEED: DurableObjectNamespace<AccountFeed>;
  JUDGE_CONTAINER: DurableObjectNamespace<JudgeContainer>;
  MARKET: DurableObjectNamespace<Market>;
  RESOLVER_SHOW: DurableObjectNamespace<ResolverShow>;
  /** How many judges may run in containers of the platform's; 0 where it has none. */
  JUDGE_CONTAINERS: number;
  /** Where those judges find the site. */
  SITE_URL: string;
  /** What a new account gets, as a text of credits; "0" for nothing. */
  ALLOWANCE_CREDITS: string;
  /** The platform's part of what a job costs, in hundredths of a percent. */
  FEE_BASIS_POINTS: number;
  /** How long a hold that was placed with the end of a job waits for the next request; 0 where none are placed. */
  HOLD_AHEAD_MS: number;
  /** Parsed by `MarketLimits`. */
  MARKET_LIMITS: unknown;
  SIGN_IN_LIMIT: RateLimit;
  LOGIN_LIMIT: RateLimit;
  ADDRESS_LIMIT: RateLimit;
  SUBMIT_LIMIT: RateLimit;
}

/** The one queue that every judge connects to. */
export const judgeQueue = (env: Env) => env.JUDGE_QUEUE.getByName("main");

/** Tells the queue that something was queued. May fail without harm: the queue also reads the database by itself. */
export function pokeQueue({ env, ctx }: { env: Env; ctx: ExecutionContext }): void {
  ctx.waitUntil(
    judgeQueue(env)
      .poke()
      .catch(() => undefined),
  );
}

/** The market that every provider connects to. `providers.shard` names it, for when there are several. */
export const market = (env: Env) => env.MARKET.getByName("main");

/** The room of one contest, by the contest's id. */
export const contestRoom = (env: Env, contest: string) => env.CONTEST_ROOM.getByName(contest);

/** The show of one contest's results, by the contest's id. */
export const resolverShow = (env: Env, contest: string) => env.RESOLVER_SHOW.getByName(contest);

/** The live feed of one account, by the account's id. */
export const accountFeed = (env: Env, user: string) => env.ACCOUNT_FEED.getByName(user);
