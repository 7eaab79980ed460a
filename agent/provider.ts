import type { Offer } from "../protocol/offer.ts";
import type { LanguageEngine } from "../provider/engine.ts";
import { openJobs } from "../provider/jobs.ts";
import { openLink, PROTOCOLS, type Waits } from "./link.ts";

export interface ProviderOptions {
  /** The site's address: `http://localhost:8787`. */
  server: URL;
  token: string;
  /** The program, with its version: `tabarena-agent 0.1.0`. */
  agent: string;
  /** How many jobs it works on at once, whatever they ask for. */
  slots: number;
  served: readonly { offer: Offer; engine: LanguageEngine }[];
  /** Told each change of state and what became of each job, in words. */
  say(line: string): void;
  waits?: Waits;
}

/** What serves a site until it is told to end. */
export interface Provider {
  /** Takes no more jobs, finishes what it has, and takes leave. */
  drain(): Promise<void>;
  /** Breaks off what it has, and takes leave. */
  stop(): Promise<void>;
}

/** Offers models to a site, and writes what is asked of them. */
export function openProvider({ server, token, agent, slots, served, say, waits }: ProviderOptions): Provider {
  const jobs = openJobs({
    slots,
    offers: new Map(
      served.map(({ offer, engine }) => [offer.offer, { engine, maxOutputTokens: offer.maxOutputTokens }]),
    ),
    link: { send: (message) => link.send(message), backedUp: () => link.backedUp() },
    say,
  });
  const link = openLink({
    server,
    token,
    hello: () => ({
      type: "hello",
      protocols: [...PROTOCOLS],
      agent,
      kind: "native",
      slots,
      offers: served.map(({ offer }) => offer),
      holding: jobs.holding(),
    }),
    onMessage: jobs.handle,
    onLost: jobs.onLost,
    onRoom: jobs.onRoom,
    onState: say,
    ...(waits ? { waits } : {}),
  });
  return {
    async drain() {
      await jobs.drain();
      await link.close();
    },
    async stop() {
      await jobs.stop();
      await link.close();
    },
  };
}
