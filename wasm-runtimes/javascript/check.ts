import type { SourceFile } from "../contract.ts";
import { originalOf } from "./source-map.ts";
import { FIRST_LINE_SHIFT, loadAs, LoadError, loadFile, UnbalancedError } from "./load.ts";

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
    if (error.found instanceof UnbalancedError) return answer(`SyntaxError: ${error.found.message}`);
    addEventListener("error", (event) => {
      event.preventDefault();
      answer(explain(file, event));
    });
    setTimer(() => loadAs(file, error.kind), 0);
    return;
  }
  answer(null);
}

function failure(file: SourceFile): LoadError | null {
  try {
    loadFile(file);
    return null;
  } catch (error) {
    if (error instanceof LoadError) return error;
    throw error;
  }
}

function explain(file: SourceFile, { message, lineno, colno }: ErrorEvent): string {
  const { name } = file;
  const said = message.replace(/^Uncaught /, "").replace(/Failed to execute 'importScripts' on '\w+': /, "");
  if (lineno > file.text.split("\n").length) return `${name}\n\n${said}`;
  const { text, placeOf } = originalOf(file);
  const { line, column } = placeOf(lineno, colno - (lineno === 1 ? FIRST_LINE_SHIFT : 0));
  return `${name}:${line}\n${text.split("\n")[line - 1]}\n${" ".repeat(Math.max(0, column - 1))}^\n\n${said}`;
}
