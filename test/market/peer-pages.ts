import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DataConnection, Peer as PeerClient } from "peerjs";
import type { Browser, BrowserContext, JSHandle, Page } from "playwright-core";
import * as v from "valibot";
import { WebSocket } from "ws";
import { PeerTicket } from "../../protocol/peer-job.ts";
import { PeerPlace } from "../../protocol/peer-signal.ts";
import { MarketMessage, PROVIDER_PROTOCOL, type ProviderMessage } from "../../protocol/provider.ts";
import { mockOffer } from "./mock-provider.ts";
import type { MarketAccount, MarketSite } from "./site.ts";

/** Pages of a real browser with the real client of PeerJS, and how they come to be peers of a provider. */

declare global {
  var peerjs: { Peer: typeof PeerClient };
}

const source = readFileSync(
  join(import.meta.dirname, "../../node_modules/peerjs/dist/peerjs.min.js"),
  "utf8",
);

/** A provider's tab and a consumer's page, and as whom they may connect. */
export interface PeerScene {
  provider: string;
  tab: Person;
  page: Person;
  /** Another place, for somebody else who has a ticket. */
  another(): Promise<Person>;
  /** A place of the tab's owner that nobody takes. */
  emptyPlace(): Promise<PeerPlace>;
  close(): Promise<void>;
}

export interface Person {
  place: PeerPlace;
  page: Page;
}

/** What is different from a client that does all right. */
export interface PeerWishes {
  provider?: string;
  id?: string | null;
  token?: string;
  key?: string;
  /** How often it sends its heartbeat, in ms. */
  pingInterval?: number;
}

let scenes = 0;

/** A provider of its own, whose link takes every peer job under the name of its tab. */
export async function newScene(site: MarketSite, browser: Browser): Promise<PeerScene> {
  const model = `peer-model-${++scenes}`;
  const contexts: BrowserContext[] = [];
  const owner = await site.account("0");
  const { id: provider, token } = await owner.provider();
  const ownPlace = () => owner.post(`/api/providers/${provider}/peer`, PeerPlace, {});
  const place = await ownPlace();
  const link = await openLink(site.url, token, model, place.id);
  const pageOf = async ({ cookie }: MarketAccount): Promise<Page> => {
    const context = await browser.newContext({ baseURL: site.url });
    contexts.push(context);
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url: site.url }]);
    const page = await context.newPage();
    await page.goto("/");
    // Evaluated by the debugger, to which the page's content security policy does not apply; what it does then is bound by it.
    await page.evaluate(source);
    return page;
  };
  const another = async (): Promise<Person> => {
    const consumer = await site.account();
    const asked = { model, maxTokens: 8, promptBound: 8, consumerKey: await newKey() };
    const ticket = await consumer.post("/api/peer-jobs", PeerTicket, asked);
    return { place: ticket.peer, page: await pageOf(consumer) };
  };
  return {
    provider,
    tab: { place, page: await pageOf(owner) },
    page: await another(),
    another,
    emptyPlace: ownPlace,
    async close() {
      link.terminate();
      for (const context of contexts) await context.close();
    },
  };
}

/** A key as one side of a job makes it. */
async function newKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  return Buffer.from(await crypto.subtle.exportKey("raw", pair.publicKey)).toString("base64");
}

async function openLink(url: string, token: string, model: string, peer: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/link/provider`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const say = (message: ProviderMessage): void => socket.send(JSON.stringify(message));
  const providerKey = await newKey();
  await new Promise<void>((welcome, failed) => {
    socket.on("error", failed);
    socket.on("open", () =>
      say({
        type: "hello",
        protocols: [PROVIDER_PROTOCOL],
        agent: "mock 1",
        kind: "browser",
        slots: 4,
        peers: true,
        offers: [mockOffer(model, {})],
        holding: [],
      }),
    );
    socket.on("message", (data) => {
      const message = v.parse(MarketMessage, JSON.parse(String(data)));
      if (message.type === "welcome") welcome();
      if (message.type === "peer_job") say({ type: "accept_peer", job: message.job, providerKey, peer });
    });
  });
  return socket;
}

interface InPage {
  peer: PeerClient;
  events: string[];
  connections: DataConnection[];
}

/** A client in a page, and all that it has told so far. */
export interface PeerInPage {
  inPage: JSHandle<InPage>;
  /** `open`, `disconnected`, `error TYPE`, `connection`, `connected`, `data TEXT`, `connection closed`, in the order in which they came. */
  events(): Promise<string[]>;
}

/** Starts a client of PeerJS, which begins to connect at once. */
export async function startPeer(
  { place, page }: Person,
  { provider }: PeerScene,
  wishes: PeerWishes = {},
): Promise<PeerInPage> {
  const inPage = await page.evaluateHandle(
    async ({ at, id, options }): Promise<InPage> => {
      const { iceServers } = await fetch("/api/peers/ice").then((answer) => answer.json());
      const events: string[] = [];
      const connections: DataConnection[] = [];
      const peer = new peerjs.Peer(id ?? "", {
        host: location.hostname,
        port: Number(location.port),
        path: `/peerjs/${at}`,
        secure: false,
        config: { iceServers },
        ...options,
      });
      peer.on("open", () => void events.push("open"));
      peer.on("disconnected", () => void events.push("disconnected"));
      peer.on("error", ({ type, message }) => void events.push(`error ${type}: ${message}`));
      peer.on("connection", (connection) => {
        events.push("connection");
        connections.push(connection);
        connection.on("open", () => void events.push("connected"));
        connection.on("data", (data) => void events.push(`data ${JSON.stringify(data)}`));
        connection.on("close", () => void events.push("connection closed"));
      });
      return { peer, events, connections };
    },
    {
      at: wishes.provider ?? provider,
      id: wishes.id === undefined ? place.id : wishes.id,
      options: {
        token: wishes.token ?? place.token,
        ...(wishes.key === undefined ? {} : { key: wishes.key }),
        ...(wishes.pingInterval === undefined ? {} : { pingInterval: wishes.pingInterval }),
      },
    },
  );
  return { inPage, events: () => inPage.evaluate(({ events }) => [...events]) };
}

/** Asks for a data channel to another peer, and notes what comes of it as the one who is asked does. */
export const dial = ({ inPage }: PeerInPage, id: string): Promise<void> =>
  inPage.evaluate(({ peer, events, connections }, to) => {
    const connection = peer.connect(to, { serialization: "json", reliable: true, metadata: { job: "j" } });
    connections.push(connection);
    connection.on("open", () => void events.push("connected"));
    connection.on("data", (data) => void events.push(`data ${JSON.stringify(data)}`));
    connection.on("close", () => void events.push("connection closed"));
  }, id);

/** Sends over a peer's latest channel. */
export const say = ({ inPage }: PeerInPage, data: unknown): Promise<void> =>
  inPage.evaluate(async ({ connections }, said) => void (await connections.at(-1)?.send(said)), data);

/** The way that a channel took: the types of both ends' candidates and their protocol, `host - host (udp)`. */
export const wayOf = ({ inPage }: PeerInPage): Promise<string> =>
  inPage.evaluate(async ({ connections }) => {
    const stats = await connections.at(-1)?.peerConnection.getStats();
    const all: Record<string, string>[] = [];
    stats?.forEach((one) => all.push(one));
    const transport = all.find(({ type }) => type === "transport");
    const pair = all.find(({ id }) => id === transport?.["selectedCandidatePairId"]);
    const end = (id: string | undefined) => all.find((one) => one["id"] === id);
    const local = end(pair?.["localCandidateId"]);
    const remote = end(pair?.["remoteCandidateId"]);
    return `${local?.["candidateType"]} - ${remote?.["candidateType"]} (${local?.["protocol"]})`;
  });
