import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as v from "valibot";
import { build } from "vite";
import type { Piece, RuntimeFile, RuntimeManifest } from "../manifest.ts";

/** A site with small made-up runtimes, whose every answer the tests decide. */
export interface DownloadSite {
  url: string;
  /** What lies below /runtimes/, by path. */
  files: Map<string, Buffer>;
  manifest: v.InferInput<typeof RuntimeManifest>;
  /** Paths of everything below /runtimes/ that was asked for, in order. */
  asked: string[];
  /** The most of these that were being answered at the same time. */
  atOnce: number;
  /** Says what is to be done before an answer is given; "break" ends the line in the middle of it. */
  before: (path: string) => Promise<"break" | void> | void;
  /** Puts a file on the site, cut into so many pieces. */
  put(name: string, content: Buffer, pieces: number, encoding?: RuntimeFile["encoding"]): RuntimeFile;
  close(): Promise<void>;
}

async function bundlePage(): Promise<string> {
  const results = await build({
    configFile: false,
    logLevel: "warn",
    root: import.meta.dirname,
    build: {
      write: false,
      target: "es2024",
      lib: { entry: join(import.meta.dirname, "download-page.ts"), formats: ["es"] },
    },
  });
  const [result] = Array.isArray(results) ? results : [results];
  const chunk = result !== undefined && "output" in result ? result.output[0] : undefined;
  if (chunk?.type !== "chunk") throw new Error("The page was not bundled into one script.");
  return chunk.code;
}

export async function openDownloadSite(): Promise<DownloadSite> {
  const script = await bundlePage();
  let answering = 0;
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    if (path === "/") {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><title>loading</title><script type="module" src="/page.js"></script>');
    } else if (path === "/page.js") {
      response.setHeader("content-type", "text/javascript");
      response.end(script);
    } else if (path === "/runtimes.json") {
      response.end(JSON.stringify(site.manifest));
    } else if (!path.startsWith("/runtimes/")) {
      response.writeHead(404).end();
    } else {
      site.asked.push(path);
      answering += 1;
      site.atOnce = Math.max(site.atOnce, answering);
      await give(path, response);
      answering -= 1;
    }
  }

  async function give(path: string, response: ServerResponse): Promise<void> {
    const order = await site.before(path);
    const content = site.files.get(path);
    if (content === undefined) {
      response.writeHead(404).end();
    } else if (order === "break") {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, content.length / 2), () => response.destroy());
    } else response.end(content);
  }

  const site: DownloadSite = {
    url: "",
    files: new Map(),
    manifest: {},
    asked: [],
    atOnce: 0,
    before: () => {},
    put(name, content, count, encoding = "gzip") {
      const packed = encoding === "gzip" ? gzipSync(content) : content;
      const size = Math.ceil(packed.length / count);
      const pieces = Array.from({ length: count }, (_, index): Piece => {
        const path = `/runtimes/${name}.${index}.bin`;
        const part = packed.subarray(index * size, (index + 1) * size);
        site.files.set(path, part);
        return { path, bytes: part.length };
      });
      return { name, encoding, pieces };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  site.url = `http://127.0.0.1:${address.port}`;
  return site;
}
