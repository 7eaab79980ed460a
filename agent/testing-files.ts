import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";

/** A server of one file that answers as a test says. */
export interface FileServer {
  url: URL;
  content: Buffer;
  /** Null for none. */
  etag: string | null;
  lastModified: string | null;
  /** Whether it sends parts of the file. */
  hasRanges: boolean;
  /** How the next requests are answered, in turn; when there is none left, with the file. */
  script: ((response: ServerResponse, request: IncomingMessage) => Promise<void> | void)[];
  /** What was asked for, and how many bytes of the file were sent for it. */
  asked: { url: string; headers: IncomingHttpHeaders; sent: number }[];
  /** Sends the file, or what is asked for of it, up to so many bytes, and hangs up once the client has them. */
  cutAfter(bytes: number): FileServer["script"][number];
  /** Waits until the client has all up to here. */
  arrived(end: number): Promise<void>;
  /** Sends the file in pieces of so many bytes, a turn of the event loop between them. */
  inPieces(bytes: number): FileServer["script"][number];
  close(): Promise<void>;
}

export async function openFileServer(content: Buffer): Promise<FileServer> {
  const http = createServer(async (request, response) => {
    server.asked.push({ url: request.url ?? "", headers: request.headers, sent: 0 });
    const next = server.script.shift();
    if (next === undefined) await send(request, response, {});
    else await next(response, request);
  });
  const send = async (
    { headers }: IncomingMessage,
    response: ServerResponse,
    { most = Infinity, piece = Infinity }: { most?: number; piece?: number },
  ): Promise<void> => {
    const asked = server.asked.at(-1);
    const begin = server.hasRanges ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0) : 0;
    const condition = headers["if-range"] ?? null;
    const isSame = condition === null || condition === server.etag || condition === server.lastModified;
    const from = isSame ? begin : 0;
    const { length } = server.content;
    if (from > 0 && from >= length)
      return void response.writeHead(416, { "content-range": `bytes */${length}` }).end();
    response.writeHead(from > 0 ? 206 : 200, {
      "content-type": "application/octet-stream",
      "content-length": length - from,
      ...(server.etag === null ? {} : { etag: server.etag }),
      ...(server.lastModified === null ? {} : { "last-modified": server.lastModified }),
      ...(from > 0 ? { "content-range": `bytes ${from}-${length - 1}/${length}` } : {}),
    });
    const end = Math.min(length, from + most);
    for (let at = from; at < end; at += piece) {
      const some = server.content.subarray(at, Math.min(end, at + piece));
      if (asked !== undefined) asked.sent += some.length;
      await new Promise<void>((resolve) => response.write(some, () => resolve()));
      if (piece !== Infinity) await new Promise((resolve) => setImmediate(resolve));
    }
    if (end === length) return void response.end();
    // A client may lose what it has not read when the connection goes.
    await server.arrived(end);
    response.destroy();
  };
  await once(http.listen(0, "127.0.0.1"), "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const server: FileServer = {
    url: new URL(`http://127.0.0.1:${address.port}/models/tiny.gguf`),
    content,
    etag: '"one"',
    lastModified: null,
    hasRanges: true,
    script: [],
    asked: [],
    arrived: async () => undefined,
    cutAfter: (most) => (response, request) => send(request, response, { most }),
    inPieces: (piece) => (response, request) => send(request, response, { piece }),
    async close() {
      http.close();
      http.closeAllConnections();
    },
  };
  return server;
}

/** An answer that is no file. */
export const told =
  (status: number, body = "", headers: Record<string, string> = {}): FileServer["script"][number] =>
  (response) =>
    void response.writeHead(status, headers).end(body);
