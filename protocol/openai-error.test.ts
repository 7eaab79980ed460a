import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  openAIError,
  OpenAIErrorBody,
  type OpenAIErrorCode,
  openAIErrors,
  retryHeaders,
} from "./openai-error.ts";

const isCode = (code: string): code is OpenAIErrorCode => Object.hasOwn(openAIErrors, code);
const codes = Object.keys(openAIErrors).filter(isCode);

/** What openai-node does with a status when no `x-should-retry` comes with it. */
const retriedByStatus = (status: number): boolean => [408, 409, 429].includes(status) || status >= 500;

describe("an error of /v1", () => {
  it.each(codes)("%s has all four keys and a status that is an error", (code) => {
    const body = openAIError(code, "Something is wrong.");
    expect(Object.keys(body.error).sort()).toEqual(["code", "message", "param", "type"]);
    expect(v.is(OpenAIErrorBody, JSON.parse(JSON.stringify(body)))).toBe(true);
    expect(openAIErrors[code].status).toBeGreaterThanOrEqual(400);
    expect(openAIErrors[code].status).toBeLessThan(600);
  });

  it("names the field that is at fault", () => {
    expect(openAIError("invalid_request", "n: must be 1.", "n").error.param).toBe("n");
  });

  it("is sent again by clients that go by the status, where it may succeed", () => {
    const worthIt = codes.filter((code) => openAIErrors[code].retry);
    expect(worthIt.filter((code) => !retriedByStatus(openAIErrors[code].status))).toEqual([]);
  });

  it("has no status that is sent again where it stays wrong, but for two that the header speaks for", () => {
    const wrongForGood = codes.filter((code) => !openAIErrors[code].retry);
    expect(wrongForGood.filter((code) => retriedByStatus(openAIErrors[code].status))).toEqual([
      "idempotency_conflict",
      "timed_out",
    ]);
  });

  it("is 402 for want of funds, which no client sends again", () => {
    expect(openAIErrors.insufficient_funds).toMatchObject({ status: 402, retry: false });
    expect(retryHeaders("insufficient_funds", 1_000)).toEqual({ "x-should-retry": "false" });
  });
});

describe("the body of an error", () => {
  const { error } = openAIError("no_provider", "Nobody is there.");
  it.each<[string, unknown]>([
    ["no body", null],
    ["the error without its wrapping", error],
    ["no message", { error: { ...error, message: "" } }],
    ["no param", { error: { message: "a", type: error.type, code: error.code } }],
    ["no code", { error: { ...error, code: null } }],
    ["a code of nobody", { error: { ...error, code: "toString" } }],
    ["another code's type", { error: { ...error, type: "invalid_request_error" } }],
    ["a key of ours beside", { error, ok: false }],
    ["a key of ours within", { error: { ...error, status: 503 } }],
  ])("is none with %s", (_, body) => {
    expect(v.is(OpenAIErrorBody, body)).toBe(false);
  });
});

describe("the headers that say when to come again", () => {
  it("give the wait in milliseconds, and in whole seconds that are never shorter", () => {
    expect(retryHeaders("queue_full", 1_200.5)).toEqual({
      "x-should-retry": "true",
      "retry-after": "2",
      "retry-after-ms": "1201",
    });
    expect(retryHeaders("queue_full", -5)).toMatchObject({ "retry-after": "0", "retry-after-ms": "0" });
  });

  it("stay below the minute that clients heed", () => {
    expect(retryHeaders("no_provider", 3_600_000)).toMatchObject({
      "retry-after": "59",
      "retry-after-ms": "59000",
    });
  });

  it("leave the wait to the client where nobody knows it", () => {
    expect(retryHeaders("provider_failed", null)).toEqual({ "x-should-retry": "true" });
  });
});
