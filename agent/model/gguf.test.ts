import { describe, expect, it } from "vitest";
import { type GgufFile, writeGguf } from "./gguf.ts";

const file: GgufFile = {
  facts: {
    "a.number": { u32: 7 },
    "a.share": { f32: 0.5 },
    "a.flag": { bool: true },
    "a.text": { string: "grün" },
    "a.list": { strings: ["x", "yz"] },
    "a.scores": { f32s: [-1, 0.25] },
    "a.kinds": { i32s: [1, 6] },
  },
  tensors: [
    {
      name: "half",
      dimensions: [3, 2],
      values: Float32Array.of(1, -2, 0.5, 65504, 2 ** -24, 0.1),
      type: "F16",
    },
    { name: "full", dimensions: [2], values: Float32Array.of(0.1, 3), type: "F32" },
  ],
};

/** Reads what the format says, independently of the writer: a cursor over the bytes. */
function reader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const step = (size: number): number => (at += size) - size;
  const u32 = (): number => view.getUint32(step(4), true);
  const u64 = (): number => Number(view.getBigUint64(step(8), true));
  const string = (): string => {
    const length = u64();
    return new TextDecoder().decode(bytes.subarray(step(length), at));
  };
  const value = (type: number): unknown => {
    if (type === 4) return u32();
    if (type === 5) return view.getInt32(step(4), true);
    if (type === 6) return view.getFloat32(step(4), true);
    if (type === 7) return view.getUint8(step(1)) === 1;
    if (type === 8) return string();
    const element = u32();
    return Array.from({ length: u64() }, () => value(element));
  };
  return { view, u32, u64, string, value, position: () => at };
}

describe("a GGUF file", () => {
  const bytes = writeGguf(file);
  const read = reader(bytes);
  const magic = new TextDecoder().decode(bytes.subarray(0, 4));
  read.u32();
  const [version, tensorCount, factCount] = [read.u32(), read.u64(), read.u64()];
  const facts = Array.from({ length: factCount }, () => [read.string(), read.value(read.u32())]);
  const tensors = Array.from({ length: tensorCount }, () => ({
    name: read.string(),
    dimensions: Array.from({ length: read.u32() }, read.u64),
    type: read.u32(),
    offset: read.u64(),
  }));
  const data = Math.ceil(read.position() / 32) * 32;

  it("begins with its mark, its version and its counts", () => {
    expect([magic, version, tensorCount, factCount]).toEqual(["GGUF", 3, 2, 7]);
  });

  it("says each fact by its type", () => {
    expect(Object.fromEntries(facts)).toEqual({
      "a.number": 7,
      "a.share": 0.5,
      "a.flag": true,
      "a.text": "grün",
      "a.list": ["x", "yz"],
      "a.scores": [-1, 0.25],
      "a.kinds": [1, 6],
    });
  });

  it("lists each tensor with a place that is a multiple of 32", () => {
    expect(tensors).toEqual([
      { name: "half", dimensions: [3, 2], type: 1, offset: 0 },
      { name: "full", dimensions: [2], type: 0, offset: 32 },
    ]);
    expect(bytes.length).toBe(data + 64);
  });

  it("has the numbers of a tensor where it says, F16 rounded to the nearest", () => {
    const halves = [0, 1, 2, 3, 4, 5].map((index) => read.view.getUint16(data + 2 * index, true));
    expect(halves).toEqual([0x3c00, 0xc000, 0x3800, 0x7bff, 0x0001, 0x2e66]);
    expect(read.view.getFloat32(data + 32, true)).toBe(Math.fround(0.1));
    expect(read.view.getFloat32(data + 36, true)).toBe(3);
  });
});
