import { setTimeout as sleep } from "node:timers/promises";
import { openLink, PROTOCOLS } from "../../../judge/link.ts";
import type { Verdict } from "../../../protocol/verdict.ts";

/** A judge that runs nothing, holds what it gets, and gives a verdict when it is told to. */
export interface HandJudge {
  /** Waits for the next lease. */
  leased(): Promise<string>;
  give(lease: string, verdict: Verdict): void;
  stop(): Promise<void>;
}

/** Connects a judge of one slot. */
export function startHandJudge(url: string, token: string): HandJudge {
  const waiting: string[] = [];
  const holding = new Set<string>();
  const link = openLink({
    server: new URL(url),
    token,
    hello: () => ({
      type: "hello",
      protocols: [...PROTOCOLS],
      name: "by hand",
      slots: 1,
      level: "full",
      reason: "",
      languages: [{ id: "python3", version: "none" }],
      holding: [...holding],
    }),
    heartbeat: () => ({ type: "heartbeat", holding: [...holding], load: 0 }),
    onMessage(message) {
      if (message.type === "lease") {
        holding.add(message.lease.lease);
        waiting.push(message.lease.lease);
      }
      if (message.type === "settled") holding.delete(message.lease);
      if (message.type === "refused") console.error(`the judge was refused: ${message.message}`);
    },
    onState: () => {},
  });
  return {
    async leased() {
      for (; ; await sleep(5)) {
        const lease = waiting.shift();
        if (lease !== undefined) return lease;
      }
    },
    give: (lease, verdict) =>
      link.send({
        type: "result",
        lease,
        outcome: {
          type: "verdict",
          verdict,
          score: null,
          groups: [],
          compileOutput: "",
          toolchain: "none",
          level: "full",
          runs: [],
          evidence: null,
        },
      }),
    stop: () => link.close(),
  };
}
