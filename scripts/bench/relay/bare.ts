import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { endWithParent, tellParent } from "./parent.ts";

/** A process: the relay of bare-worker.js in the runtime that the site has, asked as directly. */
const name = "bare-worker.js";
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.WARN),
    port: 0,
    workers: [
      {
        name: "bare",
        compatibilityDate: "2026-10-23",
        modulesRoot: ".",
        modules: [
          {
            type: "ESModule",
            path: name,
            contents: readFileSync(join(import.meta.dirname, name), "utf8"),
          },
        ],
        durableObjects: { BARE: { className: "Bare", useSQLite: true } },
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      },
    ],
  }),
);
endWithParent(() => miniflare.dispose());
await miniflare.ready;
tellParent({ type: "ready", url: (await miniflare.unsafeGetDirectURL()).origin });
