import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Model, ModelList } from "../protocol/model.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import {
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

/** A provider that offers these models. */
async function offering(id: string, models: readonly string[]): Promise<Socket> {
  const socket = await providerSocket((await newProvider(await signedUp(), id)).token);
  socket.send(providerHello({ offers: models.map((model, at) => offerOf({ offer: `offer-${at}`, model })) }));
  await socket.next(marketSays("welcome"));
  return socket;
}

const program = new Visitor();
const asked = async (path: string): Promise<Response> => {
  const { secret } = await newApiKey(await signedUp());
  return program.call("GET", path, undefined, { authorization: `Bearer ${secret}` });
};

const listed = async (path: string): Promise<Model[]> =>
  v.parse(ModelList, await (await asked(path)).json()).data;

describe("the list of models", () => {
  it("has what is offered at the moment, by name, with who serves it where that is one", async () => {
    expect(await listed("/v1/models")).toEqual([]);
    const since = Math.floor(Date.now() / 1_000);
    const ada = await offering("ada-models", ["zeta", "meta/llama-3.1:8b"]);
    await offering("bob-models", ["zeta"]);
    const models = await listed("/v1/models");
    expect(models.map(({ id, owned_by }) => [id, owned_by])).toEqual([
      ["meta/llama-3.1:8b", "ada-models"],
      ["zeta", "tabarena"],
    ]);
    expect(models[1]?.offers.map(({ provider }) => provider)).toEqual(["ada-models", "bob-models"]);
    expect(models[0]).toMatchObject({
      context_length: 2_048,
      pricing: { prompt: "0.000001", completion: "0.000002", input_cache_read: "0.0000005" },
      offers: [
        { price: { prompt: "1", cached_prompt: "0.5", completion: "2" }, slots: { total: 1, busy: 0 } },
      ],
    });
    for (const { created } of models) expect(created).toBeGreaterThanOrEqual(since);
    expect(await listed("/models")).toEqual(models);

    ada.send({ type: "drain" });
    await expect
      .poll(async () => (await listed("/v1/models")).map(({ id, owned_by }) => [id, owned_by]))
      .toEqual([["zeta", "bob-models"]]);
  });

  it("has a request id on every answer, and is kept by nobody", async () => {
    const { headers } = await asked("/v1/models");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get("cache-control")).toBe("no-store");
  });
});

describe("one model", () => {
  it.each([
    "/v1/models/org/one-model",
    "/v1/models/org%2Fone-model",
    "/models/org/one-model",
    "/models/org%2Fone-model",
  ])("is shown, slashes and all: %s", async (path) => {
    const socket = await offering(`provider-${crypto.randomUUID().slice(0, 8)}`, ["org/one-model"]);
    expect(v.parse(Model, await (await asked(path)).json()).id).toBe("org/one-model");
    socket.close();
  });

  it.each(["nobody", "%E0%A4%A", "%00", "..", "x".repeat(5_000), "constructor"])(
    "is not found where nobody offers it: %s",
    async (name) => {
      const response = await asked(`/v1/models/${name}`);
      const { error } = v.parse(OpenAIErrorBody, await response.json());
      expect(response.status).toBe(404);
      expect(["model_not_found", "unknown_url"]).toContain(error.code);
    },
  );
});
