import type { IncomingMessage } from "node:http";
import * as v from "valibot";
import { WebSocket } from "ws";
import { ErrorBody } from "../protocol/errors.ts";
import {
  HEARTBEAT,
  MarketMessage,
  MAX_FRAME_MESSAGES,
  MAX_PROVIDER_FRAME_BYTES,
  PROVIDER_PROTOCOL,
  type ProviderMessage,
  REPLACED,
} from "../protocol/provider.ts";

/**
 * The provider's one connection: an outbound WebSocket that is made again for ever.
 *
 *     connecting -> greeted (hello said) -> welcomed -> closed -> waiting (jittered, longer each time) -> connecting
 *         |             |                       |                    ^                                       ^
 *         +-------------+-- turned away, why ---|--------------------+-- long, where trying soon is no use --+
 *                                               +- heartbeat every heartbeatMs; three unanswered -> closed
 */
export interface LinkOptions {
  /** The site's address: `http://localhost:8787`. */
  server: URL;
  token: string;
  /** What to say first on every connection. */
  hello(): ProviderMessage & { type: "hello" };
  /** Told of the welcome too, and of nothing before it. */
  onMessage(message: MarketMessage): void;
  /** A connection that was welcomed has ended. */
  onLost(): void;
  /** What was said is on its way, and there is room for more. */
  onRoom(): void;
  /** Told once for each change of state, in a sentence. */
  onState(state: string): void;
  waits?: Waits;
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

/** Versions of the provider link that this agent speaks. */
export const PROTOCOLS: readonly number[] = [PROVIDER_PROTOCOL];

const WAITS: Waits = { first: 250, longest: 30_000, turnedAway: 60_000 };

/** As long as a server that knows us needs to answer. */
const HANDSHAKE_MS = 15_000;

/** As long as a server that is there needs to take leave. */
const CLOSE_MS = 500;

/** More than one token each for a thousand jobs, and less than a moment's wait for the last of them. */
const BACKLOG_BYTES = 64 * 1024;

/** In characters, none of which has more than three bytes. */
const LONGEST_FRAME = Math.floor(MAX_PROVIDER_FRAME_BYTES / 3) - 2;

/** The platform's own bound of a message, which a request with pictures may come near. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

const UNANSWERED = 3;
/** However often a Market wants to hear us. */
const SHORTEST_BEAT_MS = 50;

export function openLink(options: LinkOptions): Link {
  const { server, onState, waits = WAITS } = options;
  let socket: WebSocket | null = null;
  let welcomed: WebSocket | null = null;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let said = "";
  const frames = framesOf((frame, to) =>
    to.send(frame, () => {
      if (to === welcomed && !backedUp()) options.onRoom();
    }),
  );

  /** The same state is told once, however often it comes back. */
  const tell = (state: string): void => {
    if (state !== said) onState(state);
    said = state;
  };
  const connect = (): void => {
    socket = connectOnce(options, {
      onWelcome: (opened, provider) => {
        failures = 0;
        welcomed = opened;
        tell(`connected to ${server.origin} as ${provider}`);
      },
      onClose: ({ why, soon }) => {
        const wasWelcome = welcomed !== null;
        welcomed = null;
        if (closed) return;
        const longest = soon ? Math.min(waits.longest, waits.first * 2 ** failures++) : waits.turnedAway;
        tell(soon ? `${why}; tries again` : `${why}; tries again every ${waits.turnedAway / 1000} s`);
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
      if (welcomed?.readyState !== WebSocket.OPEN) return false;
      frames.add(message, welcomed);
      return true;
    },
    backedUp,
    async close() {
      closed = true;
      frames.flush();
      clearTimeout(timer);
      if (socket !== null) await leave(socket);
    },
  };
}

/** Puts what is said in one turn into one frame: slots that are drawn together tell their tokens together. */
interface Frames {
  add(message: ProviderMessage, to: WebSocket): void;
  /** Of what is said and not sent, in characters. */
  length(): number;
  flush(): void;
}

function framesOf(send: (frame: string, to: WebSocket) => void): Frames {
  let texts: string[] = [];
  let length = 0;
  let socket: WebSocket | null = null;

  const flush = (): void => {
    const [first] = texts;
    // A socket that was lost meanwhile takes what was said on it along.
    if (first !== undefined && socket?.readyState === WebSocket.OPEN)
      send(texts.length === 1 ? first : `[${texts.join(",")}]`, socket);
    texts = [];
    length = 0;
  };
  return {
    add(message, to) {
      const text = JSON.stringify(message satisfies ProviderMessage);
      const isFull = texts.length === MAX_FRAME_MESSAGES || length + text.length > LONGEST_FRAME;
      if (isFull || (texts.length > 0 && to !== socket)) flush();
      if (texts.length === 0) setImmediate(flush);
      socket = to;
      texts.push(text);
      length += text.length + 1;
    },
    length: () => length,
    flush,
  };
}

/** Why a connection is of no use, in words, and whether the next one may be without anybody's doing. */
interface Fault {
  why: string;
  soon: boolean;
}

interface ConnectionEvents {
  onWelcome(socket: WebSocket, provider: string): void;
  onClose(fault: Fault): void;
}

/** One connection, from its handshake to its close. */
function connectOnce(options: LinkOptions, { onWelcome, onClose }: ConnectionEvents): WebSocket {
  const { server, token, hello, onMessage, onState } = options;
  const address = new URL("/link/provider", server);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_MESSAGE_BYTES,
    // Deltas are too short for packing to pay.
    perMessageDeflate: false,
  });
  let fault: Fault | null = null;
  let isWelcome = false;
  const lose = (why: string): Fault =>
    (fault ??= { why: `no connection to ${server.origin} (${within(why)})`, soon: true });
  const turnAway = (why: string): Fault =>
    (fault ??= { why: `turned away by ${server.origin}: ${within(why)}`, soon: false });

  const receive = (text: string): void => {
    if (fault !== null || text === HEARTBEAT.answer) return;
    const message = parse(text);
    if (message === null)
      return onState(`ignores a message that is not of the provider link: ${text.slice(0, 200)}`);
    if (message.type === "unwelcome") {
      if (message.retry) lose(message.message);
      else turnAway(message.message);
      return socket.close(1000, "unwelcome");
    }
    if (message.type === "welcome") {
      if (!PROTOCOLS.includes(message.protocol)) {
        turnAway(
          `it speaks version ${message.protocol} of the provider link, this agent ${PROTOCOLS.join(", ")}; ` +
            "the older of the two must be updated",
        );
        return socket.close(4000, "no common version");
      }
      isWelcome = true;
      onWelcome(socket, message.provider);
      keepAlive(socket, message.heartbeatMs, () => lose(`${UNANSWERED} heartbeats were not answered`));
    }
    if (isWelcome) onMessage(message);
  };
  const refused = async (response: IncomingMessage): Promise<void> => {
    const { statusCode = 0 } = response;
    const said = `${statusCode} ${messageOf(await textOf(response))}`.trim();
    if (statusCode === 401 || statusCode === 403) turnAway(said);
    else lose(said);
    socket.terminate();
  };
  socket.on("open", () => socket.send(JSON.stringify(hello())));
  socket.on("message", (data) => receive(String(data)));
  socket.on("unexpected-response", (_request, response) => void refused(response));
  socket.on("error", (error) => lose(describe(error)));
  socket.on("close", (code, reason) => {
    // Coming back soon would close the other's, and so on for ever.
    if (code === REPLACED) turnAway("another agent with the same token connected");
    onClose(fault ?? lose(String(reason) || `closed with code ${code}`));
  });
  return socket;
}

async function leave(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const gone = new Promise((resolve) => socket.once("close", resolve));
  socket.close(1001, "the agent ends");
  // The close may never be answered.
  const impatience = setTimeout(() => socket.terminate(), CLOSE_MS);
  await gone;
  clearTimeout(impatience);
}

/** Sends heartbeats, and ends a connection whose far end has gone without a word. */
function keepAlive(socket: WebSocket, everyMs: number, onSilence: () => void): void {
  let unanswered = 0;
  const beat = setInterval(
    () => {
      if (unanswered === UNANSWERED) {
        onSilence();
        return socket.terminate();
      }
      unanswered++;
      socket.send(HEARTBEAT.ask);
    },
    Math.max(everyMs, SHORTEST_BEAT_MS),
  );
  socket.on("message", () => (unanswered = 0));
  socket.once("close", () => clearInterval(beat));
}

function parse(text: string): MarketMessage | null {
  try {
    const parsed = v.safeParse(MarketMessage, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** What a server says that opens no socket. */
async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(part);
  } catch {
    // The status tells enough.
  }
  return Buffer.concat(parts).toString("utf8");
}

/** The sentence of an answer that is no success: an `ErrorBody`, unless something between here and the site answered. */
function messageOf(text: string): string {
  try {
    const parsed = v.safeParse(ErrorBody, JSON.parse(text));
    if (parsed.success) return parsed.output.message;
  } catch {
    // Not of the site's.
  }
  // A page is for browsers: of some other server, or of a proxy in between.
  return /^\s*</.test(text) ? "" : text.slice(0, 300);
}

/** A sentence of others as a part of one of ours: in one line, without its full stop. */
const within = (sentence: string): string => sentence.trim().replace(/\s+/g, " ").replace(/\.$/, "");

/** `connect ECONNREFUSED 127.0.0.1:8787`, whose own message is empty when several addresses were tried. */
function describe(error: Error): string {
  // OpenSSL's own sentence is about its source code.
  if ("code" in error && error.code === "EPROTO") return "it does not speak TLS: is it http:// there?";
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}
