import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../testing/browser.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(["python3", "javascript"]);
}, 60_000);
afterAll(() => bench.close());

/** Requests that arrived since the test began, without those for the runtimes themselves. */
let before = 0;
beforeEach(() => {
  before = bench.site.requests.length;
});
const strangeRequests = (): string[] =>
  bench.site.requests
    .slice(before)
    .filter((request) => !/^GET \/(runtimes\/|runtimes\.json|box\.html$)/.test(request));

/** Every way out that a worker might have, tried from a worker that has all that the browser gives it. */
const waysOut = (site: string): string => `
const site = ${JSON.stringify(site)};
const results = {};
const attempts = {
  fetch: () => fetch(site + "/out?fetch"),
  "fetch no-cors": () => fetch(site + "/out?no-cors", { mode: "no-cors", credentials: "include", keepalive: true }),
  "fetch box": () => fetch("/box.html"),
  "fetch data": () => fetch("data:text/plain,x"),
  XMLHttpRequest: () => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", site + "/out?xhr");
    request.onload = resolve;
    request.onerror = () => reject(new Error("refused"));
    request.send("x");
  }),
  "synchronous XMLHttpRequest": () => { const r = new XMLHttpRequest(); r.open("GET", site + "/out?sync", false); r.send(); },
  WebSocket: () => new Promise((resolve, reject) => {
    const socket = new WebSocket(site.replace("http", "ws") + "/out?socket");
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("refused"));
  }),
  EventSource: () => new Promise((resolve, reject) => {
    const source = new EventSource(site + "/out?events");
    source.onopen = resolve;
    source.onerror = () => reject(new Error("refused"));
  }),
  importScripts: () => importScripts(site + "/page.js?importScripts"),
  import: () => import(site + "/page.js?import"),
  "import data": () => import("data:text/javascript,1"),
  "import JSON": () => import(site + "/runtimes.json?json", { with: { type: "json" } }),
  eval: () => eval("1"),
  Function: () => new Function("return 1")(),
  font: () => new FontFace("x", "url(" + site + "/out?font)").load(),
  filter: () => {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.filter = "url(" + site + "/out?filter#x)";
    context.fillRect(0, 0, 1, 1);
    throw new Error("nothing tells whether it loads; the site does");
  },
  "worker by URL": () => new Worker(site + "/page.js?worker"),
  "shared worker": () => new SharedWorker(site + "/page.js?shared"),
  "nested module worker": () => new Promise((resolve, reject) => {
    const source = "import " + JSON.stringify(site + "/page.js?module") + "; postMessage(1)";
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
    worker.onmessage = resolve;
    worker.onerror = () => reject(new Error("refused"));
  }),
  "nested worker": () => new Promise((resolve, reject) => {
    const source = "fetch(" + JSON.stringify(site + "/out?nested") + ").then(() => postMessage(1), () => postMessage(0))";
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    worker.onmessage = (event) => event.data ? resolve() : reject(new Error("refused"));
    worker.onerror = () => reject(new Error("refused"));
  }),
  sendBeacon: () => { if (!navigator.sendBeacon(site + "/out?beacon")) throw new Error("refused"); },
  indexedDB: () => new Promise((resolve, reject) => {
    const request = indexedDB.open("x");
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  }),
  caches: () => caches.open("runtimes"),
  localStorage: () => localStorage.length,
  parent: () => parent.document,
  document: () => document.cookie,
  cookieStore: () => cookieStore.getAll(),
  locks: () => navigator.locks.request("x", () => {}),
  "service worker": () => navigator.serviceWorker.getRegistration(),
  "storage buckets": () => navigator.storageBuckets.open("x"),
  WebTransport: () => new WebTransport(site.replace("http", "https") + "/out?transport").ready,
  WebSocketStream: () => new WebSocketStream(site.replace("http", "ws") + "/out?stream").opened,
  fetchLater: () => fetchLater(site + "/out?later"),
  notification: () => { if (Notification.permission === "denied") throw new Error("refused"); },
  "file system": () => navigator.storage.getDirectory(),
  RTCPeerConnection: () => new RTCPeerConnection(),
};
(async () => {
  await Promise.all(Object.entries(attempts).map(async ([name, attempt]) => {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), 3000));
    try { await Promise.race([attempt(), late]); results[name] = "DONE"; }
    catch (error) { results[name] = "refused"; }
  }));
  new BroadcastChannel("tabarena").postMessage("hello");
  postMessage({ type: "broken", reason: JSON.stringify({ results, origin: self.origin }) });
  // Time for what was sent to arrive.
  setTimeout(() => { throw new Error("end") }, 1000);
})();
`;

describe("the box", () => {
  it("lets nothing out, even for code that has all that a worker has", async () => {
    await bench.page.evaluate(() => {
      const heard: string[] = [];
      new BroadcastChannel("tabarena").addEventListener("message", (event) => heard.push(String(event.data)));
      Object.assign(globalThis, { heard });
    });
    const events = await bench.page.evaluate(
      (script) => tools.watchWorkers([script], 60_000),
      waysOut(bench.site.url),
    );
    const said = events.map(({ event }) => event).find((event) => event.type === "broken");
    const { results, origin } = JSON.parse(said?.type === "broken" ? said.reason : "{}");
    expect(origin).toBe("null");
    expect(Object.entries(results).filter(([, result]) => result !== "refused")).toEqual([]);
    expect(Object.keys(results).length).toBeGreaterThan(30);
    expect(await bench.page.evaluate(() => Reflect.get(globalThis, "heard"))).toEqual([]);
    expect(strangeRequests()).toEqual([]);
  });

  it("runs nothing when it comes without its header", async () => {
    bench.site.bareBox = true;
    try {
      const message = await bench.page.evaluate(() =>
        tools.host
          .openRuntime("javascript", () => {})
          .then(
            () => "opened",
            (error: unknown) => String(error),
          ),
      );
      expect(message).toContain("served without its isolating header");
      expect(await bench.page.evaluate(() => document.querySelectorAll("iframe").length)).toBe(0);
    } finally {
      bench.site.bareBox = false;
    }
  });

  it("does not answer anybody when it comes without its header", async () => {
    bench.site.bareBox = true;
    try {
      const answers = await bench.page.evaluate(async () => {
        const heard: unknown[] = [];
        const frame = document.createElement("iframe");
        frame.src = "/box.html";
        window.addEventListener("message", (event) => heard.push(event.data));
        document.body.append(frame);
        await new Promise((resolve) => frame.addEventListener("load", resolve));
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", (event) => heard.push(event.data));
        port1.start();
        frame.contentWindow?.postMessage({ type: "init" }, "*", [port2]);
        port1.postMessage({ type: "ping" });
        await new Promise((resolve) => setTimeout(resolve, 500));
        frame.remove();
        return heard;
      });
      expect(answers).toEqual([{ type: "not isolated" }]);
    } finally {
      bench.site.bareBox = false;
    }
  });

  it("is removed, and the page lives on, when a worker floods it with messages", async () => {
    const flood = "for (;;) postMessage({ type: 'output', stream: 'stdout', bytes: new Uint8Array(10) })";
    const events = await bench.page.evaluate((script) => tools.watchWorkers([script], 15_000), flood);
    const last = events.at(-1)?.event;
    expect(last?.type === "gone" && ["flooded", "lost"].includes(last.why)).toBe(true);
    expect((await bench.attempt({ language: "javascript", program: "console.log(1)" })).stdout).toBe("1\n");
  });

  it("is replaced when it dies, and the programs that ran in it are run once more", async () => {
    const removeFrames = () =>
      bench.page.evaluate(() => document.querySelectorAll("iframe").forEach((frame) => frame.remove()));
    const program = `console.log("begun"); setTimeout(() => console.log("done"), 1500)`;
    const begin = async () => {
      const result = bench.attempt({ language: "javascript", program });
      await bench.page.waitForTimeout(700);
      await removeFrames();
      return { result };
    };
    await bench.attempt({ language: "javascript", program: "" });
    const once = await begin();
    const ended = { ended: "exit", stdout: "begun\ndone\n", heard: "begun\ndone\n" };
    expect(await once.result).toMatchObject(ended);

    const twice = await begin();
    await bench.page.waitForFunction(() => document.querySelector("iframe") !== null);
    await bench.page.waitForTimeout(700);
    await removeFrames();
    expect(await twice.result).toMatchObject({ ended: "crash", exitCode: null });
    expect((await bench.attempt({ language: "javascript", program: "console.log(1)" })).stdout).toBe("1\n");
  });

  it("is replaced after a program that was ended, where the browser may not end all that it began", async () => {
    const frames = (): Promise<string[]> =>
      bench.page.evaluate(() => [...document.querySelectorAll("iframe")].map((frame) => frame.title));
    await bench.attempt({ language: "javascript", program: "" });
    await bench.page.evaluate(() =>
      document.querySelectorAll("iframe").forEach((frame) => (frame.title = "old")),
    );
    const limits = { wallMs: 1000 };
    const endless = "Array.prototype.reverse.call({ length: 2 ** 53 - 1 })";
    const short = `setTimeout(() => console.log("done"), 1500)`;
    const beside = bench.attempt({ language: "javascript", program: short });
    expect((await bench.attempt({ language: "javascript", program: endless, limits })).ended).toBe("timeout");
    // Not before those have ended that run beside it.
    expect((await beside).stdout).toBe("done\n");
    await expect.poll(frames).not.toContain("old");
    expect((await bench.attempt({ language: "javascript", program: "console.log(1)" })).stdout).toBe("1\n");
  });

  it("runs as many programs side by side as there are cores", async () => {
    const order: string[] = [];
    const run = async (name: string, program: string, wallMs: number) => {
      await bench.attempt({ language: "javascript", program, limits: { wallMs } });
      order.push(name);
    };
    const cores = await bench.page.evaluate(() => navigator.hardwareConcurrency);
    await run("first", "", 1000);
    await Promise.all([run("endless", "for (;;);", 3000), run("short", "console.log(1)", 3000)]);
    expect(order).toEqual(cores > 1 ? ["first", "short", "endless"] : ["first", "endless", "short"]);
  });

  it("lets no word through to another box", async () => {
    const speaker = `
      const channel = new BroadcastChannel("boxes");
      setInterval(() => channel.postMessage("hello"), 20);
      setTimeout(() => { throw new Error("end") }, 1500);`;
    const listener = `
      let heard = "nothing";
      new BroadcastChannel("boxes").addEventListener("message", ({ data }) => (heard = data));
      setTimeout(() => { throw new Error("heard " + heard) }, 1000);`;
    const [, events] = await bench.page.evaluate(
      (scripts) => Promise.all(scripts.map((script) => tools.watchWorkers([script], 10_000))),
      [speaker, listener],
    );
    expect(events?.map(({ event }) => event)).toEqual([
      { type: "gone", why: "failed", reason: "Uncaught Error: heard nothing" },
    ]);
  });

  it("passes on one error of a worker, cut, and ends it", async () => {
    const events = await bench.page.evaluate(
      (script) => tools.watchWorkers([script], 5000),
      `for (let i = 0; i < 100; i++) setTimeout(() => { throw new Error("x".repeat(1e7)) });`,
    );
    expect(events.map(({ event }) => event.type === "gone" && [event.why, event.reason.length])).toEqual([
      ["failed", 10_000],
    ]);
  });

  it("ends a worker that sends more than it may, or what nobody sends", async () => {
    for (const words of [
      "{ type: 'broken', reason: 'x'.repeat(1e5) }",
      "{ type: 'broken', reason: 'x', more: [1] }",
      "{ type: 'broken', reason: 'x', more: 2n ** 1000000n }",
      "{ ['x'.repeat(1e5)]: 1 }",
      "new Map([['type', 'x'.repeat(1e5)]])",
      "new Error('x'.repeat(1e5))",
      "new ArrayBuffer(1e5)",
      "new Array(1e5).fill(1)",
      "'text'",
    ]) {
      const events = await bench.page.evaluate(
        (script) => tools.watchWorkers([script], 5000),
        `postMessage(${words})`,
      );
      expect(events.map(({ event }) => event.type)).toEqual(["gone"]);
      expect(events[0]?.event).toMatchObject({ why: "flooded" });
    }
  });

  it("takes the words of a worker for no one else's", async () => {
    const forger = `
      for (const message of [
        { type: "killed", worker: 2 }, { type: "failed", worker: 2, reason: "forged" }, { type: "said", worker: 2, message: "x" },
        { type: "pong" }, { type: "stored", name: "boot.js" }, { type: "kill", worker: 2 }, { type: "exit", code: 1.5 },
      ]) postMessage(message);
      setTimeout(() => { throw new Error("end of the forger") }, 500);`;
    const honest = `setTimeout(() => postMessage({ type: "checked", error: "still alive" }), 300)`;
    const events = await bench.page.evaluate(
      (scripts) => tools.watchWorkers(scripts, 5000),
      [forger, honest],
    );
    expect(events).toEqual([
      { worker: 1, event: { type: "checked", error: "still alive" } },
      { worker: 0, event: { type: "gone", why: "failed", reason: "Uncaught Error: end of the forger" } },
      { worker: 1, event: { type: "gone", why: "lost", reason: "the sandbox has gone" } },
    ]);
  });

  it("leaves a JavaScript program nothing but the language and Node's shim", async () => {
    const program = `
      const names = new Set();
      for (let o = globalThis; o && o !== Object.prototype; o = Object.getPrototypeOf(o)) for (const n of Reflect.ownKeys(o)) names.add(String(n));
      console.log([...names].filter((n) => /message|worker|fetch|socket|request|channel|import|location|navigator|cache|storage|indexed|self|close|blob|createObject/i.test(n)).join());
      const tries = [() => fetch("/out"), () => postMessage(1), () => new Worker("x"), () => importScripts("x"), () => eval("1"), () => (() => {}).constructor("return 1")()];
      console.log(tries.map((attempt) => { try { attempt(); return "DONE" } catch (e) { return e.name } }).join());
      console.log(function up() { return typeof up.caller.caller }());
      import(${JSON.stringify(bench.site.url)} + "/page.js?program").then(() => console.log("DONE"), (e) => console.log(e.name));`;
    const result = await bench.attempt({ language: "javascript", program });
    expect(result.stdout).toBe(
      "\nReferenceError,ReferenceError,ReferenceError,ReferenceError,EvalError,EvalError\nobject\nTypeError\n",
    );
    expect(strangeRequests()).toEqual([]);
  });

  it("leaves a Python program no way out through its js module", async () => {
    const program = `
import js, pyodide_js
for name in ["postMessage", "Worker", "fetch", "XMLHttpRequest", "WebSocket", "BroadcastChannel", "importScripts", "indexedDB", "navigator", "location"]:
    print(name, hasattr(js, name), end=" ")
def attempt(act):
    try:
        act()
        print("DONE")
    except BaseException as error:
        print(type(error).__name__)
import urllib.request, socket, subprocess
from pyodide.http import open_url
attempt(lambda: js.eval("1"))
attempt(lambda: js.Function.new("return 1"))
attempt(lambda: urllib.request.urlopen("${bench.site.url}/out?urllib"))
attempt(lambda: open_url("${bench.site.url}/out?open_url"))
attempt(lambda: socket.create_connection(("127.0.0.1", ${new URL(bench.site.url).port}), timeout=1))
attempt(lambda: subprocess.run(["ls"]))
pyodide_js.loadPackage("numpy")
`;
    const result = await bench.attempt({ language: "python3", program });
    expect(result).toMatchObject({ ended: "exit", exitCode: 0 });
    expect(result.stdout).not.toContain("True");
    expect(result.stdout).not.toContain("DONE");
    await bench.page.waitForTimeout(300);
    expect(strangeRequests()).toEqual([]);
  });
});
