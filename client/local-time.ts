/** A moment as an `<input type="datetime-local">` writes it, in this machine's time zone: `2026-11-22T16:50`. */
export function toLocalInput(instant: number): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The moment that such a text means here, in ms since 1970, or null when it means none. */
export function fromLocalInput(text: string): number | null {
  // Without a zone in the text, Date reads it as local time (ECMA-262, "Date Time String Format").
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(instant) ? null : instant;
}
