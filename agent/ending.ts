/** How an agent ends. */
export interface Ending {
  /** Takes no more jobs, and resolves once those that it has are done. */
  drain(): Promise<void>;
  /** Breaks off what there is, and cleans up. */
  end(): Promise<void>;
  /** After so long, what a drain waits for is broken off. */
  drainMs: number;
  /** Told each step, in words. */
  say(line: string): void;
}

/** One Ctrl-C arrives twice under npm: from the terminal, and handed on by npm. */
const SAME_SIGNAL_MS = 500;

/**
 * Ends this process when it is asked to:
 *
 *     serving --SIGTERM, SIGINT, SIGHUP--> draining --done, drainMs, or any signal--+
 *        |                                    |                                     v
 *        +------------------------------------+-- the end of its parent -------> ending --done, or any signal--> gone: 0
 *
 * @param env - `AGENT_LIFELINE=1` says that stdin is a pipe from the parent, whose end is the parent's
 */
export function onEnding({ drain, end, drainMs, say }: Ending, env: NodeJS.ProcessEnv): void {
  let state: "serving" | "draining" | "ending" = "serving";
  let heardAt = -SAME_SIGNAL_MS;

  const endNow = (why: string): void => {
    if (state === "ending") process.exit(0);
    state = "ending";
    say(`ends (${why})`);
    void end().finally(() => process.exit(0));
  };
  const drainFirst = async (why: string): Promise<void> => {
    state = "draining";
    say(`takes no more jobs, and ends when those that it has are done (${why}; once more: at once)`);
    const late = setTimeout(() => endNow(`${drainMs / 1000} s are over`), drainMs);
    await drain();
    clearTimeout(late);
    if (state === "draining") endNow("all is done");
  };
  const hear = (signal: string): void => {
    const now = performance.now();
    if (now - heardAt < SAME_SIGNAL_MS) return;
    heardAt = now;
    if (state === "serving") void drainFirst(signal);
    else endNow(signal);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => hear(signal));
  if (env["AGENT_LIFELINE"] !== "1") return;
  const orphaned = (): void => {
    if (state !== "ending") endNow("its parent ended");
  };
  process.stdin.on("end", orphaned);
  process.stdin.on("error", orphaned);
  process.stdin.resume();
}
