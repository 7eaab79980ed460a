import { h, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { Copy } from "../parts/copy.tsx";
import { type SafeNode, textOf } from "./html-tree.ts";

type Render = (markdown: string) => SafeNode[];

/** What renders, and formulas too: each is fetched when the first answer needs it. */
let plain: Render | null = null;
let withFormulas: Render | null = null;

async function load(wantsFormulas: boolean): Promise<void> {
  const { rendered } = await import("./render.ts");
  plain ??= (markdown) => rendered(markdown, null);
  if (!wantsFormulas || withFormulas !== null) return;
  const { formulas } = await import("./formulas.ts");
  withFormulas = (markdown) => rendered(markdown, formulas);
}

const FORMULA = /\$|\\[([]/;

/** An answer as its model meant it to be seen; until what renders is here, or where it can't be had, as it was written. */
export function Markdown({ text }: { text: string }) {
  const [, setTurn] = useState(0);
  const wantsFormulas = FORMULA.test(text);
  const render = wantsFormulas ? (withFormulas ?? plain) : plain;
  const isHere = plain !== null && (!wantsFormulas || withFormulas !== null);
  useEffect(() => {
    if (isHere) return;
    load(wantsFormulas).then(
      () => setTurn((turn) => turn + 1),
      () => undefined,
    );
  }, [isHere, wantsFormulas]);
  if (render === null) return <div class="statement as-written">{text}</div>;
  return <div class="statement">{render(text).map(shown)}</div>;
}

function shown(node: SafeNode, key: number): string | VNode {
  if (typeof node === "string") return node;
  if (node.tag === "pre") return <Code key={key} node={node.children} />;
  return h(node.tag, { ...node.attributes, key }, ...node.children.map(shown));
}

/** A block of code, with its language, and a button that copies it. */
function Code({ node }: { node: readonly SafeNode[] }) {
  const [code] = node;
  const language = typeof code === "object" ? (code.attributes["data-language"] ?? "") : "";
  const text = textOf(node);
  return (
    <div class="code">
      <header>
        <span>{language}</span>
        <Copy text={text} label={t("playground.copyCode", { language })} />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by the keyboard */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
