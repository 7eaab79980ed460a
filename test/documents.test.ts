import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zipPackage } from "../scripts/build-problems.ts";
import { startSite, temporaryFolder, type Site } from "./site.ts";

let site: Site;
const data = temporaryFolder();
beforeAll(async () => {
  site = await startSite(data.path, ["--no-judge", "--no-demo"]);
});
afterAll(async () => {
  await site.end("SIGTERM");
  data.remove();
});

const policyOf = (response: Response): Map<string, string> => {
  const directives = (response.headers.get("content-security-policy") ?? "").split("; ");
  return new Map(directives.map((text) => [text.split(" ")[0] ?? "", text.split(" ").slice(1).join(" ")]));
};

describe("a page of the site", () => {
  it("may load our own files only, and no inline script or style", async () => {
    const policy = policyOf(await fetch(`${site.url}/problems`));
    expect(policy.get("default-src")).toBe("'self'");
    expect(policy.get("script-src")).toBe("'self' 'wasm-unsafe-eval'");
    expect(policy.get("style-src")).toMatch(/^'self' 'nonce-[0-9a-f-]{36}'$/);
    expect(policy.get("frame-ancestors")).toBe("'none'");
    expect([...policy.values()].join(" ")).not.toMatch(/'unsafe-|https?:|\*/);
  });

  it("gets the nonce of its own answer, fresh each time", async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const response = await fetch(`${site.url}/`);
        const nonce = /'nonce-([^']+)'/.exec(policyOf(response).get("style-src") ?? "")?.[1] ?? "none";
        expect(await response.text()).toContain(`<meta name="csp-nonce" content="${nonce}"`);
        expect(response.headers.get("etag")).toBeNull();
        return nonce;
      }),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it("answers deep links", async () => {
    const response = await fetch(`${site.url}/contests/any/problems/A`);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
  });
});

describe("the box", () => {
  it("is opaque by its header and runs exactly the script that it holds", async () => {
    const response = await fetch(`${site.url}/box.html`);
    const policy = policyOf(response);
    const script = /<script>([\s\S]*)<\/script>/.exec(await response.text())?.[1] ?? "";
    const hash = createHash("sha256").update(script).digest("base64");
    expect(Object.fromEntries(policy)).toEqual({
      "default-src": "'none'",
      "script-src": `'sha256-${hash}' blob: 'wasm-unsafe-eval'`,
      "worker-src": "blob:",
      "connect-src": "'none'",
      "base-uri": "'none'",
      "form-action": "'none'",
      "frame-ancestors": "'self'",
      sandbox: "allow-scripts",
    });
  });
});

describe("files", () => {
  it("named by their content are never asked for again", async () => {
    const page = await (await fetch(`${site.url}/`)).text();
    const path = /\/assets\/[^"]+\.js/.exec(page)?.[0] ?? "no script";
    const response = await fetch(site.url + path);
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  it("that do not exist are not found", async () => {
    expect((await fetch(`${site.url}/assets/nope.js`)).status).toBe(404);
    expect((await fetch(`${site.url}/nope.txt`)).status).toBe(404);
  });
});

describe("what the site is built on", () => {
  it("is not reachable through it: no object of R2, however well one knows its name", async () => {
    const organiser = await fetch(`${site.url}/api/session`, {
      method: "POST",
      body: JSON.stringify({ login: "admin", password: site.password("admin") }),
    });
    const cookie = organiser.headers.get("set-cookie")?.split(";")[0] ?? "";
    const zip = zipPackage(resolve(import.meta.dirname, "../problems/cheesebread"), "cheesebread");
    const upload = await fetch(`${site.url}/api/problems`, {
      method: "POST",
      headers: { cookie },
      body: new Uint8Array(zip),
    });
    expect(upload.status).toBe(201);
    const hash = createHash("sha256").update(zip).digest("hex");
    for (const path of [
      `r2/public/tabarena/sha256/${hash}`,
      "r2/s3/tabarena",
      "explorer",
      "platform-proxy",
    ]) {
      const response = await fetch(`${site.url}/cdn-cgi/local/${path}`);
      expect(await response.text()).not.toContain("PK\u0003\u0004");
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    }
  });
});

it("says that it lives and that it is ready", async () => {
  for (const path of ["/health", "/ready"])
    expect(await (await fetch(site.url + path)).json()).toEqual({ ok: true });
});
