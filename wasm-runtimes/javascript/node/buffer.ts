/** Node's `Buffer`, as far as programs that read standard input need it. */

export type Encoding = "utf8" | "utf-8" | "ascii" | "latin1" | "binary" | "hex" | "base64";

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const toBase64 = globalThis.btoa.bind(globalThis);
const fromBase64 = globalThis.atob.bind(globalThis);

/** @throws TypeError for an encoding that Node does not know either */
function knownEncoding(name: unknown): Encoding {
  const encoding = name === undefined || name === null ? "utf8" : String(name).toLowerCase();
  switch (encoding) {
    case "utf8":
    case "utf-8":
    case "ascii":
    case "latin1":
    case "binary":
    case "hex":
    case "base64":
      return encoding;
    default:
      throw new TypeError(`Unknown encoding: ${String(name)}`);
  }
}

function bytesOfText(text: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  switch (encoding) {
    case "utf8":
    case "utf-8":
      return encoder.encode(text);
    case "hex":
      return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
    case "base64":
      return bytesOfText(fromBase64(text.replaceAll("-", "+").replaceAll("_", "/")), "latin1");
    case "ascii":
    case "latin1":
    case "binary":
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
    default:
      return encoding satisfies never;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return text;
}

/** Text of bytes, as `buffer.toString(encoding)` gives it. */
export function decode(bytes: Uint8Array<ArrayBuffer>, encodingName?: unknown): string {
  const encoding = knownEncoding(encodingName);
  switch (encoding) {
    case "utf8":
    case "utf-8":
      return utf8.decode(bytes);
    case "hex":
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    case "base64":
      return toBase64(latin1(bytes));
    case "ascii":
      return latin1(bytes.map((byte) => byte & 127));
    case "latin1":
    case "binary":
      return latin1(bytes);
    default:
      return encoding satisfies never;
  }
}

export class Buffer extends Uint8Array<ArrayBuffer> {
  static override from(
    value: string | ArrayLike<unknown> | Iterable<unknown> | ArrayBuffer,
    encoding?: unknown,
    length?: number,
  ): Buffer {
    if (typeof value === "string") return Buffer.view(bytesOfText(value, knownEncoding(encoding)));
    if (value instanceof ArrayBuffer) {
      const offset = typeof encoding === "number" ? encoding : 0;
      return new Buffer(value, offset, length ?? value.byteLength - offset);
    }
    return Buffer.view(Uint8Array.from(Array.from(value, Number)));
  }
  /** The same bytes under Buffer's methods, not a copy. */
  static view(bytes: Uint8Array<ArrayBuffer>): Buffer {
    return new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  static alloc(size: number, fill: number | string = 0): Buffer {
    return new Buffer(new ArrayBuffer(size)).fill(fill);
  }
  static allocUnsafe(size: number): Buffer {
    return new Buffer(new ArrayBuffer(size));
  }
  static isBuffer(value: unknown): value is Buffer {
    return value instanceof Buffer;
  }
  static byteLength(value: string | ArrayBufferView | ArrayBuffer, encoding?: unknown): number {
    return typeof value === "string" ? bytesOfText(value, knownEncoding(encoding)).length : value.byteLength;
  }
  static concat(buffers: readonly Uint8Array[], totalLength?: number): Buffer {
    const length = totalLength ?? buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    const joined = new Buffer(new ArrayBuffer(length));
    let offset = 0;
    for (const buffer of buffers) {
      joined.set(buffer.subarray(0, length - offset), offset);
      offset = Math.min(length, offset + buffer.length);
    }
    return joined;
  }

  override toString(encoding?: unknown, start = 0, end = this.length): string {
    return decode(super.subarray(start, end), encoding);
  }
  /** A view on the same memory, unlike the `slice` of other typed arrays. */
  override slice(start?: number, end?: number): Buffer {
    return Buffer.view(super.subarray(start, end));
  }
  override subarray(start?: number, end?: number): Buffer {
    return Buffer.view(super.subarray(start, end));
  }
  override fill(value: number | string, start?: number, end?: number): this {
    return super.fill(typeof value === "string" ? (bytesOfText(value, "utf8")[0] ?? 0) : value, start, end);
  }
  write(text: string, offset = 0, length?: number, encoding?: unknown): number {
    const bytes = bytesOfText(text, knownEncoding(encoding));
    const room = bytes.subarray(0, Math.min(length ?? Infinity, this.length - offset));
    this.set(room, offset);
    return room.length;
  }
  equals(other: Uint8Array): boolean {
    return this.length === other.length && this.every((byte, index) => byte === other[index]);
  }
  readUInt8(offset = 0): number {
    return this.at(offset) ?? 0;
  }
  toJSON(): { type: "Buffer"; data: number[] } {
    return { type: "Buffer", data: Array.from(this) };
  }
}
