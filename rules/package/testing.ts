import { expect } from "vitest";
import { exampleFiles } from "./example.ts";
import type { Package } from "./package.ts";
import { readPackage } from "./read.ts";

/** The example package with changes, which must be sound. */
export function read(changes: Record<string, string | null> = {}): Package {
  const { package: found, messages } = readPackage(exampleFiles(changes), "sum");
  expect(messages.filter((message) => message.severity === "error")).toEqual([]);
  if (found === null) throw new Error("no package");
  return found;
}

/** What there is to say of the example package with changes: every message as `severity file: message`. */
export function messages(changes: Record<string, string | null>): string[] {
  const result = readPackage(exampleFiles(changes), "sum");
  const errors = result.messages.some((message) => message.severity === "error");
  expect(result.package === null).toBe(errors);
  return result.messages.map(({ severity, file, message }) => `${severity} ${file}: ${message}`);
}
