import { ownStack } from "../stack.ts";
import { groupInColumns } from "./inspect-columns.ts";
import { Buffer } from "./buffer.ts";

/** How Node prints values: `util.inspect` with its defaults, so that a line printed to look at a value looks the same in both places. */

const LINE_WIDTH = 80;
const MAX_ITEMS = 100;
/** Objects with so many levels inside are still put on one line when they fit. */
const COMPACT_LEVELS = 3;

export interface InspectOptions {
  depth?: number | null;
}

interface Context {
  depth: number;
  indentation: number;
  /** Depth of the object formatted last. */
  currentDepth: number;
  ancestors: object[];
  circular: Map<object, number>;
}

export function inspect(value: unknown, { depth = 2 }: InspectOptions = {}): string {
  return formatValue(value, 0, {
    depth: depth ?? Infinity,
    indentation: 0,
    currentDepth: 0,
    ancestors: [],
    circular: new Map(),
  });
}

/** A string, number or other value without parts. */
function formatPrimitive(value: unknown, context: Context): string {
  if (typeof value === "string") return formatString(value, context);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  return String(value);
}

function formatString(value: string, context: Context): string {
  if (value.length > 16 && value.length > LINE_WIDTH - context.indentation - 4 && value.includes("\n")) {
    return value
      .split(/(?<=\n)/)
      .map(quote)
      .join(` +\n${" ".repeat(context.indentation + 2)}`);
  }
  return quote(value);
}

function quote(value: string): string {
  let mark = "'";
  if (value.includes("'")) {
    if (!value.includes('"')) mark = '"';
    else if (!value.includes("`") && !value.includes("${")) mark = "`";
  }
  const escaped = value.replaceAll(/[\p{Cc}'\\]/gu, (character) => {
    const short = escapes[character];
    if (character === "'") return mark === "'" ? "\\'" : "'";
    return short ?? `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return mark + escaped + mark;
}

const escapes: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  "\\": "\\\\",
  "\v": "\\x0B",
};

function formatValue(value: unknown, level: number, context: Context): string {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return formatPrimitive(value, context);
  }
  if (context.ancestors.includes(value)) {
    const index = context.circular.get(value) ?? context.circular.size + 1;
    context.circular.set(value, index);
    return `[Circular *${index}]`;
  }
  const shape = shapeOf(value);
  if (level > context.depth && !shape.whole) return `[${shape.tooDeep}]`;
  return formatObject(value, shape, level, context);
}

interface Shape {
  /** Before the braces, e.g. "Map(2)"; for values that are a text of their own, that text. */
  base: string;
  braces: readonly [string, string];
  list: boolean;
  /** Shown in full at any depth when it has no properties: dates, functions, errors. */
  whole: boolean;
  tooDeep: string;
  parts: (level: number, context: Context) => string[];
  /** Keys that `parts` has already told. */
  told: (key: string) => boolean;
}

const nothing = (): string[] => [];
const never = (): boolean => false;

function shapeOf(value: object): Shape {
  const name = constructorName(value);
  const plain = {
    list: false,
    whole: false,
    tooDeep: name ?? "Object: null prototype",
    parts: nothing,
    told: never,
  };
  const braces = ["{", "}"] as const;
  const sized = (usual: string, size: number): string => `${titled(value, name, usual)}(${size})`;

  if (Array.isArray(value)) {
    const base = name === "Array" ? "" : sized("Array", value.length);
    const tooDeep = name ?? "Array";
    return {
      ...plain,
      base,
      braces: ["[", "]"],
      list: true,
      tooDeep,
      parts: itemsOfArray(value),
      told: isIndex,
    };
  }
  if (value instanceof Buffer) {
    const shown = Array.from(value.subarray(0, 50), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const more =
      value.length > 50 ? ` ... ${value.length - 50} more byte${value.length > 51 ? "s" : ""}` : "";
    return { ...plain, base: `<Buffer${shown && ` ${shown}`}${more}>`, braces, whole: true, told: isIndex };
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = Array.from(value as Uint8Array | BigInt64Array, (item: unknown) => item);
    const base = sized("TypedArray", items.length);
    return { ...plain, base, braces: ["[", "]"], list: true, parts: itemsOfArray(items), told: isIndex };
  }
  if (value instanceof Map)
    return { ...plain, base: sized("Map", value.size), braces, parts: entriesOfMap(value) };
  if (value instanceof Set)
    return { ...plain, base: sized("Set", value.size), braces, parts: itemsOfSet(value) };
  if (typeof value === "function") return { ...plain, base: functionTitle(value), braces, whole: true };
  if (value instanceof Error) {
    const told = (key: string): boolean => key === "stack" || key === "message";
    return { ...plain, base: errorText(value), braces, whole: true, told };
  }
  if (value instanceof Date) {
    const base = Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    return { ...plain, base, braces, whole: true };
  }
  if (value instanceof RegExp) return { ...plain, base: String(value), braces, whole: true };
  if (value instanceof Promise) return { ...plain, base: "Promise", braces, parts: () => ["<pending>"] };
  if (value instanceof WeakMap || value instanceof WeakSet) {
    return { ...plain, base: name ?? "WeakMap", braces, parts: () => ["<items unknown>"] };
  }
  const boxed = boxedTitle(value);
  if (boxed !== null) return { ...plain, base: boxed, braces, whole: true, told: isIndex };
  const base = name === "Object" && tagOf(value, name) === "" ? "" : titled(value, name, "Object");
  return { ...plain, base, braces };
}

const isIndex = (key: string): boolean => /^(0|[1-9]\d*)$/.test(key);

function constructorName(value: object): string | null {
  for (let holder: object | null = value; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const described = Object.getOwnPropertyDescriptor(holder, "constructor")?.value;
    if (typeof described === "function" && described.name !== "" && value instanceof described)
      return described.name;
  }
  return null;
}

function tagOf(value: object, name: string | null): string {
  const tag: unknown = Reflect.get(value, Symbol.toStringTag);
  return typeof tag === "string" && tag !== "" && tag !== name ? ` [${tag}]` : "";
}

function titled(value: object, name: string | null, usual: string): string {
  return (name ?? `[${usual}: null prototype]`) + (ArrayBuffer.isView(value) ? "" : tagOf(value, name));
}

function functionTitle(value: Function): string {
  const source = Function.prototype.toString.call(value);
  if (source.startsWith("class") && source.endsWith("}")) {
    const parent: unknown = Object.getPrototypeOf(value);
    const extending = typeof parent === "function" && parent.name !== "" ? ` extends ${parent.name}` : "";
    return `[class ${value.name === "" ? "(anonymous)" : value.name}${extending}]`;
  }
  const kind = constructorName(value) ?? "Function";
  return value.name === "" ? `[${kind} (anonymous)]` : `[${kind}: ${value.name}]`;
}

function errorText(error: Error): string {
  const text = typeof error.stack === "string" && error.stack !== "" ? ownStack(error.stack) : String(error);
  return text.includes("\n") ? text : `[${text}]`;
}

/** `new Number(3)` and its like, by what their internal value is. */
function boxedTitle(value: object): string | null {
  const kind = /^\[object (Number|String|Boolean)\]$/.exec(Object.prototype.toString.call(value))?.[1];
  return kind === undefined ? null : `[${kind}: ${formatPrimitive(value.valueOf(), emptyContext)}]`;
}

const emptyContext: Context = {
  depth: 0,
  indentation: 0,
  currentDepth: 0,
  ancestors: [],
  circular: new Map(),
};

function indented<Result>(context: Context, format: () => Result): Result {
  context.indentation += 2;
  const result = format();
  context.indentation -= 2;
  return result;
}

const more = (count: number): string[] =>
  count > 0 ? [`... ${count} more item${count > 1 ? "s" : ""}`] : [];

const itemsOfArray =
  (items: readonly unknown[]) =>
  (level: number, context: Context): string[] => {
    const parts: string[] = [];
    let index = 0;
    while (index < items.length && parts.length < MAX_ITEMS) {
      if (index in items) {
        const item = items[index];
        parts.push(indented(context, () => formatValue(item, level + 1, context)));
        index += 1;
      } else {
        const start = index;
        while (index < items.length && !(index in items)) index += 1;
        parts.push(`<${index - start} empty item${index - start > 1 ? "s" : ""}>`);
      }
    }
    return [...parts, ...more(items.length - index)];
  };

const itemsOfSet =
  (set: ReadonlySet<unknown>) =>
  (level: number, context: Context): string[] => {
    const shown = [...set].slice(0, MAX_ITEMS);
    const parts = shown.map((item) => indented(context, () => formatValue(item, level + 1, context)));
    return [...parts, ...more(set.size - parts.length)];
  };

const entriesOfMap =
  (map: ReadonlyMap<unknown, unknown>) =>
  (level: number, context: Context): string[] => {
    const format = (value: unknown): string =>
      indented(context, () => formatValue(value, level + 1, context));
    const parts = [...map].slice(0, MAX_ITEMS).map(([key, value]) => `${format(key)} => ${format(value)}`);
    return [...parts, ...more(map.size - parts.length)];
  };

function properties(value: object, shape: Shape, level: number, context: Context): string[] {
  const names = Object.keys(value).filter((key) => !shape.told(key));
  const symbols = Object.getOwnPropertySymbols(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
  return [...names, ...symbols].map((key) => {
    const title = typeof key === "symbol" ? String(key) : /^[a-zA-Z_]\w*$/.test(key) ? key : quote(key);
    return `${title}: ${formatProperty(value, key, level, context)}`;
  });
}

function formatProperty(value: object, key: PropertyKey, level: number, context: Context): string {
  const described = Object.getOwnPropertyDescriptor(value, key);
  if (described?.get !== undefined) return described.set === undefined ? "[Getter]" : "[Getter/Setter]";
  if (described?.set !== undefined) return "[Setter]";
  return indented(context, () => formatValue(described?.value, level + 1, context));
}

function formatObject(value: object, shape: Shape, level: number, context: Context): string {
  context.ancestors.push(value);
  context.currentDepth = level;
  const parts = shape.parts(level, context);
  const output = [...parts, ...properties(value, shape, level, context)];
  context.ancestors.pop();

  const circular = context.circular.get(value);
  const mark = circular === undefined ? "" : `<ref *${circular}> `;
  if (output.length === 0) {
    if (shape.whole) return mark + shape.base;
    return `${mark}${shape.base === "" ? "" : `${shape.base} `}${shape.braces[0]}${shape.braces[1]}`;
  }
  return joined(output, { ...shape, base: (mark + shape.base).trimEnd() }, level, context, value);
}

/** Puts the parts on one line where that stays readable, else each on its own; many short items of a list in columns. */
function joined(parts: string[], shape: Shape, level: number, context: Context, value: object): string {
  const { braces, base } = shape;
  const opening = base === "" ? braces[0] : `${base} ${braces[0]}`;
  const items =
    Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>) : [];
  const output =
    shape.list && parts.length > 6
      ? groupInColumns(parts, items, {
          width: LINE_WIDTH,
          indentation: context.indentation,
          maxItems: MAX_ITEMS,
        })
      : parts;
  if (context.currentDepth - level < COMPACT_LEVELS && output === parts) {
    const start = parts.length + context.indentation + opening.length + 10;
    const length = parts.reduce((sum, part) => sum + part.length, parts.length + start);
    const line = parts.join(", ");
    if (length <= LINE_WIDTH && !base.includes("\n") && !line.includes("\n"))
      return `${opening} ${line} ${braces[1]}`;
  }
  const margin = `\n${" ".repeat(context.indentation)}`;
  return `${opening}${margin}  ${output.join(`,${margin}  `)}${margin}${braces[1]}`;
}
