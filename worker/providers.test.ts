import { createExecutionContext, evictDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import {
  MAX_PROVIDERS,
  PROVIDER_TOKEN,
  ProviderJobs,
  ProviderList,
  ProviderToken,
} from "../protocol/market.ts";
import { sha256 } from "./digest.ts";
import { market } from "./env.ts";
import { recordJob } from "./market-testing.ts";
import { link } from "./providers.ts";
import {
  accountOf,
  bindings,
  marketSays,
  newProvider,
  offerOf,
  providerHello,
  providerSocket,
  signedUp,
  Visitor,
  type Socket,
} from "./testing.ts";

const DAY = 24 * 3_600_000;

const list = async (visitor: Visitor): Promise<ProviderList["providers"]> =>
  v.parse(ProviderList, await visitor.get("/api/providers")).providers;

const listed = async (visitor: Visitor, id: string): Promise<ProviderList["providers"][number] | undefined> =>
  (await list(visitor)).find((provider) => provider.id === id);

async function refusal(response: Response): Promise<[number, string, string]> {
  const { code, details } = await response.json<ErrorBody>();
  return [response.status, code, (details ?? []).join("; ")];
}

async function connected(token: string, more: Parameters<typeof providerHello>[0] = {}): Promise<Socket> {
  const socket = await providerSocket(token);
  socket.send(providerHello(more));
  await socket.next(marketSays("welcome"));
  return socket;
}

const jobs = async (visitor: Visitor, id: string, before?: string | null): Promise<ProviderJobs> =>
  v.parse(ProviderJobs, await visitor.get(`/api/providers/${id}/jobs${before ? `?before=${before}` : ""}`));

async function session(provider: string, beganAt: number, seenAt: number): Promise<void> {
  await bindings.DB.prepare(
    "INSERT INTO provider_sessions (id, provider, began_at, seen_at) VALUES (?, ?, ?, ?)",
  )
    .bind(crypto.randomUUID(), provider, beganAt, seenAt)
    .run();
}

afterEach(async () => {
  await evictDurableObject(market(bindings), { webSockets: "close" }).catch(() => undefined);
});

describe("a new provider", () => {
  it("has the name that its owner chose, and a token that is shown once and kept as its hash only", async () => {
    const visitor = await signedUp();
    const response = await visitor.call("POST", "/api/providers", { id: "lab-pc-7" });
    expect(response.status).toBe(201);
    const { id, token } = v.parse(ProviderToken, await response.json());
    expect(id).toBe("lab-pc-7");
    expect(token).toMatch(PROVIDER_TOKEN);
    const row = await bindings.DB.prepare("SELECT * FROM providers WHERE id = ?").bind(id).first();
    expect(JSON.stringify(row)).not.toContain(token.slice("tab-provider-".length));
    expect(row?.["token_hash"]).toBe(await sha256(token));
    expect(await list(visitor)).toEqual([
      {
        id,
        createdAt: expect.any(Number),
        connection: null,
        seenAt: null,
        uptime: 0,
        success: expect.closeTo(0.85),
        offers: [],
        jobs: 0,
        completionTokens: 0,
        earnedNano: 0,
      },
    ]);
  });

  it("can't have a name that another has or ever had, whoever asks, also where two ask at once", async () => {
    const [one, other] = [await signedUp(), await signedUp()];
    const asked = await Promise.all(
      [one, other].map((visitor) => visitor.call("POST", "/api/providers", { id: "wanted" })),
    );
    expect(asked.map(({ status }) => status).sort()).toEqual([201, 409]);
    const winner = (await list(one)).length === 1 ? one : other;
    await winner.call("DELETE", "/api/providers/wanted");
    for (const visitor of [one, other])
      expect(await refusal(await visitor.call("POST", "/api/providers", { id: "wanted" }))).toEqual([
        409,
        "name_taken",
        "",
      ]);
  });

  it.each([
    ["no name", {}, /^id: /],
    ["a name too short", { id: "pc" }, /^id: at least 3 characters/],
    ["a name too long", { id: "x".repeat(41) }, /^id: at most 40 characters/],
    ["a name in capitals", { id: "Lab" }, /^id: only lower-case letters/],
    ["a name with a slash", { id: "lab/pc" }, /^id: only lower-case letters/],
    ["a token of its own", { id: "lab-pc", token: "mine" }, /token/],
  ])("with %s is refused, naming it, and none is made", async (_what, body, details) => {
    const visitor = await signedUp();
    const [status, code, said] = await refusal(await visitor.call("POST", "/api/providers", body));
    expect([status, code]).toEqual([400, "invalid_request"]);
    expect(said).toMatch(details);
    expect(await list(visitor)).toEqual([]);
  });

  it("is refused beyond the most that an account may have, also where many are asked for at once", async () => {
    const visitor = await signedUp();
    const asked = Array.from({ length: MAX_PROVIDERS + 2 }, (_, n) =>
      visitor.call("POST", "/api/providers", { id: `many-${n}` }),
    );
    const refused = (await Promise.all(asked)).filter(({ status }) => status !== 201);
    expect(await Promise.all(refused.map(refusal))).toEqual(
      Array.from({ length: 2 }, () => [
        400,
        "invalid_request",
        `providers: at most ${MAX_PROVIDERS} at once; revoke one first`,
      ]),
    );
  });
});

describe("the list of one's providers", () => {
  it("has what a connected one says of itself, also after the Market has slept", async () => {
    const visitor = await signedUp();
    const { token } = await newProvider(visitor, "p-here");
    await newProvider(visitor, "p-away");
    await connected(token, {
      slots: 4,
      agent: "tabarena-agent 0.1.0",
      offers: [offerOf(), offerOf({ offer: "other", model: "a-model", tokensPerSecond: null })],
    });
    const expected = {
      id: "p-here",
      connection: {
        kind: "native",
        agent: "tabarena-agent 0.1.0",
        slots: { total: 4, busy: 0 },
        draining: false,
      },
      seenAt: expect.any(Number),
      offers: [
        {
          offer: "other",
          model: "a-model",
          prices: { prompt: 1_000_000_000, cachedPrompt: 500_000_000, completion: 2_000_000_000 },
          contextTokens: 2_048,
          tokensPerSecond: null,
        },
        { offer: "tiny", model: "tiny", tokensPerSecond: 100 },
      ],
    };
    expect(await list(visitor)).toMatchObject([{ id: "p-away", connection: null, seenAt: null }, expected]);
    await evictDurableObject(market(bindings), { webSockets: "hibernate" });
    expect(await listed(visitor, "p-here")).toMatchObject(expected);
  });

  it("keeps the offers of one that left, and when it was last there", async () => {
    const visitor = await signedUp();
    const { token } = await newProvider(visitor, "p-left");
    const socket = await connected(token, { kind: "browser" });
    expect((await listed(visitor, "p-left"))?.connection?.kind).toBe("browser");
    socket.close();
    await expect.poll(async () => (await listed(visitor, "p-left"))?.connection).toBeNull();
    expect(await listed(visitor, "p-left")).toMatchObject({
      seenAt: expect.any(Number),
      offers: [{ offer: "tiny", tokensPerSecond: 100 }],
    });
  });

  it("tells the share of the last day in which each was connected, those that have gone included", async () => {
    const visitor = await signedUp();
    const now = Date.now();
    for (const id of ["up-half", "up-never", "up-still"]) await newProvider(visitor, id);
    await bindings.DB.prepare("UPDATE providers SET created_at = ? WHERE id LIKE 'up-%'")
      .bind(now - 9 * DAY)
      .run();
    await session("up-half", now - 3 * DAY, now - DAY / 2);
    await session("up-still", now - 5 * DAY, now - 3 * DAY);
    const of = async (id: string) => (await listed(visitor, id))?.uptime;
    expect(await of("up-half")).toBeCloseTo(0.5, 3);
    expect(await of("up-never")).toBe(0);
    expect(await of("up-still")).toBe(0);
    expect((await listed(visitor, "up-half"))?.seenAt).toBe(now - DAY / 2);
  });

  it("looks at the latest sessions only of one that connects all the time", async () => {
    const visitor = await signedUp();
    await newProvider(visitor, "flapping");
    const now = Date.now();
    await bindings.DB.batch([
      bindings.DB.prepare("UPDATE providers SET created_at = ? WHERE id = 'flapping'").bind(now - DAY),
      // A session of half a second in every second of the last 2,000.
      bindings.DB.prepare(
        `WITH RECURSIVE second (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM second WHERE n < 2000)
         INSERT INTO provider_sessions (id, provider, began_at, seen_at)
         SELECT 'flapping-' || n, 'flapping', ?1 - n * 1000, ?1 - n * 1000 + 500 FROM second`,
      ).bind(now),
    ]);
    expect((await listed(visitor, "flapping"))?.uptime).toBeCloseTo((720 * 500) / DAY, 5);
  });

  it("sums what each did and earned, a job of two parts counted once", async () => {
    const visitor = await signedUp();
    const owner = await accountOf(visitor);
    const consumer = await accountOf(await signedUp());
    for (const provider of ["sum-one", "sum-two"]) await newProvider(visitor, provider);
    const part = { owner, at: 1, completionTokens: 10, earnedNano: 19, feeNano: 1 };
    await recordJob({
      id: "sum-job-1",
      consumer,
      at: 1,
      parts: [
        { ...part, provider: "sum-one" },
        { ...part, provider: "sum-two" },
        { ...part, provider: "sum-one" },
      ],
    });
    await recordJob({ id: "sum-job-2", consumer, at: 2, parts: [{ ...part, provider: "sum-one" }] });
    expect(await list(visitor)).toMatchObject([
      { id: "sum-one", jobs: 2, completionTokens: 30, earnedNano: 57 },
      { id: "sum-two", jobs: 1, completionTokens: 10, earnedNano: 19 },
    ]);
  });

  it("has the share of the latest jobs that succeeded", async () => {
    const visitor = await signedUp();
    await newProvider(visitor, "rated");
    await bindings.DB.prepare(
      "UPDATE providers SET successes = 0, failures = 6, rated_at = ? WHERE id = 'rated'",
    )
      .bind(Date.now())
      .run();
    expect((await listed(visitor, "rated"))?.success).toBeCloseTo(0.34, 2);
  });

  it("and all that can be done to them are the owner's alone", async () => {
    const visitor = await signedUp();
    await newProvider(visitor, "private");
    for (const role of ["member", "administrator"] as const) {
      const other = await signedUp(role);
      expect(await list(other)).toEqual([]);
      for (const [method, path] of [
        ["POST", "/api/providers/private/token"],
        ["DELETE", "/api/providers/private"],
        ["GET", "/api/providers/private/jobs"],
      ] as const)
        expect((await refusal(await other.call(method, path))).slice(0, 2)).toEqual([404, "not_found"]);
    }
    for (const path of ["/api/providers", "/api/providers/private/jobs"])
      expect((await new Visitor().call("GET", path)).status).toBe(401);
    expect(await list(visitor)).toHaveLength(1);
  });
});

describe("a provider's token", () => {
  it("opens its socket, and is refused without an upgrade", async () => {
    const { token } = await newProvider(await signedUp(), "t-opens");
    const plain = await new Visitor().call("GET", "/link/provider", undefined, {
      authorization: `Bearer ${token}`,
    });
    expect((await refusal(plain)).slice(0, 2)).toEqual([426, "upgrade_required"]);
    const socket = await providerSocket(token);
    socket.send(providerHello());
    expect(await socket.next(marketSays("welcome"))).toMatchObject({ provider: "t-opens" });
  });

  it("can't be made up, nor can a name be claimed beside it", async () => {
    await newProvider(await signedUp(), "t-victim");
    const { token } = await newProvider(await signedUp(), "t-liar");
    const upgrade = { upgrade: "websocket", "x-provider-id": "t-victim" };
    const unknown = await new Visitor().call("GET", "/link/provider", undefined, upgrade);
    expect((await refusal(unknown)).slice(0, 2)).toEqual([401, "wrong_token"]);
    const socket = await new Visitor().socket("/link/provider", {
      ...upgrade,
      authorization: `Bearer ${token}`,
    });
    socket.send(providerHello());
    expect(await socket.next(marketSays("welcome"))).toMatchObject({ provider: "t-liar" });
  });

  it("when renewed, ends the socket of the one before, which is good for nothing from then on", async () => {
    const visitor = await signedUp();
    const { token } = await newProvider(visitor, "t-renewed");
    const socket = await connected(token);
    const renewed = v.parse(ProviderToken, await visitor.post("/api/providers/t-renewed/token"));
    expect(renewed.id).toBe("t-renewed");
    await socket.closed;
    await expect(providerSocket(token)).rejects.toThrow(/401/);
    expect((await listed(visitor, "t-renewed"))?.connection).toBeNull();
    await connected(renewed.token);
    expect((await listed(visitor, "t-renewed"))?.connection).not.toBeNull();
  });

  it("ends with its provider: the socket at once, then it is told that it was revoked", async () => {
    const visitor = await signedUp();
    const { token } = await newProvider(visitor, "t-revoked");
    await newProvider(visitor, "t-stays");
    const socket = await connected(token);
    const response = await visitor.call("DELETE", "/api/providers/t-revoked");
    expect(response.status).toBe(200);
    expect(v.parse(ProviderList, await response.json()).providers.map(({ id }) => id)).toEqual(["t-stays"]);
    await socket.closed;
    await expect(providerSocket(token)).rejects.toThrow(/401 .*wrong_token.*t-revoked was revoked/);
    expect((await market(bindings).presence()).providers.map(({ id }) => id)).not.toContain("t-revoked");
    for (const [method, path] of [
      ["DELETE", "/api/providers/t-revoked"],
      ["POST", "/api/providers/t-revoked/token"],
    ] as const)
      expect((await visitor.call(method, path)).status).toBe(404);
  });

  it("that is taken back while its socket is on its way opens none", async () => {
    const visitor = await signedUp();
    const { token } = await newProvider(visitor, "t-late");
    await visitor.post("/api/providers/t-late/token");
    const url = new URL("http://tabarena.test/link/provider");
    const request = new Request(url, { headers: { upgrade: "websocket", authorization: `Bearer ${token}` } });
    const call = { request, url, params: {}, env: bindings, ctx: createExecutionContext() };
    // As the guard would have said a moment before.
    await expect(link(call, { id: "t-late" })).rejects.toMatchObject({ code: "wrong_token" });
  });

  it("is in the audit log whenever it is made or revoked, and never itself", async () => {
    const visitor = await signedUp();
    const { token } = await newProvider(visitor, "t-audited");
    const renewed = await visitor.post<ProviderToken>("/api/providers/t-audited/token");
    await visitor.call("DELETE", "/api/providers/t-audited");
    const { results } = await bindings.DB.prepare(
      "SELECT actor, action, data FROM audit_log WHERE subject = 't-audited' ORDER BY id",
    ).all();
    const actor = await accountOf(visitor);
    expect(results).toMatchObject([
      { actor, action: "provider.create" },
      { actor, action: "provider.token" },
      { actor, action: "provider.revoke" },
    ]);
    for (const secret of [token, renewed.token]) expect(JSON.stringify(results)).not.toContain(secret);
  });
});

describe("a provider's jobs", () => {
  let visitor: Visitor;
  let owner: string;
  let consumer: string;

  beforeAll(async () => {
    visitor = await signedUp();
    owner = await accountOf(visitor);
    consumer = await accountOf(await signedUp());
    for (const id of ["j-one", "j-other", "j-paged"]) await newProvider(visitor, id);
  });

  it("are its parts of them, with what each earned, and nothing of who asked", async () => {
    await recordJob({
      id: "j-job",
      consumer,
      at: 900,
      parts: [
        { provider: "j-other", owner, at: 1_000, outcome: "refused" },
        {
          provider: "j-one",
          owner,
          at: 1_100,
          outcome: "finished",
          completionTokens: 20,
          earnedNano: 38,
          feeNano: 2,
        },
      ],
    });
    expect(await jobs(visitor, "j-one")).toEqual({
      jobs: [
        {
          job: "j-job",
          model: "tiny",
          at: 1_100,
          outcome: "finished",
          promptTokens: 7,
          cachedPromptTokens: 0,
          completionTokens: 20,
          earnedNano: 38,
          feeNano: 2,
        },
      ],
      next: null,
    });
    const text = await (await visitor.call("GET", "/api/providers/j-one/jobs")).text();
    expect(text).not.toContain(consumer);
  });

  it("come in pages of 50 in which each part is once, two parts of one job and those of a moment, too", async () => {
    const expected: [string, number][] = [];
    for (let n = 0; n < 70; n++) {
      const id = `j-page-${String(n).padStart(3, "0")}`;
      const at = n < 60 ? 1_000 : n * 1_000;
      const part = { provider: "j-paged", owner, at };
      await recordJob({ id, consumer, at, parts: [part, part] });
      expected.unshift([id, at], [id, at]);
    }
    const pages: ProviderJobs[] = [await jobs(visitor, "j-paged")];
    for (let last = pages[0]; last?.next; last = pages.at(-1))
      pages.push(await jobs(visitor, "j-paged", last.next));
    expect(pages.map((page) => page.jobs.length)).toEqual([50, 50, 40]);
    expect(pages.flatMap((page) => page.jobs.map(({ job, at }) => [job, at]))).toEqual(expected);
  });

  it.each(["", "j-job", "j-job.0", "j-job.99", "nothing.0", "'.0"])("can't begin at %j", async (before) => {
    const path = `/api/providers/j-one/jobs?before=${encodeURIComponent(before)}`;
    expect(await refusal(await visitor.call("GET", path))).toEqual([
      400,
      "invalid_request",
      "before: must be what the page before named as `next`",
    ]);
  });

  it("stay readable for the owner after the provider was revoked", async () => {
    const { id } = await newProvider(visitor, "j-gone");
    await recordJob({ id: "j-gone-job", consumer, at: 1, parts: [{ provider: id, owner, at: 1 }] });
    await visitor.call("DELETE", `/api/providers/${id}`);
    expect((await jobs(visitor, id)).jobs).toHaveLength(1);
  });
});
