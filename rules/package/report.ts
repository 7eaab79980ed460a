import type { ImportMessage } from "../../protocol/problem.ts";

/** Collects what is worth telling a package's author. Readers go on after an error, so that one upload shows them all. */
export interface Report {
  readonly messages: readonly ImportMessage[];
  /** Something without which the package cannot be used. `file` is a path in the package, or "" for all of it. */
  error(file: string, message: string): void;
  /** Something that its author should know of. */
  warn(file: string, message: string): void;
}

export function newReport(): Report {
  const messages: ImportMessage[] = [];
  return {
    messages,
    error: (file, message) => void messages.push({ severity: "error", file, message }),
    warn: (file, message) => void messages.push({ severity: "warning", file, message }),
  };
}
