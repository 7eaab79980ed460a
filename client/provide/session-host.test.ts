import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChatJob } from "../../protocol/job.ts";
import { type Job, type MarketMessage, type ProviderMessage, REPLACED } from "../../protocol/provider.ts";
import type { TabModel } from "../../protocol/tab-model.ts";
import { type ScriptedAnswer, type ScriptedEngine, scriptedEngine } from "../../provider/testing-engine.ts";
import { type ScriptedWire, type ScriptedWires, scriptedWires } from "../../provider/testing-wires.ts";
import type { TabLimits } from "../../rules/tab-limits.ts";
import { EngineFault } from "./engine-fault.ts";
import { openSessionHost } from "./session-host.ts";
import type { TabEngine, TabEngineOptions } from "./tab-engine.ts";
import type { FromWorker, ToWorker } from "./tab-messages.ts";

const model: TabModel = {
  name: "tiny",
  engine: "wllama",
  quantisation: "Q8_0",
  contextTokens: 2_048,
  memoryBytes: 1,
  features: [],
  files: [{ path: "tiny.gguf", sha256: "0".repeat(64), bytes: 1, url: `/weights/${"0".repeat(64)}` }],
};
const load: ToWorker = { type: "load", model, weights: { from: "network" }, contextTokens: 1_000 };
const prices = { prompt: 1, cachedPrompt: 1, completion: 2 };
const free: TabLimits = { until: null, share: 1, bytes: null };
const online = (limits: Partial<TabLimits> = {}, usedBytes = 0): ToWorker => ({
  type: "online",
  provider: "my-tab",
  offer: { model: "tiny", prices },
  limits: { ...free, ...limits },
  usedBytes,
});

const request: ChatJob = {
  type: "chat",
  messages: [{ role: "user", content: "Hello" }],
  continuation: null,
  sampling: { temperature: 0, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: {}, seed: 1 },
  stop: [],
  maxTokens: 10,
  logprobs: null,
  tokenIds: false,
  tools: [],
  toolChoice: "none",
  parallelToolCalls: true,
  responseFormat: { type: "text" },
};
const jobOf = (job: string): Job => ({
  type: "job",
  job,
  offer: "tab",
  request,
  timeouts: { acceptMs: 5_000, firstTokenMs: 60_000, stallMs: 30_000, totalMs: 600_000 },
});
const settled = (job: string): MarketMessage => ({
  type: "settled",
  job,
  paid: { promptTokens: 7, cachedPromptTokens: 0, completionTokens: 2 },
  amountNano: 11,
});
const one = "job-00001";

describe("the Worker of the page that provides", () => {
  let told: FromWorker[];
  let hear: (message: ToWorker) => void;
  let wires: ScriptedWires;
  let countBytes: (bytes: number) => void;
  let askedFor: string[];
  /** Those engines that were asked for, the test's to open. */
  let opening: {
    options: TabEngineOptions;
    scripted: ScriptedEngine;
    open(): void;
    fail(error: Error): void;
  }[];

  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(1_000_000);
    [told, opening, askedFor] = [[], [], []];
    wires = scriptedWires();
    const open = (options: TabEngineOptions): Promise<TabEngine> =>
      new Promise((resolve, reject) => {
        const scripted = scriptedEngine(1);
        const engine = { ...scripted.engine, device: "cpu", gpu: null } as const;
        opening.push({ options, scripted, open: () => resolve(engine), fail: reject });
      });
    hear = openSessionHost({
      engines: { wllama: async () => open, "web-llm": async () => open },
      wiresOf(provider, onBytes) {
        askedFor.push(provider);
        countBytes = onBytes;
        return wires;
      },
      site: "SITE",
      agent: "test 1",
      tell: (message) => told.push(message),
      waits: { first: 10, longest: 50, turnedAway: 60_000 },
    });
  });
  afterEach(() => void vi.useRealTimers());

  const soon = (ms = 1): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const nth = <T>(all: readonly T[], at: number): T => {
    const found = all.at(at);
    if (found === undefined) throw new Error("there is none");
    return found;
  };
  const engineAt = (at = -1) => nth(opening, at);
  const wire = (): ScriptedWire => nth(wires.tried, -1);
  const answer = (): ScriptedAnswer => nth(engineAt().scripted.answers, -1);
  const links = (): string[] => told.flatMap((message) => (message.type === "link" ? [message.state] : []));
  const jobs = () => told.filter((message) => message.type === "job");
  const said = (type: ProviderMessage["type"]) => wire().said.filter((message) => message.type === type);
  const loaded = async (): Promise<void> => {
    hear(load);
    await soon();
    engineAt().open();
    await soon();
  };
  const offering = async (limits: Partial<TabLimits> = {}, usedBytes = 0): Promise<void> => {
    await loaded();
    hear(online(limits, usedBytes));
    wire().welcome();
    await soon();
  };
  const begun = async (job = one): Promise<ScriptedAnswer> => {
    wire().say(jobOf(job));
    await soon();
    return answer();
  };

  describe("loads a model", () => {
    it("as it is told, tells how far it is, and what was opened", async () => {
      hear(load);
      await soon();
      const { options } = engineAt();
      expect(options).toMatchObject({ model, weights: { from: "network" }, contextTokens: 1_000 });
      options.onProgress({ phase: "download", doneBytes: 1, totalBytes: 2 });
      engineAt().open();
      await soon();
      expect(told).toEqual([
        { type: "loading", phase: "download", doneBytes: 1, totalBytes: 2 },
        { type: "loaded", facts: expect.objectContaining({ slots: 1 }), device: "cpu", gpu: null },
      ]);
    });

    it.each([
      [new EngineFault("integrity", "a wrong sum"), { fault: "integrity", message: "a wrong sum" }],
      [new TypeError("x is not a function"), { fault: "broken", message: "x is not a function" }],
    ])("or tells why it can't, and can load another then: %s", async (error, fault) => {
      hear(load);
      await soon();
      engineAt().fail(error);
      await soon();
      expect(told).toEqual([{ type: "loadFailed", ...fault }]);
      await loaded();
      expect(told.at(-1)).toMatchObject({ type: "loaded" });
    });

    it("one at a time: another begins when the one before was given up, of which nothing is told any more", async () => {
      hear(load);
      await soon();
      const first = engineAt();
      hear(load);
      await soon();
      expect([opening.length, first.options.signal.aborted]).toEqual([1, true]);
      first.options.onProgress({ phase: "check", doneBytes: 1, totalBytes: 2 });
      first.open();
      await soon();
      expect([opening.length, first.scripted.closed]).toEqual([2, true]);
      engineAt().open();
      await soon();
      expect(told.map(({ type }) => type)).toEqual(["loaded"]);
    });

    it("and gives it back", async () => {
      await loaded();
      hear({ type: "unload" });
      await soon();
      expect(engineAt().scripted.closed).toBe(true);
      hear(online());
      expect(wires.tried).toHaveLength(0);
    });

    it("and gives up one that is not there yet", async () => {
      hear(load);
      await soon();
      hear({ type: "unload" });
      expect(engineAt().options.signal.aborted).toBe(true);
      engineAt().fail(new DOMException("given up", "AbortError"));
      await soon();
      expect(told).toEqual([]);
    });

    it("and is not online by itself, nor without a model", async () => {
      hear(online());
      await loaded();
      await soon(60_000);
      expect([wires.tried.length, links()]).toEqual([0, []]);
    });
  });

  describe("offers it", () => {
    it("as the provider that it is told, at its prices, with what its engine can do", async () => {
      await offering();
      expect(askedFor).toEqual(["my-tab"]);
      expect(said("hello")).toMatchObject([
        {
          agent: "test 1",
          kind: "browser",
          slots: 1,
          offers: [{ offer: "tab", model: "tiny", prices, contextTokens: 1_000, maxOutputTokens: 1_000 }],
        },
      ]);
      expect(links()).toEqual(["connecting", "online"]);
    });

    it("once, however often it is told to", async () => {
      await offering();
      hear(online());
      await soon();
      expect(wires.tried).toHaveLength(1);
    });

    it("writes what is asked, tells the tokens and their speed, and what was earned", async () => {
      await offering();
      const writing = await begun();
      expect(jobs()).toEqual([{ type: "job", job: one, state: "reading", tokens: 0, tokensPerSecond: null }]);
      await soon(500);
      await writing.write("Good");
      await soon(500);
      await writing.write(" day");
      writing.finish();
      await soon();
      expect(jobs().slice(1)).toEqual([
        { type: "job", job: one, state: "writing", tokens: 1, tokensPerSecond: null },
        { type: "job", job: one, state: "writing", tokens: 2, tokensPerSecond: 2 },
        { type: "job", job: one, state: "finished", tokens: 2, tokensPerSecond: 2 },
      ]);
      expect(said("finished")).toMatchObject([{ deltas: 2, usage: { completionTokens: 2 } }]);
      wire().say(settled(one));
      expect(told.at(-1)).toEqual({
        type: "settled",
        job: one,
        amountNano: 11,
        promptTokens: 7,
        completionTokens: 2,
      });
    });

    it("tells of fast answers four times a second at most, and of their ends always", async () => {
      await offering();
      const writing = await begun();
      for (let token = 0; token < 1_000; token++) {
        await writing.write("a");
        await soon(1);
      }
      writing.finish();
      await soon();
      expect(jobs().length).toBeLessThanOrEqual(7);
      expect(jobs().at(-1)).toMatchObject({ state: "finished", tokens: 1_000 });
    });

    it("tells of answers that were cancelled, failed or refused", async () => {
      await offering();
      await begun("job-cancel");
      wire().say({ type: "cancel", job: "job-cancel" });
      await soon();
      (await begun("job-failed")).fail(new Error("no"));
      await soon();
      wire().say({ ...jobOf("job-refuse"), offer: "another" });
      await soon();
      const ends = jobs().filter(({ state }) => state !== "reading");
      expect(ends.map(({ job, state }) => [job, state])).toEqual([
        ["job-cancel", "cancelled"],
        ["job-failed", "failed"],
        ["job-refuse", "refused"],
      ]);
    });

    it("at the speed that its share of the time lets it have, resting between tokens", async () => {
      await loaded();
      hear(online({ share: 0.5 }));
      wire().welcome();
      const writing = await begun();
      await soon(100);
      let wanted = false;
      void writing.write("a").then(() => (wanted = true));
      await soon(90);
      expect([wanted, said("delta").length]).toEqual([false, 1]);
      await soon(15);
      expect(wanted).toBe(true);
    });

    it("says why there is no connection, and makes it again by itself", async () => {
      await offering();
      wire().end(1006);
      await soon(20);
      wire().welcome();
      wire().end(REPLACED);
      await soon(1_000);
      expect(told.filter(({ type }) => type === "link").slice(2)).toEqual([
        {
          type: "link",
          state: "lost",
          message: "no connection to SITE (closed with code 1006); tries again",
        },
        { type: "link", state: "online", message: "" },
        {
          type: "link",
          state: "turned_away",
          message:
            "turned away by SITE: this provider is online at another place too; tries again every 60 s",
        },
      ]);
      expect(wires.tried).toHaveLength(2);
    });
  });

  describe("ends an offer", () => {
    it("by a drain once its jobs have ended and were settled, and can begin another", async () => {
      await offering();
      const writing = await begun();
      hear({ type: "drain" });
      await soon();
      expect([said("drain").length, links().at(-1)]).toEqual([1, "draining"]);
      await writing.write("a");
      writing.finish();
      await soon();
      wire().say(settled(one));
      await soon();
      expect(wire().closing).toMatchObject({ code: 1001 });
      wire().end(1000);
      await soon();
      expect(links().at(-1)).toBe("offline");
      expect(engineAt().scripted.closed).toBe(false);
      hear(online());
      wire().welcome();
      expect(links().slice(-2)).toEqual(["connecting", "online"]);
    });

    it("by a stop at once, after a drain too, and is offline once", async () => {
      await offering();
      const writing = await begun();
      hear({ type: "drain" });
      hear({ type: "stop" });
      await soon();
      expect(writing.aborted).toBe(true);
      expect(said("finished")).toMatchObject([{ reason: "cancelled" }]);
      await soon(10_000);
      expect(links().filter((state) => state === "offline")).toHaveLength(1);
    });

    it("by giving back its model, which is closed when its jobs have ended", async () => {
      await offering();
      engineAt().scripted.deaf = true;
      const writing = await begun();
      hear({ type: "unload" });
      await soon(5_000);
      expect([writing.aborted, engineAt().scripted.closed]).toEqual([true, false]);
      writing.finish("cancelled");
      await soon(5_000);
      expect([engineAt().scripted.closed, links().at(-1)]).toEqual([true, "offline"]);
    });

    it("while it has no connection", async () => {
      await loaded();
      hear(online());
      wire().fail({ why: "Sign in first.", soon: false });
      hear({ type: "drain" });
      await soon();
      expect(links()).toEqual(["connecting", "turned_away", "draining", "offline"]);
      await soon(600_000);
      expect(wires.tried).toHaveLength(1);
    });

    it("with an engine that can't go on, and says so once", async () => {
      await offering();
      (await begun()).fail(new EngineFault("device_lost", "gone"));
      await soon(10_000);
      expect(told.filter(({ type }) => type === "engineFailed")).toEqual([
        { type: "engineFailed", fault: "device_lost", message: "gone" },
      ]);
      expect(said("failed")).toMatchObject([{ message: "gone" }]);
      expect([links().at(-1), engineAt().scripted.closed]).toEqual(["offline", true]);
    });
  });

  describe("keeps to its limits", () => {
    it("by draining at their moment", async () => {
      await offering({ until: Date.now() + 30_000 });
      const writing = await begun();
      await soon(28_000);
      expect(links().at(-1)).toBe("online");
      await soon(3_000);
      expect(told.filter(({ type }) => type === "limit")).toEqual([{ type: "limit", which: "hours" }]);
      expect(links().at(-1)).toBe("draining");
      expect(writing.aborted).toBe(false);
    });

    it("by draining when so much went over the link, with what was used before a reload", async () => {
      await offering({ bytes: 1_000 }, 700);
      countBytes(299);
      await soon(2_000);
      expect(told.at(-1)).toEqual({ type: "data", usedBytes: 999 });
      countBytes(1);
      expect(told.slice(-2)).toEqual([
        { type: "limit", which: "data" },
        { type: "link", state: "draining", message: "" },
      ]);
      await soon(2_000);
      expect(told.slice(-2)).toEqual([
        { type: "data", usedBytes: 1_000 },
        { type: "link", state: "offline", message: "" },
      ]);
    });

    it("by beginning nothing where they are reached before", async () => {
      await loaded();
      hear(online({ until: Date.now() }));
      await soon();
      expect(told.slice(1).map((message) => ("state" in message ? message.state : message.type))).toEqual([
        "connecting",
        "limit",
        "draining",
        "offline",
      ]);
    });

    it("as they are changed while it is online", async () => {
      await offering({ until: Date.now() + 5_000 });
      hear({ type: "limits", limits: free });
      await soon(60_000);
      expect(links().at(-1)).toBe("online");
      hear({ type: "limits", limits: { ...free, bytes: 0 } });
      expect(told.at(-1)).toEqual({ type: "link", state: "draining", message: "" });
    });
  });
});
