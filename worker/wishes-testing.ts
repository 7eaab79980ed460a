import type { Offer } from "../protocol/offer.ts";
import {
  marketSays,
  newProvider,
  offerOf,
  providerHello,
  providerSocket,
  signedUp,
  type Socket,
} from "./testing.ts";

/** Providers that serve whatever they are asked, for tests of who is asked. */

/** Each test has models of its own, so that none is served by another's provider. */
export const newModel = (): string => `model-${crypto.randomUUID().slice(0, 8)}`;

export const chatOf = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: "user", content: "Hello!" }],
  ...more,
});

/** A new provider of a model, at the prices of `offerOf`; it answers all. Returns its name. */
export async function providerOf(model: string, more: Partial<Offer> = {}): Promise<string> {
  const { id, token } = await newProvider(await signedUp(), `by-${crypto.randomUUID().slice(0, 13)}`);
  const socket = await providerSocket(token);
  socket.send(providerHello({ slots: 4, offers: [offerOf({ model, ...more })] }));
  await socket.next(marketSays("welcome"));
  void serveAll(socket);
  return id;
}

/** Writes a token as the answer to every job. */
async function serveAll(socket: Socket): Promise<void> {
  for (;;) {
    const { job } = await socket.next(marketSays("job"));
    socket.send([
      { type: "accept", job, promptTokens: 5 },
      { type: "delta", job, seq: 0, text: "Hello", tokenCount: 1 },
      {
        type: "finished",
        job,
        reason: "stop",
        deltas: 1,
        usage: { promptTokens: 5, cachedPromptTokens: 0, completionTokens: 1 },
        timings: null,
      },
    ]);
  }
}
