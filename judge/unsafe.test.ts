import { describe, expect, it } from "vitest";
import { whyNotUnsafe } from "./unsafe.ts";

const allowed = { JUDGE_ALLOW_UNSAFE: "1" };

describe("running programs without isolation", () => {
  it.each([
    "http://localhost:8787",
    "http://LOCALHOST",
    "http://localhost./",
    "https://judge.localhost",
    "http://127.0.0.1:8787",
    "http://127.8.9.10",
    "http://127.1",
    "http://0x7f000001",
    "http://[::1]:8787",
    "http://[0:0:0:0:0:0:0:1]",
  ])("is allowed for a server at %s", (server) => {
    expect(whyNotUnsafe(allowed, new URL(server))).toBeNull();
  });

  it.each([
    "https://judge.example.org",
    "http://localhost.example.org",
    "http://notlocalhost",
    "http://127.0.0.1.example.org",
    "http://127.example.org",
    "http://10.0.0.1",
    "http://128.0.0.1",
    "http://0.0.0.0",
    "http://[::]",
    "http://[::1:1]",
    "http://[fe80::1]",
    "http://localhost@example.org",
  ])("is refused for a server at %s, which it names", (server) => {
    expect(whyNotUnsafe(allowed, new URL(server))).toContain(new URL(server).hostname);
  });

  it.each([undefined, "", "0", "true", "yes", "11", " 1"])(
    "is refused when JUDGE_ALLOW_UNSAFE is %j",
    (value) => {
      expect(whyNotUnsafe({ JUDGE_ALLOW_UNSAFE: value }, new URL("http://localhost"))).toContain(
        "JUDGE_ALLOW_UNSAFE",
      );
    },
  );
});
