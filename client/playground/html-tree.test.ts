import { describe, expect, it } from "vitest";
import { type SafeNode, safeTree, textOf } from "./html-tree.ts";
import { formulas } from "./formulas.ts";
import { rendered, withDollars } from "./render.ts";

const MAY_BE = new Set(
  "p br hr em strong code pre blockquote ul ol li a h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split(" "),
);
const IN_FORMULAS =
  /^(?:math|semantics|none|m(?:row|i|n|o|s|text|space|sup|sub|subsup|frac|root|sqrt|style|over|under|underover|table|tr|td|labeledtr|padded|phantom|enclose|multiscripts|prescripts))$/;

/** All elements of a tree, in order. */
const elements = (nodes: readonly SafeNode[]): Exclude<SafeNode, string>[] =>
  nodes.flatMap((node) => (typeof node === "string" ? [] : [node, ...elements(node.children)]));

/** Fails where there is anything that could run, load or send something. */
function expectHarmless(nodes: readonly SafeNode[]): void {
  for (const { tag, attributes } of elements(nodes)) {
    expect(MAY_BE.has(tag) || IN_FORMULAS.test(tag), tag).toBe(true);
    for (const [name, value] of Object.entries(attributes)) {
      expect(name, `${tag} ${name}`).not.toMatch(
        /^(?:on|style$|src|srcset|class$|id$|xlink|action|formaction)/,
      );
      if (name === "href") expect(value).toMatch(/^(?:https?:\/\/|mailto:)/i);
    }
  }
}

const render = (markdown: string): SafeNode[] => rendered(markdown, formulas);

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java&#115;cript:alert(1))",
  "[x](&#x6a;avascript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "[x](vbscript:msgbox)",
  "[x](//evil.example/)",
  "[x](/api/session)",
  "[x](\\\\evil.example)",
  "<javascript:alert(1)>",
  "![x](https://evil.example/pixel.png)",
  '![x](x "onerror=alert(1)")',
  '![" onerror="alert(1)](x)',
  '[x](https://ok.example "\\" onmouseover=\\"alert(1)")',
  "$\\href{javascript:alert(1)}{x}$",
  "$\\url{javascript:alert(1)}$",
  "$\\includegraphics[width=1em]{https://evil.example/x.png}$",
  "$\\htmlData{x=y}{z} \\htmlClass{a}{b} \\htmlStyle{color:red}{c}$",
  "$\\text{</math><script>alert(1)</script>}$",
  "$</annotation></semantics></math><img src=x onerror=alert(1)>$",
  "$\\rule{1000000em}{1000000em}$",
  "$\\def\\a{\\a\\a}\\a$",
  '```html" onclick="alert(1)\n<script>alert(1)</script>\n```',
  "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
  "x<!--><img src=x onerror=alert(1)>-->",
  "<style>*{background:url(https://evil.example)}</style>",
  '<form action="https://evil.example"><input name=password></form>',
  "&lt;script&gt;alert(1)&lt;/script&gt;",
];

describe("what a model wrote", () => {
  it.each(HOSTILE)("has nothing in it that runs, loads or sends: %s", (markdown) => {
    expectHarmless(render(markdown));
  });

  it.each(HOSTILE)("has nothing in it while it is written, either: %s", (markdown) => {
    for (let length = 1; length < markdown.length; length++)
      expectHarmless(render(markdown.slice(0, length)));
  });

  it("shows HTML as the text that it is", () => {
    expect(textOf(render("<b>bold</b> & <script>x</script>"))).toBe("<b>bold</b> & <script>x</script>");
    expect(textOf(render("`&lt;` &amp;lt;"))).toBe("&lt; &lt;");
  });

  it("has links to other sites alone, which say that they are no friend's", () => {
    const [link] = elements(render("[x](https://ok.example/?a=1&b=2)")).filter(({ tag }) => tag === "a");
    expect(link?.attributes).toEqual({
      href: "https://ok.example/?a=1&b=2",
      rel: "noopener noreferrer nofollow",
      target: "_blank",
    });
    expect(elements(render("[here](/sign-up) [there](#top)")).map(({ tag }) => tag)).toEqual(["p"]);
  });

  it("tells of a picture instead of fetching it", () => {
    expect(textOf(render("![a cat](https://cats.example/1.png)"))).toBe(
      "[a cat: https://cats.example/1.png]",
    );
  });

  it("keeps lists, tables, code with its language, and emphasis", () => {
    const tags = (markdown: string) => elements(render(markdown)).map(({ tag }) => tag);
    expect(tags("1. *a*\n2. **b**")).toEqual(["ol", "li", "em", "li", "strong"]);
    expect(tags("| a |\n|:-:|\n| b |")).toEqual(["table", "thead", "tr", "th", "tbody", "tr", "td"]);
    expect(elements(render("```c++\nint a;\n```"))[1]?.attributes).toEqual({ "data-language": "c++" });
  });

  it("has formulas as MathML, without their source beside them", () => {
    const nodes = render("so $x^2$ it is");
    expect(elements(nodes).map(({ tag }) => tag)).toContain("msup");
    expect(textOf(nodes)).toBe("so x2 it is");
  });

  it("may write formulas in LaTeX's own brackets, and code stays as it is", () => {
    expect(withDollars("a \\(x\\) b")).toBe("a $x$ b");
    expect(withDollars("\\[ x \\]")).toBe("\n$$\nx\n$$\n");
    for (const code of ["`\\(x\\)`", "```\n\\[x\\]\n```", "~~~\n\\(x\\)"])
      expect(withDollars(code)).toBe(code);
  });

  it("is shown without its elements where they nest too deep", () => {
    const deep = safeTree(`${"<blockquote>".repeat(5_000)}x${"</blockquote>".repeat(5_000)}`);
    expect(elements(deep).length).toBeLessThanOrEqual(200);
    expect(textOf(deep)).toBe("x");
  });
});

describe("HTML that no renderer would write", () => {
  it.each([
    "<p onclick=alert(1)>x",
    "<p><a href='javascript:alert(1)'>x</p>",
    "<<script>alert(1)//<</script>",
    '<math><mtext><img src=x onerror="alert(1)"></mtext></math>',
    '<math href="javascript:alert(1)"><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<a href="https://ok.example" onclick="alert(1)" style="x">x</a>',
    '<code class="language-x&quot; onclick=&quot;y">x</code>',
    "</p></p></math>x",
    '<a href="https://ok.example',
  ])("is harmless all the same: %s", (html) => {
    expectHarmless(safeTree(html));
  });
});
