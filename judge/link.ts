import * as v from "valibot";
import { WebSocket } from "ws";
import { type JudgeMessage, QueueMessage } from "../protocol/judge.ts";

/**
 * The judge's one connection: an outbound WebSocket that is made again for ever.
 *
 *     connecting -> greeted (hello said) -> welcomed -> closed -> waiting (jittered, longer each time) -> connecting
 *                                              |                                                             ^
 *                                              +- heartbeat every heartbeatMs; silence of three of them -----+
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
  /** Says something now, or drops it when there is no connection: what must arrive is said again after a welcome. */
  send(message: JudgeMessage): void;
  close(): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

/** As long as a server that knows us needs to answer. */
const HANDSHAKE_MS = 15_000;

/** No message of the queue comes near this. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

export function openLink(options: LinkOptions): Link {
  const address = new URL("/link/judge", options.server);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  let socket: WebSocket | null = null;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let said = "";

  /** The same state is told once, however often it comes back. */
  const tell = (state: string): void => {
    if (state !== said) options.onState(state);
    said = state;
  };
  const retry = (): void => {
    if (closed) return;
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
    // Anywhere in the upper half: judges that lost the same server do not return to it at the same moment.
    timer = setTimeout(connect, longest * (0.5 + Math.random() / 2));
  };
  const welcome = (message: QueueMessage & { type: "welcome" }): void => {
    failures = 0;
    tell(`connected to ${options.server.origin}`);
    if (socket !== null) keepAlive(socket, message.heartbeatMs, options.heartbeat);
  };
  const receive = (text: string): void => {
    const message = parse(text);
    if (message === null)
      return options.onState(`ignores a message that is not of the judge link: ${text.slice(0, 200)}`);
    if (message.type === "welcome") welcome(message);
    if (message.type === "refused") tell(`refused by ${options.server.origin}: ${message.message}`);
    options.onMessage(message);
  };
  const connect = (): void => {
    const opening = new WebSocket(address, {
      headers: { authorization: `Bearer ${options.token}` },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    let fault: string | null = null;
    socket = opening;
    opening.on("open", () => opening.send(JSON.stringify(options.hello())));
    opening.on("message", (data) => receive(String(data)));
    opening.on("error", (error) => (fault = describe(error)));
    opening.on("close", (code, reason) => {
      if (closed) return;
      const why = fault ?? (String(reason) || `closed with code ${code}`);
      if (!said.startsWith("refused"))
        tell(`no connection to ${options.server.origin} (${why}); tries again`);
      retry();
    });
  };
  connect();

  return {
    send: (message) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message satisfies JudgeMessage));
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.close(1001, "the judge ends");
      // The close may never be answered; the process does not wait for it.
      setTimeout(() => socket?.terminate(), 500).unref();
    },
  };
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

/** `connect ECONNREFUSED 127.0.0.1:8787`, whose own message is empty when several addresses were tried. */
function describe(error: Error): string {
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}
