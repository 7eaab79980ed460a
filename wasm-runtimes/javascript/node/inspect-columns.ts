interface Layout {
  /** Characters of a line. */
  width: number;
  indentation: number;
  /** A longer list ends with a part that says how many are not shown. */
  maxItems: number;
}

const GAP = 2;
/** A character is about so much taller than wide, so that a block of items comes out near to a square. */
const CHARACTER_HEIGHT = 2.5;
const MAX_COLUMNS = 12;

/**
 * Arranges the formatted items of a list in columns, as Node does for lists of more than six: about as wide as high.
 * @param parts formatted items; returned as they are when columns would not read better
 * @param items the values themselves: columns of numbers are aligned at the right
 */
export function groupInColumns(parts: string[], items: readonly unknown[], layout: Layout): string[] {
  const shown = parts.length > layout.maxItems ? parts.length - 1 : parts.length;
  const lengths = parts.slice(0, shown).map((part) => part.length);
  const longest = Math.max(...lengths);
  const total = lengths.reduce((sum, length) => sum + length + GAP, 0);
  const cell = longest + GAP;
  const worthIt = cell * 3 + layout.indentation < layout.width && (total / cell > 5 || longest <= 6);
  if (!worthIt) return parts;

  const bias = Math.max(cell - 3 - Math.sqrt(cell - total / parts.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(CHARACTER_HEIGHT * bias * shown) / bias),
    Math.floor((layout.width - layout.indentation) / cell),
    MAX_COLUMNS,
  );
  if (columns <= 1) return parts;

  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lengths.filter((_length, index) => index % columns === column)),
  );
  const numeric = items.every((item) => typeof item === "number" || typeof item === "bigint");
  const rows: string[] = [];
  for (let start = 0; start < shown; start += columns) {
    const row = parts.slice(start, Math.min(start + columns, shown));
    const cells = row.map((part, column) => {
      const last = column === row.length - 1;
      const text = last ? part : `${part}, `;
      const width = (widths[column] ?? 0) + (last ? 0 : GAP);
      if (numeric) return text.padStart(width);
      return last ? text : text.padEnd(width);
    });
    rows.push(cells.join(""));
  }
  return [...rows, ...parts.slice(shown)];
}
