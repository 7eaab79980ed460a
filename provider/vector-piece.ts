import { EngineError, type Piece } from "./engine.ts";

/**
 * One vector of an answer, as it is told to the Market: in numbers of 32 bits, little end first.
 *
 * @param index which text it is of, from 0
 * @throws EngineError if one of its numbers is none, or too large for 32 bits
 */
export function vectorPiece(index: number, vector: readonly number[]): Piece {
  const bytes = new Uint8Array(Float32Array.BYTES_PER_ELEMENT * vector.length);
  const numbers = new DataView(bytes.buffer);
  for (const [place, value] of vector.entries()) {
    if (!Number.isFinite(Math.fround(value)))
      throw new EngineError("engine", `the vector of input[${index}] has a number that is none: ${value}`);
    numbers.setFloat32(Float32Array.BYTES_PER_ELEMENT * place, value, true);
  }
  return { text: "", tokenCount: 0, vector: { index, values: base64(bytes) } };
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
