import { describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import { bindings, Visitor } from "./testing.ts";

const reader = new Visitor();

describe("what the site makes for browsers after its start", () => {
  it.each([
    ["cpp-library.0123456789abcdef.json", "application/json"],
    ["cpp-header.pch.0123456789abcdef.0.bin", "application/octet-stream"],
  ])("is served for ever under its name, %s", async (name, type) => {
    const missing = await reader.call("GET", `/runtimes/${name}`);
    expect([missing.status, missing.headers.get("cache-control")]).toEqual([404, "no-store"]);

    await bindings.BLOBS.put(`runtimes/${name}`, `[${name}]`);
    const found = await reader.call("GET", `/runtimes/${name}`);
    expect([found.status, new TextDecoder().decode(await found.arrayBuffer())]).toEqual([200, `[${name}]`]);
    expect(found.headers.get("content-type")).toBe(type);
    expect(found.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(found.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("leads to nothing else that is kept", async () => {
    const hash = "0".repeat(64);
    await bindings.BLOBS.put(`sha256/${hash}`, "a package");
    await bindings.BLOBS.put("runtimes/latest.json", "no hash");
    for (const name of ["latest.json", `..%2Fsha256%2F${hash}`, `a/b.${hash}.json`, "%ff"]) {
      const response = await reader.call("GET", `/runtimes/${name}`);
      expect([name, await response.text()]).not.toEqual([name, expect.stringMatching(/a package|no hash/)]);
      expect([name, response.status]).toEqual([name, 404]);
    }
  });

  it("is not to be written to", async () => {
    const response = await reader.call("PUT", "/runtimes/x.0123456789abcdef.json", "[]");
    expect(response.status).toBe(405);
    expect((await reader.call("GET", "/runtimes/x.0123456789abcdef.json")).status).toBe(404);
  });

  it("is missed with an error that programs read", async () => {
    const response = await reader.call("GET", "/runtimes/x.0123456789abcdef.json");
    expect((await response.json<ErrorBody>()).code).toBe("not_found");
  });
});
