import type { Offer } from "../../protocol/offer.ts";
import type { LanguageEngine } from "../../provider/engine.ts";
import type { LinkState, Waits } from "../../provider/link.ts";
import { openProvider } from "../../provider/provider.ts";
import type { Wires } from "../../provider/wire.ts";
import { type LimitReached, limitReached, type TabLimits } from "../../rules/tab-limits.ts";
import type { EngineFault } from "./engine-fault.ts";
import { jobFigures } from "./job-figures.ts";
import { pacedEngine, restFor } from "./paced-engine.ts";
import type { FromWorker, TabLinkState, TabOffer, ToWorker } from "./tab-messages.ts";
import { tabWords } from "./wire.ts";

/**
 * One offer of a loaded engine, from "Go online" until it is offline again:
 *
 *     connecting -> online <-> lost, turned away --drain, a limit--> draining --its jobs have ended--> over
 *                                   +--stop, the engine can't go on--> jobs are broken off ------------^
 */
export interface Serving {
  setLimits(limits: TabLimits): void;
  drain(): void;
  stop(): void;
  /** Fulfilled when it is offline; the engine is free then. */
  over: Promise<void>;
}

export interface ServingOptions {
  engine: LanguageEngine;
  wanted: ToWorker & { type: "online" };
  wiresOf: WiresOf;
  /** The site's address. */
  site: string;
  /** The program, with its version. */
  agent: string;
  tell(message: FromWorker): void;
  /** The engine can't go on at all. */
  onFault(fault: EngineFault): void;
  waits?: Waits;
}

export type WiresOf = (provider: string, onBytes: (bytes: number) => void) => Wires;

/** How often it looks at the clock and tells what it has used. */
const LOOK_MS = 1_000;

const linkStates = {
  connected: "online",
  lost: "lost",
  turned_away: "turned_away",
} as const satisfies Record<LinkState["type"], TabLinkState>;

export function openServing(options: ServingOptions): Serving {
  const { engine, wanted, wiresOf, site, agent, tell, onFault, waits } = options;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  let { limits, usedBytes } = wanted;
  let toldBytes = usedBytes;
  let isEnding = false;
  let isOver = false;

  const reached = (): LimitReached | null => limitReached(limits, { now: Date.now(), usedBytes });
  const tellUse = (): void => {
    if (usedBytes !== toldBytes) tell({ type: "data", usedBytes });
    toldBytes = usedBytes;
  };
  const look = (): void => {
    const which = isEnding ? null : reached();
    if (which === null) return;
    tell({ type: "limit", which });
    end("drain");
  };
  const provider = openProvider({
    wires: wiresOf(wanted.provider, (bytes) => {
      usedBytes += bytes;
      look();
    }),
    words: tabWords(site),
    agent,
    kind: "browser",
    slots: engine.facts.slots,
    served: [
      {
        offer: offerOf(engine, wanted.offer, limits.share),
        engine: pacedEngine(engine, {
          share: () => limits.share,
          onFault,
          now: () => performance.now(),
          rest: restFor,
        }),
      },
    ],
    onState: ({ type, sentence }) =>
      tell({
        type: "link",
        state: isEnding ? "draining" : linkStates[type],
        message: type === "connected" ? "" : sentence,
      }),
    onNonsense: (sentence) => console.error(sentence),
    onJob: jobFigures(tell, () => performance.now()),
    ...(waits ? { waits } : {}),
  });
  const timer = setInterval(() => {
    look();
    tellUse();
  }, LOOK_MS);

  /** A drain may be followed by a stop. */
  const end = (how: "drain" | "stop"): void => {
    if (!isEnding) tell({ type: "link", state: "draining", message: "" });
    isEnding = true;
    void leave(how);
  };
  const leave = async (how: "drain" | "stop"): Promise<void> => {
    await provider[how]();
    if (isOver) return;
    isOver = true;
    clearInterval(timer);
    tellUse();
    tell({ type: "link", state: "offline", message: "" });
    resolve();
  };
  tell({ type: "link", state: "connecting", message: "" });
  look();
  return {
    setLimits(other) {
      limits = other;
      look();
    },
    drain: () => end("drain"),
    stop: () => end("stop"),
    over,
  };
}

/** Its only offer, as fast as its share of the time lets it be. */
function offerOf({ facts }: LanguageEngine, { model, prices }: TabOffer, share: number): Offer {
  const { tasks, contextTokens, artifact, engine, features, tokensPerSecond } = facts;
  return {
    offer: "tab",
    model,
    tasks: [...tasks],
    contextTokens,
    maxOutputTokens: contextTokens,
    prices,
    artifact,
    engine,
    features: [...features],
    tokensPerSecond: tokensPerSecond === null ? null : tokensPerSecond * share,
  };
}
