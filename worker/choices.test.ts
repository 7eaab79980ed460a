import * as v from "valibot";
import { afterAll, describe, expect, it } from "vitest";
import { ChatCompletion } from "../protocol/chat-completion.ts";
import { Statement } from "../protocol/ledger.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import type { Job } from "../protocol/provider.ts";
import { auditBooks } from "./books.ts";
import {
  bindings,
  marketSays,
  newApiKey,
  newProvider,
  offerOf,
  providerHello,
  providerSocket,
  signedUp,
  type Socket,
  type Visitor,
} from "./testing.ts";

let names = 0;

afterAll(async () => {
  expect((await auditBooks(bindings)).findings).toEqual([]);
});

/** Somebody with a key, and a provider that takes two jobs at once. */
async function stage() {
  const consumer = await signedUp();
  const { secret } = await newApiKey(consumer);
  const owner = await signedUp();
  const model = `choices-${++names}`;
  const { token } = await newProvider(owner, `provider-of-${model}`);
  const socket = await providerSocket(token);
  socket.send(providerHello({ slots: 2, offers: [offerOf({ model })] }));
  await socket.next(marketSays("welcome"));
  const ask = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
    consumer.call(
      "POST",
      "/v1/chat/completions",
      { model, messages: [{ role: "user", content: "Hello" }], n: 2, ...body },
      { authorization: `Bearer ${secret}`, ...headers },
    );
  const nextJob = (): Promise<Job> => socket.next(marketSays("job"));
  return { ask, socket, nextJob, balance: () => balanceOf(consumer) };
}

const balanceOf = async (visitor: Visitor): Promise<number> =>
  v.parse(Statement, await visitor.get("/api/ledger")).balanceNano;

function write(socket: Socket, { job }: Job, tokens: readonly string[]): void {
  socket.send({ type: "accept", job, promptTokens: 9 });
  for (const [seq, text] of tokens.entries()) socket.send({ type: "delta", job, seq, text, tokenCount: 1 });
}

function finish(socket: Socket, { job }: Job, deltas: number): void {
  const usage = { promptTokens: 9, cachedPromptTokens: 0, completionTokens: deltas };
  socket.send({ type: "finished", job, reason: "stop", deltas, usage, timings: null });
}

function serve(socket: Socket, job: Job, tokens: readonly string[]): void {
  write(socket, job, tokens);
  finish(socket, job, tokens.length);
}

const fail = (socket: Socket, { job }: Job): void =>
  socket.send({ type: "failed", job, deltas: 0, message: "as the test wants it", usage: null });

const endOf = async ({ job }: Job) =>
  bindings.DB.prepare("SELECT ended, cost FROM jobs WHERE id = ?")
    .bind(job)
    .first<{ ended: string | null; cost: number }>();

/** How a job ended, and what it cost. */
async function ended(job: Job): Promise<unknown> {
  for (;;) {
    const end = await endOf(job);
    if (typeof end?.ended === "string") return end;
    await pause(20);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a whole answer of two choices", () => {
  it("is one, with what both cost, and each is a job of its own", async () => {
    const { ask, socket, nextJob, balance } = await stage();
    const before = await balance();
    const asked = ask({});
    const [first, second] = [await nextJob(), await nextJob()];
    serve(socket, second, ["Ho"]);
    serve(socket, first, ["Hi", " there"]);
    const response = await asked;
    const { id, choices, usage } = v.parse(ChatCompletion, await response.json());
    expect(new Set(choices.map(({ message }) => message.content))).toEqual(new Set(["Hi there", "Ho"]));
    expect(usage).toMatchObject({ prompt_tokens: 18, completion_tokens: 3, cost_nano: "24000" });
    expect(id).toBe(`chatcmpl-${response.headers.get("x-request-id")}`);
    expect([first.job, second.job]).toContain(response.headers.get("x-request-id"));
    expect(await ended(first)).toEqual({ ended: "finished", cost: 13_000 });
    expect(await ended(second)).toEqual({ ended: "finished", cost: 11_000 });
    expect(await balance()).toBe(before - 24_000);
  });

  it("is paid by nobody where one of them fails, however late, though the other was complete", async () => {
    const { ask, socket, nextJob, balance } = await stage();
    const before = await balance();
    const asked = ask({});
    const [first, second] = [await nextJob(), await nextJob()];
    serve(socket, first, ["Hi", " there"]);
    const response = await asked;
    expect(response.status).toBe(200);
    expect(await endOf(first)).toEqual({ ended: null, cost: 0 });
    fail(socket, second);
    await expect(response.text()).rejects.toThrow();
    expect(await ended(first)).toEqual({ ended: "cancelled", cost: 0 });
    expect(await ended(second)).toEqual({ ended: "failed", cost: 0 });
    expect(await balance()).toBe(before);
  });

  it("is refused by the status of the one that failed at once, and the other is cancelled", async () => {
    const { ask, socket, nextJob, balance } = await stage();
    const before = await balance();
    const asked = ask({});
    const [first, second] = [await nextJob(), await nextJob()];
    write(socket, first, ["Hi"]);
    fail(socket, second);
    const response = await asked;
    const { error } = v.parse(OpenAIErrorBody, await response.json());
    expect([response.status, error.code]).toEqual([502, "provider_failed"]);
    expect(response.headers.get("x-should-retry")).toBe("true");
    expect(await socket.next(marketSays("cancel"))).toMatchObject({ job: first.job });
    expect(await ended(first)).toEqual({ ended: "cancelled", cost: 0 });
    expect(await balance()).toBe(before);
  });
});

describe("a stream of two choices", () => {
  it("is not begun, nor paid, where one is refused before it begins", async () => {
    const { ask, socket, nextJob, balance } = await stage();
    const before = await balance();
    const asked = ask({ stream: true });
    const [first, second] = [await nextJob(), await nextJob()];
    write(socket, first, ["Hi", " there"]);
    fail(socket, second);
    const response = await asked;
    expect(response.status).toBe(502);
    expect(await ended(first)).toEqual({ ended: "cancelled", cost: 0 });
    expect(await balance()).toBe(before);
  });

  it("is given up with both when its reader goes", async () => {
    const { ask, socket, nextJob } = await stage();
    const asked = ask({ stream: true });
    const [first, second] = [await nextJob(), await nextJob()];
    write(socket, first, ["Hi"]);
    write(socket, second, ["Ho"]);
    const reader = (await asked).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const cancelled = [await socket.next(marketSays("cancel")), await socket.next(marketSays("cancel"))];
    expect(new Set(cancelled.map(({ job }) => job))).toEqual(new Set([first.job, second.job]));
    expect([await ended(first), await ended(second)]).toMatchObject([
      { ended: "cancelled" },
      { ended: "cancelled" },
    ]);
  });
});

describe("with an Idempotency-Key", () => {
  const key = { "idempotency-key": "the same" };

  it("an answer of two choices is given again, whole or as a stream, and paid once", async () => {
    const { ask, socket, nextJob, balance } = await stage();
    const asked = ask({}, key);
    const jobs = [await nextJob(), await nextJob()];
    for (const [at, job] of jobs.entries()) serve(socket, job, ["Hi", ` ${at}`]);
    const first = await asked;
    const whole = v.parse(ChatCompletion, await first.json());
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    const paid = await balance();
    const again = await ask({}, key);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("x-request-id")).toBe(first.headers.get("x-request-id"));
    expect(await again.json()).toEqual(whole);
    const streamed = await ask({ stream: true, stream_options: { include_usage: true } }, key);
    const text = await streamed.text();
    expect(text.match(/"finish_reason":"stop"/g)).toHaveLength(2);
    expect(text.match(/\[DONE\]/g)).toHaveLength(1);
    expect(text).toContain(`"cost_nano":"${whole.usage.cost_nano}"`);
    expect(await balance()).toBe(paid);
  });

  it("what was complete when its reader went is not paid again: the rest is answered anew", async () => {
    const { ask, socket, nextJob, balance } = await stage();
    const asked = ask({ stream: true }, key);
    const [first, second] = [await nextJob(), await nextJob()];
    write(socket, second, ["Ho"]);
    serve(socket, first, ["Hi", " there"]);
    const reader = (await asked).body?.getReader();
    let read = "";
    while (!read.includes('"finish_reason":"stop"'))
      read += new TextDecoder().decode((await reader?.read())?.value);
    expect(await ended(first)).toEqual({ ended: "finished", cost: 13_000 });
    await reader?.cancel();
    expect(await ended(second)).toMatchObject({ ended: "cancelled" });
    const paid = await balance();
    const again = ask({}, key);
    serve(socket, await nextJob(), ["Hu", "hu"]);
    const response = await again;
    expect(response.headers.get("idempotent-replayed")).toBeNull();
    const { choices } = v.parse(ChatCompletion, await response.json());
    expect(new Set(choices.map(({ message }) => message.content))).toEqual(new Set(["Hi there", "Huhu"]));
    expect(await balance()).toBe(paid - 13_000);
    expect((await ask({}, key)).headers.get("idempotent-replayed")).toBe("true");
  });

  it("one that was refused leaves the key free", async () => {
    const { ask, socket, nextJob } = await stage();
    const asked = ask({}, key);
    const [, second] = [await nextJob(), await nextJob()];
    fail(socket, second);
    expect((await asked).status).toBe(502);
    for (let status = 409; status === 409; await pause(50)) {
      const again = ask({ n: 2 }, key);
      const job = await Promise.race([again.then(() => null), nextJob()]);
      if (job === null) continue;
      serve(socket, job, ["Hi"]);
      serve(socket, await nextJob(), ["Ho"]);
      ({ status } = await again);
      expect(status).toBe(200);
    }
  });
});
