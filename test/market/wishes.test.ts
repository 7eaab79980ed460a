import OpenAI, { APIError } from "openai";
import { describe, expect, it } from "vitest";
import { ApiKeyList } from "../../protocol/api-key.ts";
import { RequestList } from "../../protocol/market.ts";
import { once, stage } from "./stage.ts";
import { watchedWire } from "./wire-check.ts";

const show = stage();
const wire = watchedWire();

const clientOf = (key: string) =>
  new OpenAI({ apiKey: key, baseURL: `${show.site.url}/v1`, maxRetries: 0, fetch: wire.fetch });

const chat = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: "user" as const, content: "Hello!" }],
  max_completion_tokens: 8,
  temperature: 0,
  ...more,
});

/** An account, what changes what holds for its requests, and how the official client asks. */
async function consumer() {
  const account = await show.site.account();
  const { keys } = await account.get("/api/keys", ApiKeyList);
  const client = clientOf(account.key);
  return {
    account,
    client,
    wish: (wishes: object) => account.change("PATCH", `/api/keys/${keys[0]?.id}`, { wishes }),
    stand: (wishes: object, aliases: object[] = []) =>
      account.change("PUT", "/api/wishes", { wishes, aliases }),
    /** The provider and the model that served it. */
    served: async (model: string, more: object = {}) => {
      const { data, response } = await client.chat.completions.create(chat(model, more)).withResponse();
      return [response.headers.get("x-provider"), data.model];
    },
    refused: async (model: string, more: object = {}) => {
      const error: unknown = await client.chat.completions
        .create(chat(model, more))
        .catch((thrown) => thrown);
      if (!(error instanceof APIError)) throw new Error("it was answered");
      return { code: error.code, param: error.param, message: error.message };
    },
  };
}

describe("a program that knows nothing of wishes", () => {
  it("keeps to those of its key and its account, from one request to the next", async () => {
    const model = show.newModel();
    const [ada, bob] = [await show.provider(model), await show.provider(model)];
    const { served, wish, stand, refused } = await consumer();
    for (const { id } of [ada, bob, ada]) {
      await wish({ order: [id] });
      expect(await served(model)).toEqual([id, model]);
    }
    await stand({ ignore: [ada.id] });
    expect(await served(model)).toEqual([bob.id, model]);
    await wish({ max_price: { completion: "0.000001" } });
    expect(await refused(model)).toMatchObject({
      code: "no_matching_offer",
      param: null,
      message: expect.stringContaining("by the wishes of this API key."),
    });
  });

  it("cannot be told to leave them, by whatever field", async () => {
    const model = show.newModel();
    const [ada, bob] = [await show.provider(model), await show.provider(model)];
    const { served, wish, refused } = await consumer();
    await wish({ only: [ada.id], require_parameters: true });
    expect(
      await served(model, { provider: { order: [bob.id], ignore: [], require_parameters: false } }),
    ).toEqual([ada.id, model]);
    expect(await refused(model, { provider: { only: [bob.id] } })).toMatchObject({
      code: "no_matching_offer",
    });
  });
});

describe("a program that insists on a model's name", () => {
  it("is served by the models of its alias, whole and as streams, at every address", async () => {
    const model = show.newModel();
    const { id } = await show.provider(model);
    const { client, served, stand, account } = await consumer();
    await stand({}, [{ name: "gpt-4o-mini", models: ["not-here", model] }]);
    expect(await served("gpt-4o-mini")).toEqual([id, model]);
    const models: string[] = [];
    const stream = await client.chat.completions.create({ ...chat("gpt-4o-mini"), stream: true });
    for await (const chunk of stream) models.push(chunk.model);
    for await (const event of await client.responses.create({
      model: "gpt-4o-mini",
      input: "Hello!",
      max_output_tokens: 8,
      stream: true,
    }))
      if ("response" in event) models.push(event.response.model);
    models.push((await client.responses.create({ model: "gpt-4o-mini", input: "Hello!" })).model);
    expect([models.length > 6, new Set(models)]).toEqual([true, new Set([model])]);
    const { requests } = await account.get("/api/requests", RequestList);
    expect(new Set(requests.map((each) => `${each.askedModel} by ${each.model}`))).toEqual(
      new Set([`gpt-4o-mini by ${model}`]),
    );
    const listed = (await client.models.list()).data.find((each) => each.id === "gpt-4o-mini");
    expect(listed?.owned_by).toBe("alias");
    expect((await client.models.retrieve("gpt-4o-mini")).id).toBe("gpt-4o-mini");
  });

  it("gets all choices of an answer by one model, though each waits for its slot", async () => {
    const names = [show.newModel(), show.newModel(), show.newModel()];
    for (const name of names) await show.provider(name, {}, { slots: 1 });
    const { client, stand, account } = await consumer();
    await stand({}, [{ name: "any-of-three", models: names }]);
    const answer = await client.chat.completions.create({ ...chat("any-of-three"), n: 5 });
    expect(answer.choices).toHaveLength(5);
    const { requests } = await account.get("/api/requests", RequestList);
    expect(requests.map(({ model }) => model)).toEqual(Array.from({ length: 5 }, () => answer.model));
  });

  it("goes on with the same model where a provider is lost in the middle, though another of the alias is free", async () => {
    const [one, other] = [show.newModel(), show.newModel()];
    const lost = await show.provider(one, once({ fault: { type: "cut", at: 3 } }), {
      offer: { features: ["prefill"] },
    });
    const heir = await show.provider(one, {}, { offer: { features: ["prefill"] } });
    const stranger = await show.provider(other, {}, { offer: { features: ["prefill"] } });
    const { client, stand } = await consumer();
    await stand({}, [{ name: "either", models: [one, other] }]);
    const models = new Set<string>();
    const stream = await client.chat.completions.create({
      ...chat("either", { max_completion_tokens: 20, provider: { order: [lost.id, stranger.id, heir.id] } }),
      stream: true,
    });
    for await (const chunk of stream) models.add(chunk.model);
    expect(models).toEqual(new Set([one]));
    expect([lost, heir, stranger].map(({ jobs }) => jobs.length)).toEqual([1, 1, 0]);
  });
});

describe("auto", () => {
  it("is any model that can do what is asked, within the wishes", async () => {
    const [plain, able] = [show.newModel(), show.newModel()];
    const without = await show.provider(plain, {}, { offer: { features: [] } });
    const tools = await show.provider(able, {}, { offer: { features: ["tools"] } });
    const { served, wish } = await consumer();
    await wish({ only: [without.id, tools.id] });
    expect(await served("auto", { provider: { order: [without.id] } })).toEqual([without.id, plain]);
    const tool = { type: "function", function: { name: "look", parameters: { type: "object" } } };
    expect(await served("auto", { tools: [tool] })).toEqual([tools.id, able]);
  });
});
