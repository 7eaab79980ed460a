import { once } from "node:events";
import { createServer, connect, type Server, type Socket } from "node:net";

/** The network between a browser and a site, which can be cut: while it is, nothing of what the browser sends reaches the site. */
export interface Cuttable {
  /** Where the browser finds the site. */
  url: string;
  /** How many connections have reached the site so far. */
  reached(): number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** @param site the site's own address, e.g. `http://localhost:1234` */
export async function cuttable(site: string): Promise<Cuttable> {
  const target = Number(new URL(site).port);
  const sockets = new Set<Socket>();
  let reached = 0;
  let server: Server | null = null;
  const listen = async (port: number): Promise<number> => {
    server = createServer((near) => {
      reached += 1;
      const far = connect(target, "127.0.0.1");
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };
  const port = await listen(0);
  return {
    url: `http://localhost:${port}`,
    reached: () => reached,
    async cut() {
      const listening = server;
      server = null;
      if (listening === null) return;
      const closed = once(listening, "close");
      listening.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async mend() {
      if (server === null) await listen(port);
    },
  };
}
