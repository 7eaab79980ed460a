import { micromark } from "micromark";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";
import { math, mathHtml } from "micromark-extension-math";

/**
 * Renders a statement to HTML that may be put into a page as it is: micromark escapes raw HTML and drops dangerous
 * addresses, and KaTeX writes MathML. Done once, when the package is imported; readers load no renderer.
 *
 * @param markdown the statement, with `$…$` and `$$…$$` for math
 * @param imageAddress the address of an image that the statement names, or null when the package has no such file
 */
export function renderStatement(markdown: string, imageAddress: (name: string) => string | null): string {
  const html = micromark(markdown, {
    extensions: [gfmTable(), math()],
    htmlExtensions: [gfmTableHtml(), mathHtml({ output: "mathml", throwOnError: false, trust: false })],
  });
  return html.replace(/<img src="([^"]*)"/g, (_, name: string) => `<img src="${imageAddress(name) ?? ""}"`);
}
