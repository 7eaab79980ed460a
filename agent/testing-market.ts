import { once } from "node:events";
import { createServer } from "node:http";
import * as v from "valibot";
import { type WebSocket, WebSocketServer } from "ws";
import type { ChatJob } from "../protocol/job.ts";
import {
  type Delta,
  HEARTBEAT,
  type Job,
  type MarketMessage,
  PROVIDER_PROTOCOL,
  ProviderFrame,
  type ProviderMessage,
} from "../protocol/provider.ts";
import { chatRequest } from "./testing.ts";

/** The far end of a provider's link, which says what a test tells it to. */
export interface ScriptedMarket {
  url: URL;
  /** Everything that providers have said, parsed by the protocol's schema. */
  heard: ProviderMessage[];
  /** Authorization and path of each request for a socket. */
  asked: string[];
  heartbeats: number;
  /** How many frames with messages came. */
  frames: number;
  /** In bytes. */
  longestFrame: number;
  /** Whether heartbeats are answered. */
  alive: boolean;
  /** How the next requests for sockets are refused. */
  refusals: { status: number; body: string; times: number }[];
  say(message: MarketMessage | string): void;
  /** Waits for a message, the `skip`th of its type from 0 on. */
  hear<T extends ProviderMessage["type"]>(type: T, skip?: number): Promise<ProviderMessage & { type: T }>;
  /** Waits for the end of a job, the `skip`th time that it is told. */
  endOf(job: string, skip?: number): Promise<ProviderMessage & { type: "finished" | "failed" }>;
  deltasOf(job: string): Delta[];
  /** Waits until a provider has a socket here, says nothing itself, and is welcome. */
  welcome(skip?: number): Promise<void>;
  /** Reads nothing more from the present socket, and reads again. */
  pauseReading(): void;
  resumeReading(): void;
  connections(): number;
  drop(): void;
  /** Closes the present socket as the Market does that of a provider which connected again. */
  replace(): void;
  close(): Promise<void>;
}

export const welcome = {
  type: "welcome",
  protocol: PROVIDER_PROTOCOL,
  provider: "tabarena-test",
  heartbeatMs: 500,
} as const satisfies MarketMessage;

export const settled = (job: string): MarketMessage => ({
  type: "settled",
  job,
  paid: { promptTokens: 1, cachedPromptTokens: 0, completionTokens: 2 },
  amountNano: 1_000,
});

/** The id of the only offer in these tests. */
export const testOffer = "test";

export function jobOf(job: string, said = "Hello", wishes: Partial<ChatJob> = {}): Job {
  const timeouts = { acceptMs: 5_000, firstTokenMs: 60_000, stallMs: 30_000, totalMs: 600_000 };
  return { type: "job", job, offer: testOffer, request: chatRequest(said, wishes), timeouts };
}

export async function openMarket(): Promise<ScriptedMarket> {
  const heard: ProviderMessage[] = [];
  const asked: string[] = [];
  const refusals: ScriptedMarket["refusals"] = [];
  let socket: WebSocket | null = null;

  const http = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, raw, head) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    const refusal = refusals.find(({ times }) => times > 0);
    if (refusal !== undefined) {
      refusal.times--;
      return raw.end(`HTTP/1.1 ${refusal.status} Refused\r\nConnection: close\r\n\r\n${refusal.body}`);
    }
    sockets.handleUpgrade(request, raw, head, (opened) => {
      socket = opened;
      opened.on("message", (data) => {
        const text = String(data);
        if (text !== HEARTBEAT.ask) {
          market.frames++;
          market.longestFrame = Math.max(market.longestFrame, Buffer.byteLength(text));
          return void heard.push(...v.parse(ProviderFrame, JSON.parse(text)));
        }
        market.heartbeats++;
        if (market.alive) opened.send(HEARTBEAT.answer);
      });
    });
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  const nth = async <T>(find: () => T[], skip: number): Promise<T> => {
    await until(() => find().length > skip);
    const found = find()[skip];
    if (found === undefined) throw new Error("it was there, and is not");
    return found;
  };
  const say: ScriptedMarket["say"] = (message) =>
    socket?.send(typeof message === "string" ? message : JSON.stringify(message));
  const hear: ScriptedMarket["hear"] = (type, skip = 0) => {
    const isWanted = (message: ProviderMessage): message is ProviderMessage & { type: typeof type } =>
      message.type === type;
    return nth(() => heard.filter(isWanted), skip);
  };
  const market: ScriptedMarket = {
    url: new URL(`http://127.0.0.1:${address.port}`),
    heard,
    asked,
    heartbeats: 0,
    frames: 0,
    longestFrame: 0,
    alive: true,
    refusals,
    say,
    hear,
    endOf: (job, skip = 0) =>
      nth(() => heard.flatMap((one) => (isEnd(one) && one.job === job ? [one] : [])), skip),
    deltasOf: (job) => heard.flatMap((one) => (one.type === "delta" && one.job === job ? [one] : [])),
    async welcome(skip = 0) {
      await hear("hello", skip);
      say(welcome);
    },
    pauseReading: () => socket?.pause(),
    resumeReading: () => socket?.resume(),
    connections: () => sockets.clients.size,
    drop: () => socket?.terminate(),
    replace: () => socket?.close(4001, "the same provider connected again"),
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      http.close();
      http.closeAllConnections();
    },
  };
  return market;
}

const isEnd = (message: ProviderMessage): message is ProviderMessage & { type: "finished" | "failed" } =>
  message.type === "finished" || message.type === "failed";

/** Waits until something holds; a test that waits in vain ends by its own time limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
