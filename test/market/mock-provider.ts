import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { WebSocket } from "ws";
import type { ChatJob } from "../../protocol/job.ts";
import type { Offer } from "../../protocol/offer.ts";
import {
  HEARTBEAT,
  type Delta,
  type Job,
  MarketMessage,
  PROVIDER_PROTOCOL,
  type ProviderMessage,
} from "../../protocol/provider.ts";
import { finishedOf, stepsOf, type Script, type Step } from "./mock-script.ts";

export interface MockWishes {
  /** The site's address. */
  url: string;
  /** A provider's. */
  token: string;
  offers: Offer[];
  slots?: number;
  /** What its engine runs: those with the same write the same answers. */
  artifact?: string;
  /** How it behaves: the same with all jobs, or with each in its turn. */
  script?: Script | ((job: Job, index: number) => Script);
  /** How long after its socket ended it comes again; null for never. */
  reconnectMs?: number | null;
}

/** One job as a provider saw it. */
export interface MockJob {
  job: Job;
  script: Script;
  /** Deltas that it has sent, without those sent twice. */
  sent: Delta[];
  /** What it was told about the job, and when. */
  heard: { type: "cancel" | "pause" | "resume" | "settled"; at: number }[];
  /** What it was told that it is paid, each time. */
  settled: (MarketMessage & { type: "settled" })[];
  /** Its last word, which it repeats until the job is settled. */
  ending: ProviderMessage | null;
}

export interface MockProvider {
  /** In the order in which they came. */
  readonly jobs: readonly MockJob[];
  /** Every time that it was welcomed. */
  readonly welcomes: readonly (MarketMessage & { type: "welcome" })[];
  /** Whatever came that is no message of the link, and why it was not welcome. */
  readonly complaints: readonly string[];
  /** Resolves when it is welcome at the moment. */
  ready(): Promise<void>;
  say(message: ProviderMessage): void;
  /** Ends its socket without a word; it comes again unless told otherwise. */
  cut(): void;
  close(): Promise<void>;
}

/** What it was asked for by those of its jobs that are answers to conversations. */
export const chatsOf = ({ jobs }: MockProvider): ChatJob[] =>
  jobs.flatMap(({ job: { request } }) => (request.type === "chat" ? [request] : []));

const HANDSHAKE_MS = 10_000;

/**
 * A provider that speaks the real link over a real socket and behaves as its script says (`mock-script.ts`). Beside its script
 * it is an honest one: it answers heartbeats, stops when it is cancelled, pauses, and repeats the end of each job on every
 * connection until it hears that it was settled.
 */
export function startMock(wishes: MockWishes): MockProvider {
  const mock = new Mock(wishes);
  mock.connect();
  return mock;
}

class Mock implements MockProvider {
  readonly #wishes: MockWishes;
  readonly jobs: MockJob[] = [];
  readonly welcomes: (MarketMessage & { type: "welcome" })[] = [];
  readonly complaints: string[] = [];
  /** Those on which it still works, by their ids. */
  readonly #playing = new Map<string, { cancelled: AbortController; paused: boolean }>();
  /** Those who wait for the answers to heartbeats, the first asked first. */
  readonly #answered: (() => void)[] = [];
  #socket: WebSocket | null = null;
  #isWelcome = false;
  #isClosed = false;
  #pulse: NodeJS.Timeout | undefined;

  constructor(wishes: MockWishes) {
    this.#wishes = wishes;
  }

  connect(): void {
    const { url, token, reconnectMs = 50 } = this.#wishes;
    const socket = new WebSocket(`${url.replace("http", "ws")}/link/provider`, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: HANDSHAKE_MS,
    });
    this.#socket = socket;
    socket.on("open", () => this.#hello());
    socket.on("message", (data) => this.#receive(String(data)));
    // The close that follows says enough.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(this.#pulse);
      this.#isWelcome = false;
      for (const heard of this.#answered.splice(0)) heard();
      for (const { cancelled } of this.#playing.values()) cancelled.abort("the socket ended");
      if (this.#isClosed || reconnectMs === null) return;
      setTimeout(() => this.#isClosed || this.connect(), reconnectMs);
    });
  }

  async ready(): Promise<void> {
    while (!this.#isWelcome) {
      if (this.#isClosed) throw new Error("The provider was closed.");
      const [complaint] = this.complaints;
      if (complaint !== undefined) throw new Error(complaint);
      await sleep(5);
    }
  }

  say(message: ProviderMessage): void {
    this.#sendRaw(JSON.stringify(message));
  }

  cut(): void {
    this.#socket?.terminate();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const socket = this.#socket;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return;
    const gone = new Promise((resolve) => socket.once("close", resolve));
    socket.terminate();
    await gone;
  }

  /**
   * Waits until all that was said has come to the other end, which answers a heartbeat only after that: else the socket would
   * have ended earlier than the script says.
   */
  #heardOut(): Promise<void> {
    return new Promise((heard) => {
      this.#answered.push(heard);
      this.#sendRaw(HEARTBEAT.ask);
    });
  }

  #sendRaw(data: string | Uint8Array): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  #hello(): void {
    const { offers, slots = 4 } = this.#wishes;
    this.say({
      type: "hello",
      protocols: [PROVIDER_PROTOCOL],
      agent: "mock 1",
      kind: "native",
      slots,
      offers,
      holding: this.jobs.flatMap(({ job, ending }) => (ending === null ? [] : [job.job])),
    });
  }

  #receive(text: string): void {
    if (text === HEARTBEAT.answer) return this.#answered.shift()?.();
    const parsed = v.safeParse(MarketMessage, JSON.parse(text));
    if (!parsed.success) {
      this.complaints.push(`no message of the link: ${text.slice(0, 300)}`);
      return;
    }
    const message = parsed.output;
    switch (message.type) {
      case "welcome":
        return this.#welcomed(message);
      case "unwelcome":
        if (!message.retry) this.#isClosed = true;
        this.complaints.push(`unwelcome: ${message.message}`);
        return;
      case "job":
        return void this.#play(message);
      case "cancel":
      case "pause":
      case "resume":
      case "settled":
        return this.#told(message);
      default:
        message satisfies never;
    }
  }

  #welcomed(message: MarketMessage & { type: "welcome" }): void {
    this.welcomes.push(message);
    this.#isWelcome = true;
    this.#pulse = setInterval(() => void this.#heardOut(), message.heartbeatMs);
    for (const { ending } of this.jobs) if (ending !== null) this.say(ending);
  }

  #told(message: MarketMessage & { type: "cancel" | "pause" | "resume" | "settled" }): void {
    const job = this.jobs.find(({ job }) => job.job === message.job);
    // It may have been sent to a socket of which the other end had gone.
    if (job === undefined) return;
    job.heard.push({ type: message.type, at: performance.now() });
    const { deafTo = [] } = job.script;
    const playing = this.#playing.get(message.job);
    if (message.type === "settled") {
      job.settled.push(message);
      job.ending = null;
    } else if (message.type === "cancel") {
      // What went elsewhere meanwhile is over; nobody waits for its end.
      if (playing === undefined) job.ending = null;
      else if (!deafTo.includes("cancel")) playing.cancelled.abort("cancel");
    } else if (playing !== undefined && !deafTo.includes("pause")) {
      playing.paused = message.type === "pause";
    }
  }

  async #play(job: Job): Promise<void> {
    const { script = {}, artifact = "a" } = this.#wishes;
    const chosen = typeof script === "function" ? script(job, this.jobs.length) : script;
    const record: MockJob = { job, script: chosen, sent: [], heard: [], settled: [], ending: null };
    this.jobs.push(record);
    const cancelled = new AbortController();
    this.#playing.set(job.job, { cancelled, paused: false });
    try {
      for (const step of stepsOf(job, artifact, chosen)) {
        if (step.do === "leave") break;
        await this.#take(record, step, cancelled.signal);
      }
    } catch (error) {
      if (!cancelled.signal.aborted) throw error;
      this.#stopped(record, cancelled.signal.reason);
    }
    this.#playing.delete(job.job);
  }

  /** Its last word about a job that it did not end itself. */
  #stopped(record: MockJob, reason: unknown): void {
    const { job, sent, script } = record;
    if (record.ending !== null || record.settled.length > 0) return;
    const ending = finishedOf(job, sent, "cancelled", script);
    record.ending = ending;
    if (reason === "cancel") this.say(ending);
  }

  /** Remembers what it says about its own job. */
  #note(record: MockJob, message: ProviderMessage): void {
    if (!("job" in message) || message.job !== record.job.job) return;
    if (message.type === "finished" || message.type === "failed") record.ending = message;
    if (message.type === "delta" && message.seq >= record.sent.length) record.sent.push(message);
  }

  async #take(record: MockJob, step: Exclude<Step, { do: "leave" }>, signal: AbortSignal): Promise<void> {
    while (this.#playing.get(record.job.job)?.paused) await sleep(5, undefined, { signal });
    signal.throwIfAborted();
    switch (step.do) {
      case "wait":
        await sleep(step.ms, undefined, { signal });
        return;
      case "say":
        this.#note(record, step.message);
        this.say(step.message);
        return;
      case "say raw":
        this.#sendRaw(step.data);
        return;
      case "cut":
        await this.#heardOut();
        signal.throwIfAborted();
        this.cut();
        await sleep(60_000, undefined, { signal });
        return;
      case "hush":
        await sleep(2 ** 31 - 1, undefined, { signal });
        return;
      default:
        step satisfies never;
    }
  }
}

/** An offer at 1 credit for a million tokens of the answer and half of that for the prompt's; `wishes` replaces any of it. */
export const mockOffer = (model: string, wishes: Partial<Offer> = {}): Offer => ({
  offer: "one",
  model,
  tasks: ["chat", "completion", "embedding"],
  contextTokens: 100_000,
  maxOutputTokens: 50_000,
  prices: { prompt: 500_000_000, cachedPrompt: 100_000_000, completion: 1_000_000_000 },
  artifact: { sha256: "a".repeat(64), quantisation: "Q4_0", bytes: 1_000_000 },
  engine: { name: "mock", build: "1" },
  features: ["prefill", "deterministic", "token_ids", "logprobs", "tools", "json_object", "json_schema"],
  tokensPerSecond: 100,
  ...wishes,
});
