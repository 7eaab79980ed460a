import type { Offer } from "../protocol/offer.ts";
import type { ProviderMessage } from "../protocol/provider.ts";
import type { LanguageEngine } from "./engine.ts";
import { type JobEvent, openJobs } from "./jobs.ts";
import { type LinkState, type LinkWords, openLink, PROTOCOLS, type Waits } from "./link.ts";
import type { Wires } from "./wire.ts";

export interface ProviderOptions {
  wires: Wires;
  words: LinkWords;
  /** The program, with its version: `tabarena-agent 0.1.0`. */
  agent: string;
  kind: (ProviderMessage & { type: "hello" })["kind"];
  /** How many jobs it works on at once, whatever they ask for. */
  slots: number;
  served: readonly { offer: Offer; engine: LanguageEngine }[];
  onState(state: LinkState): void;
  /** Told what the site said that makes no sense, in a sentence. */
  onNonsense(sentence: string): void;
  onJob(event: JobEvent): void;
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
export function openProvider(options: ProviderOptions): Provider {
  const { wires, words, agent, kind, slots, served, onState, onNonsense, onJob, waits } = options;
  const jobs = openJobs({
    slots,
    offers: new Map(
      served.map(({ offer, engine }) => [offer.offer, { engine, maxOutputTokens: offer.maxOutputTokens }]),
    ),
    link: { send: (message) => link.send(message), backedUp: () => link.backedUp() },
    onEvent: onJob,
  });
  const link = openLink({
    wires,
    words,
    hello: () => ({
      type: "hello",
      protocols: [...PROTOCOLS],
      agent,
      kind,
      slots,
      offers: served.map(({ offer }) => offer),
      holding: jobs.holding(),
    }),
    onMessage: jobs.handle,
    onLost: jobs.onLost,
    onRoom: jobs.onRoom,
    onState,
    onNonsense,
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
