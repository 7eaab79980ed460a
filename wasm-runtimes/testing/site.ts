import { createHash } from "node:crypto";
import { access, copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as v from "valibot";
import { build } from "vite";
import { boxPolicy, sitePolicy } from "../../protocol/documents.ts";
import type { LanguageId } from "../../protocol/language.ts";
import { prepareAssets } from "../assets.ts";
import { makePrepared, preparedPath } from "../clang/prepared.ts";
import { PreparedFiles } from "../manifest.ts";

/** A small site with the prepared runtimes and one page, under the same policies as the real one. */
export interface Site {
  url: string;
  folder: string;
  /** Every request that has arrived: method and path. */
  requests: string[];
  /** When true, /box.html is sent without its policy, as by a server that lost it. */
  bareBox: boolean;
  close(): Promise<void>;
}

function policyOfBox(html: string): string {
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1];
  if (script === undefined) throw new Error("box.html has no inline script");
  return boxPolicy(createHash("sha256").update(script).digest("base64"));
}

/** What C++ needs besides is made once and used by all tests. */
const prepared = join(import.meta.dirname, "../../node_modules/.cache/runtimes/prepared");

async function copyPrepared(folder: string): Promise<void> {
  const list = basename(preparedPath());
  const known = await access(join(prepared, list)).then(
    () => true,
    () => false,
  );
  if (!known) {
    await mkdir(prepared, { recursive: true });
    await makePrepared(prepared);
  }
  const files = v.parse(PreparedFiles, JSON.parse(await readFile(join(prepared, list), "utf8")));
  for (const { path } of files.flatMap(({ pieces }) => pieces)) {
    await copyFile(join(prepared, basename(path)), join(folder, path));
  }
  await copyFile(join(prepared, list), join(folder, preparedPath()));
}

export async function openSite(languages?: readonly LanguageId[]): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "runtimes-"));
  await prepareAssets(folder, languages);
  if (languages?.includes("cpp")) await copyPrepared(folder);
  await build({
    configFile: false,
    logLevel: "warn",
    root: import.meta.dirname,
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: "es2024",
      lib: { entry: join(import.meta.dirname, "page.ts"), formats: ["es"], fileName: "page" },
    },
  });

  const site = { url: "", folder, requests: [] as string[], bareBox: false };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    site.requests.push(`${request.method} ${request.url}`);
    if (pathname === "/") {
      response.setHeader("content-security-policy", sitePolicy("test"));
      response.setHeader("content-type", "text/html");
      response.end(
        '<!doctype html><html lang="en"><title>loading</title><script type="module" src="/page.js"></script></html>',
      );
      return;
    }
    const body = await readFile(join(folder, pathname)).catch(() => null);
    if (body === null) {
      response.statusCode = 404;
      response.end("Not found");
      return;
    }
    if (pathname === "/box.html") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      if (!site.bareBox) response.setHeader("content-security-policy", policyOfBox(body.toString()));
    } else if (pathname.startsWith("/runtimes/")) {
      response.setHeader("cache-control", "public, max-age=31536000, immutable");
      response.setHeader("content-type", "application/octet-stream");
    } else {
      response.setHeader("content-type", pathname.endsWith(".json") ? "application/json" : "text/javascript");
    }
    response.end(body);
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(site, {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  });
}
