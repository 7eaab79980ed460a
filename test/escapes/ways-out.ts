/** Programs that try every way out that their language has, and print the names of those that came through. */

/** In the paths of all that these programs ask for: the site must never hear it. */
export const MARK = "escape-attempt";

/** Each of these is tried; the names of those that came through are printed. */
export const javascriptWaysOut = (site: string): string => `
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
  Blob: () => new Blob(["1"]),
  reportError: () => reportError(new Error("x")),
  OffscreenCanvas: () => new OffscreenCanvas(1, 1),
  WebTransport: () => new WebTransport(site.replace("http", "https")),
  WebSocketStream: () => new WebSocketStream(site.replace("http", "ws")),
  Notification: () => new Notification("x"),
  cookieStore: () => cookieStore.getAll(),
  locks: () => navigator.locks.request("x", () => {}),
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
  console.log("came through: " + (through.join() || "none") + " of " + Object.keys(attempts).length);
})();
`;

export const pythonWaysOut = (site: string): string => `
import _thread, asyncio, multiprocessing, os, socket, subprocess, urllib.request
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
    "micropip": lambda: __import__("micropip"),
    "mountNativeFS": lambda: asyncio.run(pyodide_js.mountNativeFS("/mnt", js.navigator)),
    "the module's own fetch": lambda: pyodide_js._api.fetch(site),
    "a thread": lambda: _thread.start_new_thread(print, ()),
    "a process": lambda: multiprocessing.Process(target=print).start(),
    "a disk": lambda: open("/dev/sda", "rb").read(1),
    "subprocess": lambda: subprocess.run(["ls"]),
    "fork": lambda: os.fork(),
    "a file of the judge": lambda: open("/etc/shadow").read(),
}
pyodide_js.loadPackage("numpy")
through = []
for name, attempt in attempts.items():
    try:
        attempt()
        through.append(name)
    except BaseException:
        pass
print("came through:", ",".join(through) or "none", "of", len(attempts))
`;

/** The calls of the system, by the C library and by their own names. */
export const cWaysOut = `
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

static int tried, through;
static void attempt(const char *name, int came) {
  tried++;
  if (came && ++through) printf("came through: %s\\n", name);
}

int main(void) {
  char byte = 'x';
  struct stat about;
  size_t sent;
  __wasi_fd_t opened;
  __wasi_ciovec_t data = {(const uint8_t *)&byte, 1};
  attempt("fopen", fopen("/etc/passwd", "r") != NULL);
  attempt("fopen to write", fopen("out", "w") != NULL);
  attempt("open", open("/proc/self/environ", O_RDONLY) >= 0);
  attempt("opendir", opendir("/") != NULL);
  attempt("stat", stat("/", &about) == 0);
  attempt("mkdir", mkdir("x", 0700) == 0);
  attempt("unlink", unlink("main.c") == 0);
  attempt("getenv", getenv("PATH") != NULL);
  for (int descriptor = 3; descriptor < 100; descriptor++) {
    attempt("read", read(descriptor, &byte, 1) >= 0);
    attempt("write", write(descriptor, &byte, 1) >= 0);
    attempt("path_open", __wasi_path_open(descriptor, 0, ".", 0, 0, 0, 0, &opened) == 0);
    attempt("sock_accept", __wasi_sock_accept(descriptor, 0, &opened) == 0);
    attempt("sock_send", __wasi_sock_send(descriptor, &data, 1, 0, &sent) == 0);
  }
  if (through == 0) printf("came through: none of %d\\n", tried);
}
`;

export const cppWaysOut = `
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

int main() {
  int tried = 0, through = 0;
  auto attempt = [&](const std::string &name, auto act) {
    tried++;
    bool came = false;
    try {
      came = act();
    } catch (...) {
    }
    if (came && ++through) std::cout << "came through: " << name << "\\n";
  };
  for (std::string path : {"/etc/passwd", "/proc/self/maps", "main.cpp", "/dev/sda", "//site/api/session", "../../box.html"}) {
    attempt("reading " + path, [&] { return std::ifstream(path).is_open(); });
    attempt("writing " + path, [&] { return std::ofstream(path).is_open(); });
  }
  attempt("getenv", [] { return std::getenv("HOME") != nullptr; });
  if (through == 0) std::cout << "came through: none of " << tried << "\\n";
}
`;
