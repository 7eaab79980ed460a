import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";
import { providePolicy } from "../../protocol/documents.ts";
import { type TabModel, weightsPath } from "../../protocol/tab-model.ts";
import { launchBrowser } from "../../scripts/browser/launch.ts";
import type { Outcome, Wish } from "./web-llm-worker.ts";

/** A small site with web-llm and what it is to load, under the same policy as the tab that provides. */
export interface WebLlmSite {
  /** Opens a model in a browser of its own, with these flags. */
  open(flags: readonly string[], wish: Wish): Promise<Opened>;
  close(): Promise<void>;
}

export interface Opened extends Outcome {
  /** Addresses that were asked for, of this site or any other. */
  requests: string[];
  /** Uncaught errors of the page and violations of its policy. */
  errors: string[];
}

/** Files by their names. */
type Files = Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;

const sumOf = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A model of these files, which are not the weights of anything. */
export const modelOf = (files: Files): TabModel => ({
  name: "no-model",
  engine: "web-llm",
  quantisation: "q0f32",
  contextTokens: 512,
  memoryBytes: 1024 * 1024,
  features: [],
  files: Object.entries(files).map(([path, bytes]) => ({
    path,
    sha256: sumOf(bytes),
    bytes: Buffer.byteLength(bytes),
    url: weightsPath(sumOf(bytes)),
  })),
});

export async function openWebLlmSite(models: readonly Files[]): Promise<WebLlmSite> {
  const folder = await mkdtemp(join(tmpdir(), "web-llm-"));
  await build({
    configFile: false,
    logLevel: "error",
    root: import.meta.dirname,
    publicDir: false,
    worker: { format: "es" },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2024",
      minify: false,
      rolldownOptions: {
        input: join(import.meta.dirname, "web-llm-page.ts"),
        output: { entryFileNames: "page.js" },
      },
    },
  });
  const weights = new Map(
    models
      .flatMap(Object.values)
      .map((bytes): [string, Buffer] => [weightsPath(sumOf(bytes)), Buffer.from(bytes)]),
  );

  async function answer({ url = "/" }: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("content-security-policy", providePolicy([]));
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("cross-origin-embedder-policy", "require-corp");
    if (url === "/") {
      response.setHeader("content-type", "text/html");
      const script = '<script type="module" src="/page.js"></script>';
      return void response.end(`<!doctype html><html lang="en"><title>loading</title>${script}</html>`);
    }
    const body = weights.get(url) ?? (await readFile(join(folder, url)).catch(() => null));
    if (body === null) return void response.writeHead(404).end();
    if (extname(url) === ".js") response.setHeader("content-type", "text/javascript");
    response.end(body);
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    async open(flags, wish) {
      const browser = await launchBrowser(flags);
      try {
        const page = await browser.newPage();
        const requests: string[] = [];
        const errors: string[] = [];
        page.context().on("request", (request) => requests.push(request.url()));
        page.on("pageerror", (error) => errors.push(error.message));
        page.on("console", (message) => {
          if (/Content Security Policy/.test(message.text())) errors.push(message.text());
        });
        await page.goto(`http://127.0.0.1:${port}/`);
        await page.waitForFunction(() => document.title === "ready");
        const outcome = await page.evaluate((wished) => openModel(wished), wish);
        return { ...outcome, requests, errors };
      } finally {
        await browser.close();
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
