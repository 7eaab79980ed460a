import { say } from "./link.ts";

/** Compilers recurse as deeply as programs are nested, and a browser's stack is smaller than what they are made for. */

const NESTED_TOO_DEEPLY =
  "error: the program is nested too deeply for a compiler in the browser, or a template or macro in it never ends\n";

const later = globalThis.setTimeout.bind(globalThis);

/** Whether a tool ended because the browser has no more stack for it, in the words of the engines. */
export const ranOutOfStack = (error: unknown): boolean =>
  /call stack size exceeded|too much recursion/i.test(String(error));

/** Says that a program cannot be compiled here, and ends this worker, whose tool stays in the middle of something: the next program gets another. */
export function giveUpOnDepth(error: unknown): void {
  say({ type: "compiled", program: null, text: NESTED_TOO_DEEPLY });
  later(() => {
    throw error;
  }, 0);
}
