/** Tells how far a download is: on a terminal by a bar that is drawn over, elsewhere by a line now and then. */
export interface Progress {
  /** @param total in bytes; null where the server doesn't tell */
  at(done: number, total: number | null): void;
  /** Leaves the line; a next `at` begins another. */
  end(): void;
}

export interface ProgressOutput {
  /** Columns of the terminal; null where there is none. */
  columns: number | null;
  write(text: string): void;
  /** In milliseconds, from wherever. */
  now(): number;
}

/** Of the line in a log. */
const LINE_MS = 10_000;

const DRAW_MS = 100;

/** The rate is that of so long ago until now: it follows what changes, and does not jump. */
const WINDOW_MS = 10_000;

const BAR = 24;

export function openProgress({ columns, write, now }: ProgressOutput): Progress {
  const every = columns === null ? LINE_MS : DRAW_MS;
  let seen: { time: number; done: number }[] = [];
  let drawnAt: number | null = null;
  let isOpen = false;

  const rate = (): number | null => {
    const first = seen[0];
    const last = seen.at(-1);
    if (first === undefined || last === undefined || last.time - first.time < 500) return null;
    return (1000 * (last.done - first.done)) / (last.time - first.time);
  };
  return {
    at(done, total) {
      const time = now();
      seen = [...seen.filter((one) => time - one.time <= WINDOW_MS && one.done <= done), { time, done }];
      drawnAt ??= columns === null ? time : -Infinity;
      if (time - drawnAt < every && done !== total) return;
      // Enough to tell the rate of the next.
      if (seen.length > 200) seen = seen.filter((_, index) => index % 2 === 0);
      drawnAt = time;
      const words = progressWords(done, total, rate());
      if (columns === null) return write(`agent: ${words}\n`);
      const bar = total === null || total === 0 ? "" : `${progressBar(done / total)} `;
      write(`\r${`agent: ${bar}${words}`.slice(0, columns - 1)}\u001B[K`);
      isOpen = true;
    },
    end() {
      if (isOpen) write("\n");
      isOpen = false;
      seen = [];
      drawnAt = null;
    },
  };
}

function progressBar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR);
  return `[${"#".repeat(full)}${".".repeat(BAR - full)}]`;
}

/** `1.2 GB of 4.7 GB (25 %), 31.0 MB/s, 1 min 52 s left`. */
export function progressWords(done: number, total: number | null, bytesPerSecond: number | null): string {
  const share =
    total === null || total === 0 ? "" : ` of ${bytes(total)} (${Math.floor((100 * done) / total)} %)`;
  const rate = bytesPerSecond === null ? "" : `, ${bytes(bytesPerSecond)}/s`;
  const isTold = bytesPerSecond !== null && bytesPerSecond > 0 && total !== null && total > done;
  const left = isTold ? `, ${duration((total - done) / bytesPerSecond)} left` : "";
  return `${bytes(done)}${share}${rate}${left}`;
}

/** In powers of ten, as shops and operating systems' own pages count. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  const shown = count / 1000 ** power;
  return `${power === 0 ? Math.round(shown) : shown.toFixed(1)} ${units[power]}`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
