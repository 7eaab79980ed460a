import * as v from "valibot";
import { beforeEach, describe, expect, it } from "vitest";
import type { AccountList, SessionView } from "../protocol/account.ts";
import { ChatCompletion } from "../protocol/chat-completion.ts";
import type { GuestView } from "../protocol/guest.ts";
import type { Statement } from "../protocol/ledger.ts";
import type { RequestList } from "../protocol/market.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import type { Job } from "../protocol/provider.ts";
import { auditBooks } from "./books.ts";
import {
  accountOf,
  bindings,
  marketSays,
  newProvider,
  offerOf,
  providerHello,
  providerSocket,
  signedUp,
  type Socket,
  Visitor,
} from "./testing.ts";

const GUESTS_MODEL = "tabarena-tiny";
const CHAT = "/api/chat/completions";

let provider: Socket;
let model: string;

/** One provider for each test, of a model for guests and of one for accounts. */
beforeEach(async () => {
  model = `model-${crypto.randomUUID().slice(0, 8)}`;
  provider = await providerSocket((await newProvider(await signedUp(), `by-${model}`)).token);
  const offers = [offerOf({ model }), offerOf({ offer: "guests", model: GUESTS_MODEL })];
  provider.send(providerHello({ slots: 4, offers }));
  await provider.next(marketSays("welcome"));
  return () => provider.close();
});

const hello = (of: string, more: object = {}) => ({
  model: of,
  max_tokens: 10,
  messages: [{ role: "user", content: "Hello!" }],
  provider: { only: [`by-${model}`] },
  ...more,
});

/** At the prices of `offerOf`, 1 and 2 credits per million: 5 tokens of the prompt, 2 of the answer. */
const COST_NANO = 5 * 1_000 + 2 * 2_000;

async function serve(): Promise<Job> {
  const order: Job = await provider.next(marketSays("job"));
  const { job } = order;
  provider.send({ type: "accept", job, promptTokens: 5 });
  for (const [seq, text] of ["Good", " day"].entries())
    provider.send({ type: "delta", job, seq, text, tokenCount: 1 });
  const usage = { promptTokens: 5, cachedPromptTokens: 0, completionTokens: 2 };
  provider.send({ type: "finished", job, reason: "stop", deltas: 2, usage, timings: null });
  return order;
}

async function served(asking: Promise<Response>): Promise<Response> {
  await serve();
  return asking;
}

async function refusal(response: Response): Promise<[number, string, string]> {
  const { error } = v.parse(OpenAIErrorBody, await response.json());
  return [response.status, error.code, error.message];
}

async function newGuest(): Promise<Visitor> {
  const guest = new Visitor();
  await guest.post<GuestView>("/api/session/guest");
  return guest;
}

const guestsBalance = async (guest: Visitor): Promise<number | null> =>
  (await guest.get<GuestView>("/api/session/guest")).balanceNano;

/** Once the job is settled: an answer is told a moment before. */
const settledBooks = () =>
  expect.poll(async () => {
    const { balanced, openHolds } = await auditBooks(bindings);
    return { balanced, open: openHolds.count };
  });

describe("a page's chat", () => {
  it("is answered for whoever is signed in, without a key, and paid by the account", async () => {
    const visitor = await signedUp();
    const response = await served(visitor.call("POST", CHAT, hello(model)));
    const { choices, usage } = v.parse(ChatCompletion, await response.json());
    expect([choices[0].message.content, usage.cost_nano]).toEqual(["Good day", String(COST_NANO)]);
    expect(response.headers.get("x-provider")).toBe(`by-${model}`);
    await settledBooks().toEqual({ balanced: true, open: 0 });
    const { balanceNano } = await visitor.get<Statement>("/api/ledger");
    expect(balanceNano).toBe(100_000_000 - COST_NANO);
    const { requests } = await visitor.get<RequestList>("/api/requests");
    expect(requests.map(({ key, costNano }) => [key, costNano])).toEqual([[null, COST_NANO]]);
  });

  it("streams as /v1 does", async () => {
    const visitor = await signedUp();
    const body = hello(model, { stream: true, stream_options: { include_usage: true } });
    const text = await (await served(visitor.call("POST", CHAT, body))).text();
    expect(text).toContain('"content":"Good"');
    expect(text).toContain(`"cost_nano":"${COST_NANO}"`);
    expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
  });

  it("heeds the account's wishes and its names for models", async () => {
    const visitor = await signedUp();
    const aliases = [{ name: "mine", models: [model] }];
    await visitor.call("PUT", "/api/wishes", { wishes: { ignore: ["nobody-else"] }, aliases });
    const response = await served(visitor.call("POST", CHAT, hello("mine")));
    expect(v.parse(ChatCompletion, await response.json()).model).toBe(model);
    await visitor.call("PUT", "/api/wishes", { wishes: { ignore: [`by-${model}`] }, aliases });
    expect((await refusal(await visitor.call("POST", CHAT, hello("mine")))).slice(0, 2)).toEqual([
      404,
      "no_matching_offer",
    ]);
  });

  it("holds nothing ahead: the next question comes when somebody has read the answer", async () => {
    const visitor = await signedUp();
    await served(visitor.call("POST", CHAT, hello(model)));
    await settledBooks().toEqual({ balanced: true, open: 0 });
    const ahead = bindings.DB.prepare("SELECT COUNT(*) AS count FROM holds_ahead");
    expect(await ahead.first("count")).toBe(0);
  });

  it("is refused to a stranger, to pages of other sites and with a body that is wrong, in the shape of /v1", async () => {
    const visitor = await signedUp();
    const ask = (who: Visitor, body: unknown, headers = {}) => who.call("POST", CHAT, body, headers);
    expect(await refusal(await ask(new Visitor(), hello(model)))).toEqual([
      401,
      "not_signed_in",
      "Sign in, or try models as a guest.",
    ]);
    const foreign = { origin: "https://elsewhere.example" };
    expect((await refusal(await ask(visitor, hello(model), foreign))).slice(0, 2)).toEqual([
      403,
      "origin_not_allowed",
    ]);
    expect((await refusal(await ask(visitor, "{"))).slice(0, 2)).toEqual([400, "invalid_request"]);
    expect((await refusal(await ask(visitor, hello("nobody-has-this")))).slice(0, 2)).toEqual([
      404,
      "model_not_found",
    ]);
  });
});

describe("a guest", () => {
  it("is made once for each browser, with an allowance that is in the books", async () => {
    const guest = new Visitor();
    expect(await guestsBalance(guest)).toBeNull();
    const made = await guest.call("POST", "/api/session/guest");
    expect(made.status).toBe(201);
    expect(made.headers.get("set-cookie")).toMatch(
      /^guest=[0-9a-f]{64}; Path=\/api; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
    const view = { balanceNano: 10_000_000, allowanceNano: 10_000_000, models: [GUESTS_MODEL] };
    expect(await made.json()).toEqual(view);
    const again = await guest.call("POST", "/api/session/guest");
    expect([again.status, again.headers.get("set-cookie"), await again.json()]).toEqual([200, null, view]);
    expect((await auditBooks(bindings)).balanced).toBe(true);
  });

  it("asks the models for guests out of its allowance, and no others, by whatever name", async () => {
    const guest = await newGuest();
    expect((await served(guest.call("POST", CHAT, hello(GUESTS_MODEL)))).status).toBe(200);
    await settledBooks().toEqual({ balanced: true, open: 0 });
    expect(await guestsBalance(guest)).toBe(10_000_000 - COST_NANO);
    for (const other of [model, "auto"])
      expect(await refusal(await guest.call("POST", CHAT, hello(other)))).toEqual([
        403,
        "not_for_guests",
        `Without an account only these models can be asked: ${GUESTS_MODEL}. Sign up to ask any.`,
      ]);
  });

  it("is told to sign up when its allowance does not suffice", async () => {
    const dear = {
      prompt: 1_000_000_000_000,
      cachedPrompt: 1_000_000_000_000,
      completion: 2_000_000_000_000,
    };
    const offers = [offerOf({ offer: "guests", model: GUESTS_MODEL, prices: dear })];
    const name = `dear-${model}`;
    const socket = await providerSocket((await newProvider(await signedUp(), name)).token);
    socket.send(providerHello({ offers }));
    await socket.next(marketSays("welcome"));
    const asked = hello(GUESTS_MODEL, { provider: { only: [name] } });
    const [status, code, message] = await refusal(await (await newGuest()).call("POST", CHAT, asked));
    expect([status, code]).toEqual([402, "insufficient_funds"]);
    expect(message).toMatch(/Sign up to go on\.$/);
    socket.close();
  });

  it("is nobody at every other door, and /v1 reads its cookie as little as a session's", async () => {
    const guest = await newGuest();
    expect((await guest.get<SessionView>("/api/session")).account).toBeNull();
    for (const [method, path] of [
      ["GET", "/api/ledger"],
      ["GET", "/api/requests"],
      ["GET", "/api/keys"],
      ["POST", "/api/keys"],
      ["POST", "/api/providers"],
      ["POST", "/api/submissions"],
      ["GET", "/live/me"],
    ] as const)
      expect((await guest.call(method, path, method === "POST" ? {} : undefined)).status).toBe(401);
    for (const visitor of [guest, await signedUp()])
      expect(
        (await refusal(await visitor.call("POST", "/v1/chat/completions", hello(GUESTS_MODEL))))[1],
      ).toBe("invalid_api_key");
  });

  it("is in no list of accounts, and can't be given a password", async () => {
    const administrator = await signedUp("administrator");
    await newGuest();
    const { accounts } = await administrator.get<AccountList>("/api/accounts");
    expect(accounts.filter(({ username }) => username.includes("guest"))).toEqual([]);
    const id = await bindings.DB.prepare("SELECT user FROM guests LIMIT 1").first<string>("user");
    expect((await administrator.call("POST", `/api/accounts/${id}/password`)).status).toBe(404);
  });

  it("gives way to an account that is signed in", async () => {
    const visitor = await signedUp();
    const session = cookieOf(
      await visitor.call("POST", "/api/session", { login: visitor.username, password: "correct horse" }),
    );
    const guest = cookieOf(await new Visitor().call("POST", "/api/session/guest"));
    const asking = new Visitor().call("POST", CHAT, hello(model), { cookie: `${guest}; ${session}` });
    expect((await served(asking)).status).toBe(200);
    const row = bindings.DB.prepare("SELECT consumer FROM jobs WHERE model = ?").bind(model);
    expect(await row.first("consumer")).toBe(await accountOf(visitor));
  });

  it("ends when it was not seen for 30 days: the cookie opens nothing, and the books keep what it had", async () => {
    const guest = await newGuest();
    await bindings.DB.prepare("UPDATE guests SET seen_at = seen_at - ?")
      .bind(30 * 24 * 3_600_000)
      .run();
    expect((await refusal(await guest.call("POST", CHAT, hello(GUESTS_MODEL))))[1]).toBe("not_signed_in");
    await newGuest();
    const ended = bindings.DB.prepare("SELECT user FROM guests WHERE token_hash IS NULL");
    const user = await ended.first<string>("user");
    const kept = bindings.DB.prepare("SELECT balance FROM ledger_accounts WHERE id = ?").bind(`user:${user}`);
    expect(await kept.first("balance")).toBe(10_000_000);
    expect((await auditBooks(bindings)).balanced).toBe(true);
  });

  it("that is seen stays: once a day is enough to know it", async () => {
    const guest = await newGuest();
    await bindings.DB.prepare("UPDATE guests SET seen_at = seen_at - ?")
      .bind(29 * 24 * 3_600_000)
      .run();
    expect(await guestsBalance(guest)).toBe(10_000_000);
    const latest = bindings.DB.prepare("SELECT MAX(seen_at) AS at FROM guests");
    await expect.poll(async () => Date.now() - Number(await latest.first("at")) < 3_600_000).toBe(true);
  });

  it("can be made only so often from one address", async () => {
    const from = (address: string) =>
      new Visitor().call("POST", "/api/session/guest", undefined, { "cf-connecting-ip": address });
    let made = 0;
    // Two shares at most, should a minute end meanwhile.
    while (made < 125 && (await from("192.0.2.7")).status === 201) made++;
    expect(made).toBeGreaterThanOrEqual(60);
    expect(made).toBeLessThan(125);
    expect((await from("192.0.2.8")).status).toBe(201);
  });
});

const cookieOf = (response: Response): string => response.headers.get("set-cookie")?.split(";")[0] ?? "";
