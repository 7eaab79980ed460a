import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelList } from "../protocol/model.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import { WebOrigin } from "../protocol/web-origin.ts";
import {
  marketSays,
  newApiKey,
  newProvider,
  providerHello,
  providerSocket,
  signedUp,
  Visitor,
  type Socket,
} from "./testing.ts";

const APP = "https://app.example.com";
const OTHER = "https://other.example";

const program = new Visitor();
const keys: Record<"none" | "app" | "all", string> = { none: "", app: "", all: "" };
let provider: Socket;

beforeAll(async () => {
  const owner = await signedUp();
  for (const [name, origins] of [
    ["none", []],
    ["app", [APP]],
    ["all", ["*"]],
  ] as const)
    keys[name] = (await newApiKey(owner, name, origins)).secret;
  provider = await providerSocket((await newProvider(await signedUp(), "for-pages")).token);
  provider.send(providerHello());
  await provider.next(marketSays("welcome"));
});
afterAll(() => provider.close());

const hello = { model: "nobody-offers-this", messages: [{ role: "user", content: "Hello!" }] };

const ask = (key: string, origin: string, path = "/v1/models"): Promise<Response> =>
  program.call(
    path.endsWith("completions") ? "POST" : "GET",
    path,
    path.endsWith("completions") ? hello : undefined,
    {
      authorization: `Bearer ${key}`,
      origin,
    },
  );

/** What the answer allows a page. */
const allowed = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));

const readable = (origin: string) => ({
  "access-control-allow-origin": origin,
  "access-control-expose-headers": expect.stringMatching(
    /\bx-request-id\b.*\bx-should-retry\b.*\bretry-after-ms\b/,
  ),
  vary: "Origin",
});

const codeOf = async (response: Response): Promise<string> =>
  v.parse(OpenAIErrorBody, await response.json()).error.code;

describe("a browser that asks what a page may send", () => {
  const names = "authorization,content-type,idempotency-key,x-stainless-lang,x-stainless-retry-count";

  it.each(["/v1/chat/completions", "/chat/completions", "/v1/models", "/models/org/one", "/v1/nothing"])(
    "is told for %s that every page may, whatever key it has",
    async (path) => {
      const response = await program.call("OPTIONS", path, undefined, {
        origin: OTHER,
        "access-control-request-method": "POST",
        "access-control-request-headers": names,
      });
      expect([response.status, await response.text()]).toEqual([204, ""]);
      expect(allowed(response)).toEqual({
        ...readable(OTHER),
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": names,
        "access-control-max-age": "86400",
      });
    },
  );

  it("is told nothing about the site's other addresses", async () => {
    const headers = { origin: OTHER, "access-control-request-method": "POST" };
    for (const path of ["/api/keys", "/api/session", "/link/provider", "/"])
      expect(allowed(await program.call("OPTIONS", path, undefined, headers))).toEqual({});
  });
});

describe("an origin that a key is made with", () => {
  it.each(["https://A.example:443/", "http://localhost:80", "https://x.example:8443", "http://[::1]:80"])(
    "is what a browser makes of the same address: %s",
    (address) => {
      expect(v.parse(WebOrigin, address)).toBe(new URL(address).origin);
    },
  );
});

describe("a page of another site", () => {
  it.each([
    ["app", APP],
    ["all", OTHER],
    ["all", "null"],
    ["all", "chrome-extension://abcdef"],
  ] as const)("is answered with a key for %s of pages: %s", async (key, origin) => {
    const response = await ask(keys[key], origin);
    expect(response.status).toBe(200);
    expect(v.parse(ModelList, await response.json()).data.map(({ id }) => id)).toContain("tiny");
    expect(allowed(response)).toEqual(readable(origin));
  });

  it.each([
    ["none", APP],
    ["app", OTHER],
    ["app", "http://app.example.com"],
    ["app", "https://app.example.com:8443"],
    ["app", "https://app.example.com.other.example"],
    ["app", "null"],
  ] as const)("is refused with a key for %s: %s; it is told why, and may read it", async (key, origin) => {
    for (const path of ["/v1/models", "/v1/chat/completions", "/chat/completions"]) {
      const response = await ask(keys[key], origin, path);
      expect(response.status).toBe(403);
      expect(allowed(response)).toEqual(readable(origin));
      expect(response.headers.get("x-should-retry")).toBe("false");
      const { error } = v.parse(OpenAIErrorBody, await response.json());
      expect(error).toMatchObject({ code: "origin_not_allowed", message: expect.stringContaining(origin) });
    }
  });

  it("is refused also where the key was just good for a program, and the program goes on", async () => {
    const asked = (origin: Record<string, string>) =>
      program.call("POST", "/v1/chat/completions", hello, { authorization: `Bearer ${keys.app}`, ...origin });
    for (let turn = 0; turn < 2; turn++) {
      expect(await codeOf(await asked({}))).toBe("model_not_found");
      expect(await codeOf(await asked({ origin: OTHER }))).toBe("origin_not_allowed");
      expect(await codeOf(await asked({ origin: APP }))).toBe("model_not_found");
    }
  });

  it("may read every other refusal", async () => {
    const unknown = await ask(`tab-key-${"0".repeat(64)}`, OTHER);
    expect([unknown.status, allowed(unknown)]).toEqual([401, readable(OTHER)]);
    const nowhere = await ask(keys.app, OTHER, "/v1/nothing");
    expect([nowhere.status, allowed(nowhere)]).toEqual([404, readable(OTHER)]);
  });

  it("is told that a key was revoked, before all else", async () => {
    const owner = await signedUp();
    const { id, secret } = await newApiKey(owner, "gone", [APP]);
    expect((await ask(secret, APP)).status).toBe(200);
    await owner.call("DELETE", `/api/keys/${id}`);
    for (const origin of [APP, OTHER])
      expect(await codeOf(await ask(secret, origin))).toBe("invalid_api_key");
  });
});

describe("a page of the site's own, and a program", () => {
  it("need no key for pages, and are told nothing about them", async () => {
    const own = await ask(keys.none, "http://tabarena.test");
    expect([own.status, allowed(own)]).toEqual([200, {}]);
  });
});

describe("credentials", () => {
  it("are never allowed, and a cookie is no key from anywhere", async () => {
    const visitor = await signedUp();
    const response = await visitor.call("GET", "/v1/models", undefined, { origin: OTHER });
    expect(response.status).toBe(401);
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  });
});
