import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiKeySecret } from "../../protocol/market.ts";
import { openApiDocument } from "../../scripts/openapi/document.ts";
import { operations, type SchemaName } from "../../scripts/openapi/operations.ts";
import { isObject, type Json, resolveRef, schemaFaults } from "../../scripts/openapi/schema-check.ts";
import { mockOffer, startMock, type MockProvider } from "./mock-provider.ts";
import { startMarket, type MarketAccount, type MarketSite } from "./site.ts";

let site: MarketSite;
let consumer: MarketAccount;
let mock: MockProvider;
/** As it is served. */
let document: Json;

beforeAll(async () => {
  site = await startMarket();
  consumer = await site.account();
  const { token } = await (await site.account("0")).provider();
  mock = startMock({ url: site.url, token, offers: [mockOffer("org/mock")], script: { paceMs: 5 } });
  await mock.ready();
  const served: unknown = await (await fetch(`${site.url}/v1/openapi.json`)).json();
  if (!isObject(served)) throw new Error("no document");
  document = served;
});
afterAll(async () => {
  await mock?.close();
  await site?.close();
});

const at = (...way: string[]): Json =>
  way.reduce((here, key) => {
    const next = here[key];
    return isObject(next) ? next : {};
  }, document);

const faults = (name: SchemaName, value: unknown): string[] =>
  schemaFaults(document, resolveRef(document, `#/components/schemas/${name}`), value);

const fits = (name: SchemaName, value: unknown): void => expect(faults(name, value)).toEqual([]);

const sent = (method: string, path: string, body?: object, key = consumer.key): Promise<Response> =>
  fetch(`${site.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });

const messages = [{ role: "user", content: "10 tokens, please" }];
const asked = { model: "org/mock", messages };
const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];

describe("the API's document", () => {
  it.each(["/v1/openapi.json", "/openapi.json"])(
    "is at %s for everybody, pages of other sites too",
    async (path) => {
      const response = await fetch(site.url + path, { headers: { origin: "https://docs.example" } });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      expect(["*", "https://docs.example"]).toContain(response.headers.get("access-control-allow-origin"));
      expect(await response.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
      const etag = response.headers.get("etag") ?? "";
      const again = await fetch(site.url + path, { headers: { "if-none-match": etag } });
      expect([etag === "", again.status]).toEqual([false, 304]);
    },
  );

  it("has no address that the server lacks, and none that takes no key", async () => {
    for (const { method, path } of operations) {
      const response = await fetch(`${site.url}/v1${path.replace(/\{\w+\}/, "org/mock")}`, { method });
      const body: unknown = await response.json();
      expect([path, response.status]).toEqual([path, 401]);
      fits("Error", body);
    }
  });
});

describe("what the server answers is as the document says", () => {
  const more: [string, object][] = [
    ["plainly", {}],
    ["with tools", { tools }],
    ["with an object", { response_format: { type: "json_object" } }],
    ["with probabilities", { logprobs: true, top_logprobs: 1 }],
    ["cut off", { max_completion_tokens: 3 }],
  ];

  it.each(more)("whole, %s", async (_, fields) => {
    const request = { ...asked, ...fields };
    fits("ChatCompletionRequest", request);
    const response = await sent("POST", "/chat/completions", request);
    expect(response.status).toBe(200);
    const answer: unknown = await response.json();
    fits("ChatCompletion", answer);
    if (isObject(answer)) expect(faults("ChatCompletion", { ...answer, created: "now" })).not.toEqual([]);
  });

  it.each(more)("as a stream, %s", async (_, fields) => {
    const request = { ...asked, ...fields, stream: true, stream_options: { include_usage: true } };
    fits("ChatCompletionRequest", request);
    const events = (await (await sent("POST", "/chat/completions", request)).text())
      .split("\n\n")
      .flatMap((event) => /^data: (\{.*)$/.exec(event)?.[1] ?? []);
    expect(events.length).toBeGreaterThan(3);
    for (const event of events) fits("ChatCompletionChunk", JSON.parse(event));
  });

  it.each([
    ["plainly", {}],
    ["with probabilities", { logprobs: 1 }],
    ["with the prompt", { echo: true, max_tokens: 3 }],
  ])("of a text that is gone on with, %s", async (_, fields) => {
    const request = { model: "org/mock", prompt: "10 tokens, please", ...fields };
    fits("CompletionRequest", request);
    fits("TextCompletion", await (await sent("POST", "/completions", request)).json());
    const streamed = { ...request, stream: true, stream_options: { include_usage: true } };
    const stream = await (await sent("POST", "/completions", streamed)).text();
    const events = [...stream.matchAll(/^data: (\{.*)$/gm)].map(([, data = ""]): unknown => JSON.parse(data));
    expect(events.length).toBeGreaterThan(3);
    for (const event of events) fits("TextCompletionChunk", event);
  });

  it.each([
    ["plainly", {}],
    ["with tools", { tools: [{ type: "function", name: "look", parameters: { type: "object" } }] }],
  ])("in the shape of responses, %s", async (_, fields) => {
    const request = { model: "org/mock", input: "10 tokens, please", ...fields };
    fits("ResponsesRequest", request);
    fits("Response", await (await sent("POST", "/responses", request)).json());
    const stream = await (await sent("POST", "/responses", { ...request, stream: true })).text();
    const events = [...stream.matchAll(/^data: (.*)$/gm)].map(([, data = ""]): unknown => JSON.parse(data));
    expect(events.length).toBeGreaterThan(5);
    for (const event of events) fits("ResponseStreamEvent", event);
  });

  it("with models", async () => {
    const list: unknown = await (await sent("GET", "/models")).json();
    fits("ModelList", list);
    fits("Model", await (await sent("GET", "/models/org/mock")).json());
    expect(list).toMatchObject({ data: [{ id: "org/mock", offers: [{ price: { completion: "1" } }] }] });
  });

  it.each<[number, string, string, object?]>([
    [400, "POST", "/chat/completions", { ...asked, temperature: 3 }],
    [404, "POST", "/chat/completions", { ...asked, model: "nobody's" }],
    [404, "GET", "/models/nobody's"],
  ])("with a refusal: %s %s %s", async (status, method, path, body) => {
    const response = await sent(method, path, body);
    expect(response.status).toBe(status);
    fits("Error", await response.json());
    const named = Object.keys(
      at(
        "paths",
        path.replace("/nobody's", "/{model}"),
        method.toLowerCase(),
        "responses",
        String(status),
        "headers",
      ),
    );
    const told = [...response.headers.keys()].filter((name) => /^(x-(?!content-type)|retry-)/.test(name));
    expect(told.filter((name) => !named.includes(name))).toEqual([]);
    expect(told).toContain("x-should-retry");
  });

  it("with the headers that it names", async () => {
    const { headers } = await sent("POST", "/chat/completions", asked);
    expect(headers.get("x-provider")).toMatch(/^provider-/);
    expect(headers.get("x-price-prompt")).toBe("0.5");
    expect(headers.get("x-price-completion")).toBe("1");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get("x-ratelimit-limit-requests")).toBe(String(site.limits.waitingPerConsumer));
    expect(headers.get("x-ratelimit-remaining-requests")).toBe(String(site.limits.waitingPerConsumer));
  });
});

describe("a page of another site", () => {
  const APP = "https://app.example.com";

  it("reads a stream as it is written, by the official client as browsers have it, and its end when it leaves is heard", async () => {
    const { secret } = await consumer.post("/api/keys", ApiKeySecret, { name: "page", origins: [APP] });
    const client = new OpenAI({
      apiKey: secret,
      baseURL: `${site.url}/v1`,
      dangerouslyAllowBrowser: true,
      defaultHeaders: { origin: APP },
    });
    const before = mock.jobs.length;
    const { data, response } = await client.chat.completions
      .create({
        model: "org/mock",
        messages: [{ role: "user", content: "150 tokens, please" }],
        stream: true,
      })
      .withResponse();
    expect(response.headers.get("access-control-allow-origin")).toBe(APP);
    expect(response.headers.get("vary")).toMatch(/\bOrigin\b/);
    let pieces = 0;
    for await (const _ of data) if (++pieces === 3) break;
    const { ended, completion_tokens } = await site.ended(response.headers.get("x-request-id"));
    expect(ended).toBe("cancelled");
    expect(completion_tokens).toBeLessThan(150);
    expect(mock.jobs.length).toBe(before + 1);
  });
});
