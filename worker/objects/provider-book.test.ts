import { expect, it } from "vitest";
import type { Offer } from "../../protocol/offer.ts";
import { noFirstToken } from "../../rules/first-token-estimate.ts";
import { declaredSpeed } from "../../rules/speed-estimate.ts";
import { noRecord } from "../../rules/success-rate.ts";
import { type BookedProvider, ProviderBook } from "./provider-book.ts";

const terms = (model: string): Offer => ({
  offer: "one",
  model,
  tasks: ["chat"],
  contextTokens: 1000,
  maxOutputTokens: 1000,
  prices: { prompt: 1, cachedPrompt: 1, completion: 1 },
  artifact: { sha256: null, quantisation: "Q4_0", bytes: null },
  engine: { name: "engine", build: "1" },
  features: [],
  tokensPerSecond: null,
});

const join = (book: ProviderBook, id: string, model: string): BookedProvider =>
  book.add({
    id,
    owner: "ann",
    kind: "native",
    agent: "agent 1",
    session: "session",
    socket: new WebSocketPair()[0],
    slots: 1,
    offers: [{ terms: terms(model), speed: declaredSpeed(null, 0), firstToken: noFirstToken }],
    success: noRecord(0),
    draining: false,
  });

it("offers of a model are those of the providers that are there", () => {
  const book = new ProviderBook();
  expect(book.offersOf(["m"])).toEqual([]);
  join(book, "ada", "m");
  const bob = join(book, "bob", "m");
  join(book, "cy", "n");
  expect(book.offersOf(["m"]).map(({ provider }) => provider)).toEqual(["ada", "bob"]);
  book.drop(bob, "one");
  expect(book.offersOf(["m"]).map(({ provider }) => provider)).toEqual(["ada"]);
  book.remove("ada");
  expect([book.offersOf(["m"]), book.offersOf(["n"]).length]).toEqual([[], 1]);
});

it("offers of several models are those of each, and of any those of all", () => {
  const book = new ProviderBook();
  for (const [id, model] of [
    ["ada", "m"],
    ["bob", "n"],
    ["cy", "o"],
  ] as const)
    join(book, id, model);
  const named = (models: string[] | null) => book.offersOf(models).map(({ provider }) => provider);
  expect([named(["n", "m", "x"]), named(null), named([])]).toEqual([
    ["bob", "ada"],
    ["ada", "bob", "cy"],
    [],
  ]);
});
