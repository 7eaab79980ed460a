import { openSessionHost } from "./session-host.ts";
import type { TabEngines } from "./tab-engine.ts";
import type { FromWorker, ToWorker } from "./tab-messages.ts";
import { tabWires } from "./wire.ts";

/** The dedicated Worker of the page that provides. */

declare const SITE_VERSION: string;

const engines: TabEngines = {
  wllama: async () => (await import("./wllama-engine.ts")).openWllama,
  "web-llm": async () => (await import("./web-llm-engine.ts")).openWebLlm,
};

const { origin } = location;
const hear = openSessionHost({
  engines,
  wiresOf: (provider, onBytes) => tabWires({ site: origin, provider, onBytes }),
  site: origin,
  agent: `tabarena-tab ${SITE_VERSION}`,
  tell: (message) => self.postMessage(message satisfies FromWorker),
});

// Both ends are of one build.
self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => hear(data));
