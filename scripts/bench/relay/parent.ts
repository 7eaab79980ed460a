import type { Server } from "node:http";

/** Tells the benchmark something. */
export const tellParent = (message: object): void => void process.send?.(message);

/** Runs `end` when the benchmark says so, or is there no more. */
export function endWithParent(end: () => void | Promise<void> = () => {}): void {
  let ending = false;
  const once = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await end();
    process.exit(0);
  };
  process.once("disconnect", () => void once());
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void once());
}

/** Opens a server on a free port of the loopback and tells the benchmark where. Idle connections are kept. */
export function serve(server: Server): void {
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  endWithParent();
  server.listen(0, "127.0.0.1", 4096, () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    tellParent({ type: "ready", url: `http://127.0.0.1:${address.port}` });
  });
}
