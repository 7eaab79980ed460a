import { spawn, type ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { basename } from "node:path";

// The shell outlives this process by a moment: it reads until its standard input ends, and that the kernel sees to however
// this process ends. A terminal's Ctrl-C reaches it too and must not end it first.
const SCRIPT = `trap '' INT TERM HUP; while read -r line; do pid=$line; done; [ -z "$pid" ] || kill -9 "$pid"`;

/** Kills what it holds when this process ends in a way that leaves it no last word, such as `kill -9`. */
export interface Lifeline {
  /** Nothing is held any more, and the lifeline itself ends. */
  release(): void;
}

/**
 * Holds every process named `workerd` that this process starts from now on, one at a time.
 * Needed because workerd goes on serving for ever when its parent is killed (measured), and because Miniflare, which starts
 * it anew after a crash or a change of options, does not tell its process id; Node's own announcement of children does.
 */
export function holdWorkerd(): Lifeline {
  const shell = spawn("sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"] });
  shell.unref();
  // A broken pipe means that the shell was killed; the site goes on without its lifeline.
  shell.stdin.on("error", () => {});
  shell.on("error", () => {});
  const hold = (pid: number | undefined) => void shell.stdin.write(`${pid ?? ""}\n`);

  subscribe("child_process", (message) => {
    if (!isAnnouncement(message)) return;
    const child = message.process;
    child.once("spawn", () => {
      if (!/^workerd(\.exe)?$/.test(basename(child.spawnfile))) return;
      hold(child.pid);
      child.once("exit", () => hold(undefined));
    });
  });
  return {
    release() {
      hold(undefined);
      shell.stdin.end();
    },
  };
}

function isAnnouncement(message: unknown): message is { process: ChildProcess } {
  return typeof message === "object" && message !== null && "process" in message;
}
