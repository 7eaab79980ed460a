import { DEPTH, RESUME } from "./names.ts";

/**
 * The stacks of a running program whose code was changed by `continueOnFreshStacks`. Each is that of a call of a promising export
 * (JavaScript Promise Integration, "WebAssembly.promising"); they all wait for the innermost one, in the order in which they were
 * taken, so nobody ever waits for a promise.
 */
export interface Stacks {
  /** What the program imports. */
  goOn(number: number): void;
  /**
   * Runs a program to its end; on the present stack alone where the browser knows no others.
   * @throws what the program ended with: of several stacks that of the innermost; RangeError when there were no more stacks
   */
  run(start: Function, exports: WebAssembly.Exports): Promise<void>;
}

/**
 * Each takes a kilobyte of the worker's own stack too, on which the host's part of the call stands, and that has room for 800
 * (Chromium 156).
 */
const MOST_STACKS = 500;

export function openStacks(): Stacks {
  let resume: ((number: number) => unknown) | null = null;
  let taken = 0;
  let fault: { error: unknown } | null = null;
  const failed = (error: unknown): void => {
    fault ??= { error };
  };

  return {
    goOn(number) {
      if (resume === null || taken === MOST_STACKS)
        return failed(new RangeError("The call stack is full, and there are no more."));
      taken += 1;
      try {
        // It is over when this returns. If it has trapped, the program on this side is told so by what it finds, and ends too.
        Promise.resolve(resume(number)).catch(failed);
      } catch (error) {
        failed(error);
      }
      taken -= 1;
      return undefined;
    },
    async run(start, { [RESUME]: resumed, [DEPTH]: depth }) {
      const promising: unknown = Reflect.get(WebAssembly, "promising");
      if (typeof promising !== "function") return void start();
      if (depth instanceof WebAssembly.Global && typeof resumed === "function") {
        depth.value = 0;
        resume = promising(resumed);
      }
      try {
        await promising(start)();
      } catch (error) {
        throw fault === null ? error : fault.error;
      }
    },
  };
}
