import * as v from "valibot";
import {
  HEARTBEAT,
  MarketMessage,
  MAX_FRAME_MESSAGES,
  MAX_PROVIDER_FRAME_BYTES,
  PROVIDER_PROTOCOL,
  type ProviderMessage,
  REPLACED,
} from "../protocol/provider.ts";
import type { Wire, WireFault, Wires } from "./wire.ts";

/**
 * The provider's one connection: an outbound WebSocket that is made again for ever.
 *
 *     connecting -> greeted (hello said) -> welcomed -> closed -> waiting (jittered, longer each time) -> connecting
 *         |             |                       |                    ^                                       ^
 *         +-------------+-- turned away, why ---|--------------------+-- long, where trying soon is no use --+
 *                                               +- heartbeat every heartbeatMs; three unanswered -> closed
 */
export interface LinkOptions {
  wires: Wires;
  words: LinkWords;
  /** What to say first on every connection. */
  hello(): ProviderMessage & { type: "hello" };
  /** Told of the welcome too, and of nothing before it. */
  onMessage(message: MarketMessage): void;
  /** A connection that was welcomed has ended. */
  onLost(): void;
  /** What was said is on its way, and there is room for more. */
  onRoom(): void;
  /** Told once for each change of state. */
  onState(state: LinkState): void;
  /** Told what came that is no message of the link, in a sentence. */
  onNonsense(sentence: string): void;
  waits?: Waits;
}

/** What the sentences of a link call things. */
export interface LinkWords {
  /** The site: `http://localhost:8787`. */
  site: string;
  /** What runs here: `agent`. */
  self: string;
  /** Why another has taken this one's place: `another agent with the same token connected`. */
  replaced: string;
}

export interface LinkState {
  /** `lost`: it tries again soon. `turned_away`: a person has to do something first, and it tries again seldom. */
  type: "connected" | "lost" | "turned_away";
  /** The state and its cause in a sentence. */
  sentence: string;
}

/** Between two connections, in milliseconds. */
export interface Waits {
  first: number;
  longest: number;
  /** Where a person has to do something before it can work: a token that is not known, another version. */
  turnedAway: number;
}

export interface Link {
  /** Says something in this turn. False where nobody hears it, since there is no connection that was welcomed. */
  send(message: ProviderMessage): boolean;
  /** Whether much of what was said is still here, as the network or the Market does not take it. */
  backedUp(): boolean;
  /** Resolves once the far end has taken all that was said, or has had its time to. */
  close(): Promise<void>;
}

/** Versions of the provider link that are spoken here. */
export const PROTOCOLS: readonly number[] = [PROVIDER_PROTOCOL];

const WAITS: Waits = { first: 250, longest: 30_000, turnedAway: 60_000 };

/** As long as a server that is there needs to take leave. */
const CLOSE_MS = 500;

/** More than one token each for a thousand jobs, and less than a moment's wait for the last of them. */
const BACKLOG_BYTES = 64 * 1024;

/** In characters, none of which has more than three bytes. */
const LONGEST_FRAME = Math.floor(MAX_PROVIDER_FRAME_BYTES / 3) - 2;

const UNANSWERED = 3;
/** However often a Market wants to hear us. */
const SHORTEST_BEAT_MS = 50;

export function openLink(options: LinkOptions): Link {
  const { wires, words, onState, waits = WAITS } = options;
  let connection: Connection | null = null;
  let welcomed: Wire | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let said = "";
  const frames = framesOf(wires, (frame, to) =>
    to.send(frame, () => {
      if (to === welcomed && !backedUp()) options.onRoom();
    }),
  );

  /** The same state is told once, however often it comes back. */
  const tell = (type: LinkState["type"], sentence: string): void => {
    if (sentence !== said) onState({ type, sentence });
    said = sentence;
  };
  const connect = (): void => {
    connection = connectOnce(options, {
      onWelcome: (opened, provider) => {
        failures = 0;
        welcomed = opened;
        tell("connected", `connected to ${words.site} as ${provider}`);
      },
      onClose: ({ why, soon }) => {
        const wasWelcome = welcomed !== null;
        welcomed = null;
        if (closed) return;
        const longest = soon ? Math.min(waits.longest, waits.first * 2 ** failures++) : waits.turnedAway;
        if (soon) tell("lost", `${why}; tries again`);
        else tell("turned_away", `${why}; tries again every ${waits.turnedAway / 1000} s`);
        // Anywhere in the upper half: providers that lost the same server do not return to it at the same moment.
        timer = setTimeout(connect, longest * (0.5 + Math.random() / 2));
        if (wasWelcome) options.onLost();
      },
    });
  };
  connect();

  const backedUp = (): boolean =>
    welcomed !== null && welcomed.bufferedAmount + frames.length() > BACKLOG_BYTES;
  return {
    send(message) {
      if (welcomed?.isOpen !== true) return false;
      frames.add(message, welcomed);
      return true;
    },
    backedUp,
    async close() {
      closed = true;
      frames.flush();
      clearTimeout(timer);
      if (connection !== null) await leave(connection);
    },
  };
}

/** Puts what is said in one turn into one frame: slots that are drawn together tell their tokens together. */
interface Frames {
  add(message: ProviderMessage, to: Wire): void;
  /** Of what is said and not sent, in characters. */
  length(): number;
  flush(): void;
}

function framesOf({ afterTurn }: Wires, send: (frame: string, to: Wire) => void): Frames {
  let texts: string[] = [];
  let length = 0;
  let wire: Wire | null = null;

  const flush = (): void => {
    const [first] = texts;
    // A wire that was lost meanwhile takes what was said on it along.
    if (first !== undefined && wire?.isOpen === true)
      send(texts.length === 1 ? first : `[${texts.join(",")}]`, wire);
    texts = [];
    length = 0;
  };
  return {
    add(message, to) {
      const text = JSON.stringify(message satisfies ProviderMessage);
      const isFull = texts.length === MAX_FRAME_MESSAGES || length + text.length > LONGEST_FRAME;
      if (isFull || (texts.length > 0 && to !== wire)) flush();
      if (texts.length === 0) afterTurn(flush);
      wire = to;
      texts.push(text);
      length += text.length + 1;
    },
    length: () => length,
    flush,
  };
}

interface Connection {
  wire: Wire;
  gone: Promise<void>;
}

interface ConnectionEvents {
  onWelcome(wire: Wire, provider: string): void;
  /** Why it is of no use any more, in words, and whether the next one may be without anybody's doing. */
  onClose(fault: WireFault): void;
}

/** One connection, from its handshake to its close. */
function connectOnce(options: LinkOptions, { onWelcome, onClose }: ConnectionEvents): Connection {
  const { wires, words, hello, onMessage, onNonsense } = options;
  const { promise: gone, resolve: go } = Promise.withResolvers<void>();
  let fault: WireFault | null = null;
  let heartbeat: Heartbeat | null = null;
  const lose = (why: string): WireFault =>
    (fault ??= { why: `no connection to ${words.site} (${within(why)})`, soon: true });
  const turnAway = (why: string): WireFault =>
    (fault ??= { why: `turned away by ${words.site}: ${within(why)}`, soon: false });

  const receive = (text: string): void => {
    heartbeat?.heard();
    if (fault !== null || text === HEARTBEAT.answer) return;
    const message = parse(text);
    if (message === null)
      return onNonsense(`ignores a message that is not of the provider link: ${text.slice(0, 200)}`);
    if (message.type === "unwelcome") {
      if (message.retry) lose(message.message);
      else turnAway(message.message);
      return wire.close(1000, "unwelcome");
    }
    if (message.type === "welcome") {
      if (!PROTOCOLS.includes(message.protocol)) {
        turnAway(
          `it speaks version ${message.protocol} of the provider link, this ${words.self} ${PROTOCOLS.join(", ")}; ` +
            "the older of the two must be updated",
        );
        return wire.close(4000, "no common version");
      }
      onWelcome(wire, message.provider);
      heartbeat?.end();
      heartbeat = keepAlive(wire, message.heartbeatMs, () =>
        lose(`${UNANSWERED} heartbeats were not answered`),
      );
    }
    if (heartbeat !== null) onMessage(message);
  };
  const wire = wires.open({
    onOpen: () => wire.send(JSON.stringify(hello())),
    onText: receive,
    onFault: ({ why, soon }) => (soon ? lose(why) : turnAway(why)),
    onClose(code, reason) {
      heartbeat?.end();
      // Coming back soon would close the other's, and so on for ever.
      if (code === REPLACED) turnAway(words.replaced);
      onClose(fault ?? lose(reason || `closed with code ${code}`));
      go();
    },
  });
  return { wire, gone };
}

async function leave({ wire, gone }: Connection): Promise<void> {
  wire.close(1001, "the provider ends");
  // The close may never be answered.
  const impatience = setTimeout(() => wire.terminate(), CLOSE_MS);
  await gone;
  clearTimeout(impatience);
}

interface Heartbeat {
  /** Something came: the far end lives. */
  heard(): void;
  end(): void;
}

/** Sends heartbeats, and ends a connection whose far end has gone without a word. */
function keepAlive(wire: Wire, everyMs: number, onSilence: () => void): Heartbeat {
  let unanswered = 0;
  const beat = setInterval(
    () => {
      if (unanswered === UNANSWERED) {
        onSilence();
        return wire.terminate();
      }
      unanswered++;
      wire.send(HEARTBEAT.ask);
    },
    Math.max(everyMs, SHORTEST_BEAT_MS),
  );
  return { heard: () => void (unanswered = 0), end: () => clearInterval(beat) };
}

function parse(text: string): MarketMessage | null {
  try {
    const parsed = v.safeParse(MarketMessage, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** A sentence of others as a part of one of ours: in one line, without its full stop. */
const within = (sentence: string): string => sentence.trim().replace(/\s+/g, " ").replace(/\.$/, "");
