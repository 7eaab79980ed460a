import type { WllamaLogger } from "./wllama-package.ts";

/** What wllama says, as far as it is of use. */
export interface WllamaLog {
  logger: WllamaLogger;
  /** Whether parts of the model lie on a graphics device: that there is one does not mean that it is used. */
  usesGpu(): boolean;
  /** What went wrong first since it was forgotten; "" for nothing. Of what it throws itself, wllama tells no cause. */
  complaint(): string;
  forget(): void;
  /** Rejected when wllama's Worker can't start, or breaks: nothing is answered any more then. */
  broken: Promise<never>;
}

/** The first tells the cause, and those after it what came of that. */
const MOST_COMPLAINTS = 3;

/** `load_tensors:      WebGPU model buffer size =   291.02 MiB`, of llama.cpp. */
const BUFFER = /load_tensors:\s+(\S+) model buffer size = +([\d.]+) MiB/;

export function wllamaLog(): WllamaLog {
  let usesGpu = false;
  const complaints: string[] = [];
  const broken = Promise.withResolvers<never>();
  // Whoever waits for something hears of it; where nobody does, it is heard at the next job.
  broken.promise.catch(() => undefined);
  const read = (said: unknown[]): void => {
    const [, device, size] = BUFFER.exec(lineOf(said)) ?? [];
    if (device !== undefined && !device.startsWith("CPU") && Number(size) > 0) usesGpu = true;
  };
  return {
    logger: {
      debug: (...said) => read(said),
      log: (...said) => read(said),
      warn: (...said) => read(said),
      error(...said) {
        const [first] = said;
        if (typeof Event !== "undefined" && first instanceof Event)
          broken.reject(new Error(messageOf(first)));
        else if (complaints.length < MOST_COMPLAINTS && lineOf(said) !== "") complaints.push(lineOf(said));
      },
    },
    usesGpu: () => usesGpu,
    complaint: () => complaints.join("; "),
    forget: () => void complaints.splice(0),
    broken: broken.promise,
  };
}

const lineOf = (said: unknown[]): string =>
  said
    .filter((part) => typeof part === "string")
    .join(" ")
    // What wllama adds of its own lies within this site's scripts.
    .replace(/^Stack trace[\s\S]*/, "")
    .trim();

const messageOf = (event: Event): string =>
  "message" in event && typeof event.message === "string" && event.message !== ""
    ? event.message
    : "its Worker can't start";
