import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Page } from "playwright-core";
import { build } from "vite";
import { providePolicy } from "../../protocol/documents.ts";
import { type TabModel, weightsPath } from "../../protocol/tab-model.ts";
import { launchBrowser } from "../../scripts/browser/launch.ts";
import type { Outcome, Wish } from "./wllama-worker.ts";

/** A browser on a small site with the tests' page, under the same policy as the tab that provides. */
export interface WllamaSite {
  /** @param isolated whether the document and its Worker have the headers without which there are no threads */
  open(isolated: boolean): Promise<WllamaTab>;
  /** Addresses that were asked for. */
  requests: string[];
  close(): Promise<void>;
}

export interface WllamaTab {
  ask<Done extends Outcome["done"]>(done: Done, wish: Wish): Promise<Extract<Outcome, { done: Done }>>;
  /** Uncaught errors of the page and violations of its policy. */
  errors: string[];
  close(): Promise<void>;
}

const tiny = readFileSync(join(import.meta.dirname, "../../agent/model/tabarena-tiny.gguf"));
const sha256 = createHash("sha256").update(tiny).digest("hex");

/** The model that comes with the site. */
export const tinyTabModel: TabModel = {
  name: "tabarena-tiny",
  engine: "wllama",
  quantisation: "F16",
  contextTokens: 1024,
  memoryBytes: 64 * 1024 * 1024,
  features: [],
  files: [{ path: "tabarena-tiny.gguf", sha256, bytes: tiny.length, url: weightsPath(sha256) }],
};

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };

export async function openWllamaSite(): Promise<WllamaSite> {
  const folder = await mkdtemp(join(tmpdir(), "wllama-"));
  await build({
    configFile: false,
    logLevel: "warn",
    root: import.meta.dirname,
    publicDir: false,
    worker: { format: "es" },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2024",
      assetsInlineLimit: 0,
      minify: false,
      rolldownOptions: {
        input: join(import.meta.dirname, "wllama-page.ts"),
        output: { entryFileNames: "page.js" },
      },
    },
  });
  const requests: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://site");
    requests.push(pathname);
    response.setHeader("content-security-policy", providePolicy([]));
    if (isolated(request, searchParams)) {
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
    }
    if (pathname === "/") {
      response.setHeader("content-type", "text/html");
      response.end(
        '<!doctype html><html lang="en"><title>loading</title><script type="module" src="/page.js"></script></html>',
      );
      return;
    }
    const body = pathname.startsWith("/weights/")
      ? tiny
      : await readFile(join(folder, pathname)).catch(() => null);
    if (body === null) return void response.writeHead(404).end();
    response.setHeader("content-type", types[extname(pathname)] ?? "application/octet-stream");
    response.end(body);
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await launchBrowser();
  return {
    requests,
    async open(isolated) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (/Content Security Policy/.test(message.text())) errors.push(message.text());
      });
      await page.goto(`http://127.0.0.1:${port}/?isolated=${isolated}`);
      await page.waitForFunction(() => document.title === "ready");
      return { ask: asker(page), errors, close: () => context.close() };
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a page asks for has the headers of the page. */
function isolated({ headers }: IncomingMessage, own: URLSearchParams): boolean {
  const asked = own.get("isolated") ?? new URL(headers.referer ?? "http://site").searchParams.get("isolated");
  return asked === "true";
}

const asker =
  (page: Page): WllamaTab["ask"] =>
  async <Done extends Outcome["done"]>(done: Done, wish: Wish) => {
    const outcome = await page.evaluate((wished) => ask(wished), wish);
    const is = (found: Outcome): found is Extract<Outcome, { done: Done }> => found.done === done;
    if (!is(outcome)) throw new Error(`not ${done}: ${JSON.stringify(outcome)}`);
    return outcome;
  };
