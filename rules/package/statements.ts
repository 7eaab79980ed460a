import { Locale } from "../../protocol/text.ts";
import * as v from "valibot";
import type { Metadata } from "./metadata.ts";
import type { Files, StatementSource } from "./package.ts";
import type { Report } from "./report.ts";
import { readText } from "./yaml.ts";

const STATEMENT = /^problem(?:\.([^.]+))?\.(md|tex|pdf)$/;

/**
 * Finds the statements: `statement/problem.<language>.(md|tex|pdf)` (2025-09, "Problem statements"), or
 * `problem_statement/` in the older formats, where the language may be left out and means English.
 * The `text` of a PDF is empty; its bytes are the file at `path`.
 */
export function readStatements(files: Files, metadata: Metadata, report: Report): StatementSource[] {
  const folder = metadata.version === "2025-09" ? "statement/" : oldFolder(files);
  const statements: StatementSource[] = [];
  for (const path of [...files.keys()].sort()) {
    const found = path.startsWith(folder) ? STATEMENT.exec(path.slice(folder.length)) : null;
    if (found === null) continue;
    const [, said, ending] = found;
    if (said === undefined && metadata.version === "2025-09") {
      report.error(path, `has no language in its name; call it problem.en.${ending}`);
      continue;
    }
    const locale = said ?? "en";
    if (!v.is(Locale, locale)) {
      report.error(path, `"${locale}" is not a language code like "en" or "pt-BR"`);
      continue;
    }
    const format = ending === "md" || ending === "tex" ? ending : "pdf";
    const twin = statements.findIndex((other) => other.locale === locale);
    if (twin >= 0 && metadata.version === "2025-09") {
      report.error(path, `is a second statement in "${locale}", beside ${statements[twin]?.path}`);
      continue;
    }
    const text = format === "pdf" ? "" : (readText(files, path, report) ?? "");
    const statement: StatementSource = { locale, format, path, text };
    // Older packages often carry the PDF beside its source; the source shows better on a page.
    if (twin < 0) statements.push(statement);
    else if (statements[twin]?.format === "pdf") statements[twin] = statement;
  }
  if (statements.length === 0 && metadata.version !== "2025-09" && files.has("problem.pdf")) {
    statements.push({ locale: "en", format: "pdf", path: "problem.pdf", text: "" });
  }
  if (statements.length === 0) report.error(folder, "holds no statement; add problem.en.md, for example");
  return statements;
}

function oldFolder(files: Files): string {
  const old = "problem_statement/";
  return [...files.keys()].some((path) => path.startsWith(old)) ? old : "statement/";
}

/** 2025-09, "Name": the languages of `name` are exactly those of the statements. */
export function checkNames(metadata: Metadata, statements: readonly StatementSource[], report: Report): void {
  if (metadata.name === null || metadata.version !== "2025-09") return;
  const named = Object.keys(metadata.name);
  for (const { locale, path } of statements) {
    if (!named.includes(locale))
      report.error("problem.yaml", `name: has no "${locale}", the language of ${path}`);
  }
  for (const locale of named) {
    if (statements.length > 0 && !statements.some((statement) => statement.locale === locale)) {
      report.error("problem.yaml", `name: has "${locale}", but there is no statement in that language`);
    }
  }
}

/** The name in a legacy LaTeX statement: `%% plainproblemname: …`, or `\problemname{…}`. */
export function nameInStatement(text: string): string | null {
  const plain = /^%%\s*plainproblemname:\s*(.+)$/m.exec(text)?.[1];
  return (plain ?? /\\problemname\{([^{}]+)\}/.exec(text)?.[1])?.trim() ?? null;
}
