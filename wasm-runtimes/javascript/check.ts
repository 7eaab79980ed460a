import type { SourceFile } from "../box/messages.ts";
import { loadFile, PREFIX, UnbalancedError } from "./load.ts";

const addEventListener = globalThis.addEventListener.bind(globalThis);
const setTimer = globalThis.setTimeout.bind(globalThis);

/**
 * Says whether the browser accepts every file, without running any. Where an error lies is only told to those who do not catch it, so
 * the file is loaded again from a turn of its own and the browser's report of that is used.
 * @param answer hears null, or what is wrong with the first bad file in the form that Node prints it
 */
export function checkFiles(files: readonly SourceFile[], answer: (error: string | null) => void): void {
  for (const file of files) {
    const error = failure(file);
    if (error === null) continue;
    if (error instanceof UnbalancedError) return answer(`SyntaxError: ${error.message}`);
    addEventListener("error", (event) => {
      event.preventDefault();
      answer(explain(file, event));
    });
    setTimer(() => loadFile(file), 0);
    return;
  }
  answer(null);
}

function failure(file: SourceFile): unknown {
  try {
    loadFile(file);
    return null;
  } catch (error) {
    return error;
  }
}

function explain({ name, text }: SourceFile, { message, lineno, colno }: ErrorEvent): string {
  const said = message.replace(/^Uncaught /, "").replace(/Failed to execute 'importScripts' on '\w+': /, "");
  const line = text.split("\n")[lineno - 1];
  if (line === undefined) return `${name}\n\n${said}`;
  const column = colno - 1 - (lineno === 1 ? PREFIX.length : 0);
  return `${name}:${lineno}\n${line}\n${" ".repeat(Math.max(0, column))}^\n\n${said}`;
}
