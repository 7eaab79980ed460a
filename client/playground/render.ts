import { micromark, type Options } from "micromark";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";
import { type SafeNode, safeTree } from "./html-tree.ts";

/** Markdown of a model's, for which the page loads a renderer when the first answer is there, and another for formulas when one is. */

interface Formulas {
  syntax: NonNullable<Options["extensions"]>[number];
  html: NonNullable<Options["htmlExtensions"]>[number];
}

/** @param formulas how formulas are read and written; null to leave them as they are */
export function rendered(markdown: string, formulas: Formulas | null): SafeNode[] {
  const html = micromark(formulas === null ? markdown : withDollars(markdown), {
    extensions: formulas === null ? [gfmTable()] : [gfmTable(), formulas.syntax],
    htmlExtensions: formulas === null ? [gfmTableHtml()] : [gfmTableHtml(), formulas.html],
  });
  return safeTree(html);
}

/** Code, which stays as it is, and formulas in the brackets of LaTeX, which many models write. */
const CODE_OR_FORMULA =
  /(^|\n)(```|~~~)[^]*?(?:\n\2|$)|`[^`\n]+`|\\\[([^]{0,4000}?)\\\]|\\\(([^\n]{0,1000}?)\\\)/g;

/** `\(…\)` and `\[…\]` as `$…$` and `$$…$$`. */
export const withDollars = (markdown: string): string =>
  markdown.replaceAll(CODE_OR_FORMULA, (whole, _line, _fence, block, inline) => {
    if (typeof block === "string") return `\n$$\n${block.trim()}\n$$\n`;
    return typeof inline === "string" ? `$${inline.trim()}$` : whole;
  });
