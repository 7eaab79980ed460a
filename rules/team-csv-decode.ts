/** Encodings that spreadsheets and editors save lists in, as the Encoding Standard names them. */
export const listEncodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "gb18030"] as const;
export type ListEncoding = (typeof listEncodings)[number];

/**
 * What a file is encoded in: as its byte-order mark says, else UTF-8 if it is that. The rest is most likely what Excel
 * saves "CSV" as in Europe and America, Windows-1252. That is a guess: what Excel saves in China (GB 18030) cannot be told
 * from it, so let the reader choose where names look wrong.
 */
export function encodingOf(file: Uint8Array): { encoding: ListEncoding; guessed: boolean } {
  if (file[0] === 0xff && file[1] === 0xfe) return { encoding: "utf-16le", guessed: false };
  if (file[0] === 0xfe && file[1] === 0xff) return { encoding: "utf-16be", guessed: false };
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(file);
    return { encoding: "utf-8", guessed: false };
  } catch {
    return { encoding: "windows-1252", guessed: true };
  }
}

/** A file as text, without its byte-order mark. What cannot be read becomes U+FFFD, which the preview refuses. */
export function decodeList(file: Uint8Array, encoding: ListEncoding): string {
  return new TextDecoder(encoding, { fatal: false, ignoreBOM: false }).decode(file);
}
