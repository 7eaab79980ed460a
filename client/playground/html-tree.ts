/**
 * What a renderer of Markdown wrote, as a tree of the elements that may be shown. Nothing of a model's is ever given to the browser as
 * HTML: this reads the text by itself, strictly, keeps elements and attributes that stand in a list, and the page makes its own
 * elements of them. What is in no list goes, its text stays; so whatever the renderer lets through, there are no scripts, no styles, no
 * frames, no forms, and no request leaves the page before somebody follows a link.
 */
export type SafeNode = string | SafeElement;
export interface SafeElement {
  tag: string;
  attributes: Record<string, string>;
  children: SafeNode[];
}

const listed = (names: string): ReadonlySet<string> => new Set(names.split(" "));

const WORDS = listed(
  "p br hr em strong code pre blockquote ul ol li a h1 h2 h3 h4 h5 h6 table thead tbody tr th td",
);
const MATH = listed(
  "math semantics mrow mi mn mo ms mtext mspace msup msub msubsup mfrac mroot msqrt mstyle mover munder munderover mtable mtr mtd " +
    "mlabeledtr mpadded mphantom menclose mmultiscripts mprescripts none",
);
const EMPTY = listed("br hr img input mspace mprescripts none");
/** Whose text goes with them: a formula's source, which would stand beside the formula. */
const SILENT = listed("annotation script style template title");

const MATH_ATTRIBUTES = listed(
  "display displaystyle scriptlevel mathvariant stretchy fence separator symmetric lspace rspace width height depth voffset minsize " +
    "maxsize largeop movablelimits accent accentunder linethickness columnalign columnspacing columnlines rowspacing rowlines " +
    "rowalign frame notation",
);

/** Only what leaves the site in the open: no scripts, no data, and no address of the site itself, where a link might do something. */
const LINK = /^(?:https?:\/\/|mailto:)/i;

/** What may stay of an element's attributes; null where the element is not to be shown. */
function attributesOf(tag: string, given: ReadonlyMap<string, string>): Record<string, string> | null {
  if (MATH.has(tag)) return Object.fromEntries([...given].filter(([name]) => MATH_ATTRIBUTES.has(name)));
  switch (tag) {
    case "a": {
      const href = given.get("href") ?? "";
      return LINK.test(href) ? { href, rel: "noopener noreferrer nofollow", target: "_blank" } : null;
    }
    case "code": {
      const language = /^language-([\w+#.-]{1,30})$/.exec(given.get("class") ?? "")?.[1];
      return language === undefined ? {} : { "data-language": language };
    }
    case "ol": {
      const start = given.get("start") ?? "";
      return /^\d{1,9}$/.test(start) ? { start } : {};
    }
    case "th":
    case "td": {
      const align = given.get("align") ?? "";
      return /^(?:left|right|center)$/.test(align) ? { "data-align": align } : {};
    }
    default:
      return {};
  }
}

const PIECE = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|<!--[^]*?-->|[^<]+|</g;
const ATTRIBUTE = /([\w:-]+)(?:="([^"]*)")?/g;
/** Whatever nests deeper is shown without its own elements. */
const DEEPEST = 200;

interface Open {
  tag: string;
  /** Where its children go: to itself, or past it where it is not shown. */
  children: SafeNode[];
  isSilent: boolean;
}

/** @param html as micromark and KaTeX write it: attributes in double quotes, every element closed */
export function safeTree(html: string): SafeNode[] {
  const root: SafeNode[] = [];
  const open: Open[] = [{ tag: "", children: root, isSilent: false }];
  for (const [piece, closing, name, attributes = "", selfClosing] of html.matchAll(PIECE)) {
    const parent = open.at(-1);
    if (parent === undefined) break;
    if (name === undefined) {
      if (!parent.isSilent && !piece.startsWith("<!--")) addText(parent.children, decoded(piece));
      continue;
    }
    const tag = name.toLowerCase();
    if (closing === "/") {
      const place = open.findLastIndex((each) => each.tag === tag);
      if (place > 0) open.length = place;
      continue;
    }
    const shown = parent.isSilent || open.length > DEEPEST ? null : elementOf(tag, attributes);
    if (shown !== null) parent.children.push(shown);
    // A picture is not fetched: what it shows is told instead.
    if (tag === "img" && !parent.isSilent) addText(parent.children, pictureText(attributes));
    if (selfClosing === "/" || EMPTY.has(tag)) continue;
    open.push({
      tag,
      children: shown?.children ?? parent.children,
      isSilent: parent.isSilent || SILENT.has(tag),
    });
  }
  return root;
}

function elementOf(tag: string, written: string): SafeElement | null {
  if (!WORDS.has(tag) && !MATH.has(tag)) return null;
  const attributes = attributesOf(tag, attributesIn(written));
  return attributes === null ? null : { tag, attributes, children: [] };
}

const attributesIn = (written: string): Map<string, string> =>
  new Map(
    [...written.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [name.toLowerCase(), decoded(value)]),
  );

function pictureText(written: string): string {
  const attributes = attributesIn(written);
  return `[${[attributes.get("alt"), attributes.get("src")].filter(Boolean).join(": ")}]`;
}

function addText(children: SafeNode[], text: string): void {
  const last = children.length - 1;
  const before = children[last];
  if (typeof before === "string") children[last] = before + text;
  else children.push(text);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u{a0}",
};

/** Character references, each once: what one stands for is text, and no reference again. */
const decoded = (text: string): string =>
  text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (typeof name === "string") return ENTITIES[name.toLowerCase()] ?? whole;
    const code = typeof hex === "string" ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\u{fffd}";
  });

/** All the text of a tree. */
export const textOf = (nodes: readonly SafeNode[]): string =>
  nodes.map((node) => (typeof node === "string" ? node : textOf(node.children))).join("");
