import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import * as v from "valibot";
import { ModelOffers } from "../protocol/market.ts";
import { installAgentPackages } from "./agent-packages.ts";
import { runAgent } from "./agent-process.ts";
import { ROOT } from "./folders.ts";
import { renewDemoProvider } from "./installation.ts";
import type { Server } from "./server.ts";

const PROVIDER = "tabarena-demo";
const MODEL = "tabarena-tiny";

/** How long the model is waited for; after that it is served whenever it comes. */
const OFFER_MS = 60_000;

export interface DemoProvider {
  /** What is served by whom, or why nothing is. */
  described: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Serves the model that comes with the agent, so that the market has one from the start. Takes a while at the first time, as
 * the agent's packages are installed.
 *
 * @param url the site's address
 * @param mayInstall whether packages may be installed
 * @param say told each line that the agent prints
 */
export function runDemoProvider(
  server: Server,
  { url, mayInstall }: { url: string; mayInstall: boolean },
  say: (line: string) => void,
): DemoProvider {
  const stopping = new AbortController();
  let endAgent = (): Promise<void> => Promise.resolve();

  const describe = async (): Promise<string> => {
    const missing = await installAgentPackages(mayInstall, stopping.signal);
    if (missing !== null) return `none here: ${missing}`;
    const token = await renewDemoProvider(await server.database(), PROVIDER);
    if (token === null) return `none here: the name ${PROVIDER} belongs to somebody else`;
    if (stopping.signal.aborted) return "none here: it was stopped";
    const gguf = join(ROOT, "agent", "model", `${MODEL}.gguf`);
    endAgent = runAgent({ url, token, gguf, model: MODEL, price: "0.005", slots: 2, threads: 1 }, say);
    for (const end = Date.now() + OFFER_MS; Date.now() < end && !stopping.signal.aborted; await sleep(250)) {
      const speed = await speedOf(server);
      if (speed !== null) return `${PROVIDER} serves ${MODEL} at ${speed.toFixed(0)} tokens/s`;
    }
    return `${PROVIDER} is not connected yet`;
  };
  return {
    described: describe().catch(
      (error) => `none here: ${error instanceof Error ? error.message : String(error)}`,
    ),
    async stop() {
      stopping.abort();
      await endAgent();
    },
  };
}

/** In tokens a second, as the site tells it to everybody; null while the model is not offered. */
async function speedOf(server: Server): Promise<number | null> {
  const answer = await server.fetch("/api/market/models");
  if (answer.status !== 200) return null;
  const { models } = v.parse(ModelOffers, JSON.parse(await answer.text()));
  const offers = models.find(({ model }) => model === MODEL)?.offers ?? [];
  return offers.find(({ provider }) => provider === PROVIDER)?.tokensPerSecond ?? null;
}
