import { describe, expect, it } from "vitest";
import { boxPolicy, sitePolicy } from "../../protocol/documents.ts";
import {
  afterAnswer,
  isAway,
  isGuardedBox,
  isGuardedPage,
  isWhole,
  mayStay,
  routeOf,
  type Asked,
  type Route,
} from "./routing.ts";

const asked = (path: string, more: Partial<Asked> = {}): Asked => ({
  method: "GET",
  sameOrigin: true,
  path,
  mode: "cors",
  destination: "",
  ...more,
});
const page: Partial<Asked> = { mode: "navigate", destination: "document" };
const policy = (value: string): Headers => new Headers({ "content-security-policy": value });

describe("the service worker", () => {
  it.each<[string, Partial<Asked>, Route]>([
    ["/", page, "page"],
    ["/problems/sum", page, "page"],
    ["/contests/spring/problems/A", page, "page"],
    ["/market/models/meta-llama%2Fllama-3.1", page, "page"],
    ["/box.html", { mode: "navigate", destination: "iframe" }, "box"],
    ["/assets/shell-x.js", { destination: "script" }, "asset"],
    ["/runtimes.json", {}, "runtimes"],
    ["/api/files/abc.png", { mode: "no-cors", destination: "image" }, "file"],
    ["/api/session", { method: "DELETE" }, "session"],
    ["/api/accounts", { method: "POST" }, "session"],
  ])("answers %s %j as %s", (path, more, route) => {
    expect(routeOf(asked(path, more))).toBe(route);
  });

  it.each([
    "/api/session",
    "/api/problems",
    "/api/problems/sum",
    "/api/problems/sum/yardstick",
    "/api/contests",
    "/api/contests/spring",
    "/api/contests/spring/problems/A",
    "/api/submissions",
    "/api/submissions/s-1",
  ])("keeps what practice needs: %s", (path) => {
    expect(routeOf(asked(path))).toBe("answer");
  });

  it.each<[string, Partial<Asked>]>([
    // The jury's, the organisers' and the administrators'.
    ["/api/submissions/s-1/jury", {}],
    ["/api/submissions/s-1/jury/tests/3", {}],
    ["/api/contests/spring/submissions", {}],
    ["/api/contests/spring/rejudgings", {}],
    ["/api/contests/spring/audit", {}],
    ["/api/rejudgings/r-1", {}],
    ["/api/organise/problems", {}],
    ["/api/accounts", {}],
    ["/api/judges", {}],
    // What is true only now.
    ["/api/contests/spring/scoreboard", {}],
    ["/api/judging", {}],
    ["/api/runs/r-1", {}],
    ["/live/me", { mode: "websocket" }],
    // Judges'.
    ["/link/judge", { mode: "websocket" }],
    ["/link/judge/packages/abc", {}],
    ["/health", page],
    // What changes something.
    ["/api/submissions", { method: "POST" }],
    ["/api/problems", { method: "POST" }],
    ["/api/contests/spring/teams", { method: "POST" }],
    ["/api/problems/sum", { method: "HEAD" }],
    // The page keeps these itself, or they are not for a page.
    ["/runtimes/clang.wasm.0a1b", {}],
    ["/box.html", page],
    ["/service-worker.js", { mode: "same-origin", destination: "serviceworker" }],
    ["/api/problems", page],
  ])("leaves %s %j alone", (path, more) => {
    expect(routeOf(asked(path, more))).toBe("untouched");
  });

  it("leaves other sites alone", () => {
    expect(routeOf(asked("/api/problems", { sameOrigin: false }))).toBe("untouched");
  });
});

describe("a kept document", () => {
  it("is served with the policies that the site sends, and only so", () => {
    expect(isGuardedPage(policy(sitePolicy("n")))).toBe(true);
    expect(isGuardedBox(policy(boxPolicy("h")))).toBe(true);
    for (const guarded of [isGuardedPage, isGuardedBox]) {
      expect(guarded(new Headers())).toBe(false);
      expect(guarded(policy("default-src 'self'"))).toBe(false);
    }
  });

  it("that could reach something, or is no origin of its own, is no box", () => {
    const good = boxPolicy("h");
    expect(isGuardedBox(policy(good.replace("sandbox allow-scripts", "")))).toBe(false);
    expect(isGuardedBox(policy(good.replace("allow-scripts", "allow-scripts allow-same-origin")))).toBe(
      false,
    );
    expect(isGuardedBox(policy(good.replace("connect-src 'none'", "connect-src 'self'")))).toBe(false);
    expect(isGuardedBox(policy(good.replace("default-src 'none'", "default-src *")))).toBe(false);
  });

  it("that allows inline scripts is no page", () => {
    expect(
      isGuardedPage(policy("default-src 'self'; script-src 'unsafe-inline'; frame-ancestors 'none'")),
    ).toBe(false);
  });
});

describe("a page", () => {
  it("is of this version when all that it names is", () => {
    const html = '<script src="/assets/index-a1.js"></script><link href="/assets/index-b2.css">';
    expect(isWhole(html, ["/assets/index-a1.js", "/assets/index-b2.css", "/assets/other.js"])).toBe(true);
    expect(isWhole(html, ["/assets/index-a1.js", "/assets/index-c3.css"])).toBe(false);
    expect(isWhole("<h1>Hotel</h1>", ["/assets/index-a1.js"])).toBe(false);
  });
});

describe("an answer of the network", () => {
  it("is kept when it is the site's, and takes the kept one away when it is refused", () => {
    expect(afterAnswer(200, "application/json; charset=utf-8")).toBe("keep");
    expect([401, 403, 404].map((status) => afterAnswer(status, "application/json"))).toEqual(
      Array(3).fill("drop"),
    );
  });

  it("that is a stranger's page, or says that something broke, leaves the kept one as it is", () => {
    expect(afterAnswer(200, "text/html")).toBe("leave");
    expect(afterAnswer(500, "application/json")).toBe("leave");
    expect([502, 503, 504].every(isAway)).toBe(true);
    expect([200, 404, 500].some(isAway)).toBe(false);
  });
});

describe("kept answers", () => {
  it("stay for the same account only, but what a stranger was given stays for whoever signs in", () => {
    expect(mayStay("ana", "ana")).toBe(true);
    expect(mayStay("ana", "ben")).toBe(false);
    expect(mayStay("ana", null)).toBe(false);
    expect(mayStay(null, "ana")).toBe(true);
    expect(mayStay(undefined, "ana")).toBe(true);
  });
});
