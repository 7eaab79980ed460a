import * as v from "valibot";
import { parseDocument } from "yaml";
import type { Files } from "./package.ts";
import type { Report } from "./report.ts";

/** A file as text: UTF-8, a byte-order mark dropped. Null (and an error) when it is not UTF-8. */
export function readText(files: Files, path: string, report: Report): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(
      files.get(path) ?? new Uint8Array(),
    );
  } catch {
    report.error(path, "is not UTF-8 text");
    return null;
  }
}

/**
 * Reads a YAML file by a schema. Every fault is reported with its line or key.
 *
 * @returns the value, or null when the file is absent or at fault; an empty file reads as an empty map
 */
export function readYaml<Schema extends v.GenericSchema>(
  files: Files,
  path: string,
  schema: Schema,
  report: Report,
): v.InferOutput<Schema> | null {
  if (!files.has(path)) return null;
  const text = readText(files, path, report);
  return text === null ? null : parseYaml(text, path, schema, report);
}

export function parseYaml<Schema extends v.GenericSchema>(
  text: string,
  path: string,
  schema: Schema,
  report: Report,
): v.InferOutput<Schema> | null {
  const document = parseDocument(text, { prettyErrors: true });
  for (const error of document.errors) report.error(path, `is not valid YAML: ${firstLine(error.message)}`);
  if (document.errors.length > 0) return null;
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // An alias to nowhere, or a "billion laughs" of aliases.
    report.error(
      path,
      `is not valid YAML: ${error instanceof Error ? firstLine(error.message) : String(error)}`,
    );
    return null;
  }
  if (Array.isArray(value)) {
    report.error(path, "must be a map, found a list");
    return null;
  }
  const parsed = v.safeParse(schema, withoutEmpty(value ?? {}));
  if (parsed.success) return parsed.output;
  for (const issue of parsed.issues) report.error(path, describe(issue));
  return null;
}

/** A key with nothing after it (`limits:` with its lines commented out) says nothing. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const said = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(said.map(([key, one]) => [key, withoutEmpty(one)]));
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.replace(/:$/, "") ?? message;
}

function describe(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue) ?? "";
  if (issue.type === "strict_object" && issue.expected === "never") return `unknown key "${key}"`;
  if (issue.type === "strict_object" && issue.received === "undefined") return `the key "${key}" is required`;
  const said = issue.message.startsWith("Invalid type: Expected")
    ? `must be ${inWords(issue.expected ?? "something else")}, found ${inWords(issue.received)}`
    : issue.message;
  return key === "" ? said : `${key}: ${said}`;
}

/** valibot's names of types, as people know them who write YAML. */
function inWords(type: string): string {
  const words: Record<string, string> = {
    string: "text",
    Array: "a list",
    Object: "a map",
    boolean: "true or false",
  };
  return type
    .replace(/^\(|\)$/g, "")
    .split(" | ")
    .map((one) => words[one] ?? one)
    .join(" or ");
}
