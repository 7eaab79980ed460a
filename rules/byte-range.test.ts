import { describe, expect, it } from "vitest";
import { byteRange } from "./byte-range.ts";

describe("a range of bytes", () => {
  it.each([
    ["bytes=0-0", { offset: 0, length: 1 }],
    ["bytes=2-4", { offset: 2, length: 3 }],
    ["bytes=7-", { offset: 7, length: 3 }],
    ["bytes=0-99", { offset: 0, length: 10 }],
    ["bytes=-4", { offset: 6, length: 4 }],
    ["bytes=-99", { offset: 0, length: 10 }],
    ["Bytes=9-9", { offset: 9, length: 1 }],
  ])("%s of ten is those that are there", (header, range) => {
    expect(byteRange(header, 10)).toEqual(range);
  });

  it.each(["bytes=10-", "bytes=10-12", "bytes=-0"])("%s of ten is none", (header) => {
    expect(byteRange(header, 10)).toBe("unsatisfiable");
  });

  it.each([null, "", "bytes=", "bytes=-", "bytes=4-2", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=1"])(
    "%s is passed over",
    (header) => {
      expect(byteRange(header, 10)).toBe(null);
    },
  );
});
