import { useCallback, useEffect, useState } from "preact/hooks";
import { asApiError, type ApiError } from "./api.ts";

/** What a page shows while, when, and if not its data has come. */
export type Loaded<T> =
  | { state: "loading" }
  | { state: "ready"; value: T }
  | { state: "failed"; error: ApiError };

export interface Loading<T> {
  loaded: Loaded<T>;
  /** Asks again; what is shown stays until the answer is there. */
  reload: () => void;
  /** Shows a newer value that came another way. */
  replace: (value: T) => void;
}

/**
 * Loads a page's data, again whenever `name` changes, and forgets answers to questions no longer asked.
 * @param name says what is loaded, e.g. the request's path; `load` must depend on nothing else
 * @param occasion when this number changes, the same is asked again, and what is shown stays until the answer is there
 */
export function useLoaded<T>(
  name: string,
  load: (signal: AbortSignal) => Promise<T>,
  occasion = 0,
): Loading<T> {
  const [answer, setAnswer] = useState<{ name: string; loaded: Loaded<T> } | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const settle = (loaded: Loaded<T>): void => {
      if (!stop.signal.aborted) setAnswer({ name, loaded });
    };
    load(stop.signal).then(
      (value) => settle({ state: "ready", value }),
      (thrown) => {
        if (!stop.signal.aborted) settle({ state: "failed", error: asApiError(thrown) });
      },
    );
    return () => stop.abort();
  }, [name, turn, occasion]);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  const replace = useCallback((value: T) => setAnswer({ name, loaded: { state: "ready", value } }), [name]);
  return { loaded: answer?.name === name ? answer.loaded : { state: "loading" }, reload, replace };
}

/**
 * Counts up every so often while the page is seen, and at once when it is seen again: an `occasion` for what the server
 * does not send by itself.
 * @param everyMs must not change
 */
export function useTicks(everyMs: number): number {
  const [ticks, setTicks] = useState(0);
  useEffect(() => {
    const tick = (): void => {
      if (document.visibilityState === "visible") setTicks((count) => count + 1);
    };
    const timer = setInterval(tick, everyMs);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  return ticks;
}
