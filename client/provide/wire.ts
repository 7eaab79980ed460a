import * as v from "valibot";
import { ErrorBody } from "../../protocol/errors.ts";
import { ProviderTicket, ticketSubprotocols } from "../../protocol/provider-ticket.ts";
import type { LinkWords } from "../../provider/link.ts";
import type { Wire, WireFault, Wires } from "../../provider/wire.ts";
import { utf8Length } from "../../rules/utf8-length.ts";

/** As long as a server that knows us needs to give a ticket and to answer. */
const HANDSHAKE_MS = 15_000;

/** Browsers do not tell when what was said is on its way. */
const LOOK_MS = 10;

/** What a page may not say itself (the WebSockets standard, `close`): it always leaves by this code. */
const GOING_AWAY = 1001;
const NORMAL = 1000;

const LOST = 1006;

export interface TabWireOptions {
  /** The site's address, of which this is a page: `https://tabarena.example`. */
  site: string;
  /** The name of one of the account's providers. */
  provider: string;
  /** So many bytes more went over it, in either direction. */
  onBytes(bytes: number): void;
}

export const tabWords = (site: string): LinkWords => ({
  site,
  self: "page",
  replaced: "this provider is online at another place too",
});

/** The WebSockets of a tab, each of which comes with a ticket of its own that the page's cookie is good for. */
export function tabWires(options: TabWireOptions): Wires {
  return { open: (events) => openWire(options, events), afterTurn: turns() };
}

function openWire(options: TabWireOptions, events: Parameters<Wires["open"]>[0]): Wire {
  const abort = new AbortController();
  let socket: WebSocket | null = null;
  let isOver = false;

  const end = (code: number, reason: string): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(patience);
    abort.abort();
    events.onClose(code, reason);
  };
  const fail = (fault: WireFault): void => {
    if (!isOver) events.onFault(fault);
    terminate();
  };
  const terminate = (): void => {
    socket?.close();
    end(LOST, "");
  };
  const patience = setTimeout(() => fail({ why: "no answer", soon: true }), HANDSHAKE_MS);

  const connect = async (): Promise<void> => {
    const ticket = await askForTicket(options, abort.signal);
    if (isOver) return;
    if (typeof ticket !== "string") return fail(ticket);
    const address = new URL("/link/provider", options.site);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const opened = new WebSocket(address, ticketSubprotocols(ticket));
    socket = opened;
    opened.addEventListener("open", () => {
      if (isOver) return;
      clearTimeout(patience);
      events.onOpen();
    });
    opened.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const text = String(data);
      options.onBytes(utf8Length(text));
      if (!isOver) events.onText(text);
    });
    opened.addEventListener("close", ({ code, reason }) => end(code, reason));
  };
  void connect();

  const room = roomOf(() => (isOver ? 0 : (socket?.bufferedAmount ?? 0)));
  return {
    get isOpen() {
      return !isOver && socket?.readyState === WebSocket.OPEN;
    },
    get bufferedAmount() {
      return socket?.bufferedAmount ?? 0;
    },
    send(text, onSent) {
      socket?.send(text);
      options.onBytes(utf8Length(text));
      if (onSent) room.wait(onSent);
    },
    close(code, reason) {
      if (socket?.readyState !== WebSocket.OPEN) return terminate();
      socket.close(code === GOING_AWAY ? NORMAL : code, reason);
    },
    terminate,
  };
}

/** A ticket, or why there is none. */
async function askForTicket(
  { site, provider }: TabWireOptions,
  signal: AbortSignal,
): Promise<string | WireFault> {
  const address = new URL(`/api/providers/${encodeURIComponent(provider)}/ticket`, site);
  try {
    const response = await fetch(address, { method: "POST", signal });
    const body: unknown = await response.json().catch(() => null);
    const ticket = v.safeParse(ProviderTicket, body);
    if (response.ok && ticket.success) return ticket.output.ticket;
    const refusal = v.safeParse(ErrorBody, body);
    return {
      why: refusal.success ? refusal.output.message : `HTTP ${response.status}`,
      // Signed out, or this provider is none of the account's any more.
      soon: ![401, 403, 404].includes(response.status),
    };
  } catch {
    return { why: "the network is away, or the site is", soon: true };
  }
}

/** Tells who waits once nothing is left of what was to be sent. */
function roomOf(bufferedAmount: () => number): { wait(onSent: () => void): void } {
  let waiting: (() => void)[] = [];
  const look = (): void => {
    if (bufferedAmount() > 0) return void setTimeout(look, LOOK_MS);
    const told = waiting;
    waiting = [];
    for (const tell of told) tell();
  };
  return {
    wait(onSent) {
      if (waiting.length === 0) setTimeout(look);
      waiting.push(onSent);
    },
  };
}

/** Runs things after this turn and not a timer's shortest time later, which browsers make longer and longer. */
function turns(): Wires["afterTurn"] {
  const { port1, port2 } = new MessageChannel();
  const next: (() => void)[] = [];
  port1.addEventListener("message", () => next.shift()?.());
  port1.start();
  return (run) => {
    next.push(run);
    port2.postMessage(null);
  };
}
