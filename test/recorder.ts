import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** Stands between a browser and a site, and remembers every request that the browser made. */
export interface Recorder {
  /** Where the browser finds the site. */
  url: string;
  /** Method and path of each request, in order. */
  requests: readonly string[];
  close(): Promise<void>;
}

/** @param site the site's own address, e.g. `http://localhost:1234` */
export async function recordRequests(site: string): Promise<Recorder> {
  const { port } = new URL(site);
  const requests: string[] = [];

  function passOn(asked: IncomingMessage, answer: ServerResponse): void {
    requests.push(`${asked.method} ${asked.url}`);
    const { method, url, headers } = asked;
    const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  }
  function passOnUpgrade(asked: IncomingMessage, near: Duplex, head: Buffer): void {
    requests.push(`UPGRADE ${asked.url}`);
    const far = connect(Number(port), "127.0.0.1");
    const lines = asked.rawHeaders.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join("");
    far.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines}\r\n`);
    far.write(head);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  }

  const server = createServer(passOn).on("upgrade", passOnUpgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === "object" && address !== null ? address.port : 0}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
