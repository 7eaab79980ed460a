import * as v from "valibot";
import {
  HEARTBEAT,
  type MarketMessage,
  PROVIDER_PROTOCOL,
  ProviderFrame,
  type ProviderMessage,
} from "../protocol/provider.ts";
import type { WireEvents, WireFault, Wires } from "./wire.ts";

/** The far end of a provider's connections, in a test's hands. */
export interface ScriptedWires extends Wires {
  /** One for each connection that was tried, in their order. */
  tried: ScriptedWire[];
}

export interface ScriptedWire {
  /** What was said on it, parsed by the protocol's schema; heartbeats are not. */
  said: ProviderMessage[];
  heartbeats: number;
  /** The close that was asked for, which the test answers by `end`. */
  closing: { code: number; reason: string } | null;
  bufferedAmount: number;
  /** Those who are told when there is room again. */
  waiting: (() => void)[];
  /** Lets it be open, and says that it is welcome. */
  welcome(): void;
  open(): void;
  say(message: MarketMessage | string): void;
  fail(fault: WireFault): void;
  end(code?: number, reason?: string): void;
}

export const welcome = {
  type: "welcome",
  protocol: PROVIDER_PROTOCOL,
  provider: "tabarena-test",
  heartbeatMs: 60_000,
} as const satisfies MarketMessage;

export function scriptedWires(): ScriptedWires {
  const tried: ScriptedWire[] = [];
  return {
    tried,
    afterTurn: (run) => void setTimeout(run),
    open(events) {
      const { wire, scripted } = scriptedWire(events);
      tried.push(scripted);
      return wire;
    },
  };
}

function scriptedWire(events: WireEvents): { wire: ReturnType<Wires["open"]>; scripted: ScriptedWire } {
  let state: "new" | "open" | "over" = "new";
  const end: ScriptedWire["end"] = (code = 1006, reason = "") => {
    if (state === "over") return;
    state = "over";
    events.onClose(code, reason);
  };
  const scripted: ScriptedWire = {
    said: [],
    heartbeats: 0,
    closing: null,
    bufferedAmount: 0,
    waiting: [],
    open() {
      state = "open";
      events.onOpen();
    },
    welcome() {
      scripted.open();
      scripted.say(welcome);
    },
    say: (message) => events.onText(typeof message === "string" ? message : JSON.stringify(message)),
    fail(fault) {
      events.onFault(fault);
      end();
    },
    end,
  };
  return {
    scripted,
    wire: {
      get isOpen() {
        return state === "open" && scripted.closing === null;
      },
      get bufferedAmount() {
        return scripted.bufferedAmount;
      },
      send(text, onSent) {
        if (text === HEARTBEAT.ask) scripted.heartbeats++;
        else scripted.said.push(...v.parse(ProviderFrame, JSON.parse(text)));
        if (onSent) scripted.waiting.push(onSent);
      },
      close(code, reason) {
        scripted.closing = { code, reason };
        // Before it is open nobody answers.
        if (state === "new") end();
      },
      terminate: () => end(),
    },
  };
}
