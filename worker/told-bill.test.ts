import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletionChunk } from "../protocol/chat-completion.ts";
import type { RequestList } from "../protocol/market.ts";
import type { Job } from "../protocol/provider.ts";
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

const nextJob = (socket: Socket): Promise<Job> => socket.next(marketSays("job"));

const delta = ({ job }: Job, seq: number, text: string) => ({ type: "delta", job, seq, text, tokenCount: 1 });

const finished = ({ job }: Job, deltas: number, promptTokens: number) => ({
  type: "finished",
  job,
  reason: "stop",
  deltas,
  usage: { promptTokens, cachedPromptTokens: 0, completionTokens: 1 },
  timings: null,
});

async function connected(token: string, model: string, holding: readonly string[] = []): Promise<Socket> {
  const socket = await providerSocket(token);
  const offers = [offerOf({ model, features: ["prefill"] })];
  socket.send(providerHello({ offers, holding: [...holding] }));
  await socket.next(marketSays("welcome"));
  return socket;
}

/** The cost that the last chunk of a stream tells. */
async function toldCost(response: Response): Promise<string | undefined> {
  const events = (await response.text()).split("\n\n").filter((event) => event.startsWith("data: {"));
  const last: unknown = JSON.parse(events.at(-1)?.slice("data: ".length) ?? "");
  return v.parse(ChatCompletionChunk, last).usage?.cost_nano;
}

describe("the cost that an answer tells", () => {
  it("is what was paid, though a provider that was lost comes back with its account while that is written down", async () => {
    const model = `model-${crypto.randomUUID().slice(0, 8)}`;
    const [ours, theirs] = [await signedUp(), await signedUp()];
    const { token } = await newProvider(ours, `lost-${model}`);
    const lost = await connected(token, model);
    const account = await signedUp();
    const { secret } = await newApiKey(account);
    const ask = (): Promise<Response> =>
      new Visitor().call(
        "POST",
        "/v1/chat/completions",
        {
          model,
          messages: [{ role: "user", content: "Hello!" }],
          stream: true,
          stream_options: { include_usage: true },
        },
        { authorization: `Bearer ${secret}` },
      );

    const answer = ask();
    const begun = await nextJob(lost);
    lost.send({ type: "accept", job: begun.job, promptTokens: 3 });
    for (const [seq, text] of ["One", " two", " three"].entries()) lost.send(delta(begun, seq, text));
    const successor = await connected((await newProvider(theirs, `next-${model}`)).token, model);
    lost.close();
    const goneOn = await nextJob(successor);
    successor.send({ type: "accept", job: goneOn.job, promptTokens: 6 });
    successor.send(delta(goneOn, 0, " four"));
    const back = await connected(token, model, [begun.job]);

    // Another that ends just before: what ends now waits some milliseconds to be written down.
    const other = ask();
    const short = await nextJob(back);
    back.send({ type: "accept", job: short.job, promptTokens: 3 });
    back.send(delta(short, 0, "One."));
    back.send(finished(short, 1, 3));
    await toldCost(await other);
    successor.send(finished(goneOn, 1, 6));
    back.send(finished(begun, 3, 3));

    const response = await answer;
    const told = await toldCost(response);
    const { requests } = await account.get<RequestList>("/api/requests");
    const written = requests.find(({ job }) => job === response.headers.get("x-request-id"));
    expect(told).toBe(String(written?.costNano));
  });
});
