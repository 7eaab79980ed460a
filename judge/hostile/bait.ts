import { randomUUID } from "node:crypto";
import { createServer, type ListenOptions, type Server } from "node:net";

/** What the judge puts on the host for hostile programs to look for: without it, finding nothing would prove nothing. */
export interface Bait {
  /** Tells programs what to look for: `<the judge's process> <TCP port on the loopback interface> <abstract socket>`. */
  readonly input: string;
  /** How often somebody has come to a server since the last call. */
  visits(): number;
  close(): Promise<void>;
}

export async function openBait(): Promise<Bait> {
  let count = 0;
  const servers: Server[] = [];
  const serve = async (options: ListenOptions): Promise<Server> => {
    const server = createServer((socket) => {
      count++;
      socket.on("error", () => undefined).destroy();
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options, resolve);
    });
    servers.push(server);
    return server;
  };
  const name = `tabarena-bait-${randomUUID()}`;
  await serve({ path: `\0${name}` });
  const address = (await serve({ host: "127.0.0.1", port: 0 })).address();
  if (address === null || typeof address === "string") throw new Error("a server without a port");
  return {
    input: `${process.pid} ${address.port} ${name}\n`,
    visits: () => {
      const seen = count;
      count = 0;
      return seen;
    },
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
