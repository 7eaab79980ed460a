/** A line of one of two texts: in both, only in the newer one, or only in the older one. */
export interface LineChange {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Texts with more lines than this between their first and last change are told as replaced, so that no page hangs. */
const MOST_LINES = 2000;

/**
 * What has to be done to the lines of `before` to get `after`: the fewest lines removed and added (longest common subsequence).
 * Equal beginnings and ends, which are most of two drafts, cost nothing.
 */
export function lineDiff(before: string, after: string): LineChange[] {
  const old = before.split("\n");
  const now = after.split("\n");
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end))
    end += 1;
  return [
    ...told("same", old.slice(0, start)),
    ...changed(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...told("same", old.slice(old.length - end)),
  ];
}

const told = (kind: LineChange["kind"], lines: readonly string[]): LineChange[] =>
  lines.map((text) => ({ kind, text }));

function changed(old: readonly string[], now: readonly string[]): LineChange[] {
  if (Math.max(old.length, now.length) > MOST_LINES) return [...told("removed", old), ...told("added", now)];
  const width = now.length + 1;
  // common[i * width + j]: the most lines that old from i on and now from j on have in common.
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const changes: LineChange[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      changes.push({ kind: "same", text: old[i] ?? "" });
      i += 1;
      j += 1;
    } else if (j === now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      changes.push({ kind: "removed", text: old[i] ?? "" });
      i += 1;
    } else {
      changes.push({ kind: "added", text: now[j] ?? "" });
      j += 1;
    }
  }
  return changes;
}

/** Changes with a few lines around each, and the number of lines left out between them. */
export function hunks(changes: readonly LineChange[], context: number): (LineChange | number)[] {
  const near = new Uint8Array(changes.length);
  for (const [index, { kind }] of changes.entries())
    if (kind !== "same") near.fill(1, Math.max(0, index - context), index + context + 1);
  const shown: (LineChange | number)[] = [];
  for (const [index, change] of changes.entries()) {
    const last = shown.at(-1);
    if (near[index] === 1) shown.push(change);
    else if (typeof last === "number") shown[shown.length - 1] = last + 1;
    else shown.push(1);
  }
  return shown;
}
