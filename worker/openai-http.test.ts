import { exports } from "cloudflare:workers";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import { bindings, newApiKey, newProvider, signedUp, Visitor } from "./testing.ts";

const program = new Visitor();

/** What every refusal of the API has, whatever it is about. */
async function refusal(response: Response): Promise<[number, string]> {
  const { error } = v.parse(OpenAIErrorBody, await response.json());
  expect(error.message).toMatch(/[.`]$/);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
  expect(response.headers.get("x-should-retry")).toMatch(/^(true|false)$/);
  expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  return [response.status, error.code];
}

const addresses: readonly (readonly [method: string, path: string])[] = ["/v1", ""].flatMap(
  (prefix) =>
    [
      ["POST", `${prefix}/chat/completions`],
      ["GET", `${prefix}/models`],
      ["GET", `${prefix}/models/some/model`],
    ] as const,
);

const hello = { model: "no-such-model", messages: [{ role: "user", content: "Hello!" }] };

const ask = (
  [method, path]: readonly [string, string],
  headers: Record<string, string>,
  who = program,
): Promise<Response> => who.call(method, path, method === "POST" ? hello : undefined, headers);

describe.each(addresses)("%s %s", (...address) => {
  const refusedWith = async (headers: Record<string, string>, who?: Visitor) =>
    refusal(await ask(address, headers, who));

  it("does nothing for whoever has no key", async () => {
    expect(await refusedWith({})).toEqual([401, "invalid_api_key"]);
  });

  it("takes no cookie for a key", async () => {
    expect(await refusedWith({}, await signedUp())).toEqual([401, "invalid_api_key"]);
  });

  it.each([
    ["an unknown key", `Bearer tab-key-${"0".repeat(64)}`],
    ["a key of another site", "Bearer sk-proj-0123456789"],
    ["no key after all", "Bearer"],
    ["another scheme", `Basic tab-key-${"0".repeat(64)}`],
  ])("refuses %s", async (_what, authorization) => {
    expect(await refusedWith({ authorization })).toEqual([401, "invalid_api_key"]);
  });

  it("refuses a provider's token", async () => {
    const id = `provider-${crypto.randomUUID().slice(0, 8)}`;
    const { token } = await newProvider(await signedUp(), id);
    expect(await refusedWith({ authorization: `Bearer ${token}` })).toEqual([401, "invalid_api_key"]);
  });

  it("refuses a key as soon as it is revoked", async () => {
    const owner = await signedUp();
    const { id, secret } = await newApiKey(owner);
    const authorization = `Bearer ${secret}`;
    expect((await ask(address, { authorization })).status).not.toBe(401);
    await owner.call("DELETE", `/api/keys/${id}`);
    expect(await refusedWith({ authorization })).toEqual([401, "invalid_api_key"]);
  });

  it("answers a program that names no page", async () => {
    const { secret } = await newApiKey(await signedUp());
    const [method, path] = address;
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
    const body = method === "POST" ? JSON.stringify(hello) : null;
    const request = new Request(`http://tabarena.test${path}`, { method, headers, body });
    expect([200, 404]).toContain((await exports.default.fetch(request)).status);
  });
});

describe("an address that the API does not have", () => {
  it.each(["/v1", "/v1/", "/v1/audio/speech", "/v1/chat", "/v1/chat/completions/1", "/v1/v1/models"])(
    "is refused in the API's shape: %s",
    async (path) => {
      expect(await refusal(await program.call("GET", path))).toEqual([404, "unknown_url"]);
      expect(await refusal(await program.call("POST", path, {}))).toEqual([404, "unknown_url"]);
    },
  );

  it("is named, so that a base URL with a slash too many is seen", async () => {
    const response = await program.call("POST", "/v1//chat/completions", {});
    const { error } = await response.json<{ error: { message: string } }>();
    expect(error.message).toBe("There is nothing at /v1//chat/completions.");
  });

  it.each([
    ["GET", "/v1/chat/completions", "POST"],
    ["GET", "/chat/completions", "POST"],
    ["OPTIONS", "/v1/chat/completions", "POST"],
    ["POST", "/v1/models", "GET, HEAD"],
    ["DELETE", "/models/some/model", "GET, HEAD"],
  ])("or takes no such method: %s %s, but %s", async (method, path, allowed) => {
    const response = await program.call(method, path);
    expect(response.headers.get("allow")).toBe(allowed);
    expect(await refusal(response)).toEqual([405, "method_not_allowed"]);
  });

  it("is refused by a request id unlike any other", async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await program.call("GET", "/v1")).headers.get("x-request-id")),
    );
    expect(new Set(ids).size).toBe(20);
  });

  it("is refused in the site's own shape elsewhere", async () => {
    const response = await program.call("GET", "/api/nothing");
    const { code } = await response.json<ErrorBody>();
    expect([response.status, code]).toEqual([404, "not_found"]);
  });
});

describe("an error of our own", () => {
  it("is told without its text, and may be tried again", async () => {
    await bindings.DB.exec("ALTER TABLE api_keys RENAME TO gone");
    const response = await ask(["POST", "/v1/chat/completions"], {
      authorization: `Bearer tab-key-${"0".repeat(64)}`,
    });
    await bindings.DB.exec("ALTER TABLE gone RENAME TO api_keys");
    expect(await response.clone().text()).not.toMatch(/api_keys|SQL/i);
    expect(response.headers.get("x-should-retry")).toBe("true");
    expect(await refusal(response)).toEqual([500, "internal"]);
  });
});

describe("credits", () => {
  it("are granted to nobody by himself: the API has no address for it, and /api/grants is the administrators'", async () => {
    const member = await signedUp();
    const { secret } = await newApiKey(member);
    const headers = { authorization: `Bearer ${secret}` };
    for (const path of ["/v1/credits", "/v1/recharge", "/v1/grants"])
      expect(await refusal(await program.call("POST", path, { amount: "1000" }, headers))).toEqual([
        404,
        "unknown_url",
      ]);
    const grant = { key: crypto.randomUUID(), account: "x", amount: "1000", note: "for me" };
    expect((await member.call("POST", "/api/grants", grant)).status).toBe(403);
    expect((await program.call("POST", "/api/grants", grant, headers)).status).toBe(401);
  });
});
