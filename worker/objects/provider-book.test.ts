import { expect, it } from "vitest";
import type { Offer } from "../../protocol/offer.ts";
import { firstTokenMs, withFirstToken } from "../../rules/first-token-estimate.ts";
import { declaredSpeed } from "../../rules/speed-estimate.ts";
import { noRecord } from "../../rules/success-rate.ts";
import { type BookedProvider, ProviderBook } from "./provider-book.ts";

const terms = (model: string): Offer => ({
  offer: "one",
  model,
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
    offers: [{ terms: terms(model), speed: declaredSpeed(null, 0) }],
    success: noRecord(0),
    draining: false,
  });

it("offers of a model are those of the providers that are there", () => {
  const book = new ProviderBook();
  expect(book.offersOf("m")).toEqual([]);
  join(book, "ada", "m");
  const bob = join(book, "bob", "m");
  join(book, "cy", "n");
  expect(book.offersOf("m").map(({ provider }) => provider)).toEqual(["ada", "bob"]);
  book.drop(bob, "one");
  expect(book.offersOf("m").map(({ provider }) => provider)).toEqual(["ada"]);
  book.remove("ada");
  expect([book.offersOf("m"), book.offersOf("n").length]).toEqual([[], 1]);
});

it("how soon an offer begins is known again when its provider comes back, unless the offer stands for another model", () => {
  const book = new ProviderBook();
  const seen = (model: string): number | null => {
    const [offer] = join(book, "ada", model).offers.values();
    const known = offer ? firstTokenMs(offer.firstToken, 100, 0) : null;
    if (offer) offer.firstToken = withFirstToken(offer.firstToken, { ms: 300, promptTokens: 100 }, 0);
    book.remove("ada");
    return known;
  };
  expect(seen("m")).toBeNull();
  expect(seen("n")).toBeNull();
  expect(seen("m")).toBeCloseTo(300);
});
