import { inspect } from "./inspect.ts";

/** `util.format`: what `console.log(...values)` prints, without the line's end. */
export function format(...values: unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== "string") return values.map(shown).join(" ");
  if (rest.length === 0) return first;
  let next = 0;
  const text = first.replaceAll(/%([sdifjoOc%])/g, (whole, kind: string) => {
    if (kind === "%") return "%";
    if (next >= rest.length) return whole;
    const value = rest[next];
    next += 1;
    return substituted(kind, value);
  });
  return [text, ...rest.slice(next).map(shown)].join(" ");
}

const shown = (value: unknown): string => (typeof value === "string" ? value : inspect(value));

function substituted(kind: string, value: unknown): string {
  const number = typeof value === "symbol" || (typeof value === "object" && value !== null);
  switch (kind) {
    case "d":
      if (typeof value === "bigint") return `${value}n`;
      return number ? "NaN" : inspect(Number(value));
    case "i":
      if (typeof value === "bigint") return `${value}n`;
      return number ? "NaN" : inspect(Number.parseInt(String(value), 10));
    case "f":
      return typeof value === "symbol" ? "NaN" : inspect(Number.parseFloat(String(value)));
    case "j":
      return String(JSON.stringify(value));
    case "o":
      return inspect(value, { depth: 4 });
    case "O":
      return inspect(value);
    case "c":
      return "";
    default:
      return textOf(value);
  }
}

/** `%s`: objects that say how they are written say so themselves. */
function textOf(value: unknown): string {
  if (typeof value === "bigint" || Object.is(value, -0)) return inspect(value);
  if (typeof value !== "object" || value === null) return String(value);
  const own = value.toString !== Object.prototype.toString && !Array.isArray(value);
  return own && !(value instanceof Map) && !(value instanceof Set)
    ? String(value)
    : inspect(value, { depth: 0 });
}
