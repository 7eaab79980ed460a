import type { Files } from "./package.ts";

/** What DOMjudge keeps beside `problem.yaml` in packages of the older formats. */
export interface DomjudgeExtras {
  name: string | null;
  timeMs: number | null;
}

/** Reads `domjudge-problem.ini` (`timelimit = 2`, `name = …`) and `.timelimit` (seconds, alone in the file). */
export function readDomjudge(files: Files): DomjudgeExtras {
  const ini = new Map<string, string>();
  for (const line of textOf(files, "domjudge-problem.ini").split(/\r?\n/)) {
    const [, key, value] = /^\s*([A-Za-z_-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) ini.set(key, value.replace(/^(["'])(.*)\1$/, "$2"));
  }
  return {
    name: ini.get("name") ?? null,
    timeMs: milliseconds(ini.get("timelimit")) ?? milliseconds(textOf(files, ".timelimit").trim()),
  };
}

function textOf(files: Files, path: string): string {
  return new TextDecoder().decode(files.get(path) ?? new Uint8Array());
}

function milliseconds(seconds: string | undefined): number | null {
  if (seconds === undefined || !/^\d+(\.\d+)?$/.test(seconds)) return null;
  return Math.max(1, Math.round(Number(seconds) * 1000));
}
