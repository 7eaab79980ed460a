import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChatJob } from "../protocol/job.ts";
import { type Between, openBetween } from "./testing-between.ts";
import { jobOf, type ScriptedMarket, until } from "./testing-market.ts";
import { delta, end, refused, type ScriptedUpstream, streamed, text, usage } from "./testing-upstream.ts";

const job = "job-00001";
const CONTEXT = 1_000;

type Answer = ScriptedUpstream["answers"][number];

const data = (chunk: unknown, newline = "\n"): string => `data: ${JSON.stringify(chunk)}${newline}${newline}`;
const whole = [text("Good"), text(" day"), end("stop"), usage(9, 2)];

/** These bytes, in pieces of so many. */
const inPieces =
  (bytes: Buffer, size: number, headers: Record<string, string> = {}): Answer =>
  async (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream", ...headers });
    for (let at = 0; at < bytes.length; at += size) {
      response.write(bytes.subarray(at, at + size));
      await sleep(1);
    }
    response.end();
  };
const bytesOf = (chunks: readonly unknown[], newline = "\n"): Buffer =>
  Buffer.from(chunks.map((chunk) => data(chunk, newline)).join(""));

describe("what the Market sees of an upstream", () => {
  let market: ScriptedMarket;
  let upstream: ScriptedUpstream;
  let between: Between;

  /** A stream that stops after these bytes, with its connection, once the Market has as many deltas of it. */
  const cutAt =
    (bytes: Buffer, deltas: number): Answer =>
    async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(bytes);
      await until(() => market.deltasOf(job).length === deltas);
      response.destroy();
    };

  beforeEach(async () => {
    between = await openBetween({ task: "chat", contextTokens: CONTEXT, features: ["logprobs"] });
    ({ market, upstream } = between);
  });
  afterEach(() => between.close());

  const ask = (answer: Answer, wishes: Partial<ChatJob> = {}): void => {
    upstream.answers = [answer];
    market.say(jobOf(job, "Hello", { tokenIds: false, ...wishes }));
  };
  /** The whole answer with its end, and the tokens that its deltas tell. */
  const seen = async (answer: Answer, wishes: Partial<ChatJob> = {}) => {
    ask(answer, wishes);
    const told = await market.endOf(job);
    const deltas = market.deltasOf(job);
    expect(told.deltas).toBe(deltas.length);
    return {
      ...told,
      text: deltas.map((one) => one.text).join(""),
      tokens: deltas.reduce((sum, { tokenCount }) => sum + tokenCount, 0),
    };
  };

  describe("that answers in its own way is the answer", () => {
    it.each<[string, Answer]>([
      [
        "late, and then byte by byte",
        async (response) => {
          await sleep(100);
          await inPieces(bytesOf(whole), 1)(response);
        },
      ],
      ["with CR LF, cut between them", inPieces(bytesOf(whole, "\r\n"), 7)],
      ["with CR alone", inPieces(bytesOf(whole, "\r"), 11)],
      [
        "with comments and fields of its own",
        streamed([": waiting\n\n", "event: chunk\nid: 5\nretry: 10\n", ...whole, ": bye\n\n"]),
      ],
      [
        "with an event over several lines",
        streamed(['data: {"choices":\ndata: [{"delta":{"content":"Good"}}]}\n\n', ...whole.slice(1)]),
      ],
      ["packed, though not asked to", inPieces(gzipSync(bytesOf(whole)), 20, { "content-encoding": "gzip" })],
      [
        "with a type that has parameters",
        inPieces(bytesOf(whole), 1_000, { "content-type": "Text/Event-Stream;charset=UTF-8" }),
      ],
      ["and cuts the connection after its end", cutAt(bytesOf(whole), 2)],
      ["and sends nonsense after its end", streamed([...whole, "data: {oops\n\n"])],
      ["and tells an error after its end", streamed([...whole, { error: "too late" }])],
      [
        "and writes on after its end",
        streamed([text("Good"), text(" day"), end("stop"), text("!"), usage(9, 2)]),
      ],
      [
        "with another answer beside it",
        streamed([
          text("Good"),
          { choices: [{ index: 1, delta: { content: "Bad" } }] },
          text(" day"),
          end("stop"),
          usage(9, 2),
        ]),
      ],
      [
        "with a reason to finish each time",
        streamed([
          { choices: [{ delta: { content: "Good" }, finish_reason: "" }] },
          text(" day"),
          end("stop"),
          usage(9, 2),
        ]),
      ],
    ])("%s", async (_how, answer) => {
      expect(await seen(answer)).toMatchObject({
        type: "finished",
        reason: "stop",
        text: "Good day",
        tokens: 2,
        usage: { promptTokens: 9, cachedPromptTokens: 0, completionTokens: 2 },
      });
    });

    it("in characters of several bytes that are cut everywhere", async () => {
      const bytes = bytesOf([text("caf\u00e9 \u4f60 \u{1f600}"), end("stop"), usage(9, 4)]);
      for (const size of [1, 2, 3]) {
        upstream.answers = [inPieces(bytes, size)];
        const id = `job-0000${size}`;
        market.say(jobOf(id, "Hello", { tokenIds: false }));
        await market.endOf(id);
        expect(
          market
            .deltasOf(id)
            .map((one) => one.text)
            .join(""),
        ).toBe("caf\u00e9 \u4f60 \u{1f600}");
        market.say({
          type: "settled",
          job: id,
          paid: { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 },
          amountNano: 0,
        });
      }
    });

    it("in a piece that is larger than a delta", async () => {
      const long = "\u20ac".repeat(200_000);
      const { type, text: told } = await seen(streamed([text(long), end("stop")]));
      expect([type, told === long]).toEqual(["finished", true]);
    });
  });

  describe("that is no answer is a refusal, and somebody else is asked", () => {
    it.each<[string, Answer, string | RegExp]>([
      [
        "a page",
        refused(200, "<html><title>Sign in</title>", { "content-type": "text/html" }),
        /with text\/html, not with a stream: <html><title>Sign in/,
      ],
      [
        "an error with status 200",
        refused(200, '{"error":{"message":"out of memory"}}', { "content-type": "application/json" }),
        /application\/json, not with a stream: out of memory/,
      ],
      [
        "an answer as a whole",
        refused(200, '{"choices":[{"message":{"content":"a"}}]}', { "content-type": "application/json" }),
        /application\/json, not with a stream/,
      ],
      ["nothing", refused(200, ""), /with nothing, not with a stream/],
      ["no content", refused(204, ""), /answers 204/],
      [
        "an error of a proxy's",
        refused(502, "<html>Bad Gateway</html>", { "content-type": "text/html" }),
        /502: <html>Bad Gateway/,
      ],
    ])("%s", async (_what, answer, message) => {
      ask(answer);
      expect(await market.hear("refuse")).toMatchObject({
        job,
        reason: "engine",
        message: expect.stringMatching(message),
      });
      expect(market.deltasOf(job)).toEqual([]);
    });
  });

  describe("that breaks off is a failure after what was delivered", () => {
    const event = data(text(" you"));
    const smile = Buffer.from(`data: {"choices":[{"delta":{"content":"\u{1f600}`);

    it.each<[string, Answer, RegExp]>([
      [
        "in the midst of an event",
        cutAt(Buffer.from(data(text("Good")) + event.slice(0, 20)), 1),
        /broke off its answer/,
      ],
      [
        "in the midst of a character",
        cutAt(Buffer.concat([Buffer.from(data(text("Good"))), smile.subarray(0, -2)]), 1),
        /broke off its answer/,
      ],
      [
        "by its end, in the midst of an event",
        streamed([text("Good"), event.slice(0, 20)], ""),
        /broke off its answer/,
      ],
      ["without a reason to finish", streamed([text("Good"), usage(9, 1)]), /broke off its answer/],
      ["for a reason that nobody knows", streamed([text("Good"), end("tired")]), /reason of its own: tired/],
      [
        "by an error",
        streamed([text("Good"), { error: { message: "out of memory", code: 500 } }]),
        /fails: out of memory/,
      ],
      [
        "by an event that is an error",
        streamed([text("Good"), 'event: error\ndata: {"error":"gone"}\n\n']),
        /fails: gone/,
      ],
      ["into a page", streamed([text("Good"), "data: <html>\n\n"]), /no JSON: <html>/],
      [
        "into what is no chunk",
        streamed([text("Good"), delta({ content: 5 })]),
        /no chunk of an answer: choices\.0\.delta\.content/,
      ],
      ["into null", streamed([text("Good"), "data: null\n\n"]), /no chunk of an answer/],
      [
        "into counts below zero",
        streamed([text("Good"), { ...text("!"), usage: { completion_tokens: -5 } }]),
        /no chunk of an answer: usage\.completion_tokens/,
      ],
      [
        "into an answer of another model",
        streamed([
          { ...text("Good"), model: "served" },
          { ...text("!"), model: "cheap" },
        ]),
        /by the model "cheap", which was "served"/,
      ],
    ])("%s", async (_how, answer, message) => {
      expect(await seen(answer)).toMatchObject({
        type: "failed",
        text: "Good",
        tokens: 1,
        message: expect.stringMatching(message),
      });
    });

    it("in what is packed and broken", async () => {
      const packed = gzipSync(bytesOf(whole));
      packed.fill(0xff, 12);
      expect(await seen(inPieces(packed, 1_000, { "content-encoding": "gzip" }))).toMatchObject({
        type: "failed",
        deltas: 0,
        message: expect.stringMatching(/broke off its answer/),
      });
    });

    it("in a line without an end, of which not all is kept", async () => {
      let sent = 0;
      const endless: Answer = async (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(data(text("Good")));
        response.write('data: {"choices":[{"delta":{"content":"');
        const some = Buffer.alloc(1024 * 1024, "x");
        for (; sent < 64 && !response.destroyed; sent++)
          await new Promise<void>((resolve) => response.write(some, () => resolve()));
        response.end();
      };
      expect(await seen(endless)).toMatchObject({
        type: "failed",
        text: "Good",
        message: expect.stringMatching(/can't be read/),
      });
      expect(sent).toBeLessThan(40);
    });
  });

  describe("that lies is what it was asked for, and no more is claimed", () => {
    it.each<[string, Answer, Partial<ChatJob>, Record<string, unknown>]>([
      [
        "in tokens that it did not write",
        streamed([text("a"), text("b"), end("stop"), usage(9, 1_000_000)]),
        { maxTokens: 7 },
        { reason: "stop", text: "ab", tokens: 7, usage: { promptTokens: 9, completionTokens: 7 } },
      ],
      [
        "in tokens with each piece",
        streamed([{ ...text("a"), timings: { predicted_n: 5_000 } }, text("b"), end("stop")]),
        { maxTokens: 7 },
        { reason: "length", text: "a", tokens: 7, usage: { completionTokens: 7 } },
      ],
      [
        "in a prompt that is longer than its context",
        streamed([
          text("a"),
          end("stop"),
          usage(5_000_000, 1, { prompt_tokens_details: { cached_tokens: 6_000_000 } }),
        ]),
        {},
        { usage: { promptTokens: CONTEXT, cachedPromptTokens: CONTEXT, completionTokens: 1 } },
      ],
      [
        "in no tokens at all",
        streamed([text("a"), text("b"), end("stop"), usage(9, 0)]),
        {},
        { text: "ab", tokens: 2, usage: { promptTokens: 9, completionTokens: 2 } },
      ],
      [
        "by writing more than was asked for",
        streamed([text("a"), text("b"), text("c"), text("d"), end("stop"), usage(9, 4)]),
        { maxTokens: 2 },
        { reason: "length", text: "ab", tokens: 2, usage: { completionTokens: 2 } },
      ],
      [
        "by writing on after a stop string, which comes in pieces",
        streamed([
          text("one"),
          text(" E"),
          text("N"),
          text("D two"),
          text(" three"),
          end("length"),
          usage(9, 5),
        ]),
        { stop: [" END"] },
        { reason: "stop", text: "one", tokens: 4, usage: { completionTokens: 4 } },
      ],
      [
        "by tool calls that are none",
        streamed([text("a"), end("tool_calls"), usage(9, 1)]),
        {},
        { reason: "stop", text: "a", tokens: 1 },
      ],
      [
        "in more probabilities than tokens may be",
        streamed([
          delta(
            { content: "a" },
            { logprobs: { content: [1, 2, 3].map(() => ({ token: "a", logprob: 0 })) } },
          ),
          end("stop"),
        ]),
        { maxTokens: 2, logprobs: 0 },
        { reason: "stop", text: "a", tokens: 2 },
      ],
    ])("%s", async (_how, answer, wishes, expected) => {
      expect(await seen(answer, wishes)).toMatchObject({ type: "finished", ...expected });
    });

    it("and lets through what only looked like a stop string", async () => {
      expect(
        await seen(streamed([text("one E"), text("N"), end("stop"), usage(9, 2)]), { stop: ["END"] }),
      ).toMatchObject({ reason: "stop", text: "one EN", tokens: 2 });
    });

    it("and stops it", async () => {
      const endless = streamed([text("a"), text("b"), text("c"), 60_000, end("stop")]);
      expect(await seen(endless, { maxTokens: 2 })).toMatchObject({ reason: "length" });
      await expect.poll(() => upstream.hungUp).toBe(1);
    });
  });

  describe("that sends elsewhere is a refusal, and nobody else is asked", () => {
    let asked: string[];
    let elsewhere: ReturnType<typeof createServer>;
    beforeEach(async () => {
      asked = [];
      elsewhere = createServer((request, response) => {
        asked.push(`${request.headers.authorization} ${request.url}`);
        response.end("{}");
      });
      await once(elsewhere.listen(0, "127.0.0.1"), "listening");
    });
    afterEach(() => void elsewhere.close());

    it.each([301, 302, 303, 307, 308])("with %d, to another host or its own", async (status) => {
      const address = elsewhere.address();
      const port = typeof address === "object" ? address?.port : 0;
      const before = upstream.asked.length;
      for (const [at, location] of [
        `http://127.0.0.1:${port}/v1/chat/completions`,
        "/v1/chat/completions",
      ].entries()) {
        ask(refused(status, "", { location }));
        expect(await market.hear("refuse", at)).toMatchObject({
          reason: "engine",
          message: expect.stringContaining(`sends elsewhere, which is not followed: ${location}`),
        });
      }
      expect(asked).toEqual([]);
      expect(upstream.asked).toHaveLength(before + 2);
    });

    it("to where a cloud keeps its machines' secrets", async () => {
      const location = "http://169.254.169.254/latest/meta-data/";
      ask(refused(302, "", { location }));
      expect(await market.hear("refuse")).toMatchObject({ message: expect.stringContaining("not followed") });
    });
  });
});
