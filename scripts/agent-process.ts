import { runProgram } from "./program-process.ts";

export interface AgentSettings {
  /** The site's address. */
  url: string;
  /** A provider's. */
  token: string;
  /** The file of a model, and what consumers call it. */
  gguf: string;
  model: string;
  /** Credits per million tokens, read and written alike. */
  price: string;
  slots: number;
  /** Of the processor; graphics cards are left to others. */
  threads: number;
}

/**
 * Runs `node agent/main.ts` beside the site.
 *
 * @param say told each line that the agent prints, and each of its deaths
 * @returns ends the agent and waits for it
 */
export const runAgent = (
  { url, token, gguf, model, price, slots, threads }: AgentSettings,
  say: (line: string) => void,
): (() => Promise<void>) =>
  runProgram(
    {
      program: "agent",
      words: Object.entries({
        gguf,
        model,
        "price-in": price,
        "price-out": price,
        "max-concurrent": String(slots),
        threads: String(threads),
      })
        .flatMap(([option, value]) => [`--${option}`, value])
        .concat("--no-gpu"),
      environment: { AGENT_URL: url, AGENT_TOKEN: token },
    },
    say,
  );
