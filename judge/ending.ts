/** How a judge ends. */
export interface Ending {
  /** Takes no more work and resolves once what there is has been done. */
  drain(): Promise<void>;
  /** Gives up what there is, and cleans up. */
  end(): Promise<void>;
  /** Told each step, in words. */
  say(line: string): void;
}

/** One Ctrl-C arrives twice under npm: from the terminal, and handed on by npm. */
const SAME_SIGNAL_MS = 500;

/**
 * Ends this process when it is asked to:
 *
 *     judging --SIGHUP--> draining --done, or any signal--+
 *        |                                                v
 *        +-- SIGTERM, SIGINT, the end of its parent --> ending --done, or any signal--> gone, with exit code 0
 *
 * @param env - `JUDGE_LIFELINE=1` says that stdin is a pipe from the parent, whose end is the parent's
 */
export function onEnding({ drain, end, say }: Ending, env: NodeJS.ProcessEnv): void {
  let state: "judging" | "draining" | "ending" = "judging";
  let heardAt = -SAME_SIGNAL_MS;

  const endNow = (why: string): void => {
    if (state === "ending") process.exit(0);
    state = "ending";
    say(`ends (${why})`);
    void end().finally(() => process.exit(0));
  };
  const drainFirst = async (why: string): Promise<void> => {
    state = "draining";
    say(`takes no more work and ends when what it has is done (${why})`);
    await drain();
    if (state === "draining") endNow("all is done");
  };
  const hear = (signal: string, react: (signal: string) => void): void => {
    const now = performance.now();
    if (now - heardAt < SAME_SIGNAL_MS) return;
    heardAt = now;
    react(signal);
  };
  process.on("SIGTERM", () => hear("SIGTERM", endNow));
  process.on("SIGINT", () => hear("SIGINT", endNow));
  process.on("SIGHUP", () =>
    hear("SIGHUP", state === "judging" ? (signal) => void drainFirst(signal) : endNow),
  );
  if (env["JUDGE_LIFELINE"] !== "1") return;
  const orphaned = (): void => {
    if (state !== "ending") endNow("its parent ended");
  };
  process.stdin.on("end", orphaned);
  process.stdin.on("error", orphaned);
  process.stdin.resume();
}
