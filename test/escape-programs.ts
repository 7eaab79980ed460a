import type { LanguageId } from "../protocol/language.ts";
import type en from "../client/locales/en.json";

/** A program that somebody could submit to get out, to hold up the page, or to be right without being it. */
export interface Escape {
  name: string;
  language: LanguageId;
  program: string;
  /** What the page says of it, by the key of the text. */
  says: keyof typeof en;
  /** What it wrote, or what was written about it, that the page shows too. */
  shows?: string;
}

/** In the paths of all that these programs ask for: the site must never hear it. */
export const MARK = "escape-attempt";

/** Each of these is tried; the names of those that came through are printed. */
const javascriptWaysOut = (site: string): string => `
const site = ${JSON.stringify(`${site}/api/session?${MARK}`)};
const attempts = {
  fetch: () => fetch(site, { credentials: "include" }),
  "fetch no-cors": () => fetch(site, { mode: "no-cors", keepalive: true, method: "POST", body: "x" }),
  XMLHttpRequest: () => { const r = new XMLHttpRequest(); r.open("GET", site, false); r.send(); },
  WebSocket: () => new Promise((resolve, reject) => { const s = new WebSocket(site.replace("http", "ws")); s.onopen = resolve; s.onerror = reject; }),
  EventSource: () => new Promise((resolve, reject) => { const s = new EventSource(site); s.onopen = resolve; s.onerror = reject; }),
  importScripts: () => importScripts(site),
  import: () => import(site),
  "import data": () => import("data:text/javascript,1"),
  eval: () => eval("1"),
  "indirect eval": () => (0, eval)("1"),
  Function: () => new Function("return 1")(),
  "Function of a function": () => (async () => {}).constructor("return 1")(),
  "timer of a text": () => setTimeout("1"),
  Worker: () => new Worker(site),
  "nested Worker": () => new Worker(URL.createObjectURL(new Blob(["1"]))),
  SharedWorker: () => new SharedWorker(site),
  BroadcastChannel: () => new BroadcastChannel("${MARK}").postMessage("x"),
  MessageChannel: () => new MessageChannel(),
  postMessage: () => postMessage({ type: "exit", code: 0 }),
  "postMessage of self": () => self.postMessage({ type: "checked", error: null }),
  "postMessage of a prototype": () => Object.getPrototypeOf(globalThis).postMessage({ type: "exit", code: 0 }),
  addEventListener: () => addEventListener("message", () => {}),
  close: () => close(),
  indexedDB: () => indexedDB.open("x"),
  caches: () => caches.open("runtimes"),
  localStorage: () => localStorage.getItem("x"),
  cookie: () => document.cookie,
  parent: () => parent.document.title,
  top: () => top.location.href,
  opener: () => opener.location,
  location: () => location.href,
  navigator: () => navigator.sendBeacon(site),
  "file system": () => navigator.storage.getDirectory(),
  font: () => new FontFace("x", "url(" + site + ")").load(),
  image: () => new Image().src,
  RTCPeerConnection: () => new RTCPeerConnection(),
  "require http": () => require("http").get(site),
  "require child_process": () => require("node:child_process"),
  "require worker_threads": () => require("worker_threads"),
  "a file of the judge": () => require("fs").readFileSync("/etc/passwd"),
  "process.binding": () => process.binding("fs"),
  dlopen: () => process.dlopen({}, "x"),
};
(async () => {
  // The program's end would be another way out of being counted.
  const stay = setInterval(() => {}, 50);
  const through = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try { await attempt(); through.push(name); } catch {}
  }
  clearInterval(stay);
  console.log("came through: " + (through.join() || "none"), "of", Object.keys(attempts).length > 30);
})();
`;

const pythonWaysOut = (site: string): string => `
import asyncio, socket, subprocess, os, urllib.request
import js, pyodide_js
from pyodide.code import run_js
from pyodide.http import open_url, pyfetch
from pyodide.ffi import to_js

site = "${site}/api/session?${MARK}"
attempts = {
    "eval": lambda: js.eval("1"),
    "Function": lambda: js.Function.new("return 1"),
    "run_js": lambda: run_js("1"),
    "constructor": lambda: js.Object.constructor("return 1"),
    "fetch": lambda: js.fetch(site),
    "pyfetch": lambda: asyncio.run(pyfetch(site)),
    "open_url": lambda: open_url(site),
    "urlopen": lambda: urllib.request.urlopen(site),
    "XMLHttpRequest": lambda: js.XMLHttpRequest.new(),
    "WebSocket": lambda: js.WebSocket.new(site.replace("http", "ws")),
    "EventSource": lambda: js.EventSource.new(site),
    "importScripts": lambda: js.importScripts(site),
    "Worker": lambda: js.Worker.new(site),
    "BroadcastChannel": lambda: js.BroadcastChannel.new("${MARK}").postMessage("x"),
    "MessageChannel": lambda: js.MessageChannel.new(),
    "postMessage": lambda: js.postMessage(to_js({"type": "exit", "code": 0})),
    "postMessage of self": lambda: js.self.postMessage(to_js({"type": "checked", "error": None})),
    "addEventListener": lambda: js.addEventListener("message", print),
    "close": lambda: js.close(),
    "indexedDB": lambda: js.indexedDB.open("x"),
    "caches": lambda: js.caches.open("runtimes"),
    "document": lambda: js.document.cookie,
    "parent": lambda: js.parent.document,
    "location": lambda: js.location.href,
    "navigator": lambda: js.navigator.sendBeacon(site),
    "socket": lambda: socket.create_connection(("127.0.0.1", 80), timeout=1).send(b"x"),
    "subprocess": lambda: subprocess.run(["ls"]),
    "fork": lambda: os.fork(),
    "a file of the judge": lambda: open("/etc/shadow").read(),
}
through = []
for name, attempt in attempts.items():
    try:
        attempt()
        through.append(name)
    except BaseException:
        pass
print("came through:", ",".join(through) or "none", "of", len(attempts) > 25)
`;

const NONE = "came through: none of";

/** Those that are over at once or at a limit of the problem. */
export const escapes = (site: string): Escape[] => [
  {
    name: "every way out that a worker has",
    language: "javascript",
    program: javascriptWaysOut(site),
    says: "runKind.ran",
    shows: `${NONE} true`,
  },
  {
    name: "every way out through the js module",
    language: "python3",
    program: pythonWaysOut(site),
    says: "runKind.ran",
    shows: `${NONE} True`,
  },
  {
    name: "waiting on shared memory for ever, which no clock of its own could end",
    language: "javascript",
    program: `Atomics.wait(new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer), 0, 0);`,
    says: "ended.timeout",
  },
  {
    name: "an endless loop that catches everything",
    language: "python3",
    program: "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
    says: "ended.timeout",
  },
  {
    name: "a billion lines",
    language: "javascript",
    program: "for (let i = 0; i < 1e9; i++) console.log(String(i).repeat(1000));",
    says: "ended.output",
  },
  {
    name: "a billion lines",
    language: "python3",
    program: "for i in range(10**9): print(str(i) * 1000)",
    says: "ended.output",
  },
  {
    name: "a flood of the browser's console",
    language: "python3",
    program: "import js\nfor i in range(10**5): js.console.log('x' * 1000)\nprint('quiet')",
    says: "runKind.ran",
    shows: "quiet",
  },
  {
    name: "a flood of standard error",
    language: "javascript",
    program: "for (let i = 0; i < 3e5; i++) console.error('x'.repeat(100));\nconsole.log('quiet');",
    says: "runKind.ran",
    shows: "quiet",
  },
  {
    name: "recursion without end",
    language: "javascript",
    program: "const f = (n) => f(n + 1) + 1;\nf(0);",
    says: "ended.stack",
    shows: "Maximum call stack size exceeded",
  },
  {
    name: "recursion without end through what is not Python",
    language: "python3",
    program: "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return sum(f(x) for x in [n + 1])\nf(0)",
    says: "ended.stack",
    shows: "line 3 in f",
  },
  {
    name: "all the memory there is",
    language: "python3",
    program: "held = []\nwhile True: held.append(bytearray(10**7))",
    says: "ended.memory",
    shows: "MemoryError",
  },
  {
    name: "an end before its time, called right",
    language: "python3",
    program: "import os, js\nprint('half', flush=True)\nos._exit(3)",
    says: "verdict.RTE",
    shows: "exit code 3",
  },
  {
    name: "an exception that nobody catches",
    language: "javascript",
    program: "\nthrow { type: 'exit', code: 0 };",
    says: "verdict.RTE",
    shows: "Uncaught { type: 'exit', code: 0 }",
  },
  {
    name: "prototypes bent, so that what the worker itself uses lies",
    language: "javascript",
    program: `Uint8Array.prototype.slice = Map.prototype.get = Array.prototype.push = () => { throw 1 };
Object.defineProperty(Object.prototype, "code", { get: () => 0, set() {} });
Object.prototype.type = "checked";
Promise.prototype.then = () => {};
throw new Error("still an error");`,
    says: "verdict.RTE",
  },
  {
    name: "leaving the function that wraps it",
    language: "javascript",
    program: "}); postMessage({ type: 'checked', error: null }); (function () {",
    says: "verdict.CE",
  },
];

/** In a compiled language, whose compiler has to come first. */
export const compiledEscapes: Escape[] = [
  {
    name: "an import that would be a function of JavaScript",
    language: "c",
    program: `__attribute__((import_module("constructor"), import_name("constructor"))) __externref_t make(int);
int main(void) { make(1); return 0; }`,
    says: "verdict.CE",
    shows: "constructor",
  },
  {
    name: "an endless loop",
    language: "c",
    program: "int main(void) { for (volatile int i = 0;; i++); }",
    says: "ended.timeout",
  },
  {
    name: "all the memory there is",
    language: "c",
    program: `#include <stdlib.h>
#include <string.h>
int main(void) {
  for (;;) {
    char *volatile taken = malloc(1 << 20);
    if (!taken) return 3;
    memset(taken, 1, 1 << 20);
  }
}`,
    says: "ended.memory",
  },
  {
    name: "a billion lines",
    language: "c",
    program: `#include <stdio.h>\nint main(void) { for (int i = 0; i < 1000000000; i++) printf("%01000d\\n", i); }`,
    says: "ended.output",
  },
  {
    name: "recursion without end",
    language: "c",
    program:
      "int f(volatile int *n) { volatile int here = *n + 1; return f(&here) + here; }\nint main(void) { volatile int n = 0; return f(&n); }",
    says: "ended.stack",
  },
];

/** Those that take gigabytes before anything stops them; how that ends is the browser's choice. */
export const hogs: (Omit<Escape, "says"> & { says: RegExp })[] = [
  {
    name: "small objects without end",
    language: "javascript",
    program: "const held = []; for (;;) held.push({ a: held.length });",
    says: /TLE|MLE|RTE|sandbox crashed/,
  },
  {
    name: "buffers without end",
    language: "javascript",
    program: "const held = []; for (;;) held.push(new Uint8Array(1e8).fill(1));",
    says: /TLE|MLE|RTE|sandbox crashed/,
  },
  {
    name: "a text that doubles",
    language: "javascript",
    program: "let text = 'x'; for (;;) text += text;",
    says: /TLE|MLE|RTE/,
  },
];

/** What is right afterwards, in each language. */
export const honest: Readonly<Partial<Record<LanguageId, string>>> = {
  javascript: `console.log("honest", 6 * 7);`,
  python3: `print("honest", 6 * 7)`,
  c: `#include <stdio.h>\nint main(void) { printf("honest %d\\n", 6 * 7); }`,
};
