import type { LanguageEngine } from "../../provider/engine.ts";
import type { Waits } from "../../provider/link.ts";
import { EngineFault, type FaultCode } from "./engine-fault.ts";
import { openServing, type Serving, type WiresOf } from "./serving.ts";
import type { TabEngines } from "./tab-engine.ts";
import type { FromWorker, ToWorker } from "./tab-messages.ts";

export interface SessionHostOptions {
  engines: TabEngines;
  wiresOf: WiresOf;
  /** The site's address. */
  site: string;
  /** The program, with its version. */
  agent: string;
  tell(message: FromWorker): void;
  waits?: Waits;
}

/**
 * What the page's Worker does with what it is told, as `tab-messages.ts` draws it. Engines are opened and closed one after another:
 * no two are in memory together.
 *
 * @returns hears one message
 */
export function openSessionHost(options: SessionHostOptions): (message: ToWorker) => void {
  const { engines, tell } = options;
  let engine: LanguageEngine | null = null;
  let serving: Serving | null = null;
  let attempt: AbortController | null = null;
  let work: Promise<void> = Promise.resolve();

  const close = async (): Promise<void> => {
    await serving?.over;
    const closed = engine;
    engine = null;
    await closed?.close().catch((error: unknown) => console.error(error));
  };
  /** Gives up what is there, and does something when that has gone. */
  const afterAll = (then: () => Promise<void>): void => {
    attempt?.abort();
    attempt = null;
    serving?.stop();
    work = work.then(close).then(then);
  };
  const load = ({ model, weights, contextTokens }: ToWorker & { type: "load" }): void => {
    const mine = new AbortController();
    const { signal } = mine;
    afterAll(async () => {
      if (signal.aborted) return;
      try {
        const open = await engines[model.engine]();
        const opened = await open({
          model,
          weights,
          contextTokens,
          onProgress: (progress) => {
            if (!signal.aborted) tell({ type: "loading", ...progress });
          },
          signal,
        });
        if (signal.aborted) return opened.close();
        engine = opened;
        const { facts, device, gpu } = opened;
        tell({ type: "loaded", facts, device, gpu });
      } catch (error) {
        if (!signal.aborted) tell({ type: "loadFailed", ...faultOf(error) });
      }
    });
    attempt = mine;
  };
  const forget = async (opened: Serving): Promise<void> => {
    await opened.over;
    if (serving === opened) serving = null;
  };
  const goOnline = (wanted: ToWorker & { type: "online" }): void => {
    if (engine === null || serving !== null) return;
    const mine = engine;
    const opened = openServing({
      ...options,
      engine: mine,
      wanted,
      onFault(fault) {
        if (engine !== mine) return;
        tell({ type: "engineFailed", ...faultOf(fault) });
        afterAll(async () => undefined);
      },
    });
    serving = opened;
    void forget(opened);
  };

  return (message) => {
    switch (message.type) {
      case "load":
        return load(message);
      case "unload":
        return afterAll(async () => undefined);
      case "online":
        return goOnline(message);
      case "limits":
        return serving?.setLimits(message.limits);
      case "drain":
        return serving?.drain();
      case "stop":
        return serving?.stop();
      default:
        return void (message satisfies never);
    }
  };
}

/** What opens an engine, and an engine itself, throws faults only; anything else is a mistake of ours, and told as one. */
function faultOf(error: unknown): { fault: FaultCode; message: string } {
  if (error instanceof EngineFault) return { fault: error.code, message: error.message };
  return { fault: "broken", message: error instanceof Error ? error.message : String(error) };
}
