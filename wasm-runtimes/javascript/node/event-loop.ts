/**
 * Node's event loop, as far as a program can tell: it ends when nothing is left that could call it again. Each pending timer or
 * read *holds* the program; when the last hold is gone and the microtasks have run, the program is over.
 */

const setTimer = globalThis.setTimeout.bind(globalThis);
const clearTimer = globalThis.clearTimeout.bind(globalThis);
const setRepeating = globalThis.setInterval.bind(globalThis);
const clearRepeating = globalThis.clearInterval.bind(globalThis);
const microtask = globalThis.queueMicrotask.bind(globalThis);
/** Unlike a timer of 0 ms, a message is not delayed when such steps follow one another. */
const steps = new MessageChannel();

type Callback = (...values: unknown[]) => unknown;

interface Loop {
  onIdle: () => void;
  onError: (error: unknown) => void;
}

const loop: Loop = { onIdle: () => {}, onError: () => {} };
const ticks: (() => unknown)[] = [];
const nextSteps: (() => unknown)[] = [];
let holds = 0;
let inTask = false;
let over = false;

/** Says who hears that the program is over, and who hears of what it threw and did not catch. */
export function startLoop(handlers: Loop): void {
  Object.assign(loop, handlers);
}

/** Calls nothing any more, not even timers that did not keep the program alive. */
export function stopLoop(): void {
  over = true;
}

/** Keeps the program alive until the returned function is called. */
export function hold(): () => void {
  let held = true;
  holds += 1;
  return () => {
    if (!held) return;
    held = false;
    holds -= 1;
    // Released by what the browser itself called back, which is no task of this loop: by a promise of `import()`, say.
    if (!inTask) endIfIdle();
  };
}

/** Calls into the program: what it throws is its end, and what it left to `process.nextTick` runs before its promises. */
export function runTask(task: () => unknown): void {
  if (over) return;
  inTask = true;
  try {
    task();
    for (let tick = ticks.shift(); tick !== undefined; tick = ticks.shift()) tick();
  } catch (error) {
    loop.onError(error);
  }
  inTask = false;
  endIfIdle();
}

let ending = false;
function endIfIdle(): void {
  if (holds > 0 || ending || over) return;
  ending = true;
  // The first timer's turn comes after all microtasks, the second's after the news of promises that those have rejected.
  setTimer(
    () =>
      setTimer(() => {
        ending = false;
        if (holds === 0 && !over) loop.onIdle();
      }, 0),
    0,
  );
}

export function nextTick(callback: Callback, ...values: unknown[]): void {
  const call = (): unknown => callback(...values);
  if (inTask) ticks.push(call);
  else microtask(() => runTask(call));
}

export function queueMicrotask(callback: () => unknown): void {
  microtask(() => runTask(callback));
}

steps.port1.addEventListener("message", () => {
  const step = nextSteps.shift();
  if (step !== undefined) runTask(step);
});
steps.port1.start();

/** Calls back as soon as the microtasks have run, and holds the program until then. */
export function soon(step: () => unknown): void {
  const release = hold();
  nextSteps.push(() => {
    release();
    step();
  });
  steps.port2.postMessage(null);
}

/** What Node's timer functions return. */
class Timeout {
  #cancel: () => void;
  #release = hold();

  constructor(cancel: () => void) {
    this.#cancel = cancel;
  }
  ref(): this {
    this.#release();
    this.#release = hold();
    return this;
  }
  unref(): this {
    this.#release();
    return this;
  }
  close(): this {
    this.#release();
    this.#cancel();
    return this;
  }
}

function requireCallback(callback: unknown): asserts callback is Callback {
  if (typeof callback === "function") return;
  throw new TypeError(`The "callback" argument must be of type function. Received ${String(callback)}`);
}

export function setTimeout(callback: Callback, delay?: number, ...values: unknown[]): Timeout {
  requireCallback(callback);
  const fire = (): void => {
    timeout.unref();
    runTask(() => callback(...values));
  };
  const timer = setTimer(fire, Math.max(1, Number(delay) || 1));
  const timeout = new Timeout(() => clearTimer(timer));
  return timeout;
}

export function setInterval(callback: Callback, delay?: number, ...values: unknown[]): Timeout {
  requireCallback(callback);
  const timer = setRepeating(() => runTask(() => callback(...values)), Math.max(1, Number(delay) || 1));
  return new Timeout(() => clearRepeating(timer));
}

export function setImmediate(callback: Callback, ...values: unknown[]): Timeout {
  requireCallback(callback);
  let wanted = true;
  const immediate = new Timeout(() => (wanted = false));
  immediate.unref();
  soon(() => wanted && callback(...values));
  return immediate;
}

/** `clearTimeout`, `clearInterval` and `clearImmediate` alike. */
export function clearTimeout(timeout: unknown): void {
  if (timeout instanceof Timeout) timeout.close();
}
