import { useEffect } from "preact/hooks";

const KEEP_AFTER_MS = 400;

/**
 * Keeps what somebody writes: a moment after the last change, and when the page is left.
 * @param keep keeps what was not kept yet, if anything; told the event when the page is left; works by references, since the first one given is the one that is called
 * @param written is another one after each change
 */
export function useKeeping(keep: (leaving?: Event) => void, written: unknown): void {
  useEffect(() => {
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
      keep();
    };
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => keep(), KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [written]);
}
