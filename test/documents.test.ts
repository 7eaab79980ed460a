import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zipPackage } from "../scripts/build-problems.ts";
import { CLIENT } from "../scripts/folders.ts";
import { publishPrepared } from "../scripts/preparation.ts";
import { startServer } from "../scripts/server.ts";
import { startSite, temporaryFolder, type Site } from "./site.ts";

const FOR_EVER = "public, max-age=31536000, immutable";
/** Of one static file, by the hosting platform. */
const LARGEST_FILE = 25 * 1024 * 1024;

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

  it("may have a dot in its address, as models have in their names", async () => {
    const response = await fetch(`${site.url}/market/models/meta-llama%2Fllama-3.1`);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      expect.stringContaining("text/html"),
    ]);
    expect((await fetch(`${site.url}/nothing-here.1`)).status).toBe(404);
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

describe("the service worker", () => {
  it("is a script that is always asked for again, and reaches this site only", async () => {
    const { status, headers } = await fetch(`${site.url}/service-worker.js`);
    expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
      200,
      expect.stringMatching(/^(text|application)\/javascript/),
      "no-cache",
    ]);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; connect-src 'self'",
    );
  });
});

describe("files", () => {
  // As the site built them at its start.
  const builtFiles = () =>
    readdirSync(CLIENT, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "_headers")
      .map((entry) => join(entry.parentPath, entry.name));

  it("are small enough for every host", () => {
    const files = builtFiles();
    const large = files.filter((file) => statSync(file).size >= LARGEST_FILE);
    expect([files.length > 20, large]).toEqual([true, []]);
  });

  it("are never asked for again when their names tell their content, and always when not", async () => {
    for (const file of builtFiles()) {
      const path = relative(CLIENT, file);
      const { status, headers } = await fetch(`${site.url}/${path}`, { method: "HEAD" });
      const cached = headers.get("cache-control") ?? "";
      expect([path, status, headers.get("x-content-type-options")]).toEqual([path, 200, "nosniff"]);
      expect([path, headers.get("cross-origin-resource-policy")]).toEqual([path, "same-origin"]);
      if (/^(assets|runtimes)\//.test(path)) expect([path, cached]).toEqual([path, FOR_EVER]);
      else expect([path, cached]).toEqual([path, expect.stringMatching(/no-cache|max-age=0/)]);
      // A page without its policy would be a way around all of it.
      if (path.endsWith(".html")) expect(headers.get("content-security-policy")).toContain("default-src");
    }
  });

  it("of runtimes are opaque bytes, which no server between packs or unpacks, and their list is JSON", async () => {
    const list = await fetch(`${site.url}/runtimes.json`);
    expect(list.headers.get("content-type")).toMatch(/^application\/json/);
    const path = /"path":"([^"]+)"/.exec(await list.text())?.[1] ?? "no piece";
    const piece = await fetch(site.url + path, { headers: { "accept-encoding": "gzip, br" } });
    expect([piece.status, piece.headers.get("content-encoding")]).toEqual([200, null]);
  });

  it("made after the start are found at the addresses that they have when they were made before", async () => {
    const folder = temporaryFolder();
    const made = join(folder.path, "made");
    const [older, newer] = ["0123456789abcdef", "fedcba9876543210"].map((hash) => `/runtimes/x.${hash}.json`);
    mkdirSync(made);
    for (const list of [older, newer]) {
      const path = list?.replace(".json", ".0.bin") ?? "";
      const files = [{ name: "x", encoding: "identity", pieces: [{ path, bytes: 5 }] }];
      writeFileSync(join(folder.path, "made", path.slice("/runtimes/".length)), "piece");
      writeFileSync(join(made, list?.slice("/runtimes/".length) ?? ""), JSON.stringify(files));
    }
    const server = await startServer(folder.path, () => {});
    try {
      const url = await server.open("127.0.0.1", 0);
      const head = async (path = "") => {
        const { status, headers } = await fetch(url + path, { method: "HEAD" });
        return [status, headers.get("cache-control")];
      };
      expect(await head(newer)).toEqual([404, "no-store"]);
      for (const list of [older, newer]) {
        await publishPrepared(server, made, [list ?? ""]);
        expect([await head(list), await head(list?.replace(".json", ".0.bin"))]).toEqual([
          [200, FOR_EVER],
          [200, FOR_EVER],
        ]);
      }
      expect(await head(older)).toEqual([404, "no-store"]);
    } finally {
      await server.close();
      folder.remove();
    }
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
