import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process of this machine, told apart from a later one with the same id by when it began. */
export interface Process {
  pid: number;
  began: string;
  command: string;
}

interface Status extends Process {
  parent: number;
  /** Ended, and only waiting for its parent to take note. */
  zombie: boolean;
}

/** All processes that come from `pid`, without itself. Needs /proc. */
export function descendantsOf(pid: number): Process[] {
  const all = statuses();
  const found: Status[] = [];
  for (let parents = [pid]; parents.length > 0;) {
    const children = all.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map(({ pid }) => pid);
  }
  return found.filter(({ zombie }) => !zombie);
}

/** Those of `processes` that still run after `ms`; returns as soon as there are none. */
export async function survivors(processes: readonly Process[], ms: number): Promise<Process[]> {
  for (const end = Date.now() + ms; ; await sleep(50)) {
    const now = statuses().filter(({ zombie }) => !zombie);
    const alive = processes.filter(({ pid, began }) =>
      now.some((one) => one.pid === pid && one.began === began),
    );
    if (alive.length === 0 || Date.now() > end) return alive;
  }
}

function statuses(): Status[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // man proc: pid (name) state ppid … starttime; the name may hold anything, so count from its end.
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return [
          {
            pid: Number(name),
            parent: Number(fields[1]),
            began: fields[19] ?? "",
            zombie: fields[0] === "Z",
            command,
          },
        ];
      } catch {
        return []; // It ended while we looked.
      }
    });
}
