import * as v from "valibot";
import { afterEach, describe, expect, it, vi } from "vitest";
import { errorStatus } from "../protocol/errors.ts";
import { ApiError, refusal, request } from "./api.ts";
import en from "./locales/en.json";

const answerWith = (status: number, body: string): void => {
  vi.stubGlobal("fetch", async () => new Response(body, { status }));
};
const failure = (asked: Promise<unknown>): Promise<ApiError> =>
  asked.then(
    () => Promise.reject(new Error("nothing went wrong")),
    (thrown: unknown) => (thrown instanceof ApiError ? thrown : Promise.reject(thrown)),
  );
const Answer = v.object({ count: v.number() });

afterEach(() => vi.unstubAllGlobals());

describe("an answer of the API", () => {
  it("is given when it is what the schema says", async () => {
    answerWith(200, '{"count": 3, "later": "ignored"}');
    expect(await request(Answer, "/api/x")).toEqual({ count: 3 });
  });

  it("that is something else is an error of its own, and not taken for data", async () => {
    answerWith(200, '{"count": "3"}');
    expect((await failure(request(Answer, "/api/x"))).code).toBe("unexpected_answer");
    answerWith(200, "<html>a proxy's page</html>");
    expect((await failure(request(Answer, "/api/x"))).code).toBe("unexpected_answer");
  });

  it("that refuses keeps its code and its details", async () => {
    answerWith(400, '{"code":"invalid_request","message":"No.","details":["name: must not be empty"]}');
    const error = await failure(request(Answer, "/api/x"));
    expect(error.code).toBe("invalid_request");
    expect(error.details).toEqual(["name: must not be empty"]);
  });

  it("that never comes is told as being offline", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
    expect((await failure(request(Answer, "/api/x"))).code).toBe("offline");
  });

  it("to a question that was taken back is thrown as the abortion that it is", async () => {
    vi.stubGlobal("fetch", async (_: string, init: RequestInit) => Promise.reject(init.signal?.reason));
    const stop = new AbortController();
    stop.abort(new DOMException("left the page", "AbortError"));
    await expect(request(Answer, "/api/x", { signal: stop.signal })).rejects.toThrow("left the page");
  });
});

describe("a refusal", () => {
  it("with a code that this page does not know keeps the server's sentence", () => {
    const error = refusal(418, { code: "teapot", message: "I am a teapot." });
    expect([error.code, error.message]).toEqual(["unknown", "I am a teapot."]);
  });

  it("without a body keeps its status", () => {
    expect(refusal(502, undefined).message).toBe("HTTP 502");
  });

  it("has a sentence in the reader's language for every code of the protocol", () => {
    for (const code of Object.keys(errorStatus)) expect(en).toHaveProperty([`error.${code}`]);
  });
});

describe("a request", () => {
  it("sends JSON as JSON, and a file as it is", async () => {
    const sent: RequestInit[] = [];
    vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
      sent.push(init);
      return new Response('{"count":1}');
    });
    await request(Answer, "/api/x", { method: "POST", body: { a: 1 } });
    await request(Answer, "/api/x", { method: "POST", body: new Blob(["PK"], { type: "application/zip" }) });
    expect(sent[0]?.body).toBe('{"a":1}');
    expect(sent.map((init) => new Headers(init.headers).get("content-type"))).toEqual([
      "application/json",
      "application/zip",
    ]);
    expect(sent[1]?.body).toBeInstanceOf(Blob);
  });
});
