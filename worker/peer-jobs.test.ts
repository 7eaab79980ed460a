import { runInDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { beforeEach, describe, expect, it } from "vitest";
import { Books, Statement } from "../protocol/ledger.ts";
import { ProviderJobs, RequestList } from "../protocol/market.ts";
import { PeerJobState, PeerTicket } from "../protocol/peer-job.ts";
import type { SignedReceipt } from "../protocol/receipt.ts";
import { auditBooks } from "./books.ts";
import { market } from "./env.ts";
import {
  askPeer,
  peerJob,
  peerTab,
  receiptOf,
  signedByBoth,
  type TestJob,
  testKey,
} from "./peer-jobs-testing.ts";
import { bindings, marketSays, signedUp, type Visitor } from "./testing.ts";

let consumer: Visitor;

beforeEach(async () => {
  consumer = await signedUp();
});

const statementOf = async (visitor: Visitor) => v.parse(Statement, await visitor.get("/api/ledger"));
const balanceOf = async (visitor: Visitor): Promise<number> => (await statementOf(visitor)).balanceNano;

const tell = (
  { ticket }: TestJob,
  receipts: readonly SignedReceipt[],
  ended: "cancelled" | "failed" | null = null,
  who = consumer,
): Promise<Response> => who.call("POST", `/api/peer-jobs/${ticket.job}/receipts`, { receipts, ended });

const stateOf = async (response: Response) => v.parse(PeerJobState, await response.json());

/** What an account is told of a job until it is over. */
const settledState = (job: TestJob) =>
  expect.poll(async () => (await stateOf(await tell(job, []))).state, { timeout: 15_000 }).toBe("settled");

const requestOf = async (job: string) =>
  v.parse(RequestList, await consumer.get("/api/requests")).requests.find((each) => each.job === job);

/** 9 tokens at 1,000 and so many at 2,000 nano-credits. */
const costOf = (tokens: number): number => 9_000 + 2_000 * tokens;

describe("a ticket", () => {
  it("names both to each other, and holds the worst case before anybody hears of it", async () => {
    const tab = await peerTab();
    const before = await statementOf(consumer);
    const key = await testKey();
    const asked = askPeer(consumer, tab.model, key);
    const told = await tab.socket.next(marketSays("peer_job"));
    // 200 tokens at 1,000 and 100 at 2,000.
    const { balanceNano, heldNano } = await statementOf(consumer);
    expect([balanceNano, heldNano]).toEqual([before.balanceNano - 400_000, before.heldNano + 400_000]);
    const provider = await testKey();
    tab.socket.send({ type: "accept_peer", job: told.job, providerKey: provider.public, peer: "a-tab" });
    const ticket = v.parse(PeerTicket, await (await asked).json());
    const { job, maxTokens, promptBound, interval, expiresAt, prices } = told;
    expect(ticket).toMatchObject({
      job,
      maxTokens,
      promptBound,
      interval,
      expiresAt,
      prices,
      heldNano: 400_000,
    });
    expect(ticket).toMatchObject({ provider: tab.id, providerKey: provider.public, providerPeer: "a-tab" });
    expect([told.consumerKey, told.consumerPeer]).toEqual([key.public, ticket.peer.id]);
  });

  it("is given by nobody who does not serve peers, is the reader's own unless asked for, or is busy", async () => {
    const silent = await peerTab({ peers: false });
    const own = await peerTab({ owner: consumer });
    const busy = await peerTab();
    const key = await testKey();
    await peerJob(consumer, busy);
    for (const { model } of [silent, own, busy]) {
      const response = await askPeer(consumer, model, key);
      expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([404, "no_peer"]);
    }
    const { ticket } = await peerJob(consumer, own, { provider: own.id });
    expect(ticket.heldNano).toBe(0);
  });

  it("is refused with 402 where the account has too little, and the slot stays free", async () => {
    const tab = await peerTab({ price: 1_000_000_000_000_000 });
    const response = await askPeer(consumer, tab.model, await testKey());
    expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([
      402,
      "insufficient_funds",
    ]);
    const { providers } = await market(bindings).presence();
    expect(providers.find(({ id }) => id === tab.id)?.slots.busy).toBe(0);
  });

  it("is not given where the provider refuses, and everything comes back", async () => {
    const tab = await peerTab();
    const before = await balanceOf(consumer);
    const asked = askPeer(consumer, tab.model, await testKey());
    const { job } = await tab.socket.next(marketSays("peer_job"));
    tab.socket.send({ type: "refuse", job, reason: "busy", message: "" });
    expect((await asked).status).toBe(404);
    await expect.poll(() => balanceOf(consumer)).toBe(before);
    expect(await requestOf(job)).toMatchObject({ end: "failed", path: "peer", costNano: 0 });
  });

  it("is refused to who has four of them that have not ended", async () => {
    const tab = await peerTab({ slots: 5 });
    for (let count = 0; count < 4; count++) await peerJob(consumer, tab);
    expect((await askPeer(consumer, tab.model, await testKey())).status).toBe(429);
    expect((await statementOf(consumer)).heldNano).toBe(1_600_000);
  });

  it("needs an account, and a key that is one", async () => {
    const tab = await peerTab();
    const body = { model: tab.model, maxTokens: 1, promptBound: 1 };
    const key = `B${"A".repeat(86)}=`;
    const refused = await consumer.call("POST", "/api/peer-jobs", { ...body, consumerKey: key });
    expect(refused.status).toBe(400);
    const { owner } = tab;
    await owner.call("DELETE", "/api/session");
    expect((await askPeer(owner, tab.model, await testKey())).status).toBe(401);
  });
});

describe("an honest end", () => {
  it("is settled at once by the last receipt, whoever shows it, and is seen by both", async () => {
    const tab = await peerTab();
    const [before, earned] = [await balanceOf(consumer), await balanceOf(tab.owner)];
    const job = await peerJob(consumer, tab);
    tab.socket.send({ type: "peer_begun", job: job.ticket.job });
    const last = await signedByBoth(job, receiptOf(job, 3, 20, { end: "stop" }));
    const state = await stateOf(await tell(job, [last]));
    expect(state).toMatchObject({ state: "settled", costNano: costOf(20) });
    const fee = Math.floor((costOf(20) * bindings.FEE_BASIS_POINTS) / 10_000);
    expect(await tab.socket.next(marketSays("settled"))).toMatchObject({ amountNano: costOf(20) - fee });
    expect(await balanceOf(consumer)).toBe(before - costOf(20));
    expect(await balanceOf(tab.owner)).toBe(earned + costOf(20) - fee);
    expect(await requestOf(job.ticket.job)).toMatchObject({
      path: "peer",
      end: "finished",
      finishReason: "stop",
      promptTokens: 9,
      completionTokens: 20,
      providers: [{ provider: tab.id, outcome: "finished", completionTokens: 20 }],
    });
    const jobs = v.parse(ProviderJobs, await tab.owner.get(`/api/providers/${tab.id}/jobs`));
    expect(jobs.jobs[0]).toMatchObject({ job: job.ticket.job, path: "peer", earnedNano: costOf(20) - fee });
  });

  it("is settled once where both show it at the same time, again and again", async () => {
    const tab = await peerTab();
    const before = await balanceOf(consumer);
    const job = await peerJob(consumer, tab);
    const last = await signedByBoth(job, receiptOf(job, 3, 20, { end: "length" }));
    const { job: id } = job.ticket;
    const said = { type: "peer_ended", job: id, receipts: [last], fault: null };
    tab.socket.send([said, said]);
    const states = await Promise.all([
      tell(job, [last]),
      tell(job, [last]),
      tell(job, [last, last], "failed"),
    ]);
    for (const state of states)
      expect(await stateOf(state)).toMatchObject({ state: "settled", costNano: costOf(20) });
    tab.socket.send(said);
    const settled = async () => (await tab.socket.next(marketSays("settled"))).paid.completionTokens;
    expect([await settled(), await settled()]).toEqual([20, 20]);
    expect(await balanceOf(consumer)).toBe(before - costOf(20));
  });
});

describe("a cheat", () => {
  const begun = async () => {
    const tab = await peerTab();
    const before = await balanceOf(consumer);
    const job = await peerJob(consumer, tab);
    const { job: id } = job.ticket;
    tab.socket.send({ type: "peer_begun", job: id });
    const show = (...receipts: SignedReceipt[]) =>
      tab.socket.send({ type: "peer_receipt", job: id, receipts });
    const end = (...receipts: SignedReceipt[]) =>
      tab.socket.send({ type: "peer_ended", job: id, receipts, fault: null });
    return { tab, job, id, show, end, paid: async () => before - (await balanceOf(consumer)) };
  };

  it("who inflates is paid by what the consumer signed before", async () => {
    const { job, id, tab, end, paid } = await begun();
    const good = await signedByBoth(job, receiptOf(job, 1, 10));
    const inflated = receiptOf(job, 2, 90);
    await tell(job, [good]);
    const left = tell(job, [good], "failed");
    await tab.socket.next(marketSays("cancel"));
    end({ receipt: inflated, provider: await job.keys.provider.sign(inflated), consumer: null });
    expect(await stateOf(await left)).toMatchObject({ state: "settled", costNano: costOf(10) });
    expect(await paid()).toBe(costOf(10));
    expect(await requestOf(id)).toMatchObject({ end: "failed" });
  });

  it("who agrees on more tokens than bytes, than may be or than a prompt may have gets nothing for that", async () => {
    const { job, end, paid } = await begun();
    const good = await signedByBoth(job, receiptOf(job, 1, 10));
    const beyond = [
      receiptOf(job, 2, 50, { bytes: 49 }),
      receiptOf(job, 3, 101),
      receiptOf(job, 4, 20, { promptTokens: 201 }),
    ];
    end(good, ...(await Promise.all(beyond.map((receipt) => signedByBoth(job, receipt)))));
    await settledState(job);
    expect(await paid()).toBe(costOf(10));
  });

  it("who shows an older receipt again changes nothing", async () => {
    const { job, show, end, paid } = await begun();
    const [first, second] = [
      await signedByBoth(job, receiptOf(job, 1, 10)),
      await signedByBoth(job, receiptOf(job, 2, 30)),
    ];
    show(second, first);
    show(first);
    await tell(job, [first]);
    end(first);
    await settledState(job);
    expect(await paid()).toBe(costOf(30));
  });

  it("who shows two receipts of one number gets the cheaper, and it is noted", async () => {
    const { job, id, end, paid } = await begun();
    end(
      await signedByBoth(job, receiptOf(job, 1, 30)),
      await signedByBoth(job, receiptOf(job, 1, 10, { hash: "b".repeat(64) })),
    );
    await settledState(job);
    expect(await paid()).toBe(costOf(10));
    const noted = bindings.DB.prepare(
      "SELECT provider_forked, consumer_forked FROM peer_jobs WHERE job = ?",
    ).bind(id);
    expect(await noted.first()).toEqual({ provider_forked: 1, consumer_forked: 1 });
    expect((await requestOf(id))?.providers[0]?.outcome).toBe("breach");
  });

  it("who signs for the consumer by another key is not paid, and loses the job", async () => {
    const { job, id, show, paid } = await begun();
    const receipt = receiptOf(job, 1, 100);
    const other = await testKey();
    show({ receipt, provider: await job.keys.provider.sign(receipt), consumer: await other.sign(receipt) });
    await settledState(job);
    expect(await paid()).toBe(0);
    expect((await requestOf(id))?.providers[0]?.outcome).toBe("breach");
  });

  it("who speaks about another's job is not heard", async () => {
    const { job, id, paid } = await begun();
    const stranger = await signedUp();
    expect((await tell(job, [], "cancelled", stranger)).status).toBe(404);
    expect((await stranger.call("POST", `/api/peer-jobs/${id}/relay`)).status).toBe(404);
    const other = await peerTab();
    other.socket.send({ type: "peer_ended", job: id, receipts: [], fault: null });
    other.socket.send({ type: "peer_ended", job: "no-such-job", receipts: [], fault: null });
    expect(await other.socket.next(marketSays("settled"))).toMatchObject({
      job: "no-such-job",
      amountNano: 0,
    });
    expect(await stateOf(await tell(job, []))).toEqual({ state: "open" });
    expect(await paid()).toBeGreaterThan(0);
  });

  it("of a consumer that shows a false signature is told so, and nothing changes", async () => {
    const { job } = await begun();
    const receipt = receiptOf(job, 1, 10, { end: "stop" });
    const forged = await job.keys.consumer.sign(receipt);
    expect((await tell(job, [{ receipt, provider: forged, consumer: forged }])).status).toBe(400);
    expect(await stateOf(await tell(job, []))).toEqual({ state: "open" });
  });

  it("of a consumer that takes an answer and wants everything back pays what it signed", async () => {
    const { tab, job, id, end, paid } = await begun();
    const asked = consumer.call("POST", `/api/peer-jobs/${id}/relay`);
    await tab.socket.next(marketSays("cancel"));
    end(await signedByBoth(job, receiptOf(job, 2, 64)));
    expect(await stateOf(await asked)).toMatchObject({ state: "settled", costNano: costOf(64) });
    expect(await paid()).toBe(costOf(64));
  });
});

describe("who vanishes", () => {
  it("as a consumer has paid for what it signed, once the provider says so", async () => {
    const tab = await peerTab();
    const before = await balanceOf(consumer);
    const job = await peerJob(consumer, tab);
    const receipts = [await signedByBoth(job, receiptOf(job, 2, 40))];
    tab.socket.send({ type: "peer_ended", job: job.ticket.job, receipts, fault: "left" });
    expect(await tab.socket.next(marketSays("settled"))).toMatchObject({ paid: { completionTokens: 40 } });
    expect(await balanceOf(consumer)).toBe(before - costOf(40));
    expect(await requestOf(job.ticket.job)).toMatchObject({ end: "cancelled" });
  });

  it("as a provider for good is paid by what it had shown, a little after the consumer said so", async () => {
    const tab = await peerTab();
    const before = await balanceOf(consumer);
    const job = await peerJob(consumer, tab);
    tab.socket.send({ type: "peer_begun", job: job.ticket.job });
    const receipts = [await signedByBoth(job, receiptOf(job, 1, 8))];
    tab.socket.send({ type: "peer_receipt", job: job.ticket.job, receipts });
    tab.socket.close();
    expect(await stateOf(await tell(job, [], "failed"))).toEqual({ state: "open" });
    await settledState(job);
    expect(await balanceOf(consumer)).toBe(before - costOf(8));
  });

  it("as a provider and comes back goes on, unless it knows nothing of the job any more", async () => {
    const tab = await peerTab();
    const job = await peerJob(consumer, tab);
    const { job: id } = job.ticket;
    tab.socket.close();
    const again = await tab.connect([id]);
    const busy = async () =>
      (await market(bindings).presence()).providers.find((each) => each.id === tab.id)?.slots.busy;
    expect(await busy()).toBe(1);
    const receipts = [await signedByBoth(job, receiptOf(job, 1, 8))];
    again.send({ type: "peer_receipt", job: id, receipts });
    await tell(job, []);
    const anew = await tab.connect();
    expect(await anew.next(marketSays("settled"))).toMatchObject({ job: id, paid: { completionTokens: 8 } });
    expect((await requestOf(id))?.providers[0]?.outcome).toBe("lost");
  });

  it("is waited for until the ticket expires, and no longer", async () => {
    const tab = await peerTab();
    const before = await balanceOf(consumer);
    const job = await peerJob(consumer, tab, { withinMs: 1_000 });
    tab.socket.send({ type: "peer_begun", job: job.ticket.job });
    const receipts = [await signedByBoth(job, receiptOf(job, 1, 8))];
    tab.socket.send({ type: "peer_receipt", job: job.ticket.job, receipts });
    expect(await tab.socket.next(marketSays("cancel"))).toMatchObject({ job: job.ticket.job });
    await settledState(job);
    expect(await balanceOf(consumer)).toBe(before - costOf(8));
    const later = await stateOf(await tell(job, [await signedByBoth(job, receiptOf(job, 2, 60))]));
    expect(later).toMatchObject({ state: "settled", costNano: costOf(8) });
  });
});

describe("a page that finds no way to the provider", () => {
  it("gets everything back at once, however often it says so, and the provider is told", async () => {
    const tab = await peerTab();
    const before = await statementOf(consumer);
    const job = await peerJob(consumer, tab);
    const { job: id } = job.ticket;
    const relay = () => consumer.call("POST", `/api/peer-jobs/${id}/relay`);
    const states = await Promise.all([relay(), relay()]);
    for (const state of states) expect(await stateOf(state)).toMatchObject({ state: "settled", costNano: 0 });
    expect(await stateOf(await relay())).toMatchObject({ state: "settled", costNano: 0 });
    expect(await tab.socket.next(marketSays("cancel"))).toMatchObject({ job: id });
    const after = await statementOf(consumer);
    expect([after.balanceNano, after.heldNano]).toEqual([before.balanceNano, before.heldNano]);
    tab.socket.send({ type: "peer_ended", job: id, receipts: [], fault: "left" });
    await peerJob(consumer, tab);
  });
});

describe("a market that starts anew", () => {
  /** Its clock would keep it from being put away in peace. */
  const crash = async (): Promise<void> => {
    const died = runInDurableObject(market(bindings), (_market, state) => state.abort("a crash"));
    await expect(died).rejects.toThrow("a crash");
  };

  it("goes on with what it finds open, by the receipts that were written down", async () => {
    const tab = await peerTab();
    const before = await balanceOf(consumer);
    const job = await peerJob(consumer, tab);
    const { job: id } = job.ticket;
    tab.socket.send({ type: "peer_begun", job: id });
    const receipts = [await signedByBoth(job, receiptOf(job, 1, 8))];
    tab.socket.send({ type: "peer_receipt", job: id, receipts });
    const written = bindings.DB.prepare("SELECT receipt FROM peer_jobs WHERE job = ?").bind(id);
    await expect.poll(() => written.first("receipt"), { timeout: 5_000 }).not.toBeNull();
    await crash();
    expect(await stateOf(await tell(job, []))).toEqual({ state: "open" });
    const again = await tab.connect([id]);
    const last = await signedByBoth(job, receiptOf(job, 2, 20, { end: "stop" }));
    again.send({ type: "peer_ended", job: id, receipts: [last], fault: null });
    expect(await again.next(marketSays("settled"))).toMatchObject({ paid: { completionTokens: 20 } });
    expect(await balanceOf(consumer)).toBe(before - costOf(20));
  });

  it("settles by them what has expired meanwhile", async () => {
    const tab = await peerTab();
    const before = await balanceOf(consumer);
    const job = await peerJob(consumer, tab);
    const { job: id } = job.ticket;
    const receipts = [await signedByBoth(job, receiptOf(job, 1, 8))];
    tab.socket.send({ type: "peer_receipt", job: id, receipts });
    const written = bindings.DB.prepare("SELECT receipt FROM peer_jobs WHERE job = ?").bind(id);
    await expect.poll(() => written.first("receipt"), { timeout: 5_000 }).not.toBeNull();
    await bindings.DB.prepare("UPDATE peer_jobs SET expires_at = 1 WHERE job = ?").bind(id).run();
    await crash();
    await market(bindings).presence();
    await settledState(job);
    expect(await balanceOf(consumer)).toBe(before - costOf(8));
    expect((await requestOf(id))?.providers[0]?.outcome).toBe("lost");
  });

  it("leaves books that balance", async () => {
    expect(v.parse(Books, await auditBooks(bindings))).toMatchObject({ balanced: true, findings: [] });
  });
});
