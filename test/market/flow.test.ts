import { once as happens } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Answer, ask, request } from "./consumer.ts";
import type { MockJob } from "./mock-provider.ts";
import type { MarketAccount } from "./site.ts";
import { stage, undisturbed } from "./stage.ts";
import { checkStream } from "./stream-check.ts";

/** A market in which few may wait, and not for long. */
const show = stage({
  limits: {
    acceptMs: 4_000,
    firstTokenMs: 5_000,
    stallMs: 4_000,
    totalMs: 6_000,
    waitMs: 3_000,
    waiting: 4,
    waitingPerConsumer: 2,
  },
});

/** Of a stream; whoever is asked to stop has to hear of it within this time. */
const CANCEL_MS = 1_500;
/** Of an answer in one piece, whose consumer is looked after more seldom. */
const CANCEL_WHOLE_MS = 4_000;

const asking = (consumer: MarketAccount, body: { [field: string]: unknown }, hangUp?: { atChunks: number }) =>
  ask({ url: show.site.url, key: consumer.key, body, ...(hangUp && { hangUp }) });

const toldAt = (job: MockJob | undefined, type: MockJob["heard"][number]["type"]): number | undefined =>
  job?.heard.find((told) => told.type === type)?.at;

/** A request that can be hung up at any moment. */
function begin(consumer: MarketAccount, body: object): { hangUp: () => number; over: Promise<void> } {
  const abort = new AbortController();
  const over = fetch(`${show.site.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${consumer.key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: abort.signal,
  })
    .then((response) => response.text())
    .then(
      () => undefined,
      () => undefined,
    );
  return {
    hangUp: () => {
      abort.abort();
      return performance.now();
    },
    over,
  };
}

/** How many answers ended in which way: `done`, or by which error. */
function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { stream, error, status } of answers) {
    const end = stream?.end === "done" ? "done" : (stream?.error?.code ?? error?.code ?? `broken ${status}`);
    counts[end] = (counts[end] ?? 0) + 1;
  }
  return counts;
}

/** The only job of a consumer, once it has ended. */
async function onlyJob(consumer: MarketAccount) {
  const { entries } = await consumer.statement();
  const job = entries.find(({ kind }) => kind === "hold")?.job ?? null;
  return show.site.ended(job);
}

describe("a consumer who hangs up", () => {
  it.each([
    ["a stream", true, CANCEL_MS],
    ["a whole answer", false, CANCEL_WHOLE_MS],
  ])("before the first token of %s stops the provider, and pays nothing", async (_, stream, within) => {
    const model = show.newModel();
    const provider = await show.provider(model, { firstTokenMs: 60_000 });
    const consumer = await show.site.account();
    const { hangUp, over } = begin(consumer, request(model, 20, { stream }));
    await expect.poll(() => provider.jobs.length).toBe(1);
    await sleep(100);
    const at = hangUp();
    await over;
    await expect.poll(() => toldAt(provider.jobs[0], "cancel"), { interval: 10 }).toBeDefined();
    expect((toldAt(provider.jobs[0], "cancel") ?? Infinity) - at).toBeLessThan(within);
    expect(await onlyJob(consumer)).toMatchObject({ ended: "cancelled", cost: 0 });
  });

  it("in the middle of a stream stops the provider, and pays what was delivered", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 30 });
    const consumer = await show.site.account();
    const answer = await asking(consumer, request(model, 150), { atChunks: 10 });
    const at = performance.now();
    expect(answer).toMatchObject({ brokenOff: "by us", stream: { faults: [] } });
    await expect.poll(() => toldAt(provider.jobs[0], "cancel"), { interval: 10 }).toBeDefined();
    expect((toldAt(provider.jobs[0], "cancel") ?? Infinity) - at).toBeLessThan(CANCEL_MS);
    const job = await show.site.ended(answer.job);
    expect(job.ended).toBe("cancelled");
    // The role is one of the chunks; what was on its way when the consumer went may count too, and no more.
    expect(job.completion_tokens).toBeGreaterThanOrEqual(9);
    expect(job.completion_tokens).toBeLessThanOrEqual(provider.jobs[0]?.sent.length ?? 0);
  });

  it("in the middle of a whole answer pays nothing, since nothing reached him", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 50 });
    const consumer = await show.site.account();
    const { hangUp, over } = begin(consumer, request(model, 150, { stream: false }));
    await expect.poll(() => provider.jobs[0]?.sent.length ?? 0).toBeGreaterThan(5);
    const at = hangUp();
    await over;
    await expect.poll(() => toldAt(provider.jobs[0], "cancel"), { interval: 10 }).toBeDefined();
    expect((toldAt(provider.jobs[0], "cancel") ?? Infinity) - at).toBeLessThan(CANCEL_WHOLE_MS);
    expect(await onlyJob(consumer)).toMatchObject({ ended: "cancelled", cost: 0 });
  });

  it("while waiting for a slot leaves the queue, and the provider never hears of it", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 30 }, { slots: 1 });
    const [ann, bob] = [await show.site.account(), await show.site.account()];
    const first = asking(ann, request(model, 80));
    await expect.poll(() => provider.jobs[0]?.sent.length ?? 0).toBeGreaterThan(0);
    const { hangUp, over } = begin(bob, request(model, 20));
    await sleep(700);
    hangUp();
    await over;
    expect(await onlyJob(bob)).toMatchObject({ ended: "cancelled", cost: 0, parts: [] });
    expect((await first).stream?.end).toBe("done");
    expect(provider.jobs).toHaveLength(1);
  });

  it("is not waited for by the slot: the next gets it", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, (_, index) => (index === 0 ? { firstTokenMs: 60_000 } : {}), {
      slots: 1,
    });
    const consumer = await show.site.account();
    const { hangUp, over } = begin(consumer, request(model, 20));
    await expect.poll(() => provider.jobs.length).toBe(1);
    hangUp();
    await over;
    expect((await asking(consumer, request(model, 20))).stream?.end).toBe("done");
  });
});

describe("a request for which no slot is free", () => {
  it("is told how many are ahead, by comments, until its turn comes", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 25 }, { slots: 1 });
    const consumer = await show.site.account();
    const first = asking(consumer, request(model, 100));
    await expect.poll(() => provider.jobs[0]?.sent.length ?? 0).toBeGreaterThan(0);
    const [second, third] = await Promise.all([
      asking(consumer, request(model, 5)),
      asking(await show.site.account(), request(model, 5)),
    ]);
    expect((await first).stream?.comments.some(({ text }) => text.includes("ahead"))).toBe(false);
    for (const { stream } of [second, third]) {
      expect(stream).toMatchObject({ end: "done", faults: [] });
      expect(stream?.comments[0]?.text).toMatch(/^waiting, \d+ ahead/);
      expect(stream?.comments.every(({ after }) => after === 0)).toBe(true);
    }
  });

  it("is refused at once when its consumer has as many waiting as he may, and when everybody together has", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 500 }, { slots: 1 });
    const busy = begin(await show.site.account(), request(model, 20));
    await expect.poll(() => provider.jobs[0]?.sent.length ?? 0).toBeGreaterThan(0);
    const [ann, bob, cy] = [await show.site.account(), await show.site.account(), await show.site.account()];
    const waiting = [ann, ann, bob, bob].map((consumer) => asking(consumer, request(model, 20)));
    await sleep(300);
    const greedy = await asking(ann, request(model, 20));
    expect(greedy).toMatchObject({ status: 429, error: { code: "rate_limited" } });
    const late = await asking(cy, request(model, 20));
    expect(late).toMatchObject({ status: 503, error: { code: "queue_full", type: "server_error" } });
    for (const { headers } of [greedy, late]) {
      expect(headers.get("x-should-retry")).toBe("true");
      expect(Number(headers.get("retry-after-ms"))).toBeGreaterThan(0);
      expect(Number(headers.get("retry-after"))).toBe(
        Math.ceil(Number(headers.get("retry-after-ms")) / 1000),
      );
    }
    // Nobody becomes free: those who wait are told so, after the time that one may wait.
    for (const { stream } of await Promise.all(waiting))
      expect(stream).toMatchObject({ end: "error", error: { code: "queue_full" }, faults: [] });
    busy.hangUp();
    await busy.over;
  });

  it("comes in turn: a consumer with many requests does not delay another's first", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 10 }, { slots: 1 });
    const [ann, bob] = [await show.site.account(), await show.site.account()];
    const all = [asking(ann, request(model, 30, { user: "ann 1" }))];
    await expect.poll(() => provider.jobs.length).toBe(1);
    all.push(asking(ann, request(model, 10, { user: "ann 2" })));
    all.push(asking(ann, request(model, 11, { user: "ann 3" })));
    await sleep(100);
    all.push(asking(bob, request(model, 12)));
    expect((await Promise.all(all)).map(({ stream }) => stream?.end)).toEqual(all.map(() => "done"));
    const order = provider.jobs.map(({ sent }) => sent.length);
    expect(order[0]).toBe(30);
    expect(order.indexOf(12)).toBeLessThan(3);
  });

  it("is served although two hundred come at once", async () => {
    const model = show.newModel();
    await show.provider(model, { paceMs: 5 }, { slots: 200 });
    const consumer = await show.site.account();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => asking(consumer, request(model, 5, { max_tokens: 5 }))),
    );
    expect(tally(answers)).toEqual({ done: 200 });
    expect(new Set(answers.map(({ stream }) => stream?.id)).size).toBe(200);
  });
});

describe("an answer that takes too long", () => {
  it("ends by an error event when its time is over, and is paid as far as it came", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 500 });
    const consumer = await show.site.account();
    const answer = await asking(consumer, request(model, 100));
    expect(answer.stream).toMatchObject({ end: "error", error: { code: "timed_out" }, faults: [] });
    expect(answer.totalMs).toBeLessThan(show.site.limits.totalMs + 3_000);
    const job = await show.site.ended(answer.job);
    expect(job.completion_tokens).toBe(answer.stream?.chunks ? answer.stream.chunks - 1 : -1);
    expect(toldAt(provider.jobs[0], "cancel")).toBeDefined();
  });
});

describe("a consumer who reads slowly", () => {
  it("makes the provider pause, and loses nothing when he reads on", { timeout: 60_000 }, async () => {
    const model = show.newModel();
    const filler = `${"slow reader ".repeat(5_000)}\n`;
    const provider = await show.provider(model, { tokensPerDelta: 125, filler, paceMs: 20 });
    const consumer = await show.site.account();
    // More than all buffers between the market and its consumer hold.
    const body = request(model, 12_500, { max_tokens: 12_500 });
    const response = await paused(consumer, body);
    await expect.poll(() => toldAt(provider.jobs[0], "pause")).toBeDefined();
    const sent = await steady(() => provider.jobs[0]?.sent.length ?? 0);
    expect(sent).toBeLessThan(100);
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece);
    const stream = checkStream(Buffer.concat(pieces), { includeUsage: false });
    expect(stream).toMatchObject({ end: "done", faults: [] });
    expect(stream.text === filler.repeat(100)).toBe(true);
    expect(toldAt(provider.jobs[0], "resume")).toBeGreaterThan(toldAt(provider.jobs[0], "pause") ?? Infinity);
    const job = await show.site.ended(String(response.headers["x-request-id"]));
    expect(job).toMatchObject({ ended: "finished", completion_tokens: 12_500 });
  });
});

/** A count, once it has not grown for a while: buffers on the way are full. */
async function steady(count: () => number): Promise<number> {
  for (let before = -1; ; await sleep(700)) {
    if (count() === before) return before;
    before = count();
  }
}

/** The answer to a request, of which nothing has been read. */
async function paused(consumer: MarketAccount, body: object): Promise<IncomingMessage> {
  const sending = httpRequest(`${show.site.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${consumer.key}`, "content-type": "application/json" },
  });
  sending.end(JSON.stringify(body));
  const [response]: IncomingMessage[] = await happens(sending, "response");
  if (response === undefined) throw new Error("no response");
  return response.pause();
}

describe("a consumer with too little", () => {
  it("is refused by 402, which nobody sends again, and nothing is held", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const consumer = await show.site.account("0");
    const answer = await asking(consumer, request(model, 20));
    expect(answer).toMatchObject({ status: 402, error: { code: "insufficient_funds" } });
    expect(answer.headers.get("x-should-retry")).toBe("false");
    expect((await consumer.statement()).entries).toEqual([]);
    expect(provider.jobs).toEqual([]);
  });

  it("cannot overdraw by many requests at once", async () => {
    const model = show.newModel();
    await show.provider(model, { paceMs: 5 }, { slots: 40 });
    // Enough for the worst case of some of them, not of all.
    const consumer = await show.site.account("0.001");
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => asking(consumer, request(model, 10, { max_tokens: 10 }))),
    );
    const { done = 0, insufficient_funds: refused = 0, ...others } = tally(answers);
    expect([done + refused, others]).toEqual([40, {}]);
    expect(Math.min(done, refused)).toBeGreaterThan(0);
    const served = answers.filter(({ stream }) => stream?.end === "done");
    const { balanceNano, heldNano, entries } = await consumer.statement();
    expect(heldNano).toBe(0);
    expect(entries.every(({ afterNano }) => afterNano >= 0)).toBe(true);
    const jobs = await Promise.all(served.map(({ job }) => show.site.ended(job)));
    expect(balanceNano).toBe(1_000_000 - jobs.reduce((sum, { cost }) => sum + cost, 0));
  });

  it("uses providers of his own free of charge", async () => {
    const model = show.newModel();
    const owner = await show.site.account("0");
    await show.provider(model, {}, { owner });
    const body = request(model, 20, { stream_options: { include_usage: true } });
    const answer = await asking(owner, body);
    expect(answer.stream).toMatchObject({ end: "done", text: undisturbed(body), usage: { cost_nano: "0" } });
    expect((await show.site.ended(answer.job)).cost).toBe(0);
  });
});
