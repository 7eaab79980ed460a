import type { Offer } from "../protocol/offer.ts";
import type { LanguageEngine } from "../provider/engine.ts";
import type { Waits } from "../provider/link.ts";
import { openProvider as openAnyProvider, type Provider } from "../provider/provider.ts";
import { jobLine } from "./job-line.ts";
import { agentWords, wiresTo } from "./wire.ts";

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

/** Offers models to a site as a program, and writes what is asked of them. */
export const openProvider = ({ server, token, say, ...options }: ProviderOptions): Provider =>
  openAnyProvider({
    ...options,
    wires: wiresTo(server, token),
    words: agentWords(server),
    kind: "native",
    onState: ({ sentence }) => say(sentence),
    onNonsense: say,
    onJob(event) {
      const line = jobLine(event);
      if (line !== null) say(line);
    },
  });

export type { Provider };
