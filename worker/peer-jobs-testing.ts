import type { NewPeerJob, PeerTicket } from "../protocol/peer-job.ts";
import type { Receipt, SignedReceipt } from "../protocol/receipt.ts";
import { receiptBytes } from "../rules/receipts.ts";
import {
  marketSays,
  newProvider,
  offerOf,
  providerHello,
  providerSocket,
  signedUp,
  type Socket,
  type Visitor,
} from "./testing.ts";

/** Both ends of peer jobs, as scripts, for the tests of the edge between them. */

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** A key of one side, made for one job. */
export interface TestKey {
  public: string;
  sign(receipt: Receipt): Promise<string>;
}

export async function testKey(): Promise<TestKey> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("no pair of keys");
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  if (!(raw instanceof ArrayBuffer)) throw new Error("no raw key");
  return {
    public: base64(raw),
    sign: async (receipt) =>
      base64(await crypto.subtle.sign(ALGORITHM, pair.privateKey, receiptBytes(receipt))),
  };
}

let tabs = 0;

/** A tab that is connected and serves peers, with a model of its own at 1, 0.5 and 2 credits per million tokens. */
export async function peerTab(
  more: { owner?: Visitor; price?: number; peers?: boolean; slots?: number } = {},
) {
  const owner = more.owner ?? (await signedUp());
  const id = `peer-tab-${++tabs}`;
  const model = `peer-model-${tabs}`;
  const { token } = await newProvider(owner, id);
  const prices = { ...offerOf().prices, ...(more.price === undefined ? {} : { completion: more.price }) };
  const connect = async (holding: string[] = []): Promise<Socket> => {
    const socket = await providerSocket(token);
    socket.send(
      providerHello({
        kind: "browser",
        peers: more.peers ?? true,
        slots: more.slots ?? 1,
        offers: [offerOf({ model, prices })],
        holding,
      }),
    );
    await socket.next(marketSays("welcome"));
    return socket;
  };
  return { owner, id, model, connect, socket: await connect() };
}
export type PeerTab = Awaited<ReturnType<typeof peerTab>>;

/** Asks for a ticket; 100 tokens after a prompt of 200 at most. */
export const askPeer = (
  consumer: Visitor,
  model: string,
  key: TestKey,
  more: Partial<NewPeerJob> = {},
): Promise<Response> =>
  consumer.call("POST", "/api/peer-jobs", {
    model,
    maxTokens: 100,
    promptBound: 200,
    consumerKey: key.public,
    ...more,
  });

/** A job that its provider took, with what both sides need to sign. */
export interface TestJob {
  ticket: PeerTicket;
  keys: { consumer: TestKey; provider: TestKey };
}

export async function peerJob(
  consumer: Visitor,
  tab: PeerTab,
  more: Partial<NewPeerJob> = {},
  socket = tab.socket,
): Promise<TestJob> {
  const keys = { consumer: await testKey(), provider: await testKey() };
  const asked = askPeer(consumer, tab.model, keys.consumer, more);
  const { job } = await socket.next(marketSays("peer_job"));
  socket.send({ type: "accept_peer", job, providerKey: keys.provider.public, peer: "a-tab" });
  const response = await asked;
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return { ticket: await response.json<PeerTicket>(), keys };
}

/** A receipt of a prompt of 9 tokens and an answer with four bytes a token. */
export const receiptOf = (
  { ticket }: TestJob,
  seq: number,
  tokens: number,
  more: Partial<Receipt> = {},
): Receipt => ({
  job: ticket.job,
  seq,
  promptTokens: 9,
  cachedPromptTokens: 0,
  tokens,
  bytes: 4 * tokens,
  hash: "a".repeat(64),
  end: null,
  ...more,
});

export const signedByBoth = async ({ keys }: TestJob, receipt: Receipt): Promise<SignedReceipt> => ({
  receipt,
  provider: await keys.provider.sign(receipt),
  consumer: await keys.consumer.sign(receipt),
});
