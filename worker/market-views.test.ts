import { evictDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { afterEach, describe, expect, it } from "vitest";
import { ApiKeyList } from "../protocol/api-key.ts";
import { ModelOffers, ProviderJobs, ProviderList, RequestList } from "../protocol/market.ts";
import type { Job } from "../protocol/provider.ts";
import { market } from "./env.ts";
import {
  bindings,
  marketSays,
  newApiKey,
  newProvider,
  offerOf,
  providerHello,
  providerSocket,
  signedUp,
  Visitor,
  type Socket,
} from "./testing.ts";

/** What consumers, providers and everybody see of a job that is really asked for and served. */

type User = Awaited<ReturnType<typeof signedUp>>;

const views = {
  requests: async (consumer: User) => v.parse(RequestList, await consumer.get("/api/requests")).requests,
  keys: async (consumer: User) => v.parse(ApiKeyList, await consumer.get("/api/keys")).keys,
  providers: async (owner: User) => v.parse(ProviderList, await owner.get("/api/providers")).providers,
  jobs: async (owner: User, id: string) =>
    v.parse(ProviderJobs, await owner.get(`/api/providers/${id}/jobs`)).jobs,
  offers: async (model: string) =>
    v
      .parse(ModelOffers, await new Visitor().get("/api/market/models"))
      .models.find((listed) => listed.model === model)?.offers ?? [],
};

async function connected(owner: User, id: string, prices = offerOf().prices): Promise<Socket> {
  const socket = await providerSocket((await newProvider(owner, id)).token);
  socket.send(providerHello({ slots: 2, offers: [offerOf({ model: MODEL, prices })] }));
  await socket.next(marketSays("welcome"));
  return socket;
}

const MODEL = "viewed";

/** A little cheaper than `offerOf`, so that it is asked first and the other may take over. */
const CHEAPER = { prompt: 900_000_000, cachedPrompt: 500_000_000, completion: 1_900_000_000 };

const ask = (secret: string): Promise<Response> =>
  new Visitor().call(
    "POST",
    "/v1/chat/completions",
    {
      model: MODEL,
      messages: [{ role: "user", content: "Hello!" }],
      stream: true,
      provider: { sort: "price" },
    },
    { authorization: `Bearer ${secret}` },
  );

const nextJob = (socket: Socket): Promise<Job> => socket.next(marketSays("job"));

/** Writes an answer of two tokens to a prompt of five. */
function write(socket: Socket, { job }: Job): void {
  socket.send({ type: "accept", job, promptTokens: 5 });
  for (const [seq, text] of ["Good", " day"].entries())
    socket.send({ type: "delta", job, seq, text, tokenCount: 1 });
  const usage = { promptTokens: 5, cachedPromptTokens: 0, completionTokens: 2 };
  socket.send({ type: "finished", job, reason: "stop", deltas: 2, usage, timings: null });
}

/** At `offerOf`'s prices; 5 % of it are the platform's, rounded down. */
const COST_NANO = 5 * 1_000 + 2 * 2_000;
const FEE_NANO = 450;

afterEach(async () => {
  await evictDurableObject(market(bindings), { webSockets: "close" }).catch(() => undefined);
});

describe("a job that is served", () => {
  it("is under way for both sides until its end, and then has cost one what the other earned and the fee", async () => {
    const [owner, consumer] = [await signedUp(), await signedUp()];
    const provider = await connected(owner, "view-served");
    const key = await newApiKey(consumer, "notebook");
    const answering = ask(key.secret);
    const job = await nextJob(provider);
    expect(await views.requests(consumer)).toMatchObject([
      { job: job.job, model: MODEL, key: "notebook", end: "open", totalMs: null, costNano: 0 },
    ]);
    expect((await views.providers(owner))[0]?.connection?.slots).toEqual({ total: 2, busy: 1 });
    expect((await views.offers(MODEL))[0]?.slots).toEqual({ total: 2, busy: 1 });

    write(provider, job);
    await (await answering).text();
    await expect.poll(async () => (await views.requests(consumer))[0]?.end).toBe("finished");
    const [request] = await views.requests(consumer);
    expect(request).toMatchObject({
      finishReason: "stop",
      error: null,
      streamed: true,
      promptTokens: 5,
      completionTokens: 2,
      costNano: COST_NANO,
      firstTokenMs: expect.any(Number),
      totalMs: expect.any(Number),
      providers: [{ provider: "view-served", outcome: "finished", completionTokens: 2 }],
    });
    expect(request?.heldNano).toBeGreaterThan(COST_NANO);
    expect((await views.keys(consumer))[0]?.usedAt).toBe(request?.at);
    expect(await views.jobs(owner, "view-served")).toMatchObject([
      { job: job.job, outcome: "finished", earnedNano: COST_NANO - FEE_NANO, feeNano: FEE_NANO },
    ]);
    expect(await views.providers(owner)).toMatchObject([
      {
        connection: { slots: { total: 2, busy: 0 } },
        jobs: 1,
        completionTokens: 2,
        earnedNano: COST_NANO - FEE_NANO,
      },
    ]);
    expect([await views.requests(owner), await views.providers(consumer)]).toEqual([[], []]);
  });

  it("has both providers where the first refused, each in its own list of jobs", async () => {
    const [owner, consumer] = [await signedUp(), await signedUp()];
    const refusing = await connected(owner, "view-refusing", CHEAPER);
    const serving = await connected(owner, "view-serving");
    const answering = ask((await newApiKey(consumer)).secret);
    const { job } = await nextJob(refusing);
    refusing.send({ type: "refuse", job, reason: "unsupported", message: "not this" });
    write(serving, await nextJob(serving));
    await (await answering).text();
    await expect.poll(async () => (await views.requests(consumer))[0]?.end).toBe("finished");
    expect((await views.requests(consumer))[0]?.providers).toEqual([
      { provider: "view-refusing", outcome: "refused", completionTokens: 0 },
      { provider: "view-serving", outcome: "finished", completionTokens: 2 },
    ]);
    expect(await views.jobs(owner, "view-refusing")).toMatchObject([
      { job, outcome: "refused", earnedNano: 0 },
    ]);
  });

  it("that its only provider leaves has failed, with what the consumer was told, and costs nothing", async () => {
    const [owner, consumer] = [await signedUp(), await signedUp()];
    const provider = await connected(owner, "view-leaving");
    const answering = ask((await newApiKey(consumer)).secret);
    const { job } = await nextJob(provider);
    provider.close();
    const told = await (await answering).text();
    await expect.poll(async () => (await views.requests(consumer))[0]?.end).toBe("failed");
    const [request] = await views.requests(consumer);
    expect(request).toMatchObject({
      job,
      costNano: 0,
      firstTokenMs: null,
      providers: [{ outcome: "lost", completionTokens: 0 }],
    });
    expect(request?.error).not.toBe("");
    expect(told).toContain(request?.error);
    expect(await views.jobs(owner, "view-leaving")).toMatchObject([{ outcome: "lost", earnedNano: 0 }]);
  });
});
