import { signal, type ReadonlySignal } from "@preact/signals";
import * as v from "valibot";
import { parseJson } from "./json.ts";

/**
 * A WebSocket that comes back by itself.
 *
 *     connecting --open--> live --closed--> reconnecting --open--> live
 *          \                                  |      ^
 *           +------------closed---------------+      | online
 *                                             v      |
 *                                          offline --+        (the browser says that there is no network)
 *
 * `outdated` is final: the server said something this page does not understand, so only a reload helps.
 */
export type LiveState = "connecting" | "live" | "reconnecting" | "offline" | "outdated";

export interface LiveConnection {
  state: ReadonlySignal<LiveState>;
  /** When something was last heard, by this machine's clock; null for never. */
  heardAt: ReadonlySignal<number | null>;
  /** Says something if the socket is open; whatever must not be lost belongs into `greet`. */
  send(text: string): void;
  close(): void;
}

export interface LiveOptions<Schema extends v.GenericSchema> {
  /** `ws:` or `wss:` */
  url: string;
  schema: Schema;
  receive: (message: v.InferOutput<Schema>) => void;
  /** What to say whenever the socket has opened, e.g. where to resume; a string, or null to say nothing. */
  greet: () => string | null;
  /** The delay before the first attempt to reconnect is below this, in ms; it doubles up to 32 times this. */
  firstDelayMs?: number;
  /** How often to ask whether the other end is still there, in ms; without an answer in that time it is not. */
  pingMs?: number;
}

/**
 * How long to wait before an attempt to reconnect: "full jitter", so that ten thousand spectators of a contest do not
 * come back in the same instant after the server was away.
 * @param attempt 0 for the first
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number, firstDelayMs = 500): number {
  const most = firstDelayMs * 2 ** Math.min(attempt, 5);
  return Math.round(most * (0.1 + 0.9 * random));
}

/** The address of one of this site's own sockets. */
export function liveUrl(path: string): string {
  return new URL(path, location.href.replace(/^http/, "ws")).href;
}

/** Opens a connection and keeps it open until `close` is called. */
export function openLive<Schema extends v.GenericSchema>(options: LiveOptions<Schema>): LiveConnection {
  const { url, schema, receive, greet, firstDelayMs = 500, pingMs = 20_000 } = options;
  const state = signal<LiveState>("connecting");
  const heardAt = signal<number | null>(null);
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let answered = true;
  let attempt = 0;
  let closed = false;

  const connect = (): void => {
    clearTimeout(timer);
    const opened = new WebSocket(url);
    socket = opened;
    opened.addEventListener("open", () => {
      attempt = 0;
      state.value = "live";
      heardAt.value = Date.now();
      const greeting = greet();
      if (greeting !== null) opened.send(greeting);
      answered = true;
      clearInterval(heartbeat);
      heartbeat = setInterval(beat, pingMs);
    });
    opened.addEventListener("message", (event) => {
      if (socket === opened) hear(event.data);
    });
    opened.addEventListener("close", () => {
      if (socket === opened) lost();
    });
  };

  // A laptop that slept or a network that changed leaves a socket that looks open and is dead.
  const beat = (): void => {
    const open = socket;
    if (open === null) return;
    if (answered) {
      answered = false;
      open.send("ping");
      return;
    }
    lost();
    open.close();
  };

  const hear = (data: unknown): void => {
    answered = true;
    heardAt.value = Date.now();
    // Answered by the server's runtime itself, without waking the room.
    if (data === "pong") return;
    const parsed = v.safeParse(schema, typeof data === "string" ? parseJson(data) : undefined);
    if (!parsed.success) {
      close();
      state.value = "outdated";
      return;
    }
    receive(parsed.output);
  };

  const lost = (): void => {
    socket = null;
    clearInterval(heartbeat);
    if (closed) return;
    // Without a network there is nothing to try; the browser tells when it is back.
    const offline = globalThis.navigator?.onLine === false;
    state.value = offline ? "offline" : "reconnecting";
    if (!offline) timer = setTimeout(connect, backoffMs(attempt, Math.random(), firstDelayMs));
    attempt += 1;
  };

  const wentOnline = (): void => {
    if (socket === null && !closed) connect();
  };
  const wentOffline = (): void => {
    const gone = socket;
    clearTimeout(timer);
    lost();
    gone?.close();
  };

  const close = (): void => {
    closed = true;
    clearTimeout(timer);
    clearInterval(heartbeat);
    globalThis.removeEventListener?.("online", wentOnline);
    globalThis.removeEventListener?.("offline", wentOffline);
    const open = socket;
    socket = null;
    open?.close();
  };

  globalThis.addEventListener?.("online", wentOnline);
  globalThis.addEventListener?.("offline", wentOffline);
  connect();
  const send = (text: string): void => {
    if (state.value === "live") socket?.send(text);
  };
  return { state, heardAt, send, close };
}
