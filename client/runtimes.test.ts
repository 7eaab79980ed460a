import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LanguageId } from "../protocol/language.ts";
import type { Runtime } from "../wasm-runtimes/contract.ts";
import { downloadRate, secondsLeft } from "./download-rate.ts";
import { createRuntimes, type Engine } from "./runtimes.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A machine, a line and a site, all moved by the test. */
function machine(bytes = 1000) {
  const runtime = (): Runtime => {
    const opened: Runtime = {
      toolchain: "Test 1",
      checkTypes: null,
      compile: async () => ({ ok: false, error: { text: "", messages: [] } }),
      close: () => void closed.push(opened),
    };
    return opened;
  };
  const closed: Runtime[] = [];
  const transfers: {
    language: LanguageId;
    stopped: () => boolean;
    receive: (more: number) => void;
    fail: (why: string) => void;
  }[] = [];
  const online: (() => void)[] = [];
  const site = { here: 0, prepared: true, metered: false, roomy: true, opened: [] as LanguageId[], bytes };
  const engine: Engine = {
    readiness: async (language) => ({
      language,
      bytes: site.bytes,
      cachedBytes: site.here,
      prepared: site.prepared,
    }),
    fetch: async (language, onProgress, stop) => {
      const whole = Promise.withResolvers<void>();
      stop.addEventListener("abort", () => whole.reject(stop.reason));
      onProgress(site.here, site.bytes);
      transfers.push({
        language,
        stopped: () => stop.aborted,
        receive: (more) => {
          site.here += more;
          onProgress(site.here, site.bytes);
          if (site.here === site.bytes) whole.resolve();
        },
        fail: (why) => whole.reject(new Error(why)),
      });
      if (site.here === site.bytes) whole.resolve();
      return whole.promise;
    },
    open: async (language) => {
      site.opened.push(language);
      return runtime();
    },
    metered: () => site.metered,
    roomy: () => site.roomy,
    whenOnline: (act) => void online.push(act),
  };
  return { site, engine, transfers, closed, backOnline: () => online.forEach((act) => act()) };
}

const passing = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const nothing = (): void => {};
const never = (): AbortSignal => new AbortController().signal;

describe("the rate of a download", () => {
  it("is that of the last seconds, unknown at first, and falls while nothing comes", () => {
    const rate = downloadRate();
    rate.note(500_000, 0);
    expect(rate.perSecond(900)).toBeNull();
    rate.note(700_000, 1000);
    expect(rate.perSecond(1000)).toBe(200_000);
    rate.note(1_500_000, 5000);
    expect(rate.perSecond(5000)).toBe(200_000);
    rate.note(1_600_000, 10_000);
    expect(rate.perSecond(10_000)).toBe(20_000);
    expect(rate.perSecond(20_000)).toBe(0);
  });

  it("tells whole seconds that are left, and none while nothing comes", () => {
    expect(secondsLeft(1_000_001, 500_000)).toBe(3);
    expect(secondsLeft(1_000_000, 0)).toBeNull();
    expect(secondsLeft(1_000_000, null)).toBeNull();
  });
});

describe("a language that is going to be needed", () => {
  it("is downloaded with size, rate and time left, and started ahead; the first run gets what was started", async () => {
    const { site, engine, transfers } = machine();
    const runtimes = createRuntimes(engine);
    const state = runtimes.stateOf("python3");
    expect(state.value.files).toEqual({ type: "unknown" });
    runtimes.warm("python3");
    await passing(0);
    expect(state.value.files).toEqual({
      type: "downloading",
      loaded: 0,
      bytes: 1000,
      perSecond: null,
      left: null,
    });
    await passing(2000);
    transfers[0]?.receive(400);
    await passing(0);
    await passing(500);
    const pace = { perSecond: 160, left: 4 };
    expect(state.value.files).toEqual({ type: "downloading", loaded: 400, bytes: 1000, ...pace });
    transfers[0]?.receive(600);
    await passing(0);
    expect(state.value).toEqual({
      files: { type: "ready", bytes: 1000 },
      preparing: false,
      failure: null,
    });
    expect(site.opened).toEqual(["python3"]);
    const phases: string[] = [];
    await runtimes.runtimeFor("python3", ({ phase }) => phases.push(phase), never());
    expect(site.opened).toEqual(["python3"]);
    expect(phases).toEqual(["starting"]);
    await runtimes.runtimeFor("python3", nothing, never());
    expect(site.opened).toEqual(["python3", "python3"]);
  });

  it("is left alone on a connection that costs money, until somebody says so", async () => {
    const { site, engine, transfers } = machine();
    site.metered = true;
    const runtimes = createRuntimes(engine);
    runtimes.warm("python3");
    await passing(0);
    expect(runtimes.stateOf("python3").value.files).toEqual({ type: "missing", bytes: 1000 });
    expect(transfers).toEqual([]);
    const here = runtimes.download("python3");
    await passing(0);
    transfers[0]?.receive(1000);
    await passing(0);
    expect(await here).toBe(true);
    expect(site.opened).toEqual(["python3"]);
  });

  it("is not started ahead where memory is short", async () => {
    const { site, engine } = machine();
    Object.assign(site, { here: 1000, roomy: false });
    createRuntimes(engine).warm("python3");
    await passing(0);
    expect(site.opened).toEqual([]);
  });

  it("is kept at hand from one page to the next, and given up after a while", async () => {
    const { engine, transfers, site, closed } = machine();
    const runtimes = createRuntimes(engine);
    const leave = runtimes.warm("python3");
    await passing(0);
    leave();
    await passing(20_000);
    const leaveAgain = runtimes.warm("python3");
    await passing(60_000);
    expect(transfers.map((one) => one.stopped())).toEqual([false]);
    leaveAgain();
    leaveAgain();
    await passing(31_000);
    expect(transfers.map((one) => one.stopped())).toEqual([true]);
    site.here = 1000;
    const leaveReady = runtimes.warm("python3");
    await passing(0);
    leaveReady();
    await passing(31_000);
    expect(site.opened).toHaveLength(1);
    expect(closed).toHaveLength(1);
  });

  it("takes the place of the one that was started ahead before", async () => {
    const { site, engine, closed } = machine();
    site.here = 1000;
    const runtimes = createRuntimes(engine);
    runtimes.warm("python3");
    await passing(0);
    runtimes.warm("javascript");
    await passing(0);
    expect(site.opened).toEqual(["python3", "javascript"]);
    expect(closed).toHaveLength(1);
  });
});

describe("a download", () => {
  it("that was cancelled keeps what has come, is not begun again in the background, and goes on when it is resumed", async () => {
    const { engine, transfers } = machine();
    const runtimes = createRuntimes(engine);
    runtimes.warm("cpp");
    await passing(0);
    transfers[0]?.receive(300);
    runtimes.cancel("cpp");
    await passing(0);
    expect(transfers.map((one) => one.stopped())).toEqual([true]);
    const partly = { files: { type: "partly", loaded: 300, bytes: 1000 }, preparing: false, failure: null };
    expect(runtimes.stateOf("cpp").value).toEqual(partly);
    runtimes.warm("cpp");
    await passing(60_000);
    expect(transfers).toHaveLength(1);
    void runtimes.download("cpp");
    await passing(0);
    expect(transfers).toHaveLength(2);
    expect(runtimes.stateOf("cpp").value.files).toMatchObject({ type: "downloading", loaded: 300 });
  });

  it("ends the runs that wait for it when it is cancelled", async () => {
    const { engine } = machine();
    const runtimes = createRuntimes(engine);
    const run = runtimes.runtimeFor("cpp", nothing, never()).catch((error: unknown) => error);
    await passing(0);
    runtimes.cancel("cpp");
    expect(await run).toMatchObject({ name: "AbortError" });
  });

  it("serves a run that comes while it is under way, and goes on when that run is stopped", async () => {
    const { engine, transfers } = machine();
    const runtimes = createRuntimes(engine);
    runtimes.warm("cpp");
    await passing(0);
    const stop = new AbortController();
    const heard: number[] = [];
    const run = runtimes
      .runtimeFor("cpp", ({ loaded }) => heard.push(loaded), stop.signal)
      .catch((error: unknown) => error);
    transfers[0]?.receive(200);
    await passing(500);
    stop.abort();
    expect(await run).toMatchObject({ name: "AbortError" });
    expect(heard).toEqual([200]);
    expect(transfers.map((one) => one.stopped())).toEqual([false]);
  });

  it("that only a run wanted ends with it; a run right after that begins another", async () => {
    const { engine, transfers } = machine();
    const runtimes = createRuntimes(engine);
    const stop = new AbortController();
    const stopped = runtimes.runtimeFor("cpp", nothing, stop.signal).catch(() => "stopped");
    await passing(0);
    stop.abort();
    expect(await stopped).toBe("stopped");
    const next = runtimes.runtimeFor("cpp", nothing, never());
    await passing(0);
    expect(transfers.map((one) => one.stopped())).toEqual([true, false]);
    transfers[1]?.receive(1000);
    await expect(next).resolves.toMatchObject({ toolchain: "Test 1" });
  });

  it("that broke off says why, and goes on when the network is back", async () => {
    const { engine, transfers, backOnline } = machine();
    const runtimes = createRuntimes(engine);
    runtimes.warm("cpp");
    await passing(0);
    transfers[0]?.receive(100);
    transfers[0]?.fail("the connection broke");
    await passing(0);
    expect(runtimes.stateOf("cpp").value).toMatchObject({
      files: { type: "partly", loaded: 100 },
      failure: "the connection broke",
    });
    backOnline();
    await passing(0);
    expect(transfers).toHaveLength(2);
    expect(runtimes.stateOf("cpp").value).toMatchObject({ files: { type: "downloading" }, failure: null });
  });
});

describe("a language that the site is still preparing", () => {
  it("is here, and is opened anew once what it lacks has come", async () => {
    const { site, engine, transfers } = machine();
    Object.assign(site, { here: 1000, prepared: false });
    const runtimes = createRuntimes(engine);
    runtimes.warm("cpp");
    await passing(0);
    expect(runtimes.stateOf("cpp").value).toMatchObject({ files: { type: "ready" }, preparing: true });
    const early = await runtimes.runtimeFor("cpp", nothing, never());
    await passing(20_000);
    expect(runtimes.isOutdated("cpp", early)).toBe(false);
    expect(site.opened).toHaveLength(1);
    Object.assign(site, { prepared: true, bytes: 1500 });
    await passing(15_000);
    expect(runtimes.isOutdated("cpp", early)).toBe(false);
    transfers[0]?.receive(500);
    await passing(0);
    expect(runtimes.isOutdated("cpp", early)).toBe(true);
    const late = await runtimes.runtimeFor("cpp", nothing, never());
    expect(runtimes.isOutdated("cpp", late)).toBe(false);
    expect(site.opened).toHaveLength(2);
    await passing(60_000);
    expect(site.opened).toHaveLength(2);
  });
});
