/** What a field of a CSV file is made of; null for nothing. */
export type CsvValue = string | number | null;

/** Lines of fields as CSV (RFC 4180). */
export function csvText(lines: readonly (readonly CsvValue[])[]): string {
  return lines.map((line) => `${line.map(csvField).join(",")}\r\n`).join("");
}

/**
 * A field of a CSV file. Spreadsheets run what begins like a formula, and teams choose their own names: an apostrophe
 * before it makes it text (OWASP, "CSV Injection").
 */
export function csvField(value: CsvValue): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Gives the browser a file to keep. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after this call: a URL that is gone at once would give it nothing.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
