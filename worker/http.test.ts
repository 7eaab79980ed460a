import { describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import { bindings, signedUp, Visitor } from "./testing.ts";

async function refused(response: Response): Promise<[number, string]> {
  const { code, message } = await response.json<ErrorBody>();
  expect(message).toMatch(/\.$/);
  return [response.status, code];
}

describe("a bad request is refused with a code and a sentence", () => {
  it("when the JSON is malformed", async () => {
    expect(await refused(await new Visitor().call("POST", "/api/session", "{ not json"))).toEqual([
      400,
      "malformed_json",
    ]);
  });

  it("when the bytes are not UTF-8", async () => {
    const latin1 = new Uint8Array([0x22, 0xe9, 0x22]);
    expect(await refused(await new Visitor().call("POST", "/api/session", latin1))).toEqual([
      400,
      "malformed_json",
    ]);
  });

  it("when fields are missing, wrong or unknown, and names each of them", async () => {
    const response = await new Visitor().call("POST", "/api/accounts", { username: "x", admin: true });
    const { code, details } = await response.json<ErrorBody>();
    expect([response.status, code]).toEqual([400, "invalid_request"]);
    expect(details?.map((detail) => detail.split(":")[0]).sort()).toEqual(["admin", "password", "username"]);
  });

  it("when the body is too large, by its announced length", async () => {
    const response = await (await signedUp()).call("POST", "/api/submissions", "x".repeat(10_000_000));
    expect(await refused(response)).toEqual([413, "too_large"]);
  });

  it("when nothing is at the address", async () => {
    expect(await refused(await new Visitor().call("GET", "/api/nothing"))).toEqual([404, "not_found"]);
  });

  it("when the address does not take the method", async () => {
    const response = await new Visitor().call("DELETE", "/api/problems");
    expect(response.headers.get("allow")).toBe("GET, HEAD, POST");
    expect(await refused(response)).toEqual([405, "method_not_allowed"]);
  });

  it("when a WebSocket address is asked without an upgrade", async () => {
    expect(await refused(await (await signedUp()).call("GET", "/live/me"))).toEqual([
      426,
      "upgrade_required",
    ]);
  });
});

describe("another site's page", () => {
  const foreign = { origin: "https://evil.example" };

  it("cannot write with our cookies", async () => {
    const response = await (await signedUp()).call("DELETE", "/api/session", undefined, foreign);
    expect(await refused(response)).toEqual([403, "wrong_origin"]);
  });

  it("cannot open our WebSockets", async () => {
    const response = await (
      await signedUp()
    ).call("GET", "/live/me", undefined, { ...foreign, upgrade: "websocket" });
    expect(await refused(response)).toEqual([403, "wrong_origin"]);
  });
});

describe("an error of our own", () => {
  it("is told without its text", async () => {
    const member = await signedUp();
    await bindings.DB.exec("ALTER TABLE submissions RENAME TO gone");
    const response = await member.call("GET", "/api/submissions");
    const text = await response.text();
    await bindings.DB.exec("ALTER TABLE gone RENAME TO submissions");
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/submissions|SQLITE|D1/);
  });
});
