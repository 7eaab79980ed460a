/** Lets an answer through until the first of its stop strings, of which nothing is let through. */
export interface StopFilter {
  /** What of it may be shown by now: what could be the beginning of a stop string waits for more. */
  add(text: string): { text: string; stopped: boolean };
  /** What still waits, when nothing more comes. */
  end(): string;
}

export function stopFilter(stops: readonly string[]): StopFilter {
  let waiting = "";
  return {
    add(text) {
      waiting += text;
      const found = stops.map((stop) => waiting.indexOf(stop)).filter((index) => index >= 0);
      if (found.length > 0) return { text: waiting.slice(0, Math.min(...found)), stopped: true };
      const held = Math.max(0, ...stops.map((stop) => heldFor(waiting, stop)));
      const shown = waiting.slice(0, waiting.length - held);
      waiting = waiting.slice(shown.length);
      return { text: shown, stopped: false };
    },
    end: () => waiting,
  };
}

/** The length of the longest end of `text` with which `stop` begins. */
function heldFor(text: string, stop: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--)
    if (text.endsWith(stop.slice(0, length))) return length;
  return 0;
}
