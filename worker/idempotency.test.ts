import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletionChunk, type ChatCompletion } from "../protocol/chat-completion.ts";
import { parseChatRequest, type ChatCompletionRequest } from "../protocol/chat.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import { answeredAgain, claimJobs, releaseJobs } from "./idempotency.ts";
import { newJobId, type JobOrder } from "./job-order.ts";
import { recordJob } from "./market-testing.ts";
import { OpenAIApiError } from "./openai-http.ts";
import { accountOf, bindings, newApiKey, signedUp, Visitor } from "./testing.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function requestOf(body: object): ChatCompletionRequest {
  const parsed = parseChatRequest({
    model: "tiny",
    messages: [{ role: "user", content: "Hello!" }],
    ...body,
  });
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.request;
}

const consumer = async (): Promise<string> => accountOf(await signedUp());

const orderOf = (consumer: string, body: object = {}): JobOrder => ({
  job: newJobId(),
  consumer,
  apiKey: "",
  keyVersion: 1,
  standing: null,
  aliased: null,
  asked: { type: "chat", request: requestOf(body) },
  keepsAnswer: true,
});

const completionOf = (job: string): ChatCompletion => ({
  id: `chatcmpl-${job}`,
  object: "chat.completion",
  created: 1_700_000_000,
  model: "tiny",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Hello to you!", refusal: null },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage: {
    prompt_tokens: 5,
    completion_tokens: 3,
    total_tokens: 8,
    prompt_tokens_details: { cached_tokens: 0 },
    cost: 0.000_011,
    cost_nano: "11000",
  },
});

/** The one choice of a request takes a key. */
const claimJob = async (order: JobOrder, key = "a key") =>
  (await claimJobs(bindings, order, [order], key))[0]?.earlier ?? null;

/** The code by which the order is refused. */
async function refusal(order: JobOrder, key = "a key"): Promise<string> {
  const error: unknown = await claimJob(order, key).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OpenAIApiError)) throw new Error(`refused by ${String(error)}`);
  return error.code;
}

/** Whether the order may be done now. */
const claims = async (order: JobOrder, key = "a key"): Promise<boolean> =>
  (await claimJob(order, key)) === null;

/** As if the key had come this long ago. */
const age = (job: string, ms: number) =>
  bindings.DB.prepare("UPDATE idempotent_requests SET created_at = created_at - ? WHERE job = ?")
    .bind(ms, job)
    .run();

/** As the Market notes it when a job is settled. */
const keepAnswer = ({ job }: JobOrder) =>
  bindings.DB.prepare("UPDATE idempotent_requests SET answer = ? WHERE job = ?")
    .bind(JSON.stringify(completionOf(job)), job)
    .run();

const begin = ({ job, consumer }: JobOrder, how?: string) => {
  const at = Date.now();
  return recordJob({ id: job, consumer, at, ...(how === undefined ? {} : { ended: { at, how } }) });
};

describe("of requests with the same key", () => {
  it("only one begins a job, however many come at the same moment", async () => {
    const user = await consumer();
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => claimJob(orderOf(user))));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("the second is told to wait while the first is being answered", async () => {
    const user = await consumer();
    const first = orderOf(user);
    expect(await claims(first)).toBe(true);
    expect(await refusal(orderOf(user))).toBe("idempotency_in_progress");
    await begin(first);
    await age(first.job, 10 * MINUTE);
    expect(await refusal(orderOf(user))).toBe("idempotency_in_progress");
  });

  it("the second gets the answer of the first once it is there", async () => {
    const user = await consumer();
    const first = orderOf(user);
    await claims(first);
    await begin(first, "finished");
    await keepAnswer(first);
    const earlier = await claimJob(orderOf(user));
    expect(earlier?.job).toBe(first.job);
    expect(JSON.parse(earlier?.answer ?? "")).toEqual(completionOf(first.job));
  });

  it("another one is a mistake of the sender's, before and after the answer", async () => {
    const user = await consumer();
    const first = orderOf(user);
    await claims(first);
    const other = { messages: [{ role: "user", content: "Good bye!" }] };
    expect(await refusal(orderOf(user, other))).toBe("idempotency_conflict");
    await keepAnswer(first);
    expect(await refusal(orderOf(user, other))).toBe("idempotency_conflict");
    expect(await refusal(orderOf(user, { temperature: 0.5 }))).toBe("idempotency_conflict");
  });

  it("two are the same in whatever order their fields come, and streamed or not", async () => {
    const user = await consumer();
    const parameters = { type: "object", properties: { a: { type: "string" }, b: {} } };
    const turned = { properties: { b: {}, a: { type: "string" } }, type: "object" };
    const tools = (schema: object) => [{ type: "function", function: { name: "f", parameters: schema } }];
    await claims(orderOf(user, { tools: tools(parameters), logit_bias: { "7": 1, "12": 2 } }));
    const again = { logit_bias: { "12": 2, "7": 1 }, tools: tools(turned), temperature: 1 };
    const streamed = { stream: true, stream_options: { include_usage: true } };
    expect(await refusal(orderOf(user, again))).toBe("idempotency_in_progress");
    expect(await refusal(orderOf(user, { ...again, ...streamed }))).toBe("idempotency_in_progress");
  });

  it("the second is refused where the answer of the first was too long to be kept: it would be paid again", async () => {
    const user = await consumer();
    const first = orderOf(user);
    await claims(first);
    await begin(first, "finished");
    expect(await refusal(orderOf(user))).toBe("idempotency_conflict");
  });

  it("those of other accounts have nothing to do with it, nor those of another key", async () => {
    const user = await consumer();
    expect(await claims(orderOf(user))).toBe(true);
    expect(await claims(orderOf(await consumer()))).toBe(true);
    expect(await claims(orderOf(user), "A key")).toBe(true);
  });
});

describe("a key is free again", () => {
  it.each(["failed", "cancelled", "interrupted"])("once its job ended without an answer: %s", async (how) => {
    const user = await consumer();
    const first = orderOf(user);
    await claims(first);
    await begin(first, how);
    const second = orderOf(user, { temperature: 0 });
    expect(await claims(second)).toBe(true);
    expect(await refusal(orderOf(user, { temperature: 0 }))).toBe("idempotency_in_progress");
  });

  it("once its job was refused, and not by a job that no longer has it", async () => {
    const user = await consumer();
    const [first, second] = [orderOf(user), orderOf(user)];
    await claims(first);
    await releaseJobs(bindings, [first]);
    expect(await claims(second)).toBe(true);
    await releaseJobs(bindings, [first]);
    expect(await refusal(orderOf(user))).toBe("idempotency_in_progress");
  });

  it("half a minute after its job was to begin and did not", async () => {
    const user = await consumer();
    const [first, second] = [orderOf(user), orderOf(user)];
    await claims(first);
    await age(first.job, 29_000);
    expect(await refusal(second)).toBe("idempotency_in_progress");
    await age(first.job, 2_000);
    expect(await claims(second)).toBe(true);
    await keepAnswer(first);
    expect(await refusal(orderOf(user))).toBe("idempotency_in_progress");
  });

  it("a day later, when the answer is forgotten", async () => {
    const user = await consumer();
    const first = orderOf(user);
    await claims(first);
    await begin(first, "finished");
    await keepAnswer(first);
    await age(first.job, DAY - MINUTE);
    expect((await claimJob(orderOf(user)))?.job).toBe(first.job);
    await age(first.job, MINUTE);
    expect(await claims(orderOf(user, { temperature: 0 }))).toBe(true);
    const { results } = await bindings.DB.prepare("SELECT job FROM idempotent_requests WHERE job = ?")
      .bind(first.job)
      .all();
    expect(results).toEqual([]);
  });
});

describe("a key of several choices", () => {
  const three = async () => {
    const user = await consumer();
    const request = () => ["a", "b", "c"].map(() => orderOf(user));
    const asked = orderOf(user, { n: 3 });
    const claim = (orders: readonly JobOrder[], of = asked) => claimJobs(bindings, of, orders, "a key");
    const code = async (orders: readonly JobOrder[], of = asked): Promise<unknown> =>
      claim(orders, of).then(
        (choices) => choices.map(({ earlier }) => earlier?.job ?? null),
        (error: unknown) => (error instanceof OpenAIApiError ? error.code : error),
      );
    return { user, asked, request, claim, code };
  };

  it("is taken for all of them or for none, however many come at the same moment", async () => {
    const { request, claim } = await three();
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => claim(request())));
    const taken = tries.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(taken.map((each) => each.map(({ earlier }) => earlier))).toEqual([[null, null, null]]);
  });

  it("is in use as long as one of them is being answered", async () => {
    const { request, claim, code } = await three();
    const first = request();
    await claim(first);
    for (const order of first.slice(0, 2)) await begin(order, "cancelled");
    expect(await code(request())).toBe("idempotency_in_progress");
    for (const order of first.slice(2)) await begin(order, "cancelled");
    const second = request();
    expect(await code(second)).toEqual([null, null, null]);
    expect(await code(request())).toBe("idempotency_in_progress");
  });

  it("gives those again that were answered, and is taken for the others", async () => {
    const { request, claim, code } = await three();
    const [first, ...others] = request();
    if (first === undefined) throw new Error("no choice");
    await claim([first, ...others]);
    await begin(first, "finished");
    await keepAnswer(first);
    for (const order of others) await begin(order, "failed");
    const second = request();
    expect(await code(second)).toEqual([first.job, null, null]);
    expect(await code(request())).toBe("idempotency_in_progress");
    for (const order of second.slice(1)) {
      await begin(order, "finished");
      await keepAnswer(order);
    }
    expect(await code(request())).toEqual([first.job, second[1]?.job, second[2]?.job]);
  });

  it("is free when none of them was begun, or half a minute after all were to begin", async () => {
    const { request, claim, code } = await three();
    const [first, second] = [request(), request()];
    await claim(first);
    await releaseJobs(bindings, first);
    expect(await code(second)).toEqual([null, null, null]);
    for (const { job } of second) await age(job, 31_000);
    expect(await code(request())).toEqual([null, null, null]);
  });

  it("is not given back by those that were begun and may still be paid", async () => {
    const { request, claim, code } = await three();
    const first = request();
    await claim(first);
    const [begun, paid] = first;
    if (begun === undefined || paid === undefined) throw new Error("no choice");
    await begin(begun);
    await begin(paid, "finished");
    await releaseJobs(bindings, first);
    expect(await code(request())).not.toEqual([null, null, null]);
    const { results } = await bindings.DB.prepare(
      "SELECT job FROM idempotent_requests WHERE job IN (SELECT value FROM json_each(?)) ORDER BY job",
    )
      .bind(JSON.stringify(first.map(({ job }) => job)))
      .all();
    expect(results.map(({ job }) => job)).toEqual([begun.job, paid.job].toSorted());
  });

  it("is another request's where that asks for another number of choices", async () => {
    const { user, request, claim, code } = await three();
    await claim(request());
    expect(await refusal(orderOf(user))).toBe("idempotency_conflict");
    const two = orderOf(user, { n: 2 });
    expect(await code(request().slice(0, 2), two)).toBe("idempotency_conflict");
  });

  it("is in the way of no key that a caller can send", async () => {
    const { user, request, claim } = await three();
    await claim(request());
    for (const key of ["a key1", "a key 1", "a key\\n1"]) expect(await claims(orderOf(user), key)).toBe(true);
  });
});

describe("an answer that is given again", () => {
  const server = { provider: "ada", prices: { prompt: 1_000_000_000, completion: 2_500_000_000 } };
  const earlier = { job: "0".repeat(32), answer: JSON.stringify(completionOf("0".repeat(32))), server };

  it("is the same JSON where no stream is asked for", async () => {
    const response = answeredAgain(earlier, { asked: { type: "chat", request: requestOf({}) } });
    expect([
      response.status,
      ...["content-type", "x-request-id", "idempotent-replayed", "cache-control"].map((name) =>
        response.headers.get(name),
      ),
    ]).toEqual([200, "application/json", earlier.job, "true", "no-store"]);
    expect(await response.text()).toBe(earlier.answer);
  });

  it("names who served it, and for how much", () => {
    const { headers } = answeredAgain(earlier, { asked: { type: "chat", request: requestOf({}) } });
    const named = ["x-provider", "x-price-prompt", "x-price-completion"].map((name) => headers.get(name));
    expect(named).toEqual(["ada", "1", "2.5"]);
  });

  it.each([false, true])("is a stream where one is asked for, with its usage: %s", async (includeUsage) => {
    const request = requestOf({ stream: true, stream_options: { include_usage: includeUsage } });
    const response = answeredAgain(earlier, { asked: { type: "chat", request } });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("idempotent-replayed")).toBe("true");
    const events = (await response.text()).split("\n\n");
    expect(events.splice(-2)).toEqual(["data: [DONE]", ""]);
    const chunks = events.map((event) =>
      v.parse(ChatCompletionChunk, JSON.parse(event.slice("data: ".length))),
    );
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("Hello to you!");
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(["stop"]);
    expect(chunks.at(-1)?.usage?.cost_nano).toBe(includeUsage ? "11000" : undefined);
  });
});

describe("at the door", () => {
  it.each(["", "x".repeat(256), "a\tb", "a\u007fb"])("a key is refused that is none: %j", async (key) => {
    const { secret } = await newApiKey(await signedUp());
    const response = await new Visitor().call("POST", "/v1/chat/completions", requestOf({}), {
      authorization: `Bearer ${secret}`,
      "idempotency-key": key,
    });
    const { error } = v.parse(OpenAIErrorBody, await response.json());
    expect([response.status, error.code]).toEqual([400, "invalid_request"]);
    expect(error.message).toContain("Idempotency-Key");
  });

  it("a request that nobody serves leaves its key free", async () => {
    const { secret } = await newApiKey(await signedUp());
    for (const content of ["Hello!", "Good bye!"]) {
      const body = { model: "nobody-offers-this", messages: [{ role: "user", content }] };
      const response = await new Visitor().call("POST", "/v1/chat/completions", body, {
        authorization: `Bearer ${secret}`,
        "idempotency-key": "the same",
      });
      expect(response.status).toBe(404);
    }
  });
});
