/**
 * The native provider: serves a language model of this machine, or of a server beside it, to a Tabarena site.
 *
 *     AGENT_TOKEN=… node agent/main.ts --url https://tabarena.example.com --gguf FILE --model NAME --price-in C --price-out C
 *     AGENT_TOKEN=… node agent/main.ts --url https://tabarena.example.com --upstream http://localhost:8080 --model NAME …
 *     node agent/main.ts --help
 *
 *     start -> fetch the file -> open the engine, measure its speed -> connect, say what is offered -> job after job
 *               |                 |
 *               only an address   an upstream that is not there or still loading is waited for
 *
 *     hours (--schedule): all of this is done in them only, and anew each time; at their end as at a signal, without ending.
 *
 *     end: SIGTERM, SIGINT, SIGHUP: takes nothing new, finishes what it writes, then ends; at a second one at once. The end
 *          of stdin, where AGENT_LIFELINE=1 says that it is a lifeline of the parent's: at once.
 *     kill -9: the site gives what was being written to another provider.
 *
 * Prints a line for each change of state: `agent: connected to https://tabarena.example.com as my-provider`. Prompts and
 * answers are never printed. Exit code 1 for a setting that is missing or wrong, or an engine that can't be opened.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { formatCredits } from "../protocol/money.ts";
import type { Offer } from "../protocol/offer.ts";
import { openProgress } from "./download-progress.ts";
import { onEnding } from "./ending.ts";
import {
  EngineError,
  type EngineFacts,
  type LanguageEngine,
  TASK_NAMES,
  writes,
} from "../provider/engine.ts";
import { openLlamaEngine } from "./llama-engine.ts";
import { fetchModel } from "./model-cache.ts";
import { openProvider } from "./provider.ts";
import { HELP, readSettings, type ServeSettings } from "./settings.ts";
import { openShifts, type Shift } from "./shifts.ts";
import { openUpstreamEngine } from "./upstream-engine.ts";

/** With a model in this process; what that makes slower, a second reader makes good. */
const SLOTS = 2;

const RETRY_MS = 5_000;

function say(line: string): void {
  process.stdout.write(`agent: ${line}\n`);
}

async function serve(settings: ServeSettings): Promise<void> {
  warn(settings);
  const { schedule, drainMs } = settings;
  const shifts = openShifts({ schedule, begin: (signal) => beginShift(settings, signal), drainMs, say });
  onEnding({ drain: shifts.drain, end: shifts.stop, drainMs, say }, process);
  await shifts.over;
}

async function beginShift(settings: ServeSettings, signal: AbortSignal): Promise<Shift> {
  const engine = await openEngine(settings, signal);
  if (signal.aborted) await engine.close();
  signal.throwIfAborted();
  const offer = offerOf(settings, engine.facts);
  sayOffer(offer, engine.facts);
  const provider = openProvider({
    server: settings.server,
    token: settings.token,
    agent: `tabarena-agent ${version()}`,
    slots: engine.facts.slots,
    served: [{ offer, engine }],
    say,
  });
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => (closed ??= engine.close());
  return {
    drain: () => provider.drain().then(close),
    // What is over already has nothing to break off.
    stop: () => closed ?? provider.stop().then(close),
  };
}

function warn({ server, tokenShown }: ServeSettings): void {
  if (tokenShown)
    say("the token stands on the command line, which others on this machine can read: use AGENT_TOKEN");
  if (server.protocol === "http:" && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(server.hostname))
    say(`NOT ENCRYPTED: the token and what is asked and answered can be read on the way to ${server.origin}`);
}

async function openEngine(settings: ServeSettings, signal: AbortSignal): Promise<LanguageEngine> {
  const { engine, tasks, slots, contextTokens } = settings;
  if (engine.from === "gguf") {
    const { file, sha256, threads, gpu } = engine;
    const path =
      typeof file === "string" ? file : await fetchModel(file, { say, signal, progress: progress() });
    say(`loads ${path}`);
    return openLlamaEngine({ path, sha256, tasks, slots: slots ?? SLOTS, contextTokens, threads, gpu });
  }
  const { upstream, model: upstreamModel, features } = engine;
  let said = "";
  for (;;) {
    try {
      return await openUpstreamEngine({
        upstream,
        model: settings.model,
        upstreamModel,
        tasks,
        slots,
        contextTokens,
        features,
      });
    } catch (error) {
      if (!(error instanceof EngineError) || error.reason === "unsupported") throw error;
      if (error.message !== said) say(`waits for its upstream: ${error.message}`);
      said = error.message;
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}

const progress = () =>
  openProgress({
    columns: process.stdout.isTTY ? process.stdout.columns : null,
    write: (text) => void process.stdout.write(text),
    now: () => performance.now(),
  });

function offerOf({ model, prices, maxTokens }: ServeSettings, facts: EngineFacts): Offer {
  const { tasks, contextTokens, artifact, engine, features, tokensPerSecond } = facts;
  return {
    offer: "model",
    model,
    tasks: [...tasks],
    contextTokens,
    maxOutputTokens: Math.min(maxTokens ?? contextTokens, contextTokens),
    prices,
    artifact,
    engine,
    features: [...features],
    tokensPerSecond,
  };
}

function sayOffer(offer: Offer, { slots }: EngineFacts): void {
  const { model, tasks, contextTokens, maxOutputTokens, prices, engine, features, artifact } = offer;
  const { tokensPerSecond } = offer;
  const { prompt, cachedPrompt, completion } = prices;
  say(
    `offers ${model}, ${slots} at once, ${contextTokens} tokens of context, ${maxOutputTokens} written at most`,
  );
  say(`runs it by ${[engine.name, engine.build, artifact.quantisation].filter(Boolean).join(" ")}`);
  say(`answers ${tasks.map((task) => TASK_NAMES[task]).join(", ")}`);
  say(`can do ${features.join(", ") || "nothing beyond text"}`);
  say(
    `takes per million tokens ${formatCredits(prompt)} credits for the prompt, ${formatCredits(cachedPrompt)} for what ` +
      `it has of it from before, ${formatCredits(completion)} for the answer`,
  );
  if (!writes(offer)) return;
  say(
    tokensPerSecond === null
      ? "measured no speed: its answer was too short"
      : `measured ${tokensPerSecond.toFixed(1)} tokens/s of one answer alone`,
  );
}

function version(): string {
  const text = readFileSync(join(import.meta.dirname, "package.json"), "utf8");
  return v.parse(v.object({ version: v.string() }), JSON.parse(text)).version;
}

try {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings.command === "help") process.stdout.write(`${HELP}\n`);
  else await serve(settings);
} catch (error) {
  console.error(`agent: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
