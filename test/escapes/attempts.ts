import type en from "../../client/locales/en.json";
import { cppWaysOut, cWaysOut, javascriptWaysOut, pythonWaysOut } from "./ways-out.ts";

export const practised = ["javascript", "typescript", "python3", "c", "cpp"] as const;
export type Practised = (typeof practised)[number];

/** What somebody could submit to get out, to hold up the page, or to be right without being it, in each language where it makes sense. */
export interface Attempt {
  name: string;
  /** What the page says of it, by the key of the text: one of these, where browsers differ in how they stop it. */
  says: readonly (keyof typeof en)[];
  programs: Partial<Record<Practised, string>>;
  /** What the program wrote, or what was written about it, that the page shows too. */
  shows?: string | Partial<Record<Practised, string>>;
  /** The languages in which every run of the tests tries it; all others wait for the long one. */
  always?: readonly Practised[];
}

const inBoth = (program: string) => ({
  javascript: program,
  typescript: `${program}\nconst typed: number = 1;`,
});
const NONE = "came through: none of";

const endless: Attempt[] = [
  {
    name: "an endless loop",
    says: ["ended.timeout"],
    programs: {
      ...inBoth("for (;;);"),
      python3: "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
      c: "int main(void) { for (volatile int i = 0;; i++); }",
      cpp: "int main() { for (volatile int i = 0;; i = i + 1) try { throw 1; } catch (...) {} }",
    },
    always: ["javascript", "python3"],
  },
  {
    name: "waiting for ever, which no clock of its own could end",
    says: ["ended.timeout"],
    programs: {
      ...inBoth(
        "Atomics.wait(new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer), 0, 0);",
      ),
      python3: "import time\ntime.sleep(1e6)",
      c: "#include <unistd.h>\nint main(void) { for (;;) sleep(1000000); }",
      cpp: "#include <chrono>\n#include <thread>\nint main() { std::this_thread::sleep_for(std::chrono::hours(1)); }",
    },
  },
  {
    name: "a loop inside of the engine, which it does not interrupt",
    says: ["ended.timeout"],
    programs: {
      ...inBoth("Array.prototype.reverse.call({ length: 2 ** 53 - 1 });"),
      python3: "import re\nre.match(r'(a+)+$', 'a' * 50 + 'b')",
    },
  },
  {
    name: "timers and promises without end",
    says: ["ended.timeout"],
    programs: inBoth("const again = () => Promise.resolve().then(again); setInterval(() => {}, 0); again();"),
  },
];

const floods: Attempt[] = [
  {
    name: "a billion lines",
    says: ["ended.output"],
    programs: {
      ...inBoth("for (let i = 0; i < 1e9; i++) console.log(String(i).repeat(1000));"),
      python3: "for i in range(10**9): print(str(i) * 1000)",
      c: `#include <stdio.h>\nint main(void) { for (int i = 0; i < 1000000000; i++) printf("%01000d\\n", i); }`,
      cpp: `#include <iostream>\nint main() { for (;;) std::cout << 123456789 << std::endl; }`,
    },
    always: ["javascript", "c"],
  },
  {
    name: "a flood of standard error",
    says: ["runKind.ran"],
    shows: "quiet",
    programs: {
      ...inBoth("for (let i = 0; i < 3e5; i++) console.error('x'.repeat(100));\nconsole.log('quiet');"),
      python3: "import sys\nfor i in range(10**5): print('x' * 100, file=sys.stderr)\nprint('quiet')",
      c: `#include <stdio.h>\nint main(void) { for (int i = 0; i < 300000; i++) fprintf(stderr, "%0100d\\n", i); puts("quiet"); }`,
      cpp: `#include <iostream>\nint main() { for (int i = 0; i < 300000; i++) std::cerr << i; std::cout << "quiet"; }`,
    },
    always: ["python3"],
  },
  {
    name: "a flood of the browser's console",
    says: ["runKind.ran"],
    shows: "quiet",
    programs: { python3: "import js\nfor i in range(10**5): js.console.log('x' * 1000)\nprint('quiet')" },
  },
  {
    name: "what is no text, and what turns text around",
    says: ["runKind.ran"],
    shows: "quiet",
    programs: {
      ...inBoth(
        `process.stdout.write(new Uint8Array([255, 0, 27, 91, 51, 49, 109]));\nconsole.log("\\u202e\\u2066\\ud800\\n quiet");`,
      ),
      python3: `import sys\nsys.stdout.buffer.write(b"\\xff\\x00\\x1b[31m\\xe2\\x80\\xae\\xf0\\x9f\\n quiet")`,
      c: `#include <stdio.h>\nint main(void) { fwrite("\\xff\\0\\033[31m\\xe2\\x80\\xae\\xf0\\x9f\\n quiet", 1, 20, stdout); }`,
      cpp: `#include <iostream>\nint main() { std::cout.write("\\xff\\0\\033[31m\\xe2\\x80\\xae\\xf0\\x9f\\n quiet", 20); }`,
    },
    always: ["c"],
  },
];

const deep: Attempt[] = [
  {
    name: "recursion without end",
    says: ["ended.stack"],
    shows: { javascript: "Maximum call stack size exceeded", python3: "line 3 in f" },
    programs: {
      ...inBoth("const f = (n) => f(n + 1) + 1;\nf(0);"),
      python3: "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return sum(f(x) for x in [n + 1])\nf(0)",
      c: "int f(volatile int *n) { volatile int here = *n + 1; return f(&here) + here; }\nint main(void) { volatile int n = 0; return f(&n); }",
      cpp: "#include <functional>\nint main() { std::function<int(int)> f = [&](int n) { volatile int here = n; return f(here + 1) + here; }; return f(0); }",
    },
    always: ["typescript", "cpp"],
  },
  {
    name: "all the memory there is",
    says: ["ended.memory"],
    shows: { python3: "MemoryError" },
    programs: {
      python3: "held = []\nwhile True: held.append(bytearray(10**7))",
      c: `#include <stdlib.h>
#include <string.h>
int main(void) {
  for (;;) {
    char *volatile taken = malloc(1 << 20);
    if (!taken) return 3;
    memset(taken, 1, 1 << 20);
  }
}`,
      cpp: "#include <vector>\nint main() { std::vector<std::vector<int>> held; for (;;) held.emplace_back(1 << 20, 1); }",
    },
    always: ["python3", "c"],
  },
];

const wrongEnds: Attempt[] = [
  {
    name: "a file without end",
    says: ["verdict.RTE"],
    shows: "No space left on device",
    programs: { python3: "for name in range(10**6): open(str(name), 'wb').write(b'x' * 10**7)" },
  },
  {
    name: "an end before its time",
    says: ["verdict.RTE"],
    shows: "exit code 3",
    programs: {
      ...inBoth(`process.stdout.write("half"); process.exit(3);`),
      python3: "import os, js\nprint('half', flush=True)\nos._exit(3)",
      c: "#include <stdlib.h>\nint main(void) { _Exit(3); }",
      cpp: "#include <cstdlib>\nint main() { std::quick_exit(3); }",
    },
    always: ["python3"],
  },
  {
    name: "an error that nobody catches",
    says: ["verdict.RTE"],
    shows: { javascript: "Uncaught { type: 'exit', code: 0 }", python3: "SystemError", cpp: "gone" },
    programs: {
      ...inBoth("\nthrow { type: 'exit', code: 0 };"),
      python3: "raise BaseExceptionGroup('many', [SystemError('gone'), KeyboardInterrupt()])",
      cpp: `#include <stdexcept>\nint main() { throw std::runtime_error("gone"); }`,
    },
    always: ["cpp"],
  },
  {
    name: "an error whose text has no end",
    says: ["verdict.RTE", "ended.timeout", "ended.memory"],
    programs: {
      ...inBoth("throw new Error('x'.repeat(3e8));"),
      python3: "raise Exception('x' * 10**8)",
      cpp: `#include <stdexcept>\n#include <string>\nint main() { throw std::runtime_error(std::string(100000000, 'x')); }`,
    },
  },
  {
    name: "errors in what reports errors",
    says: ["verdict.RTE"],
    programs: {
      ...inBoth(`const fail = () => { throw new Error("x".repeat(1e6)); };
process.on("exit", fail);
process.on("uncaughtException", fail);
Error.prepareStackTrace = fail;
throw new Proxy({}, { getPrototypeOf: fail, get: fail, ownKeys: fail });`),
      python3: `import sys
class Bad(Exception):
    def __str__(self): raise self
    __repr__ = __str__
def hook(*_): raise Bad()
sys.excepthook = hook
raise Bad()`,
    },
    always: ["javascript"],
  },
  {
    name: "what the worker itself uses, bent so that it lies",
    says: ["verdict.RTE"],
    programs: {
      ...inBoth(`Uint8Array.prototype.slice = Map.prototype.get = Array.prototype.push = () => { throw 1 };
Object.defineProperty(Object.prototype, "code", { get: () => 0, set() {} });
Object.prototype.type = "checked";
Promise.prototype.then = () => {};
throw new Error("still an error");`),
    },
    always: ["typescript"],
  },
  {
    name: "what runs it, bent so that it calls every end a good one",
    says: ["runKind.ran"],
    programs: {
      python3: `import builtins, io, sys, _runner, traceback
for name in dir(_runner):
    if not name.startswith("__"): setattr(_runner, name, lambda *_: 0)
sys.stdout = sys.stderr = io.StringIO()
builtins.print = traceback.print_exception = None
raise ValueError("still an error")`,
    },
  },
];

const brackets = (open: string, close: string): string => `${open.repeat(100_000)}1${close.repeat(100_000)}`;

const bombs: Attempt[] = [
  {
    name: "leaving the function that wraps it",
    says: ["verdict.CE"],
    programs: inBoth("}); postMessage({ type: 'checked', error: null }); (function () {"),
    always: ["javascript", "typescript"],
  },
  {
    name: "a loop for those who only look at it",
    says: ["verdict.CE"],
    programs: inBoth("}, (() => { for (;;); })(), function () {"),
  },
  {
    name: "more brackets than a compiler can hold",
    says: ["verdict.CE"],
    programs: {
      javascript: brackets("(", ")"),
      typescript: brackets("(", ")"),
      python3: `print(${brackets("(", ")")})`,
      c: `int main(void) { return ${brackets("(", ")")}; }`,
      cpp: `int main() { return ${brackets("(", ")")}; }`,
    },
  },
  {
    name: "a program that grows while it is compiled",
    says: ["verdict.CE"],
    programs: {
      c: "#include __FILE__\n#include __FILE__\nint main(void) { return 0; }",
      cpp: "template <int n> struct Grow : Grow<n + 1> {};\nint main() { Grow<0> grow; }",
    },
    always: ["cpp"],
  },
  {
    name: "a file of this machine",
    says: ["verdict.CE"],
    shows: "file not found",
    programs: {
      c: `#include "/etc/passwd"\nint main(void) {}`,
      cpp: "#include </etc/shadow>\nint main() {}",
    },
  },
];

/** @param site its address, at which it would hear of those that come through */
export const attempts = (site: string): Attempt[] => [
  {
    name: "every way out that there is",
    says: ["runKind.ran"],
    shows: NONE,
    programs: {
      ...inBoth(javascriptWaysOut(site)),
      python3: pythonWaysOut(site),
      c: cWaysOut,
      cpp: cppWaysOut,
    },
    always: practised,
  },
  {
    name: "an import of what nobody offers",
    says: ["verdict.CE"],
    shows: { c: `"constructor" of "constructor"`, cpp: `"fetch" of "env"` },
    programs: {
      c: `__attribute__((import_module("constructor"), import_name("constructor"))) __externref_t make(int);
int main(void) { make(1); return 0; }`,
      cpp: `extern "C" __attribute__((import_module("env"), import_name("fetch"))) int fetch(const char *);
int main() { return fetch("/api/session"); }`,
    },
    always: ["c"],
  },
  {
    name: "another process",
    says: ["verdict.CE"],
    shows: "system",
    programs: {
      c: '#include <stdlib.h>\nint main(void) { return system("ls"); }',
      cpp: '#include <cstdlib>\nint main() { return std::system("ls"); }',
    },
  },
  ...endless,
  ...floods,
  ...deep,
  ...wrongEnds,
  ...bombs,
];

/** Those that take gigabytes before anything stops them; how that ends is the browser's choice, and some sentence of these it says. */
export const hogs: Attempt[] = [
  {
    name: "small objects without end",
    says: ["ended.timeout", "ended.memory", "ended.crash"],
    programs: inBoth("const held = []; for (;;) held.push({ a: held.length });"),
  },
  {
    name: "buffers without end",
    says: ["ended.timeout", "ended.memory", "ended.crash"],
    programs: inBoth("const held = []; for (;;) held.push(new Uint8Array(1e8).fill(1));"),
  },
  {
    name: "a text that doubles",
    says: ["ended.timeout", "ended.memory", "verdict.RTE"],
    programs: inBoth("let text = 'x'; for (;;) text += text;"),
  },
];
