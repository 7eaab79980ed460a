import { useEffect, useState } from "preact/hooks";
import { away } from "./network.ts";

/** How far the server's clock is ahead of this machine's, in ms, as last heard. */
let offsetMs = 0;

/** To be called with the `now` of every answer that has one, so that countdowns do not trust this machine's clock. */
export function observeServerTime(now: number): void {
  // What a kept copy says of the time is long past.
  if (away.value) return;
  offsetMs = now - Date.now();
}

/** The server's time: ms since 1970. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** The server's time, drawn again at every full second of it. */
export function useServerNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    let timer = 0;
    const tick = (): void => {
      setNow(serverNow());
      timer = window.setTimeout(tick, 1000 - (serverNow() % 1000));
    };
    tick();
    return () => clearTimeout(timer);
  }, []);
  return now;
}
