import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MAX_DIMENSIONS } from "../protocol/vector.ts";
import type { LanguageEngine } from "../provider/engine.ts";
import { chatRequest, completionRequest, embeddingRequest, type Written, written } from "./testing.ts";
import { until } from "./testing-market.ts";
import {
  json,
  openUpstream,
  refused,
  type ScriptedUpstream,
  vectorList,
  vectorsOfAll,
} from "./testing-upstream.ts";
import { openUpstreamEngine, type UpstreamSettings } from "./upstream-engine.ts";

type Answer = ScriptedUpstream["vectors"][number];

const timeouts = { factsMs: 20_000, firstMs: 20_000, stallMs: 20_000 };
const CONTEXT = 100;

describe("vectors of another server", () => {
  let scripted: ScriptedUpstream;

  beforeEach(async () => {
    scripted = await openUpstream();
    scripted.vectors = [vectorsOfAll];
  });
  afterEach(() => scripted.close());

  const open = (wishes: Partial<UpstreamSettings> = {}): Promise<LanguageEngine> =>
    openUpstreamEngine({
      upstream: scripted.upstream,
      model: "served",
      upstreamModel: null,
      tasks: ["embedding"],
      slots: null,
      contextTokens: CONTEXT,
      features: null,
      timeouts,
      ...wishes,
    });
  const ask = async (inputs: string[], dimensions: number | null = null): Promise<Written> =>
    written(await open(), embeddingRequest(inputs, dimensions));

  it("come in a piece each, with what they used", async () => {
    const { pieces, vectors, ending } = await ask(["a", "bbb"]);
    expect(vectors).toEqual([
      [1, 0, 0.5],
      [3, 1, 0.5],
    ]);
    expect(pieces.map(({ text, tokenCount, vector }) => [text, tokenCount, vector?.index])).toEqual([
      ["", 0, 0],
      ["", 0, 1],
    ]);
    expect(ending).toMatchObject({
      reason: "stop",
      usage: { promptTokens: 2, cachedPromptTokens: 0, completionTokens: 0 },
    });
    expect(scripted.askedVectors).toEqual([
      {
        url: "/v1/embeddings",
        body: { model: "served", input: ["a", "bbb"], encoding_format: "float" },
        authorization: "Bearer a key",
      },
    ]);
  });

  it("are asked for in the length that was asked for", async () => {
    await ask(["a"], 3);
    expect(scripted.askedVectors[0]?.body).toMatchObject({ dimensions: 3 });
    await expect(ask(["a"], 2)).rejects.toMatchObject({
      reason: "unsupported",
      message: "the server makes vectors of 3 numbers, not of 2",
    });
  });

  it("are asked for some at a time, one request after the other, and numbered through", async () => {
    const inputs = Array.from({ length: 70 }, (_, index) => "x".repeat(index + 1));
    const { pieces, vectors, ending } = await ask(inputs);
    expect(
      scripted.askedVectors.map(({ body }) => (Array.isArray(body["input"]) ? body["input"].length : 0)),
    ).toEqual([32, 32, 6]);
    expect(pieces.map(({ vector }) => vector?.index)).toEqual(inputs.map((_, index) => index));
    expect(vectors.map(([length]) => length)).toEqual(inputs.map(({ length }) => length));
    expect(ending.usage.promptTokens).toBe(70);
  });

  it("are put in order by their numbers, and claim no more than the context of each text", async () => {
    const [first, second] = [
      { index: 1, embedding: [2, 2] },
      { index: 0, embedding: [1, 1] },
    ];
    scripted.vectors = [json({ data: [first, second], usage: { prompt_tokens: 1_000_000 } })];
    const { vectors, ending } = await ask(["a", "b"]);
    expect(vectors).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(ending.usage.promptTokens).toBe(2 * CONTEXT);
    scripted.vectors = [json({ data: [{ embedding: [1] }, { embedding: [2] }] })];
    expect(await ask(["a", "b"])).toMatchObject({
      vectors: [[1], [2]],
      ending: { usage: { promptTokens: 0 } },
    });
  });

  const twoOf = (...vectors: unknown[]): Answer =>
    json({ data: vectors.map((embedding, index) => ({ index, embedding })) });

  it.each<[string, Answer, RegExp]>([
    ["one too few", twoOf([1, 2]), /gave 1 vectors, of 1 texts, for 2 texts/],
    ["one too many", twoOf([1], [2], [3]), /gave 3 vectors/],
    [
      "the same one twice",
      json({
        data: [
          { index: 0, embedding: [1] },
          { index: 0, embedding: [2] },
        ],
      }),
      /gave 2 vectors, of 1 texts/,
    ],
    [
      "one of no text",
      json({
        data: [
          { index: 0, embedding: [1] },
          { index: 5, embedding: [2] },
        ],
      }),
      /gave 2 vectors, of 2 texts, for 2 texts/,
    ],
    ["two lengths", twoOf([1, 2], [1]), /a vector of 1 numbers beside one of 2/],
    ["no numbers", twoOf([1, "a"], [1, 2]), /no vectors: data\.0\.embedding\.1/],
    ["null for a number", twoOf([1, null], [1, 2]), /no vectors: data\.0\.embedding\.1/],
    ["an empty one", twoOf([], []), /no vectors: data\.0\.embedding/],
    [
      "more numbers than there are",
      twoOf(
        Array.from({ length: MAX_DIMENSIONS + 1 }, () => 0),
        [1],
      ),
      /no vectors: data\.0\.embedding/,
    ],
    ["numbers beyond 32 bits", twoOf([1, 1e300], [1, 2]), /vector of input\[0\] has a number that is none/],
    [
      "numbers beyond all bits",
      refused(200, '{"data":[{"embedding":[1e999]},{"embedding":[1]}]}', {
        "content-type": "application/json",
      }),
      /has a number that is none: Infinity/,
    ],
    ["another shape", json([[1], [2]]), /no vectors/],
    ["no JSON", refused(200, "[[", { "content-type": "application/json" }), /no JSON: \[\[/],
    ["a page", refused(200, "<html>", { "content-type": "text/html" }), /text\/html, not with JSON: <html>/],
    ["nothing", refused(200, ""), /with nothing, not with JSON/],
    ["a redirect", refused(308, "", { location: "http://127.0.0.1:9/v1/embeddings" }), /not followed/],
    [
      "a cut",
      (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"data":[{"embedding":[1,');
        setTimeout(() => response.destroy(), 20);
      },
      /broke off its answer/,
    ],
  ])("fail with a sentence at %s", async (_what, answer, message) => {
    const engine = await open();
    scripted.vectors = [answer];
    await expect(written(engine, embeddingRequest(["a", "b"]))).rejects.toMatchObject({
      reason: "engine",
      message: expect.stringMatching(message),
    });
  });

  it("fail at another model than that of the first answer", async () => {
    scripted.vectors = [vectorsOfAll, json({ ...vectorList([[1, 2, 3]]), model: "cheap" })];
    const engine = await open();
    await written(engine, embeddingRequest(["a"]));
    await expect(written(engine, embeddingRequest(["a"]))).rejects.toThrow(/by the model "cheap"/);
  });

  it("fail where a later part of them has another length", async () => {
    scripted.vectors = [vectorsOfAll, json(vectorList(Array.from({ length: 8 }, () => [1, 2])))];
    const pieces: unknown[] = [];
    const engine = await open();
    const job = await engine.prepare(embeddingRequest(Array.from({ length: 40 }, () => "a")));
    await expect(job.write((piece) => void pieces.push(piece), new AbortController().signal)).rejects.toThrow(
      /of 2 numbers beside one of 3/,
    );
    expect(pieces).toHaveLength(32);
  });

  it("fail at an answer without an end, of which not all is kept", async () => {
    let sent = 0;
    const engine = await open();
    scripted.vectors = [
      async (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"data":[{"embedding":[');
        const some = Buffer.alloc(1024 * 1024, "1,");
        for (; sent < 64 && !response.destroyed; sent++)
          await new Promise<void>((resolve) => response.write(some, () => resolve()));
        response.end();
      },
    ];
    await expect(written(engine, embeddingRequest(["a"]))).rejects.toThrow(/longer than \d+ bytes/);
    expect(sent).toBeLessThan(40);
  });

  it.each([
    [400, '{"error":{"message":"input exceeds the context"}}', "too_long"],
    [400, '{"error":{"message":"dimensions are not supported"}}', "unsupported"],
    [500, '{"error":{"message":"input (900 tokens) is too large to process"}}', "too_long"],
    [501, '{"error":{"message":"no embeddings"}}', "engine"],
    [503, '{"error":{"message":"Loading model"}}', "busy"],
  ])("are refused where the server refuses them with %d %s", async (status, body, reason) => {
    const engine = await open();
    scripted.vectors = [refused(status, body)];
    await expect(engine.prepare(embeddingRequest(["a"]))).rejects.toMatchObject({ reason });
  });

  it("are taken on though they take long, and fail after the time for them", async () => {
    const engine = await open({ timeouts: { ...timeouts, firstMs: 1_500 } });
    scripted.vectors = [() => undefined];
    const job = await engine.prepare(embeddingRequest(["a"]));
    await expect(job.write(() => undefined, new AbortController().signal)).rejects.toThrow(
      /made no vectors for 1.5 s/,
    );
    await until(() => scripted.hungUp === 1);
  });

  it.each(["before they are made", "while they are made", "between two of them"])(
    "are not asked for any more when they are cancelled %s",
    async (when) => {
      const engine = await open();
      if (when === "while they are made") scripted.vectors = [() => undefined];
      const job = await engine.prepare(embeddingRequest(Array.from({ length: 40 }, () => "a")));
      const abort = new AbortController();
      if (when === "before they are made") abort.abort();
      if (when === "while they are made") setTimeout(() => abort.abort(), 20);
      let seen = 0;
      const ending = await job.write(() => {
        if (++seen === 2) abort.abort();
      }, abort.signal);
      expect([ending.reason, seen]).toEqual(["cancelled", when === "between two of them" ? 2 : 0]);
      expect(scripted.askedVectors).toHaveLength(1);
      if (when === "while they are made") await until(() => scripted.hungUp === 1);
    },
  );

  it("are all that is offered then, with no speed and no features, and nothing else is done", async () => {
    scripted.models = [{ id: "served", owned_by: "vllm", max_model_len: 512 }];
    const engine = await open();
    expect(engine.facts).toMatchObject({ tasks: ["embedding"], features: [], tokensPerSecond: null });
    expect(scripted.asked).toEqual([]);
    for (const request of [chatRequest("Hello"), completionRequest("Hello")])
      await expect(engine.prepare(request)).rejects.toMatchObject({ reason: "unsupported" });
  });
});
