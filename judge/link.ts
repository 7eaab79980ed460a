import type { IncomingMessage } from "node:http";
import * as v from "valibot";
import { WebSocket } from "ws";
import { JUDGE_PROTOCOL, type JudgeMessage, QueueMessage } from "../protocol/judge.ts";
import { refusal } from "./refusal.ts";

/**
 * The judge's one connection: an outbound WebSocket that is made again for ever.
 *
 *     connecting -> greeted (hello said) -> welcomed -> closed -> waiting (jittered, longer each time) -> connecting
 *         |             |                       |                    ^                                        ^
 *         +-------------+-- refused, and why ---|--------------------+                                        |
 *                                               +- heartbeat every heartbeatMs; silence of three of them -----+
 */
export interface LinkOptions {
  /** The server's address: `http://localhost:8787`. */
  server: URL;
  token: string;
  /** What to say first on every connection. */
  hello(): JudgeMessage & { type: "hello" };
  heartbeat(): JudgeMessage & { type: "heartbeat" };
  onMessage(message: QueueMessage): void;
  /** Told once for each change of state, in a sentence. */
  onState(state: string): void;
}

export interface Link {
  /** Says something now, or drops it when we are not welcome: what must arrive is said again after a welcome. */
  send(message: JudgeMessage): void;
  /** Resolves once the far end has taken all that was said, or has had its time to. */
  close(): Promise<void>;
}

/** Versions of the judge link that this judge speaks. */
export const PROTOCOLS: readonly number[] = [JUDGE_PROTOCOL];

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

/** As long as a server that knows us needs to answer. */
const HANDSHAKE_MS = 15_000;

/** As long as a server that is there needs to take leave. */
const CLOSE_MS = 500;

/** No message of the queue comes near this. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

export function openLink(options: LinkOptions): Link {
  const { server, onState } = options;
  let socket: WebSocket | null = null;
  let welcomed: WebSocket | null = null;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let said = "";

  /** The same state is told once, however often it comes back. */
  const tell = (state: string): void => {
    if (state !== said) onState(state);
    said = state;
  };
  const connect = (): void => {
    socket = connectOnce(options, {
      onWelcome: (opened) => {
        failures = 0;
        welcomed = opened;
        tell(`connected to ${server.origin}`);
      },
      onFault: tell,
      onClose: (fault) => {
        if (closed) return;
        tell(fault);
        const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
        // Anywhere in the upper half: judges that lost the same server do not return to it at the same moment.
        timer = setTimeout(connect, longest * (0.5 + Math.random() / 2));
      },
    });
  };
  connect();

  return {
    send: (message) => {
      if (welcomed?.readyState === WebSocket.OPEN)
        welcomed.send(JSON.stringify(message satisfies JudgeMessage));
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      if (socket !== null) await leave(socket);
    },
  };
}

interface ConnectionEvents {
  onWelcome(socket: WebSocket): void;
  /** The connection is of no use, and why; the far end closes it. */
  onFault(fault: string): void;
  onClose(fault: string): void;
}

/** One connection, from its handshake to its close. */
function connectOnce(options: LinkOptions, { onWelcome, onFault, onClose }: ConnectionEvents): WebSocket {
  const { server, token, hello, heartbeat, onMessage, onState } = options;
  const address = new URL("/link/judge", server);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  let fault: string | null = null;
  const fail = (why: string): string => (fault ??= `no connection to ${server.origin} (${why}); tries again`);
  const refuse = (why: string): void => onFault((fault = `refused by ${server.origin}: ${why}`));

  const receive = (text: string): void => {
    const message = parse(text);
    if (message === null)
      return onState(`ignores a message that is not of the judge link: ${text.slice(0, 200)}`);
    if (message.type === "refused") refuse(message.message);
    if (message.type === "welcome") {
      if (!PROTOCOLS.includes(message.protocol)) {
        onFault((fault = `cannot work for ${server.origin}: ${versions(message.protocol)}`));
        return socket.close(4000, "no common version");
      }
      onWelcome(socket);
      keepAlive(socket, message.heartbeatMs, heartbeat);
    }
    if (fault === null) onMessage(message);
  };
  const turnedAway = async (response: IncomingMessage): Promise<void> => {
    const { status, text } = await answerOf(response);
    if (status === 401 || status === 403) refuse(refusal(status, text));
    else fail(refusal(status, text));
    socket.terminate();
  };
  socket.on("open", () => socket.send(JSON.stringify(hello())));
  socket.on("message", (data) => receive(String(data)));
  socket.on("unexpected-response", (_request, response) => void turnedAway(response));
  socket.on("error", (error) => fail(describe(error)));
  socket.on("close", (code, reason) => onClose(fail(String(reason) || `closed with code ${code}`)));
  return socket;
}

async function leave(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const gone = new Promise((resolve) => socket.once("close", resolve));
  socket.close(1001, "the judge ends");
  // The close may never be answered.
  const impatience = setTimeout(() => socket.terminate(), CLOSE_MS);
  await gone;
  clearTimeout(impatience);
}

function versions(theirs: number): string {
  return `it speaks version ${theirs} of the judge link, this judge ${PROTOCOLS.join(", ")}; the older of the two must be updated`;
}

/** Sends heartbeats, and ends a connection whose far end has gone without a word. */
function keepAlive(socket: WebSocket, everyMs: number, heartbeat: LinkOptions["heartbeat"]): void {
  let unanswered = 0;
  let answers = false;
  const beat = setInterval(() => {
    // A far end that never answers pings is not proved dead by that.
    if (answers && ++unanswered > 3) return socket.terminate();
    socket.send(JSON.stringify(heartbeat()));
    socket.ping();
  }, everyMs);
  socket.on("pong", () => {
    answers = true;
    unanswered = 0;
  });
  socket.on("message", () => (unanswered = 0));
  socket.once("close", () => clearInterval(beat));
}

function parse(text: string): QueueMessage | null {
  try {
    const parsed = v.safeParse(QueueMessage, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** What a server says that opens no socket. */
async function answerOf(response: IncomingMessage): Promise<{ status: number; text: string }> {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(part);
  } catch {
    // The status tells enough.
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") };
}

/** `connect ECONNREFUSED 127.0.0.1:8787`, whose own message is empty when several addresses were tried. */
function describe(error: Error): string {
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}
