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

/** What of a process is heard and ended. */
export interface EndingProcess {
  platform: NodeJS.Platform;
  /** `AGENT_LIFELINE=1` says that stdin is a pipe from the parent, whose end is the parent's. */
  env: NodeJS.ProcessEnv;
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  stdin: { on(event: "end" | "error", listener: () => void): unknown; resume(): unknown };
  exit(code: number): void;
}

/** One Ctrl-C arrives twice under npm: from the terminal, and handed on by npm. */
const SAME_SIGNAL_MS = 500;

/**
 * Ends this process when it is asked to:
 *
 *     serving --a signal that drains--> draining --done, drainMs, or any signal--+
 *        |                                 |                                     v
 *        +---------------------------------+-- the end of its parent, ------> ending --done, or any signal--> gone: 0
 *                                              a window that closes
 */
export function onEnding({ drain, end, drainMs, say }: Ending, own: EndingProcess): void {
  let state: "serving" | "draining" | "ending" = "serving";
  let heardAt = -SAME_SIGNAL_MS;

  const endNow = (why: string): void => {
    if (state === "ending") return own.exit(0);
    state = "ending";
    say(`ends (${why})`);
    void end().finally(() => own.exit(0));
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
  const { draining, hurried } = endingSignals(own.platform);
  for (const signal of draining) own.on(signal, () => hear(signal));
  for (const signal of hurried)
    own.on(signal, () => {
      if (state !== "ending") endNow(signal);
    });
  if (own.env["AGENT_LIFELINE"] !== "1") return;
  const orphaned = (): void => {
    if (state !== "ending") endNow("its parent ended");
  };
  own.stdin.on("end", orphaned);
  own.stdin.on("error", orphaned);
  own.stdin.resume();
}

/**
 * The signals that there are on a platform: those after which there is time, and those after which there is none. Windows sends
 * SIGINT for Ctrl-C, SIGBREAK for Ctrl-Break, and SIGHUP when the window is closed, ten seconds after which it ends the process
 * whatever it does; it never sends SIGTERM, as `taskkill` without `/F` does not reach a program without a window.
 */
export function endingSignals(platform: NodeJS.Platform): {
  draining: NodeJS.Signals[];
  hurried: NodeJS.Signals[];
} {
  if (platform === "win32") return { draining: ["SIGINT", "SIGBREAK"], hurried: ["SIGHUP"] };
  return { draining: ["SIGTERM", "SIGINT", "SIGHUP"], hurried: [] };
}
