import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import { type ChoiceReasons, RequestReasons } from "../protocol/choice-reasons.ts";
import { RequestList } from "../protocol/market.ts";
import { recordJob } from "./market-testing.ts";
import { accountOf, newApiKey, newProvider, signedUp, Visitor } from "./testing.ts";

const page = async (visitor: Visitor, before?: string | null): Promise<RequestList> =>
  v.parse(RequestList, await visitor.get(`/api/requests${before ? `?before=${before}` : ""}`));

let owner: string;

beforeAll(async () => {
  const provider = await signedUp();
  owner = await accountOf(provider);
  for (const id of ["req-slow", "req-good"]) await newProvider(provider, id);
});

describe("the list of requests", () => {
  it("tells of each what it was, how it ended, what it cost, and who served it in which order", async () => {
    const visitor = await signedUp();
    const consumer = await accountOf(visitor);
    const key = await newApiKey(visitor, "laptop");
    await recordJob({
      id: "req-whole",
      consumer,
      key: key.id,
      at: 10_000,
      firstTokenAt: 10_120,
      ended: { at: 12_500, how: "finished", finishReason: "stop" },
      parts: [
        {
          provider: "req-slow",
          owner,
          at: 10_001,
          outcome: "lost",
          completionTokens: 3,
          earnedNano: 9,
          feeNano: 1,
        },
        { provider: "req-good", owner, at: 11_000, outcome: "finished", completionTokens: 8, earnedNano: 16 },
      ],
    });
    // It is told under which key it came when that was revoked, too.
    await visitor.call("DELETE", `/api/keys/${key.id}`);
    expect(await page(visitor)).toEqual({
      requests: [
        {
          job: "req-whole",
          model: "tiny",
          key: "laptop",
          askedModel: null,
          at: 10_000,
          streamed: true,
          end: "finished",
          finishReason: "stop",
          error: null,
          promptTokens: 7,
          cachedPromptTokens: 0,
          completionTokens: 11,
          costNano: 26,
          heldNano: 1000,
          firstTokenMs: 120,
          totalMs: 2_500,
          providers: [
            { provider: "req-slow", outcome: "lost", completionTokens: 3 },
            { provider: "req-good", outcome: "finished", completionTokens: 8 },
          ],
        },
      ],
      next: null,
    });
  });

  it("has those that go on and those that failed, with what the consumer was told", async () => {
    const visitor = await signedUp();
    const consumer = await accountOf(visitor);
    await recordJob({
      id: "req-failed",
      consumer,
      at: 1_000,
      ended: { at: 1_500, how: "failed", error: "Nobody could answer." },
    });
    await recordJob({
      id: "req-open",
      consumer,
      at: 2_000,
      parts: [{ provider: "req-good", owner, at: 2_000 }],
    });
    expect((await page(visitor)).requests).toMatchObject([
      {
        job: "req-open",
        end: "open",
        key: null,
        firstTokenMs: null,
        totalMs: null,
        providers: [{ outcome: null }],
      },
      { job: "req-failed", end: "failed", error: "Nobody could answer.", totalMs: 500, providers: [] },
    ]);
  });

  it("comes in pages of 50 in which each request is once, those of the same moment, too", async () => {
    const visitor = await signedUp();
    const consumer = await accountOf(visitor);
    const ids: string[] = [];
    for (let n = 0; n < 120; n++) {
      const id = `req-page-${String(n).padStart(3, "0")}`;
      // Sixty at once, so that the border of a page lies between two of the same moment.
      await recordJob({ id, consumer, at: n < 60 ? 1_000 : n * 1_000 });
      ids.unshift(id);
    }
    const pages: RequestList[] = [await page(visitor)];
    for (let last = pages[0]; last?.next; last = pages.at(-1)) pages.push(await page(visitor, last.next));
    expect(pages.map(({ requests }) => requests.length)).toEqual([50, 50, 20]);
    expect(pages.flatMap(({ requests }) => requests.map(({ job }) => job))).toEqual(ids);
  });

  it("ends with a page that is full when there are no more", async () => {
    const visitor = await signedUp();
    const consumer = await accountOf(visitor);
    for (let n = 0; n < 50; n++) await recordJob({ id: `req-full-${n}`, consumer, at: n });
    const { requests, next } = await page(visitor);
    expect([requests.length, next]).toEqual([50, null]);
  });

  it("is the reader's own: others, those who served them included, see nothing of them", async () => {
    const visitor = await signedUp();
    await recordJob({ id: "req-private", consumer: await accountOf(visitor), at: 1 });
    const other = await signedUp("administrator");
    expect(await page(other)).toEqual({ requests: [], next: null });
    const response = await other.call("GET", "/api/requests?before=req-private");
    const { code, details } = await response.json<ErrorBody>();
    expect([response.status, code, details]).toEqual([
      400,
      "invalid_request",
      ["before: must be the id of a request of yours"],
    ]);
    expect((await new Visitor().call("GET", "/api/requests")).status).toBe(401);
  });

  it.each(["", "nothing", "'; DROP TABLE jobs", "%00"])("refuses to begin at %j", async (before) => {
    const visitor = await signedUp();
    const response = await visitor.call("GET", `/api/requests?before=${encodeURIComponent(before)}`);
    expect([response.status, (await response.json<ErrorBody>()).code]).toEqual([400, "invalid_request"]);
  });
});

describe("why a request's provider was chosen", () => {
  const kept: ChoiceReasons = {
    sort: null,
    offers: [
      {
        provider: "req-good",
        chosen: true,
        reason: { why: "only" },
        costNano: 12,
        firstTokenMs: null,
        tokensPerSecond: 8.5,
        success: 0.85,
        slots: { total: 2, busy: 1 },
        share: 1,
      },
    ],
    unlisted: 0,
  };
  const reasonsOf = (visitor: Visitor, job: string): Promise<Response> =>
    visitor.call("GET", `/api/requests/${job}/reasons`);

  it("is told as it was kept, and null of one that has none, such as those from before", async () => {
    const visitor = await signedUp();
    const consumer = await accountOf(visitor);
    await recordJob({ id: "req-why", consumer, at: 1, reasons: JSON.stringify(kept) });
    await recordJob({ id: "req-why-old", consumer, at: 2 });
    const told = v.parse(RequestReasons, await (await reasonsOf(visitor, "req-why")).json());
    expect(told.reasons).toEqual(kept);
    expect(await (await reasonsOf(visitor, "req-why-old")).json()).toEqual({ reasons: null });
  });

  it("is told to who asked, and to nobody else", async () => {
    const consumer = await accountOf(await signedUp());
    const job = "req-why-private";
    const part = { provider: "req-good", owner, at: 1 };
    await recordJob({ id: job, consumer, at: 1, reasons: JSON.stringify(kept), parts: [part] });
    const status = async (visitor: Visitor, of: string) => {
      const response = await reasonsOf(visitor, of);
      return [response.status, (await response.json<ErrorBody>()).code];
    };
    const other = await signedUp("administrator");
    expect(await status(other, job)).toEqual([404, "not_found"]);
    expect(await status(other, "req-why-nothing")).toEqual([404, "not_found"]);
    expect((await reasonsOf(new Visitor(), job)).status).toBe(401);
  });
});
