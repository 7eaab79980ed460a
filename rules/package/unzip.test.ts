import { Zip, ZipDeflate, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bytes } from "./example.ts";
import { PackageError, unzipPackage } from "./unzip.ts";

const MIB = 1024 * 1024;

function zip(files: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, bytes(text)])));
}

/** Where a signature stands first in a zip. */
function find(archive: Uint8Array, signature: number): number {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  for (let at = 0; at + 4 <= archive.length; at++) if (view.getUint32(at, true) === signature) return at;
  throw new Error("no such signature");
}

/** The archive with the first entry of its directory changed: `offset` bytes into the entry, a 32-bit number. */
function withDirectoryField(archive: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = archive.slice();
  new DataView(changed.buffer).setUint32(find(changed, 0x02014b50) + offset, value, true);
  return changed;
}

describe("unzipping a package", () => {
  it("gives the files by their paths", () => {
    const files = unzipPackage(zip({ "problem.yaml": "name: x", "data/sample/1.in": "1" }));
    expect([...files.keys()]).toEqual(["problem.yaml", "data/sample/1.in"]);
    expect(files.get("data/sample/1.in")).toEqual(bytes("1"));
  });

  it("strips the one folder that everything lies in", () => {
    expect([...unzipPackage(zip({ "sum/problem.yaml": "", "sum/data/sample/1.in": "1" })).keys()]).toEqual([
      "problem.yaml",
      "data/sample/1.in",
    ]);
  });

  it("strips no folder without problem.yaml in it, nor one of several", () => {
    expect(unzipPackage(zip({ "data/1.in": "", "data/1.ans": "" })).has("data/1.in")).toBe(true);
    expect(unzipPackage(zip({ "a/problem.yaml": "", "b/x": "" })).has("a/problem.yaml")).toBe(true);
  });

  it("leaves out what macOS adds", () => {
    const files = unzipPackage(
      zip({ "sum/problem.yaml": "", "sum/.DS_Store": "", "__MACOSX/sum/._problem.yaml": "" }),
    );
    expect([...files.keys()]).toEqual(["problem.yaml"]);
  });

  it("reads stored files too", () => {
    const archive = zipSync({ "problem.yaml": [bytes("name: x"), { level: 0 }] });
    expect(unzipPackage(archive).get("problem.yaml")).toEqual(bytes("name: x"));
  });

  it("reads a zip that begins in the middle of a buffer", () => {
    const archive = zip({ "problem.yaml": "name: x" });
    const buffer = new Uint8Array(archive.length + 7);
    buffer.set(archive, 7);
    expect(unzipPackage(buffer.subarray(7)).size).toBe(1);
  });

  it.each([
    ["an absolute path", "/etc/passwd", "absolute"],
    ["a drive letter", "C:/x", "absolute"],
    ["a path that leaves", "a/../../x", 'an empty, "." or ".." part'],
    ["a backslash", "data\\x", "backslash"],
    ["a NUL", "data/\0x", "NUL"],
    ["an empty part", "data//x", 'an empty, "." or ".." part'],
  ])("refuses %s", (_, path, reason) => {
    expect(() => unzipPackage(zip({ [path]: "x" }))).toThrow(reason);
    expect(() => unzipPackage(zip({ [path]: "x" }))).toThrow(PackageError);
  });

  it("refuses the same path twice", () => {
    const archive = zip({ "a/x": "1", "a/y": "2" });
    for (let at = 0; at + 3 <= archive.length; at++) {
      if (archive[at] === 0x61 && archive[at + 1] === 0x2f && archive[at + 2] === 0x79)
        archive[at + 2] = 0x78;
    }
    expect(() => unzipPackage(archive)).toThrow("a/x is in the zip twice.");
  });

  it("refuses a file where another path needs a folder", () => {
    expect(() => unzipPackage(zip({ data: "x", "data/1.in": "y" }))).toThrow(
      "both as a file and as a folder",
    );
  });
});

describe("bounds of a package", () => {
  const limits = { totalBytes: 10, fileBytes: 6, entries: 3 };

  it.each<[string, Record<string, string>, string]>([
    ["entries", { a: "", b: "", c: "", d: "" }, "4 entries"],
    ["bytes a file", { a: "1234567" }, "a unpacks to"],
    ["bytes in all", { a: "123456", b: "12345" }, "The zip unpacks to"],
  ])("hold for %s", (_, files, reason) => {
    expect(() => unzipPackage(zip(files), limits)).toThrow(reason);
  });

  it("are met by a package just within them", () => {
    expect(unzipPackage(zip({ a: "123456", b: "1234", c: "" }), limits).size).toBe(3);
  });

  it("hold before anything is inflated, by what the directory says", () => {
    const archive = withDirectoryField(zip({ "problem.yaml": "x" }), 24, 65 * MIB);
    expect(() => unzipPackage(archive)).toThrow(
      "problem.yaml unpacks to 65 MiB; at most 64 MiB a file are allowed.",
    );
  });
});

describe("a test of 200 MB", () => {
  /** Zipped piece by piece, as it is small only when it is zipped. */
  function zipOfZeros(path: string, mebibytes: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    const archive = new Zip((_error, piece) => void pieces.push(piece));
    const file = new ZipDeflate(path, { level: 1 });
    archive.add(file);
    const zeros = new Uint8Array(MIB);
    for (let piece = 1; piece <= mebibytes; piece++) file.push(zeros, piece === mebibytes);
    archive.end();
    const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
  const archive = zipOfZeros("data/secret/01-big.in", 200);

  it("is refused by its size, which the zip's directory says", () => {
    expect(archive.length).toBeLessThan(2 * MIB);
    expect(() => unzipPackage(archive)).toThrow(
      "data/secret/01-big.in unpacks to 200 MiB; at most 64 MiB a file are allowed.",
    );
  });

  it("is refused when the directory says that it is small, with no more room taken than it says", () => {
    for (const said of [100, MIB])
      expect(() => unzipPackage(withDirectoryField(archive, 24, said))).toThrow(
        `data/secret/01-big.in does not have the ${said} bytes`,
      );
  });
});

describe("a damaged zip", () => {
  const archive = zip({ "problem.yaml": "name: x\n".repeat(500), "data/1.in": "abc" });

  it("is told from what is no zip", () => {
    expect(() => unzipPackage(bytes("<!doctype html>"))).toThrow("This is not a zip file.");
    expect(() => unzipPackage(new Uint8Array())).toThrow("This is not a zip file.");
  });

  it("is said to be cut short wherever it is cut", () => {
    for (let length = 4; length < archive.length; length++) {
      expect(() => unzipPackage(archive.subarray(0, length))).toThrow("The zip is cut short");
    }
  });

  it("is refused with its beginning missing", () => {
    expect(() => unzipPackage(archive.subarray(20))).toThrow("The zip is damaged");
  });

  it("is refused where a file is longer than its directory says", () => {
    expect(() => unzipPackage(withDirectoryField(archive, 24, 10))).toThrow("does not have the 10 bytes");
    expect(() => unzipPackage(withDirectoryField(archive, 24, 3999))).toThrow("does not have the 3999 bytes");
  });

  it("is not even inflated where its data are too long for the size that it says", () => {
    const noise = zipSync({ "problem.yaml": [Uint8Array.from({ length: 1000 }, () => 0xff), { level: 0 }] });
    const asDeflated = noise.slice();
    asDeflated[find(noise, 0x02014b50) + 10] = 8;
    expect(() => unzipPackage(asDeflated)).toThrow("problem.yaml cannot be inflated");
    expect(() => unzipPackage(withDirectoryField(asDeflated, 24, 10))).toThrow("does not have the 10 bytes");
  });

  it("is refused where a file is shorter than its directory says", () => {
    expect(() => unzipPackage(withDirectoryField(archive, 24, 4001))).toThrow("does not have the 4001 bytes");
  });

  it("is refused where contents do not match their checksum", () => {
    expect(() => unzipPackage(withDirectoryField(archive, 16, 1))).toThrow("do not match their checksum");
  });

  it("never unpacks to something else, whichever byte is changed", () => {
    const whole = unzipPackage(archive);
    for (let at = 0; at < archive.length; at++) {
      const changed = archive.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      try {
        for (const [path, contents] of unzipPackage(changed)) {
          if (whole.has(path)) expect(contents).toEqual(whole.get(path));
        }
      } catch (error) {
        expect(error).toBeInstanceOf(PackageError);
      }
    }
  });

  it("is refused when it is encrypted or holds a symbolic link", () => {
    const encrypted = archive.slice();
    const entry = find(encrypted, 0x02014b50);
    encrypted[entry + 8] = (encrypted[entry + 8] ?? 0) | 1;
    expect(() => unzipPackage(encrypted)).toThrow("problem.yaml in the zip is encrypted.");
    expect(() => unzipPackage(withDirectoryField(archive, 38, (0o120777 << 16) >>> 0))).toThrow(
      "is a symbolic link",
    );
  });
});
