import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { ChatCompletion, ChatCompletionChunk } from "../protocol/chat-completion.ts";
import { Books, Statement } from "../protocol/ledger.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import type { Offer } from "../protocol/offer.ts";
import type { Job } from "../protocol/provider.ts";
import { firstTokenMs, noFirstToken } from "../rules/first-token-estimate.ts";
import { auditBooks } from "./books.ts";
import { market } from "./env.ts";
import { placeHold } from "./ledger.ts";
import { knownProvider } from "./objects/provider-rows.ts";
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
  type Socket,
  type Visitor,
} from "./testing.ts";

let consumer: Visitor;
let secret: string;
let names = 0;

beforeAll(async () => {
  consumer = await signedUp();
  ({ secret } = await newApiKey(consumer));
});

/** A provider that is connected and welcome, with a model of its own unless `offer` says which. */
async function connected(more: Parameters<typeof offerOf>[0] = {}, slots = 1) {
  const owner = await signedUp();
  const id = `provider-${++names}`;
  const model = `model-${names}`;
  const { token } = await newProvider(owner, id);
  const socket = await providerSocket(token);
  socket.send(providerHello({ slots, offers: [offerOf({ model, ...more })] }));
  await socket.next(marketSays("welcome"));
  return { owner, id, model: more.model ?? model, socket, token };
}

const ask = (body: object, key = secret): Promise<Response> =>
  consumer.call(
    "POST",
    "/v1/chat/completions",
    { messages: [{ role: "user", content: "Hello" }], ...body },
    { authorization: `Bearer ${key}` },
  );

/** Takes the next job and says these tokens. */
async function serve(socket: Socket, tokens: readonly string[], end = true): Promise<Job> {
  const job = await socket.next(marketSays("job"));
  socket.send({ type: "accept", job: job.job, promptTokens: 9 });
  for (const [seq, text] of tokens.entries())
    socket.send({ type: "delta", job: job.job, seq, text, tokenCount: 1 });
  if (end) finish(socket, job, tokens.length);
  return job;
}

function finish(socket: Socket, { job }: Job, tokens: number): void {
  const usage = { promptTokens: 9, cachedPromptTokens: 0, completionTokens: tokens };
  socket.send({ type: "finished", job, reason: "stop", deltas: tokens, usage, timings: null });
}

interface Streamed {
  chunks: ChatCompletionChunk[];
  text: string;
  reasons: string[];
  error: OpenAIErrorBody | null;
  done: boolean;
}

function parsed(text: string): Streamed {
  const events = text.split("\n\n").filter((event) => event.startsWith("data: "));
  const data = events.map((event) => event.slice("data: ".length));
  const done = data.at(-1) === "[DONE]";
  const bodies: unknown[] = data.filter((event) => event !== "[DONE]").map((event) => JSON.parse(event));
  const error = v.safeParse(OpenAIErrorBody, bodies.at(-1));
  const chunks = (error.success ? bodies.slice(0, -1) : bodies).map((body) =>
    v.parse(ChatCompletionChunk, body),
  );
  const choices = chunks.flatMap((chunk): ChatCompletionChunk["choices"][number][] => [...chunk.choices]);
  return {
    chunks,
    text: choices.map(({ delta }) => delta.content ?? "").join(""),
    reasons: choices.flatMap(({ finish_reason: reason }) => reason ?? []),
    error: error.success ? error.output : null,
    done,
  };
}

const balanceOf = async (visitor: Visitor): Promise<number> =>
  v.parse(Statement, await visitor.get("/api/ledger")).balanceNano;

describe("an answer", () => {
  it("is told whole, with what it costs, and is settled by then", async () => {
    const { socket, model, owner } = await connected();
    const [before, earnedBefore] = [await balanceOf(consumer), await balanceOf(owner)];
    const asked = ask({ model });
    await serve(socket, ["Hi", " there"]);
    const response = await asked;
    const completion = v.parse(ChatCompletion, await response.json());
    expect(response.headers.get("x-request-id")).toBe(completion.id.replace("chatcmpl-", ""));
    expect(completion.choices[0]).toMatchObject({
      message: { role: "assistant", content: "Hi there" },
      finish_reason: "stop",
    });
    // 9 tokens at 1,000 and 2 at 2,000 nano-credits.
    expect(completion.usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 2, cost_nano: "13000" });
    expect(await balanceOf(consumer)).toBe(before - 13_000);
    const fee = Math.floor((13_000 * bindings.FEE_BASIS_POINTS) / 10_000);
    expect(await balanceOf(owner)).toBe(earnedBefore + 13_000 - fee);
    expect(await socket.next(marketSays("settled"))).toMatchObject({ amountNano: 13_000 - fee });
  });

  it("is streamed as it comes, one chunk a token, and ends by its reason, its usage and [DONE]", async () => {
    const { socket, model } = await connected();
    const response = await (async () => {
      const asked = ask({ model, stream: true, stream_options: { include_usage: true } });
      await serve(socket, ["One", " two", " three"]);
      return asked;
    })();
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const { chunks, text, reasons, done, error } = parsed(await response.text());
    expect({ text, reasons, done, error }).toEqual({
      text: "One two three",
      reasons: ["stop"],
      done: true,
      error: null,
    });
    expect(chunks.map(({ usage }) => usage?.completion_tokens ?? null).at(-1)).toBe(3);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it("is free of charge where the consumer's own provider gives it", async () => {
    const { socket, model, owner } = await connected();
    const { secret: own } = await newApiKey(owner);
    const before = await balanceOf(owner);
    const asked = ask({ model }, own);
    await serve(socket, ["free"]);
    const { usage } = v.parse(ChatCompletion, await (await asked).json());
    expect([usage.cost_nano, await balanceOf(owner)]).toEqual(["0", before]);
  });
});

describe("a provider that is lost", () => {
  it("before its first token is replaced unseen, and is paid nothing", async () => {
    const first = await connected();
    const second = await connected({ model: first.model, prices: offerOf().prices });
    const asked = ask({ model: first.model, stream: true });
    const heard = await Promise.race([
      first.socket.next(marketSays("job")).then(() => first),
      second.socket.next(marketSays("job")).then(() => second),
    ]);
    const other = heard === first ? second : first;
    heard.socket.close();
    await serve(other.socket, ["still", " here"]);
    expect(parsed(await (await asked).text())).toMatchObject({
      text: "still here",
      reasons: ["stop"],
      done: true,
    });
  });

  it("in the middle is followed by one that goes on from there, and both are paid for what they gave", async () => {
    const terms = { features: ["prefill" as const] };
    const first = await connected(terms);
    const asked = ask({ model: first.model, stream: true });
    await serve(first.socket, ["The", " quick"], false);
    const second = await connected({ ...terms, model: first.model });
    const response = await asked;
    first.socket.close();
    const job = await serve(second.socket, [" brown", " fox"]);
    expect(job.request).toHaveProperty("continuation", "The quick");
    expect(parsed(await response.text())).toMatchObject({
      text: "The quick brown fox",
      reasons: ["stop"],
      done: true,
    });
    const { requests } = await consumer.get<{
      requests: { providers: { provider: string; outcome: string; completionTokens: number }[] }[];
    }>("/api/requests");
    expect(requests[0]?.providers).toEqual([
      { provider: first.id, outcome: "lost", completionTokens: 2 },
      { provider: second.id, outcome: "finished", completionTokens: 2 },
    ]);
  });

  it("in the middle, with nobody who could go on, ends the stream by an error; what came is paid for", async () => {
    const { socket, model } = await connected();
    const asked = ask({ model, stream: true });
    await serve(socket, ["Half", " an"], false);
    const response = await asked;
    const before = await balanceOf(consumer);
    socket.close();
    const { text, error, done } = parsed(await response.text());
    expect([text, error?.error.code, done]).toEqual(["Half an", "provider_failed", false]);
    expect(await balanceOf(consumer)).toBeGreaterThan(before);
  });
});

describe("what a provider is known for", () => {
  const successOf = async (id: string): Promise<number | undefined> =>
    (await market(bindings).presence()).providers.find((provider) => provider.id === id)?.success;

  it("grows with what it serves to others, and is kept for when it comes again", async () => {
    const { socket, id, model, token } = await connected();
    const before = (await successOf(id)) ?? 1;
    const asked = ask({ model });
    await serve(socket, ["good"]);
    await (await asked).text();
    const after = (await successOf(id)) ?? 0;
    expect(after).toBeGreaterThan(before);
    socket.close();
    await expect.poll(() => successOf(id)).toBeUndefined();
    const again = await providerSocket(token);
    again.send(providerHello({ offers: [offerOf({ model })] }));
    await again.next(marketSays("welcome"));
    expect(await successOf(id)).toBeCloseTo(after, 3);
  });

  it("does not grow with what it serves to its own owner", async () => {
    const { socket, id, model, owner } = await connected();
    const before = await successOf(id);
    const asked = ask({ model }, (await newApiKey(owner)).secret);
    await serve(socket, ["own"]);
    await (await asked).text();
    expect(await successOf(id)).toBeCloseTo(before ?? 0, 6);
  });
});

describe("a provider of which nothing is heard", () => {
  it("is gone after three heartbeats, and its job goes elsewhere", async () => {
    const silent = await connected({ features: ["prefill"] });
    const asked = ask({ model: silent.model, stream: true });
    await serve(silent.socket, ["Hello"], false);
    const response = await asked;
    const other = await connected({ features: ["prefill"], model: silent.model });
    await runInDurableObject(market(bindings), (_market, state) => {
      for (const socket of state.getWebSockets(silent.id))
        socket.serializeAttachment({ ...socket.deserializeAttachment(), connectedAt: 0 });
    });
    await runDurableObjectAlarm(market(bindings));
    expect((await silent.socket.closed).code).toBe(4002);
    await serve(other.socket, [" there"]);
    expect(parsed(await response.text())).toMatchObject({ text: "Hello there", done: true });
  });
});

describe("a request that cannot be served", () => {
  const refused = async (response: Response): Promise<[number, string, string | null]> => {
    const { error } = v.parse(OpenAIErrorBody, await response.json());
    return [response.status, error.code, error.param];
  };

  it("names what nobody offers, and what nobody offers any more", async () => {
    expect(await refused(await ask({ model: "nobody-has-this" }))).toEqual([404, "model_not_found", "model"]);
    const { socket, model } = await connected();
    socket.close();
    await expect
      .poll(async () =>
        (await market(bindings).presence()).providers.some(({ offers }) => offers[0]?.terms.model === model),
      )
      .toBe(false);
    expect(await refused(await ask({ model }))).toEqual([503, "no_provider", null]);
  });

  it("is refused with 402 before any provider hears of it, when the account has too little", async () => {
    const price = 1_000_000_000_000;
    const { model } = await connected({ prices: { prompt: price, cachedPrompt: price, completion: price } });
    expect(await refused(await ask({ model }))).toEqual([402, "insufficient_funds", null]);
  });

  it("waits for a slot, and is told how long as a comment", async () => {
    const { socket, model } = await connected();
    const first = ask({ model, stream: true });
    const job = await serve(socket, ["a"], false);
    const second = ask({ model, stream: true });
    const waiting = await second;
    finish(socket, job, 1);
    expect(parsed(await (await first).text()).text).toBe("a");
    await serve(socket, ["b"]);
    const text = await waiting.text();
    expect(text).toMatch(/^: waiting, 0 ahead, about \d+ s\n\n/);
    expect(parsed(text)).toMatchObject({ text: "b", reasons: ["stop"], done: true });
  });
});

describe("the market", () => {
  it("knows its providers again after it slept", async () => {
    const { id, model, socket } = await connected();
    await evictDurableObject(market(bindings), { webSockets: "hibernate" });
    const { providers } = await market(bindings).presence();
    expect(providers.find((provider) => provider.id === id)?.offers[0]?.terms.model).toBe(model);
    const asked = ask({ model });
    await serve(socket, ["awake"]);
    expect(v.parse(ChatCompletion, await (await asked).json()).choices[0].message.content).toBe("awake");
  });

  it("knows how fast and how soon an offer was when it starts anew, unless its id stands for another model", async () => {
    const { id, model, socket, token } = await connected({ tokensPerSecond: null });
    for (const text of ["a", "b"]) {
      const asked = ask({ model });
      await serve(socket, [text]);
      await (await asked).text();
    }
    await runDurableObjectAlarm(market(bindings));
    const seen = async () =>
      (await knownProvider(bindings, id, Date.now()))?.offers.map(({ firstToken }) => firstToken);
    const before = await seen();
    expect(before?.[0]?.answers).toBeGreaterThan(1);
    expect(firstTokenMs(before?.[0] ?? noFirstToken, 10, Date.now())).toBeGreaterThan(0);

    await evictDurableObject(market(bindings), { webSockets: "close" });
    const comesAgain = async (offer: Offer): Promise<void> => {
      const next = await providerSocket(token);
      next.send(providerHello({ offers: [offer] }));
      await next.next(marketSays("welcome"));
    };
    await comesAgain(offerOf({ model, tokensPerSecond: 50 }));
    expect(await seen()).toEqual(before);
    await comesAgain(offerOf({ model: `${model}-another` }));
    expect(await seen()).toEqual([noFirstToken]);
  });

  it("ends what it finds open when it starts anew; what can't be read keeps nothing else up", async () => {
    const consumer = await accountOf(await signedUp());
    const { id, owner } = await connected();
    const provider = await accountOf(owner);
    const open = async (job: string, prices: string): Promise<void> => {
      await placeHold(bindings, job, consumer, 1_000, [
        bindings.DB.prepare(
          `INSERT INTO jobs (id, consumer, model, streamed, prompt_bound, max_tokens, held, fee_basis_points, created_at)
           VALUES (?, ?, 'm', 1, 100, 100, 1000, 0, 1)`,
        ).bind(job, consumer),
        bindings.DB.prepare(
          `INSERT INTO job_parts (job, part, provider, owner, prices, began_at, delivered_tokens, delivered_bytes)
           VALUES (?, 0, ?, ?, ?, 1, 7, 70)`,
        ).bind(job, id, provider, prices),
      ]);
    };
    const dear = JSON.stringify({ prompt: 0, cachedPrompt: 0, completion: 2_000_000 });
    await open("orphan-bad", "{}");
    await open("orphan-good", dear);
    await evictDurableObject(market(bindings), { webSockets: "close" });
    expect((await market(bindings).presence()).waiting).toBe(0);
    const ended = (job: string) =>
      bindings.DB.prepare("SELECT ended, cost FROM jobs WHERE id = ?").bind(job).first();
    expect(await ended("orphan-good")).toEqual({ ended: "interrupted", cost: 14 });
    expect(await ended("orphan-bad")).toEqual({ ended: null, cost: 0 });
    await bindings.DB.prepare("UPDATE job_parts SET prices = ? WHERE job = 'orphan-bad'").bind(dear).run();
    await evictDurableObject(market(bindings), { webSockets: "close" });
    await market(bindings).presence();
    expect(await ended("orphan-bad")).toEqual({ ended: "interrupted", cost: 14 });
  });

  it("leaves books that balance", async () => {
    expect(v.parse(Books, await auditBooks(bindings))).toMatchObject({ balanced: true, findings: [] });
  });
});
