import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { AccountWishes, ApiKeyList, SharedAliases } from "../protocol/api-key.ts";
import { RequestList } from "../protocol/market.ts";
import { ModelList } from "../protocol/model.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import type { Offer } from "../protocol/offer.ts";
import { chatOf, newModel, providerOf } from "./wishes-testing.ts";
import { accountOf, bindings, newApiKey, signedUp, Visitor } from "./testing.ts";

/** An account with a key, and how its programs ask. */
async function newConsumer(role: "member" | "administrator" = "member") {
  const account = await signedUp(role);
  const { id, secret } = await newApiKey(account);
  const headers = { authorization: `Bearer ${secret}` };
  const ask = (model: string, more: object = {}, extra: Record<string, string> = {}): Promise<Response> =>
    new Visitor().call("POST", "/v1/chat/completions", chatOf(model, more), { ...headers, ...extra });
  return {
    account,
    id,
    ask,
    /** Who serves it: the provider and the model. */
    served: async (model: string, more: object = {}): Promise<string[]> => {
      const response = await ask(model, more);
      const body = await response.json<{ model?: string; error?: { code: string } }>();
      return [response.headers.get("x-provider") ?? "", body.model ?? body.error?.code ?? ""];
    },
    refused: async (model: string, more: object = {}, extra: Record<string, string> = {}) => {
      const { error } = v.parse(OpenAIErrorBody, await (await ask(model, more, extra)).json());
      return error;
    },
    wish: async (wishes: object) =>
      expect((await account.call("PATCH", `/api/keys/${id}`, { wishes })).status).toBe(200),
    stand: async (body: object) => expect((await account.call("PUT", "/api/wishes", body)).status).toBe(200),
    models: async () =>
      v
        .parse(ModelList, await (await new Visitor().call("GET", "/v1/models", undefined, headers)).json())
        .data.map(({ id: name, owned_by: by }) => [name, by]),
  };
}

describe("wishes of a key", () => {
  it("hold from the next request on, in whatever isolate its key was known before, and are taken back as fast", async () => {
    const model = newModel();
    const [ada, bob] = [await providerOf(model), await providerOf(model)];
    const { served, wish } = await newConsumer();
    for (const only of [ada, bob, ada, ada, bob]) {
      await wish({ only: [only] });
      for (let turn = 0; turn < 3; turn++) expect(await served(model)).toEqual([only, model]);
    }
    await wish({});
    expect((await served(model))[1]).toBe(model);
  });

  it("hold for the very request that the Market has a hold ahead for", async () => {
    const model = newModel();
    const [ada, bob] = [await providerOf(model), await providerOf(model)];
    const { served, wish, account } = await newConsumer();
    await wish({ only: [ada] });
    // The end of a job places the hold for the next one of its key.
    for (let turn = 0; turn < 3; turn++) await served(model);
    await account.call("PUT", "/api/wishes", { wishes: { ignore: [ada] }, aliases: [] });
    expect(await served(model)).toEqual(["", "no_matching_offer"]);
    await wish({ only: [bob] });
    expect(await served(model)).toEqual([bob, model]);
    const left = await bindings.DB.prepare(
      "SELECT COUNT(*) AS n FROM holds_ahead h JOIN jobs j ON j.id = h.job WHERE h.consumer = ?",
    )
      .bind(await accountOf(account))
      .first<number>("n");
    expect(left).toBe(0);
  });

  it("are demands that no request lifts, and the error says whose they are", async () => {
    const model = newModel();
    const [ada, bob] = [await providerOf(model), await providerOf(model, { prices: free })];
    const { refused, served, wish, stand } = await newConsumer();
    await wish({ only: [ada], max_price: { completion: "0.5" } });
    expect(await refused(model, { provider: { max_price: { completion: 9 } } })).toMatchObject({
      code: "no_matching_offer",
      param: null,
      message: expect.stringMatching(/That is so by the wishes of this API key\.$/),
    });
    await wish({ only: [bob] });
    expect(await refused(model, { provider: { only: [ada] } })).toMatchObject({
      param: null,
      message: expect.stringMatching(/and of the request together\.$/),
    });
    expect(await refused(model, { provider: { only: ["nobody"] } })).toMatchObject({
      param: "provider.only",
    });
    await stand({ wishes: { ignore: [bob] }, aliases: [] });
    expect(await refused(model)).toMatchObject({
      message: expect.stringMatching(/by the wishes of this API key and of its account\.$/),
    });
    await stand({ wishes: {}, aliases: [] });
    expect(await served(model, { provider: { order: [ada] } })).toEqual([bob, model]);
  });

  it("with allow_fallbacks false let no other order in", async () => {
    const model = newModel();
    const [ada, bob] = [await providerOf(model), await providerOf(model)];
    const { served, refused, wish } = await newConsumer();
    await wish({ order: [ada], allow_fallbacks: false });
    expect(await served(model)).toEqual([ada, model]);
    expect((await refused(model, { provider: { order: [bob] } })).code).toBe("no_matching_offer");
  });

  it("are written as they were sent, prices in credits, and shown so", async () => {
    const { account, id, wish } = await newConsumer();
    await wish({ max_price: { prompt: 0.25, completion: "1.50" }, sort: "price", only: null });
    const { keys } = await account.get<{ keys: { wishes: object }[] }>("/api/keys");
    expect(keys[0]?.wishes).toEqual({ max_price: { prompt: "0.25", completion: "1.5" }, sort: "price" });
    expect(v.parse(ApiKeyList, { keys }).keys[0]?.wishes.max_price).toEqual({
      prompt: 250_000_000,
      completion: 1_500_000_000,
    });
    const refused = await account.call("PATCH", `/api/keys/${id}`, { wishes: { only: "ada", nobody: 1 } });
    expect([refused.status, (await refused.json<{ details: string[] }>()).details]).toEqual([
      400,
      ["wishes.only: must be a list", "wishes.nobody: is not known here"],
    ]);
  });
});

const free: Offer["prices"] = { prompt: 0, cachedPrompt: 0, completion: 0 };

describe("a key that is changed", () => {
  it("has another name, and is for other pages at once", async () => {
    const model = newModel();
    await providerOf(model);
    const { account, id, ask } = await newConsumer();
    const status = async (origin: string) => (await ask(model, {}, { origin })).status;
    const [app, other] = ["https://app.example.com", "https://other.example.com"];
    expect(await status(app)).toBe(403);
    await account.call("PATCH", `/api/keys/${id}`, { origins: [app], name: "page" });
    for (let turn = 0; turn < 2; turn++) expect([await status(app), await status(other)]).toEqual([200, 403]);
    await account.call("PATCH", `/api/keys/${id}`, { origins: [other] });
    expect([await status(app), await status(other)]).toEqual([403, 200]);
    const changed = v.parse(ApiKeyList, await account.get("/api/keys")).keys[0];
    expect(changed).toMatchObject({ name: "page", origins: [other] });
    const { results } = await bindings.DB.prepare(
      "SELECT data FROM audit_log WHERE action = 'key.change' AND subject = ?",
    )
      .bind(id)
      .all<{ data: string }>();
    expect(results.map(({ data }) => JSON.parse(data))).toEqual([
      { name: "page", origins: app },
      { origins: other },
    ]);
  });

  it("is its account's alone, and not one that was revoked", async () => {
    const { account, id } = await newConsumer();
    expect((await (await signedUp()).call("PATCH", `/api/keys/${id}`, { name: "mine" })).status).toBe(404);
    await account.call("DELETE", `/api/keys/${id}`);
    expect((await account.call("PATCH", `/api/keys/${id}`, { name: "mine" })).status).toBe(404);
  });
});

describe("an alias", () => {
  it("of the account is served by one of its models, which the answer names; another account has none", async () => {
    const [one, two] = [newModel(), newModel()];
    const [ada, bob] = [await providerOf(one), await providerOf(two)];
    const { account, ask, served, stand, models } = await newConsumer();
    const other = await newConsumer();
    await stand({ wishes: {}, aliases: [{ name: "gpt-4o-mini", models: [one, "nobody-has-this", two] }] });
    const by = new Map([
      [ada, one],
      [bob, two],
    ]);
    const [provider = "", model] = await served("gpt-4o-mini");
    expect(by.get(provider)).toBe(model);
    expect(await served("gpt-4o-mini", { provider: { only: [bob] } })).toEqual([bob, two]);
    expect((await other.refused("gpt-4o-mini")).code).toBe("model_not_found");
    const text = await (await ask("gpt-4o-mini", { stream: true, provider: { only: [ada] } })).text();
    const named = [...text.matchAll(/"model":"([^"]*)"/g)].map(([, name]) => name);
    expect([named.length > 1, new Set(named)]).toEqual([true, new Set([one])]);
    await expect
      .poll(async () =>
        v
          .parse(RequestList, await account.get("/api/requests"))
          .requests.map((each) => [each.askedModel, each.model]),
      )
      .toEqual([
        ["gpt-4o-mini", one],
        ["gpt-4o-mini", two],
        ["gpt-4o-mini", model],
      ]);
    expect(await models()).toContainEqual(["gpt-4o-mini", "alias"]);
    expect(await other.models()).not.toContainEqual(["gpt-4o-mini", "alias"]);
  });

  it("keeps its name whatever providers offer under it, and nobody who is gone is said to be unknown", async () => {
    const model = newModel();
    const name = `wanted-${model}`;
    const mine = await providerOf(model);
    const { served, stand, refused } = await newConsumer();
    await stand({ wishes: {}, aliases: [{ name, models: [model] }] });
    const thief = await providerOf(name);
    for (let turn = 0; turn < 5; turn++) expect(await served(name)).toEqual([mine, model]);
    expect((await (await newConsumer()).served(name))[0]).toBe(thief);
    await stand({ wishes: {}, aliases: [{ name, models: ["never-offered"] }] });
    expect(await refused(name)).toMatchObject({
      code: "model_not_found",
      message: `No provider has offered the model "${name}" (which stands for never-offered).`,
    });
  });

  it("of the installation is the administrators' to make, for all accounts, of no name that a model has", async () => {
    const model = newModel();
    const provider = await providerOf(model);
    const { account } = await newConsumer("administrator");
    const { account: member, served, stand } = await newConsumer();
    const name = `shared-${model}`;
    const put = (visitor: Visitor, aliases: object[]) =>
      visitor.call("PUT", "/api/market/aliases", { aliases });
    expect((await put(member, [{ name, models: [model] }])).status).toBe(403);
    expect((await put(account, [{ name, models: [model] }])).status).toBe(200);
    expect(await served(name)).toEqual([provider, model]);
    // Offered later: the alias stays what it is, and may be sent again.
    await providerOf(name);
    expect(await served(name)).toEqual([provider, model]);
    expect((await put(account, [{ name, models: [model] }])).status).toBe(200);
    const taken = await put(account, [{ name: model, models: ["other"] }]);
    expect([taken.status, (await taken.json<{ details: string[] }>()).details]).toEqual([
      400,
      [`aliases: ${model} is the name of a model that providers offered here`],
    ]);
    expect(v.parse(SharedAliases, await new Visitor().get("/api/market/aliases")).aliases).toEqual([
      { name, models: [model] },
    ]);
    const own = newModel();
    const owner = await providerOf(own);
    await stand({ wishes: {}, aliases: [{ name, models: [own] }] });
    expect(await served(name)).toEqual([owner, own]);
    expect((await put(account, [])).status).toBe(200);
  });

  it.each([
    [
      "aliases.0.name: auto is no name of a model: it means any that suits",
      [{ name: "auto", models: ["a"] }],
    ],
    ["aliases.0.models: at least one model", [{ name: "a", models: [] }]],
    ["aliases.0.models: at most 8 models", [{ name: "a", models: "abcdefghi".split("") }]],
    [
      "aliases: b is an alias itself: name its models instead",
      [
        { name: "a", models: ["b"] },
        { name: "b", models: ["c"] },
      ],
    ],
    [
      "aliases: two aliases have the same name",
      [
        { name: "a", models: ["b"] },
        { name: "a", models: ["c"] },
      ],
    ],
    [
      "aliases: at most 50 aliases",
      Array.from({ length: 51 }, (_, index) => ({ name: `a${index}`, models: ["b"] })),
    ],
  ])("is refused where it would mean nothing, or too much: %s", async (detail, aliases) => {
    const account = await signedUp();
    const response = await account.call("PUT", "/api/wishes", { wishes: {}, aliases });
    expect([response.status, (await response.json<{ details: string[] }>()).details]).toEqual([
      400,
      [detail],
    ]);
    expect(v.parse(AccountWishes, await account.get("/api/wishes"))).toEqual({ wishes: {}, aliases: [] });
  });
});

describe("auto", () => {
  it("is any model that suits: by its features, its context and the wishes", async () => {
    const [plain, able] = [newModel(), newModel()];
    const ada = await providerOf(plain, { contextTokens: 300, maxOutputTokens: 200 });
    const bob = await providerOf(able, { features: ["logprobs"] });
    const { served, wish } = await newConsumer();
    await wish({ only: [ada, bob] });
    expect(await served("auto", { max_completion_tokens: 100, provider: { only: [ada] } })).toEqual([
      ada,
      plain,
    ]);
    expect(await served("auto", { logprobs: true })).toEqual([bob, able]);
    expect(await served("auto", { max_completion_tokens: 800 })).toEqual([bob, able]);
    await wish({ only: ["nobody"] });
    expect((await served("auto"))[1]).toBe("no_matching_offer");
  });

  it("stays with the model of a conversation", async () => {
    const models = [newModel(), newModel(), newModel()];
    const providers = await Promise.all(models.map((model) => providerOf(model)));
    const { served, wish } = await newConsumer();
    await wish({ only: providers });
    const turns = [{ role: "user", content: "Who are you?" }];
    const [first] = await served("auto", { messages: turns });
    for (let turn = 0; turn < 4; turn++) {
      turns.push({ role: "assistant", content: "A model." }, { role: "user", content: "Really?" });
      expect((await served("auto", { messages: turns }))[0]).toBe(first);
    }
  });
});
