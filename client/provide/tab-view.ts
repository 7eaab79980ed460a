import type { EngineFacts } from "../../provider/engine.ts";
import type { LimitReached } from "../../rules/tab-limits.ts";
import type { FaultCode } from "./engine-fault.ts";
import type { FromWorker, LoadProgress, TabJobState, TabLinkState } from "./tab-messages.ts";

/** What the page shows of its Worker: all that this has told until now. */
export interface TabView {
  engine: EngineView;
  link: TabLinkState;
  /** Why, in the words of the far end; "" for no more than the state tells. */
  linkMessage: string;
  /** Of this session, the newest first. */
  jobs: readonly TabJob[];
  /** How many there were, of which `jobs` has the latest. */
  jobCount: number;
  /** Which limit ended the offer; null while none has. */
  limit: LimitReached | null;
  usedBytes: number;
}

export type EngineView =
  | { state: "empty" }
  | ({ state: "loading" } & LoadProgress)
  | { state: "loaded"; facts: EngineFacts; device: "cpu" | "gpu"; gpu: string | null }
  /** It could not be loaded; or it was, and could not go on. */
  | { state: "failed"; when: "loading" | "serving"; fault: FaultCode; message: string };

export interface TabJob {
  job: string;
  state: TabJobState;
  at: number;
  tokens: number;
  tokensPerSecond: number | null;
  /** As it was written down; null until then. */
  settled: { amountNano: number; promptTokens: number; completionTokens: number } | null;
}

export const nothingYet: TabView = {
  engine: { state: "empty" },
  link: "offline",
  linkMessage: "",
  jobs: [],
  jobCount: 0,
  limit: null,
  usedBytes: 0,
};

/** Nobody reads more of them. */
const MOST_JOBS = 100;

/**
 * What is to be shown after the Worker has said something more.
 * @param now when it said so, in ms
 */
export function heard(view: TabView, message: FromWorker, now: number): TabView {
  switch (message.type) {
    case "loading": {
      const { phase, doneBytes, totalBytes } = message;
      return { ...view, engine: { state: "loading", phase, doneBytes, totalBytes } };
    }
    case "loaded": {
      const { facts, device, gpu } = message;
      return { ...view, engine: { state: "loaded", facts, device, gpu } };
    }
    case "loadFailed":
    case "engineFailed": {
      const when = message.type === "loadFailed" ? "loading" : "serving";
      return {
        ...view,
        engine: { state: "failed", when, fault: message.fault, message: message.message },
      };
    }
    case "link": {
      // Who goes online again has been told why it ended before.
      const limit = message.state === "connecting" && view.link === "offline" ? null : view.limit;
      return { ...view, link: message.state, linkMessage: message.message, limit };
    }
    case "job": {
      const { job, state, tokens, tokensPerSecond } = message;
      return withJob(view, job, now, { state, tokens, tokensPerSecond });
    }
    case "settled": {
      const { job, amountNano, promptTokens, completionTokens } = message;
      return withJob(view, job, now, { settled: { amountNano, promptTokens, completionTokens } });
    }
    case "data":
      return { ...view, usedBytes: message.usedBytes };
    case "limit":
      return { ...view, limit: message.which };
    default:
      return message satisfies never;
  }
}

function withJob(view: TabView, job: string, at: number, change: Partial<TabJob>): TabView {
  if (view.jobs.some((known) => known.job === job)) {
    const jobs = view.jobs.map((known) => (known.job === job ? { ...known, ...change } : known));
    return { ...view, jobs };
  }
  const begun: TabJob = { job, at, state: "finished", tokens: 0, tokensPerSecond: null, settled: null };
  const jobs = [{ ...begun, ...change }, ...view.jobs].slice(0, MOST_JOBS);
  return { ...view, jobs, jobCount: view.jobCount + 1 };
}

/** Those that are being answered. */
export const liveJobs = ({ jobs }: TabView): TabJob[] =>
  jobs.filter(({ state }) => state === "reading" || state === "writing");

/** Whether anything is offered, or is being ended. */
export const isOffering = ({ link }: Pick<TabView, "link">): boolean => link !== "offline";
