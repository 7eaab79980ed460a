import { once } from "node:events";
import { connect } from "node:net";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { OpenAIErrorBody } from "../../protocol/openai-error.ts";
import { stage } from "./stage.ts";

/** What no client sends and a program by hand may: the connection itself is spoken to. */
const show = stage();

let model = "";
let key = "";
beforeAll(async () => {
  model = show.newModel();
  ({ key } = await show.site.account());
});

const hello = (): string =>
  JSON.stringify({ model, messages: [{ role: "user", content: "3 tokens, please" }] });

interface Sent {
  method?: string;
  path?: string;
  headers?: readonly string[];
  body?: string | Buffer;
  /** Null for none. */
  length?: number | string | null;
  key?: string | null;
}

/** Sends these bytes and nothing more, and reads until the server has said all. */
async function send(sent: Sent): Promise<{ status: number; head: string; body: string }> {
  const { method = "POST", path = "/v1/chat/completions", headers = [], body = hello() } = sent;
  const bytes = Buffer.from(body);
  const { length = bytes.byteLength, key: secret = key } = sent;
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(show.site.url).port) });
  await once(socket, "connect");
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "Host: market",
    "Connection: close",
    ...(secret === null ? [] : [`Authorization: Bearer ${secret}`]),
    ...(length === null ? [] : [`Content-Length: ${length}`]),
    ...headers,
  ];
  socket.end(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes]));
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece);
  const [head = "", ...rest] = Buffer.concat(pieces).toString().split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head, body: rest.join("\r\n\r\n") };
}

async function refused(sent: Sent): Promise<[number, string]> {
  const { status, body } = await send(sent);
  return [status, v.parse(OpenAIErrorBody, JSON.parse(body)).error.code];
}

const chunked = ["Transfer-Encoding: chunked"];

describe("a body", () => {
  it.each<[what: string, sent: () => Sent]>([
    ["is shorter than was announced", () => ({ length: 9_999 })],
    ["is longer than was announced", () => ({ length: 20 })],
    ["breaks off within a chunk", () => ({ body: '50\r\n{"model":', length: null, headers: chunked })],
    [
      "has chunks that are none",
      () => ({ body: "zz\r\nhello\r\n0\r\n\r\n", length: null, headers: chunked }),
    ],
    ["is not there", () => ({ body: "", length: null })],
    ["is empty", () => ({ body: "" })],
    ["is UTF-16", () => ({ body: Buffer.from(`\ufeff${hello()}`, "utf16le") })],
    [
      "is a form",
      () => ({ body: "model=m&messages=hi", headers: ["Content-Type: application/x-www-form-urlencoded"] }),
    ],
  ])("is refused where it %s", async (_, sent) => {
    expect(await refused(sent())).toEqual([400, "invalid_request"]);
  });

  it.each<[what: string, length: string]>([
    ["negative", "-5"],
    ["no number", "abc"],
    ["beyond all numbers", "18446744073709551617"],
  ])("has no length that is %s", async (_, length) => {
    expect((await send({ length })).status).toBe(400);
  });

  it("is refused for its announced length before it comes", async () => {
    expect(await refused({ body: "", length: 99_999_999_999 })).toEqual([413, "body_too_large"]);
  });

  it("that is too large is heard out, so that who sends all of it before listening is told why", async () => {
    for (const megabytes of [9, 20])
      expect(await refused({ body: Buffer.alloc(megabytes * 1e6, "x") })).toEqual([413, "body_too_large"]);
  });

  it.each<[what: string, sent: () => Sent]>([
    ["begins by a mark of the order of bytes", () => ({ body: `\ufeff${hello()}` })],
    [
      "comes in chunks",
      () => ({
        body: `${hello().length.toString(16)}\r\n${hello()}\r\n0\r\n\r\n`,
        length: null,
        headers: chunked,
      }),
    ],
    ["says that it is another type", () => ({ headers: ["Content-Type: text/plain; charset=utf-16"] })],
    ["has a key twice: the last counts", () => ({ body: hello().replace("{", '{"model":"another",') })],
    [
      "names what all objects have",
      () => ({ body: hello().replace("{", '{"__proto__":{"stream":true},"constructor":{"prototype":1},') }),
    ],
    [
      "has a nest without an end in a field that nobody knows",
      () => ({
        body: hello().replace("{", `{"x":${"[".repeat(100_000)}${"]".repeat(100_000)},`),
      }),
    ],
  ])("is taken where it %s", async (_, sent) => {
    await show.provider(model);
    const { status, body } = await send(sent());
    expect([status, body.includes('"chat.completion"')]).toEqual([200, true]);
  });
});

describe("a key", () => {
  it.each<[what: string, headers: (key: string) => string[]]>([
    ["there is no word before it", (secret) => [`Authorization: ${secret}`]],
    ["there is nothing but a word", () => ["Authorization: Bearer"]],
    [
      "it comes by another scheme",
      (secret) => [`Authorization: Basic ${Buffer.from(`:${secret}`).toString("base64")}`],
    ],
    ["there are two", (secret) => [`Authorization: Bearer ${secret} ${secret}`]],
    ["the header is there twice", (secret) => Array(2).fill(`Authorization: Bearer ${secret}`)],
    ["its letters are larger", (secret) => [`Authorization: Bearer ${secret.toUpperCase()}`]],
    ["it goes on", (secret) => [`Authorization: Bearer ${secret}0`]],
    ["it is no ASCII", () => ["Authorization: Bearer \xff\xfe"]],
    ["it is very long", () => [`Authorization: Bearer ${"a".repeat(20_000)}`]],
    ["it is in another header", (secret) => [`X-Api-Key: ${secret}`]],
  ])("is none where %s", async (_, headers) => {
    expect(await refused({ key: null, headers: headers(key) })).toEqual([401, "invalid_api_key"]);
  });

  it("may have its word in any letters, with any number of spaces", async () => {
    await show.provider(model);
    expect((await send({ key: null, headers: [`authorization: bEARER    ${key}`] })).status).toBe(200);
  });
});

describe("an Idempotency-Key", () => {
  it.each(["", "a".repeat(256), "a\tb", "\xe9", "\x7f"])("can't be %j", async (idempotencyKey) => {
    const headers = [`Idempotency-Key: ${idempotencyKey}`];
    expect(await refused({ headers })).toEqual([400, "invalid_request"]);
  });

  it.each(["a".repeat(255), "../../x", "'; DROP TABLE jobs;--", "a, b"])(
    "can be %j",
    async (idempotencyKey) => {
      await show.provider(model);
      expect((await send({ headers: [`Idempotency-Key: ${idempotencyKey}`] })).status).toBe(200);
    },
  );
});

describe("an address", () => {
  it.each(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])(
    "takes no %s where it takes POST",
    async (method) => {
      expect(await refused({ method })).toEqual([405, "method_not_allowed"]);
    },
  );

  it.each(["/v1", "/v1/chat", "/v1//chat/completions", "/v1/chat%2Fcompletions", `/v1/${"x".repeat(9_000)}`])(
    "is none: %s",
    async (path) => {
      expect(await refused({ path })).toEqual([404, "unknown_url"]);
    },
  );

  it.each(["%", "%ff", "%00", "m%20", "%2e%2e%2f", "m".repeat(9_000), "__proto__"])(
    "has no model that nobody offers: %s",
    async (name) => {
      const sent = { method: "GET", path: `/v1/models/${name}`, body: "" };
      expect(await refused(sent)).toEqual([404, "model_not_found"]);
    },
  );

  it("may have a query, which means nothing", async () => {
    await show.provider(model);
    expect((await send({ path: "/v1/chat/completions?api-version=2024-10-21" })).status).toBe(200);
    expect((await send({ method: "GET", path: "/v1/models?limit=-1&after=%ff", body: "" })).status).toBe(200);
  });
});
