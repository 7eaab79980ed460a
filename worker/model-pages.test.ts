import { beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { ModelBook, ModelHistory } from "../protocol/market.ts";
import { COUNT_HOURS } from "./market-history.ts";
import { type JobRecord, recordJob } from "./market-testing.ts";
import { PARTS_OF_PROVIDERS } from "./offer-pace.ts";
import {
  accountOf,
  bindings,
  marketSays,
  newApiKey,
  newProvider,
  offerOf,
  providerHello,
  providerSocket,
  signedUp,
  Visitor,
} from "./testing.ts";

const HOUR = 3_600_000;
const HOUR_BEGAN = Math.floor(Date.now() / HOUR) * HOUR;

const path = (model: string): string => `/api/market/models/${encodeURIComponent(model)}`;
const bookOf = async (model: string): Promise<ModelBook> =>
  v.parse(ModelBook, await new Visitor().get(path(model)));
const historyOf = async (model: string): Promise<ModelHistory["hours"]> =>
  v.parse(ModelHistory, await new Visitor().get(`${path(model)}/history`)).hours;

let consumer: string;
let names = 0;

/** A provider that is connected with one offer of a model that was first offered so many hours ago. */
async function offering(model: string, hoursAgo = 200, more: Parameters<typeof offerOf>[0] = {}) {
  const visitor = await signedUp();
  const id = `pages-${++names}`;
  const { token } = await newProvider(visitor, id);
  const socket = await providerSocket(token);
  socket.send(providerHello({ offers: [offerOf({ model, ...more })] }));
  await socket.next(marketSays("welcome"));
  await bindings.DB.prepare("UPDATE models SET first_offered_at = ? WHERE name = ?")
    .bind(Date.now() - hoursAgo * HOUR, model)
    .run();
  return { id, visitor, owner: await accountOf(visitor), socket };
}

type Part = NonNullable<JobRecord["parts"]>[number];

/** An answer of one part that ended at this moment. */
const answered = (
  model: string,
  by: { id: string; owner: string },
  at: number,
  part: Partial<Part> = {},
  asker = consumer,
): Promise<void> =>
  recordJob({
    id: `job-${++names}`,
    consumer: asker,
    model,
    at,
    ended: { at, how: "finished", finishReason: "stop" },
    parts: [{ provider: by.id, owner: by.owner, at, outcome: "finished", completionTokens: 20, ...part }],
  });

const writing = (tokensPerSecond: number) => ({ tokens: tokensPerSecond, ms: 1_000 });

beforeAll(async () => {
  consumer = await accountOf(await signedUp());
});

describe("the order book of a model", () => {
  it("has the cheapest first and of equally cheap ones the fastest, each with its terms", async () => {
    const prices = { prompt: 5, cachedPrompt: 0, completion: 9 };
    const slow = await offering("book/order", 1, { prices, tokensPerSecond: 3 });
    const fast = await offering("book/order", 1, { prices, tokensPerSecond: 30 });
    const cheap = await offering("book/order", 1, {
      prices: { ...prices, completion: 8 },
      tokensPerSecond: 1,
    });
    const { model, offers, feeBasisPoints } = await bookOf("book/order");
    expect([model, feeBasisPoints]).toEqual(["book/order", bindings.FEE_BASIS_POINTS]);
    expect(offers.map(({ provider }) => provider)).toEqual([cheap.id, fast.id, slow.id]);
    expect(offers[1]).toMatchObject({
      kind: "native",
      prices,
      quantisation: "Q8_0",
      answers: 0,
      firstTokenMs: null,
      writtenPerSecond: null,
    });
  });

  it("tells of each offer what half and nine of ten of its answers did, and of nobody's answers to himself", async () => {
    const one = await offering("book-pace");
    const other = await offering("book-pace");
    const now = Date.now();
    for (let place = 1; place <= 10; place++)
      await answered("book-pace", one, now - place, {
        firstTokenMs: place * 100,
        writing: writing(place * 10),
      });
    const ignored = { firstTokenMs: 1, writing: writing(9_000) };
    await answered("book-pace", one, now, ignored, one.owner);
    await answered("another-model", one, now, ignored);
    await answered("book-pace", one, now - 25 * HOUR, ignored);
    await answered("book-pace", other, now, { firstTokenMs: 70, writing: { tokens: 2, ms: 1 } });
    const paces = (await bookOf("book-pace")).offers.map(
      ({ provider, answers, firstTokenMs, writtenPerSecond }) => ({
        provider,
        answers,
        firstTokenMs,
        writtenPerSecond,
      }),
    );
    expect(paces).toEqual([
      {
        provider: one.id,
        answers: 10,
        firstTokenMs: { half: 500, nineOfTen: 900 },
        writtenPerSecond: { half: 50, nineOfTen: 10 },
      },
      {
        provider: other.id,
        answers: 1,
        firstTokenMs: { half: 70, nineOfTen: 70 },
        writtenPerSecond: null,
      },
    ]);
  });

  it("tells the hours in which each was connected; those before it was made are unknown", async () => {
    await offering("book-strip");
    const [offer] = (await bookOf("book-strip")).offers;
    expect(offer?.connected.slice(0, 23)).toEqual(Array.from({ length: 23 }, () => null));
    expect(offer?.connected[23]).toBeGreaterThan(0);
  });

  it("is empty once nobody offers it any more, and there is none of what nobody ever offered", async () => {
    const { socket } = await offering("book-gone");
    socket.close();
    await expect.poll(async () => (await bookOf("book-gone")).offers).toEqual([]);
    for (const end of ["", "/history"]) {
      const response = await new Visitor().call("GET", path("never-offered") + end);
      expect(response.status).toBe(404);
    }
  });

  it("is had by a name with slashes, encoded or not", async () => {
    await offering("book/with/slashes");
    const { model } = v.parse(ModelBook, await new Visitor().get("/api/market/models/book/with/slashes"));
    expect(model).toBe("book/with/slashes");
  });
});

describe("the history of a model", () => {
  it("is the hours of seven days, or those since somebody first offered it", async () => {
    await offering("history-long");
    const hours = await historyOf("history-long");
    expect(hours.map(({ beganAt }) => beganAt)).toEqual(
      Array.from({ length: 168 }, (_, hour) => HOUR_BEGAN + (hour - 167) * HOUR),
    );
    expect(hours[3]).toEqual({
      beganAt: HOUR_BEGAN - 164 * HOUR,
      jobs: 0,
      cheapestPrice: null,
      medianPrice: null,
      firstTokenMs: null,
      tokensPerSecond: null,
    });
    await offering("history-short", 2);
    expect(await historyOf("history-short")).toHaveLength(3);
  });

  it("has what others than the provider's owner were answered, by the hour in which that ended", async () => {
    const by = await offering("history-sum");
    const at = HOUR_BEGAN - 5 * HOUR + 1_000;
    const answer = (part: Partial<Part>, asker?: string) => answered("history-sum", by, at, part, asker);
    await answer({ price: 100, firstTokenMs: 300, writing: writing(40) });
    await answer({ price: 300, firstTokenMs: 100, writing: writing(20) });
    await answer({ price: 200, firstTokenMs: 200, writing: writing(30) });
    await answer({ price: 1, firstTokenMs: 1, writing: writing(9_000) }, by.owner);
    await answer({ price: 1, completionTokens: 0, outcome: "refused" });
    await answered("history-sum", by, HOUR_BEGAN - 5 * HOUR - 1, { price: 7 });
    await answered("history-sum", by, Date.now() - 169 * HOUR, { price: 1 });
    const hours = (await historyOf("history-sum")).filter(({ jobs }) => jobs > 0);
    expect(hours).toEqual([
      {
        beganAt: HOUR_BEGAN - 6 * HOUR,
        jobs: 1,
        cheapestPrice: 7,
        medianPrice: 7,
        firstTokenMs: null,
        tokensPerSecond: null,
      },
      {
        beganAt: HOUR_BEGAN - 5 * HOUR,
        jobs: 3,
        cheapestPrice: 100,
        medianPrice: 200,
        firstTokenMs: 200,
        tokensPerSecond: 30,
      },
    ]);
  });

  it("counts a request that two providers served once", async () => {
    const [first, second] = [await offering("history-two"), await offering("history-two")];
    const at = HOUR_BEGAN - HOUR;
    const part = ({ id, owner }: typeof first) => ({ provider: id, owner, at, completionTokens: 3 });
    await recordJob({
      id: "two-parts",
      consumer,
      model: "history-two",
      at,
      ended: { at, how: "finished" },
      parts: [part(first), part(second)],
    });
    expect((await historyOf("history-two")).map(({ jobs }) => jobs).slice(-2)[0]).toBe(1);
  });

  it("counts an hour that is long over once, and the one that goes on again after a minute", async () => {
    const by = await offering("history-kept");
    const over = HOUR_BEGAN - 3 * HOUR;
    const jobsAt = async (beganAt: number) =>
      (await historyOf("history-kept")).find((hour) => hour.beganAt === beganAt)?.jobs;
    await answered("history-kept", by, over + 1);
    expect(await jobsAt(over)).toBe(1);
    await answered("history-kept", by, over + 2);
    await answered("history-kept", by, HOUR_BEGAN);
    expect([await jobsAt(over), await jobsAt(HOUR_BEGAN)]).toEqual([1, 0]);
    await bindings.DB.prepare(
      "UPDATE model_hours SET counted_at = counted_at - 61000 WHERE model = 'history-kept'",
    ).run();
    expect([await jobsAt(over), await jobsAt(HOUR_BEGAN)]).toEqual([1, 1]);
    await bindings.DB.prepare(
      "UPDATE model_hours SET began_at = ? WHERE model = 'history-kept' AND began_at = ?",
    )
      .bind(HOUR_BEGAN - 500 * HOUR, over)
      .run();
    expect(await jobsAt(over)).toBe(2);
    const old = bindings.DB.prepare(
      "SELECT 1 FROM model_hours WHERE model = 'history-kept' AND began_at < ?",
    );
    expect(await old.bind(HOUR_BEGAN - 168 * HOUR).first()).toBeNull();
  });

  it("reads no more than what it tells of: both questions go by their indexes", async () => {
    const planOf = async (statement: string, ...values: (string | number)[]): Promise<string> => {
      const { results } = await bindings.DB.prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .bind(...values)
        .all<{ detail: string }>();
      return results.map(({ detail }) => detail).join("\n");
    };
    const hours = await planOf(COUNT_HOURS, "m", "[0]");
    expect(
      hours.match(/jobs USING (COVERING )?INDEX jobs_by_model \(model=\? AND ended_at>\? AND ended_at<\?\)/g),
    ).toHaveLength(2);
    const parts = await planOf(PARTS_OF_PROVIDERS, "[]", 0, "m");
    expect(parts).toMatch(/job_parts USING INDEX job_parts_by_provider \(provider=\? AND began_at>\?\)/);
    for (const plan of [hours, parts]) {
      expect(plan).not.toMatch(/SCAN (jobs|job_parts)|AUTOMATIC|TEMP B-TREE/);
    }
  });
});

describe("what is seen of an answer", () => {
  it("is written down when it has ended: how long its first token took, and what came after", async () => {
    const { id, socket, visitor } = await offering("pace-seen");
    const { secret } = await newApiKey(await signedUp());
    const asked = visitor.call(
      "POST",
      "/v1/chat/completions",
      { model: "pace-seen", messages: [{ role: "user", content: "Hello" }] },
      { authorization: `Bearer ${secret}` },
    );
    const { job } = await socket.next(marketSays("job"));
    socket.send({ type: "accept", job, promptTokens: 9 });
    for (let seq = 0; seq < 10; seq++) {
      socket.send({ type: "delta", job, seq, text: "a ", tokenCount: 1 });
      if (seq === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const usage = { promptTokens: 9, cachedPromptTokens: 0, completionTokens: 10 };
    socket.send({ type: "finished", job, reason: "stop", deltas: 10, usage, timings: null });
    expect((await asked).status).toBe(200);
    const row = await bindings.DB.prepare(
      "SELECT first_token_ms, writing_tokens, writing_ms FROM job_parts WHERE job = ? AND provider = ?",
    )
      .bind(job, id)
      .first<{ first_token_ms: number; writing_tokens: number; writing_ms: number }>();
    expect(row?.first_token_ms).toBeGreaterThanOrEqual(0);
    expect(row?.writing_tokens).toBe(9);
    expect(row?.writing_ms).toBeGreaterThanOrEqual(10);
    const [offer] = (await bookOf("pace-seen")).offers;
    expect(offer).toMatchObject({ answers: 1, firstTokenMs: { half: row?.first_token_ms } });
    expect(offer?.writtenPerSecond?.half).toBeCloseTo(9_000 / (row?.writing_ms ?? 0), 6);
  });
});
