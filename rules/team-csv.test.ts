import { describe, expect, it } from "vitest";
import type { TeamSeparator } from "../protocol/team-list.ts";
import { seededRandom } from "./seeded-random.ts";
import { type CsvRecord, readCsv, readLines, readPlainTsv } from "./team-csv.ts";
import { decodeList, encodingOf, type ListEncoding } from "./team-csv-decode.ts";

const cellsOf = (records: readonly CsvRecord[]): string[][] => records.map(({ cells }) => cells);

describe("a table", () => {
  it.each<[string, string, string[][]]>([
    ["of nothing is empty", "", []],
    ["of blank lines is empty", "\n \n\r\n", []],
    ["falls into cells at separators", "a,b", [["a", "b"]]],
    ["falls into records at line ends", "a\nb", [["a"], ["b"]]],
    [
      "may end its lines as Windows does",
      "a,b\r\nc,d\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["may end its lines as old Macs did", "a\rb", [["a"], ["b"]]],
    ["may end without a line end", "a\nb,", [["a"], ["b", ""]]],
    ["keeps empty cells", ",a,,", [["", "a", "", ""]]],
    [
      "leaves out records of empty cells only",
      "a,b\n,,\nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["keeps blanks: they are part of a cell", " a , b", [[" a ", " b"]]],
    ["has quoted cells", '"a","b"', [["a", "b"]]],
    ["may hold separators in quotes", '"a,b",c', [["a,b", "c"]]],
    ["may hold line ends in quotes", '"a\r\nb",c\nd', [["a\r\nb", "c"], ["d"]]],
    ["may hold doubled quotes in quotes", '"a ""b"" c",d', [['a "b" c', "d"]]],
    ["may hold nothing in quotes", '"",a', [["", "a"]]],
    ["may hold one quote in quotes", '"""",a', [['"', "a"]]],
    ["takes a quote inside a cell as it is", 'a "b" c,5"', [['a "b" c', '5"']]],
    ["forgives blanks after a closing quote", '"a" ,b', [["a", "b"]]],
  ])("%s", (_, text, expected) => {
    const records = readCsv(text, ",");
    expect(cellsOf(records)).toEqual(expected);
    expect(records.every(({ fault }) => fault === null)).toBe(true);
  });

  it.each<[TeamSeparator, string]>([
    [",", "a,b;c\td"],
    [";", "a;b,c\td"],
    ["\t", "a\tb,c;d"],
  ])("is cut at %j and at nothing else", (separator, text) => {
    expect(readCsv(text, separator)[0]?.cells).toHaveLength(2);
  });

  it.each<[string, string, CsvRecord["fault"]]>([
    ["an open quote", '"a,b\nc,d', "quote_open"],
    ["an open quote in a later cell", 'x,"a', "quote_open"],
    ["an open quote with a doubled one", '"a""', "quote_open"],
    ["something after a closing quote", '"a"b,c', "quote_stray"],
  ])("says that it has %s", (_, text, fault) => {
    expect(readCsv(text, ",")[0]?.fault).toBe(fault);
  });

  it("counts lines through quoted line ends and blank lines", () => {
    const lines = readCsv('a\n\n"b\nb"\r\nc\r"d\r\nd"\ne', ",").map(({ line, cells }) => [
      line,
      cells[0]?.[0],
    ]);
    expect(lines).toEqual([
      [1, "a"],
      [3, "b"],
      [5, "c"],
      [6, "d"],
      [8, "e"],
    ]);
  });

  it("reads back whatever it is written with", () => {
    const random = seededRandom(4180);
    const pieces = ["a", "é", "队", ",", ";", "\t", '"', "\n", "\r\n", " ", "🎈"];
    const anyCell = (): string =>
      Array.from(
        { length: Math.floor(random() * 6) },
        () => pieces[Math.floor(random() * pieces.length)],
      ).join("");
    for (let round = 0; round < 300; round++) {
      const separator = ([",", ";", "\t"] as const)[round % 3] ?? ",";
      const table = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ["x", anyCell(), anyCell()]);
      const lineEnd = random() < 0.5 ? "\n" : "\r\n";
      const text = table
        .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator))
        .join(lineEnd);
      expect(cellsOf(readCsv(text, separator))).toEqual(table);
    }
  });
});

describe("one cell a line", () => {
  it.each<[string, string, string[]]>([
    ["keeps what separates elsewhere", "Silva, Souza; e filhos\tSA", ["Silva, Souza; e filhos\tSA"]],
    ["takes off quotes around a whole line", '"Silva, ""Zé"""', ['Silva, "Zé"']],
    ["keeps other quotes", '"Os" Inúteis\n"aberta', ['"Os" Inúteis', '"aberta']],
    ["leaves out blank lines", "a\n\n \nb", ["a", "b"]],
  ])("%s", (_, text, expected) => {
    expect(cellsOf(readLines(text)).flat()).toEqual(expected);
  });
});

it("a plain table of tabs has no quotes", () => {
  expect(cellsOf(readPlainTsv('1\t"a\r\n2\tb"'))).toEqual([
    ["1", '"a'],
    ["2", 'b"'],
  ]);
});

describe("a file", () => {
  const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
    const bytes = [...`\uFEFF${text}`].flatMap((character) => {
      const unit = character.charCodeAt(0);
      return littleEndian ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255];
    });
    return Uint8Array.from(bytes);
  };

  it.each<[string, Uint8Array, ListEncoding, string]>([
    ["UTF-8", new TextEncoder().encode("Ação,队"), "utf-8", "Ação,队"],
    ["UTF-8 with a mark", new TextEncoder().encode("\uFEFFAção"), "utf-8", "Ação"],
    ["Excel's Unicode text", utf16("Ação\t队", true), "utf-16le", "Ação\t队"],
    ["UTF-16 the other way round", utf16("队", false), "utf-16be", "队"],
    ["Excel's CSV in Brazil", Uint8Array.of(0x41, 0xe7, 0xe3, 0x6f, 0x3b), "windows-1252", "Ação;"],
    ["plain ASCII", new TextEncoder().encode("a;b"), "utf-8", "a;b"],
  ])("is known for %s", (_, bytes, encoding, text) => {
    expect(encodingOf(bytes)).toEqual({ encoding, guessed: encoding === "windows-1252" });
    expect(decodeList(bytes, encoding)).toBe(text);
  });

  it("of Excel in China is read when its encoding is chosen", () => {
    const bytes = Uint8Array.of(0xb6, 0xd3, 0xce, 0xe9);
    expect(encodingOf(bytes).guessed).toBe(true);
    expect(decodeList(bytes, "gb18030")).toBe("队伍");
  });
});
