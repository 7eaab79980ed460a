/** Some of a whole, in bytes. */
export interface ByteRange {
  offset: number;
  length: number;
}

const RANGE = /^bytes=(\d*)-(\d*)$/i;

/**
 * What a request's header `Range` asks for of `size` bytes. Null for all of them: where there is no such header, or one that
 * may be passed over, as one for several ranges. `unsatisfiable` where none of the bytes asked for is there.
 * Source: RFC 9110, section 14.2.
 */
export function byteRange(header: string | null, size: number): ByteRange | "unsatisfiable" | null {
  const [, from = "", to = ""] = RANGE.exec(header?.trim() ?? "") ?? [];
  if (from === "") return to === "" ? null : lastBytes(Number(to), size);
  const first = Number(from);
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== "" && Number(to) < first) return null;
  return first >= size ? "unsatisfiable" : { offset: first, length: last - first + 1 };
}

function lastBytes(count: number, size: number): ByteRange | "unsatisfiable" {
  const length = Math.min(count, size);
  return length === 0 ? "unsatisfiable" : { offset: size - length, length };
}
