import { createExecutionContext } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Env } from "./env.ts";
import { consumer, provider, type Guard } from "./guards.ts";
import { accountOf, bindings, newApiKey, newProvider, signedUp } from "./testing.ts";

/** The guard's answer to a request with these headers, and how many statements it asked the database for. */
async function guarded<Who>(guard: Guard<Who>, headers: HeadersInit): Promise<{ who: Who; reads: number }> {
  let reads = 0;
  const DB = new Proxy(bindings.DB, {
    get(database, name) {
      if (name === "prepare") reads++;
      const value: unknown = Reflect.get(database, name);
      return typeof value === "function" ? value.bind(database) : value;
    },
  });
  const env: Env = { ...bindings, DB };
  const request = new Request("http://tabarena.test/v1/models", { headers });
  const call = { request, url: new URL(request.url), params: {}, env, ctx: createExecutionContext() };
  return { who: await guard(call), reads };
}

const bearing = (secret: string, scheme = "Bearer") => ({ authorization: `${scheme} ${secret}` });

describe("a consumer", () => {
  it("is known by its API key, with one look into the database", async () => {
    const visitor = await signedUp();
    const { id, secret } = await newApiKey(visitor);
    expect(await guarded(consumer, bearing(secret))).toEqual({
      who: { user: await accountOf(visitor), apiKey: id, version: 1, standing: null },
      reads: 1,
    });
  });

  it.each(["bearer", "BEARER", "Bearer "])("may write the scheme as %j", async (scheme) => {
    const { id, secret } = await newApiKey(await signedUp());
    expect((await guarded(consumer, bearing(secret, scheme))).who.apiKey).toBe(id);
  });

  it.each([
    ["nothing", {}, /no API key/],
    ["another scheme", { authorization: "Basic dGFiOmtleQ==" }, /no API key/],
    ["a scheme alone", { authorization: "Bearer" }, /no API key/],
    ["a key of another site", bearing("sk-proj-0123456789"), /unknown.*`tab-key-`/],
    ["a key that was never made", bearing(`tab-key-${"0".repeat(64)}`), /unknown/],
    ["a provider's token", bearing(`tab-provider-${"0".repeat(64)}`), /a provider's token/],
  ])("is refused with %s, with a sentence that says so", async (_what, headers, message) => {
    await expect(guarded(consumer, headers)).rejects.toMatchObject({
      code: "invalid_api_key",
      message: expect.stringMatching(message),
    });
  });

  it("is refused from the moment that its key is revoked, and its other keys are not", async () => {
    const visitor = await signedUp();
    const [revoked, other] = [await newApiKey(visitor), await newApiKey(visitor)];
    expect((await visitor.call("DELETE", `/api/keys/${revoked.id}`)).status).toBe(200);
    await expect(guarded(consumer, bearing(revoked.secret))).rejects.toMatchObject({
      code: "invalid_api_key",
      message: "This API key was revoked.",
    });
    expect((await guarded(consumer, bearing(other.secret))).who.apiKey).toBe(other.id);
  });

  it("is never known by a cookie", async () => {
    const visitor = await signedUp();
    const response = await visitor.call("GET", "/v1/models");
    expect([response.status, (await response.json<{ error: { code: string } }>()).error.code]).toEqual([
      401,
      "invalid_api_key",
    ]);
  });
});

describe("a provider", () => {
  it("is known by its token, with one look into the database", async () => {
    const { token } = await newProvider(await signedUp(), "guarded");
    expect(await guarded(provider, bearing(token, "bearer"))).toEqual({ who: { id: "guarded" }, reads: 1 });
  });

  it.each([
    ["nothing", {}],
    ["an API key", bearing(`tab-key-${"0".repeat(64)}`)],
    ["a token that was never made", bearing(`tab-provider-${"0".repeat(64)}`)],
  ])("is refused with %s", async (_what, headers) => {
    await expect(guarded(provider, headers)).rejects.toMatchObject({
      code: "wrong_token",
      message: expect.stringMatching(/unknown, or a newer one/),
    });
  });

  it("is refused with the token before the last, and with every one once it was revoked", async () => {
    const visitor = await signedUp();
    const first = await newProvider(visitor, "renewed");
    const second = await visitor.post<{ token: string }>("/api/providers/renewed/token");
    await expect(guarded(provider, bearing(first.token))).rejects.toMatchObject({ code: "wrong_token" });
    expect((await guarded(provider, bearing(second.token))).who).toEqual({ id: "renewed" });
    await visitor.call("DELETE", "/api/providers/renewed");
    await expect(guarded(provider, bearing(second.token))).rejects.toMatchObject({
      code: "wrong_token",
      message: "The provider renewed was revoked, and its name can't be used again.",
    });
  });
});
