/** Tells how long the parts of some work took that follow one another. */
export interface Stopwatch {
  /** A part is done: it took since the last one was, or since the start. */
  lap(part: string): void;
  /** `source 3 ms, compile 310 ms, tests 190 ms` */
  describe(): string;
}

export function startStopwatch(): Stopwatch {
  const parts: string[] = [];
  let last = performance.now();
  return {
    lap: (part) => {
      const now = performance.now();
      parts.push(`${part} ${Math.round(now - last)} ms`);
      last = now;
    },
    describe: () => parts.join(", "),
  };
}
