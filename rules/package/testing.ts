import { exampleFiles } from "./example.ts";
import type { Package } from "./package.ts";
import { readPackage } from "./read.ts";

/** The example package with changes. @throws when it has errors */
export function read(changes: Record<string, string | null> = {}): Package {
  const { package: found, messages } = readPackage(exampleFiles(changes), "sum");
  if (found === null) throw new Error(JSON.stringify(messages));
  return found;
}

/**
 * What there is to say of the example package with changes: every message as `severity file: message`.
 *
 * @throws when there is a package in spite of an error, or none without any
 */
export function messages(changes: Record<string, string | null>): string[] {
  const result = readPackage(exampleFiles(changes), "sum");
  const errors = result.messages.some((message) => message.severity === "error");
  if ((result.package === null) !== errors) throw new Error("a package with errors, or none without");
  return result.messages.map(({ severity, file, message }) => `${severity} ${file}: ${message}`);
}
