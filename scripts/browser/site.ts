import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { buffer } from "node:stream/consumers";
import { boxPolicy, sitePolicy } from "../../protocol/documents.ts";
import { CLIENT } from "../folders.ts";

/**
 * The built client's files on a loopback port, under the policies of the real site. Its only page is empty: what runs programs
 * there is loaded by whoever drives the browser.
 */
export interface ClientSite {
  url: string;
  /** Puts bytes where the page can fetch them, until `drop`; returns the path. */
  lend(bytes: Uint8Array): string;
  drop(path: string): void;
  /** What the page posted to a path below /taken/, once; null when it posted nothing there. */
  take(path: string): Uint8Array | null;
  /** Bytes that went out for files, by path, since the last `forget`. */
  sent: ReadonlyMap<string, number>;
  forget(): void;
  close(): Promise<void>;
}

const common = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const PAGE = '<!doctype html><html lang="en"><head><title>Tabarena</title></head><body></body></html>';

/**
 * @param folder - the built client
 * @throws Error when there is no box to run programs in
 */
export async function openClientSite(folder = CLIENT): Promise<ClientSite> {
  const box = await readBox(folder);
  const lent = new Map<string, Uint8Array>();
  const taken = new Map<string, Uint8Array>();
  const sent = new Map<string, number>();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    if (request.method === "POST" && pathname.startsWith("/taken/")) {
      taken.set(pathname, new Uint8Array(await buffer(request)));
      send(response, 204, {}, "");
    } else if (pathname === "/") send(response, 200, pageHeaders(), PAGE);
    else if (pathname === "/box.html") send(response, 200, box.headers, box.html);
    else {
      const bytes = lent.get(pathname) ?? (await readStatic(folder, pathname));
      if (bytes === null) return send(response, 404, {}, "not here\n");
      if (!lent.has(pathname)) sent.set(pathname, (sent.get(pathname) ?? 0) + bytes.length);
      send(response, 200, fileHeaders(pathname), bytes);
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    lend: (bytes) => {
      const path = `/lent/${randomUUID()}`;
      lent.set(path, bytes);
      return path;
    },
    drop: (path) => void lent.delete(path),
    take: (path) => {
      const bytes = taken.get(path) ?? null;
      taken.delete(path);
      return bytes;
    },
    sent,
    forget: () => sent.clear(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return address.port;
}

interface Document {
  html: string;
  headers: Record<string, string>;
}

async function readBox(folder: string): Promise<Document> {
  const html = await readFile(join(folder, "box.html"), "utf8").catch(() => "");
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1];
  if (script === undefined) throw new Error(`${folder} holds no box.html to run programs in`);
  const policy = boxPolicy(createHash("sha256").update(script).digest("base64"));
  return { html, headers: documentHeaders(policy) };
}

const pageHeaders = (): Record<string, string> => ({
  ...documentHeaders(sitePolicy(randomUUID())),
  "cross-origin-opener-policy": "same-origin",
});

const documentHeaders = (policy: string): Record<string, string> => ({
  ...common,
  "content-security-policy": policy,
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-cache",
});

const types: readonly (readonly [string, string])[] = [
  [".js", "text/javascript; charset=utf-8"],
  [".json", "application/json"],
  [".css", "text/css; charset=utf-8"],
];

/** What is named by its content never changes. */
function fileHeaders(path: string): Record<string, string> {
  const type = types.find(([ending]) => path.endsWith(ending))?.[1] ?? "application/octet-stream";
  const hashed = path.startsWith("/assets/") || path.startsWith("/runtimes/");
  const cache = hashed ? "public, max-age=31536000, immutable" : "no-cache";
  return { ...common, "content-type": type, "cache-control": cache };
}

async function readStatic(folder: string, path: string): Promise<Uint8Array | null> {
  // The address's own parser has taken out dots; what still climbs is no file of ours.
  const name = normalize(decodeURIComponent(path)).slice(1);
  if (name.startsWith("..") || name.startsWith(".vite")) return null;
  return readFile(join(folder, name)).catch(() => null);
}

function send(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string | Uint8Array,
): void {
  response.writeHead(status, headers);
  response.end(body);
}
