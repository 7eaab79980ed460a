import type { Feature } from "../protocol/feature.ts";
import type { Task } from "../protocol/task.ts";
import { openProvider } from "./provider.ts";
import { openMarket, type ScriptedMarket, testOffer } from "./testing-market.ts";
import { openUpstream, type ScriptedUpstream } from "./testing-upstream.ts";
import { openUpstreamEngine } from "./upstream-engine.ts";

/** A provider between a scripted server and a scripted Market, each over its real wire. */
export interface Between {
  market: ScriptedMarket;
  upstream: ScriptedUpstream;
  close(): Promise<void>;
}

/**
 * Opens both ends and what is between them, whose only offer is for one task.
 * @param script says what the server answers while the engine is opened
 */
export async function openBetween(
  { task, contextTokens, features }: { task: Task; contextTokens: number; features: Feature[] | null },
  script: (upstream: ScriptedUpstream) => void = () => undefined,
): Promise<Between> {
  const market = await openMarket();
  const upstream = await openUpstream();
  script(upstream);
  const engine = await openUpstreamEngine({
    upstream: upstream.upstream,
    model: "served",
    upstreamModel: null,
    tasks: [task],
    slots: 1,
    contextTokens,
    features,
    timeouts: { factsMs: 20_000, firstMs: 20_000, stallMs: 20_000 },
  });
  const offer = {
    offer: testOffer,
    model: "served",
    tasks: [task],
    contextTokens,
    maxOutputTokens: Math.min(200, contextTokens),
    prices: { prompt: 1, cachedPrompt: 1, completion: 2 },
    artifact: engine.facts.artifact,
    engine: engine.facts.engine,
    features: [],
    tokensPerSecond: null,
  };
  const provider = openProvider({
    server: market.url,
    token: "a token",
    agent: "test 1",
    slots: 1,
    served: [{ offer, engine }],
    say: () => undefined,
  });
  await market.welcome();
  return {
    market,
    upstream,
    async close() {
      void provider.stop();
      await Promise.all([market.close(), upstream.close()]);
    },
  };
}
