import { browserLanguages, openRuntime, readiness } from "./host.ts";

/**
 * The runtimes for programs that drive a browser with the built site: they import this script by its name in Vite's manifest and
 * call what it leaves on the page.
 */
const engine = { openRuntime, readiness, browserLanguages };
export type Engine = typeof engine;

declare global {
  var tabarenaEngine: Engine;
}

globalThis.tabarenaEngine = engine;
