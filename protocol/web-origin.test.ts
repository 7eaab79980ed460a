import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { allowsOrigin, MAX_ORIGINS, WebOrigin, WebOrigins } from "./web-origin.ts";

describe("a web origin", () => {
  it.each([
    ["https://app.example.com", "https://app.example.com"],
    [" HTTPS://App.Example.com/ ", "https://app.example.com"],
    ["https://app.example.com:443", "https://app.example.com"],
    ["http://app.example.com:80/", "http://app.example.com"],
    ["https://app.example.com:80", "https://app.example.com:80"],
    ["http://localhost:5173", "http://localhost:5173"],
    ["http://[::1]:8787", "http://[::1]:8787"],
    ["chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"],
    ["*", "*"],
  ])("is written as browsers write it: %s", (text, origin) => {
    expect(v.parse(WebOrigin, text)).toBe(origin);
  });

  it.each([
    "",
    "app.example.com",
    "https://",
    "https://app.example.com/chat",
    "https://app.example.com?x",
    "https://user@app.example.com",
    "https://*.example.com",
    "https://münchen.example",
    "https://a.example, https://b.example",
    "https://a.example\nhttps://b.example",
    "null",
    `https://${"a".repeat(200)}`,
  ])("is not %j", (text) => {
    expect(v.is(WebOrigin, text)).toBe(false);
  });
});

describe("a list of origins", () => {
  it("has each once, and so many at most", () => {
    expect(v.parse(WebOrigins, ["https://a.example/", "https://A.example", "*"])).toEqual([
      "https://a.example",
      "*",
    ]);
    const many = Array.from({ length: MAX_ORIGINS + 1 }, (_, n) => `https://a${n}.example`);
    expect(v.is(WebOrigins, many)).toBe(false);
    expect(v.is(WebOrigins, many.slice(1))).toBe(true);
  });

  it("allows what it names, to the letter, and everything by an asterisk", () => {
    const named = ["https://a.example"];
    expect(allowsOrigin(named, "https://a.example")).toBe(true);
    for (const other of ["http://a.example", "https://a.example:8443", "https://sub.a.example", "null"])
      expect(allowsOrigin(named, other)).toBe(false);
    expect(allowsOrigin([], "https://a.example")).toBe(false);
    for (const any of ["https://a.example", "null"]) expect(allowsOrigin(["*"], any)).toBe(true);
  });
});
