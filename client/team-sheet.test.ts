import { describe, expect, it } from "vitest";
import { readCsv } from "../rules/team-csv.ts";
import { sheetCsv } from "./team-sheet.ts";

const team = { name: "Reds", username: "reds", password: "c7hdf-x4rw9-tyn3p", email: null, seat: null };

describe("the sheet of credentials as CSV", () => {
  it("is read again as it was, whatever stands in the names", () => {
    const name = 'Ana, "Bo"\nand the others';
    const [head, line] = readCsv(sheetCsv([{ ...team, name, seat: "A;1" }], "https://judge.example"), ",");
    expect(head?.cells).toEqual(["team", "username", "password", "email", "seat", "site"]);
    expect(line?.cells).toEqual([name, "reds", team.password, "", "A;1", "https://judge.example"]);
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)"])("begins no field like a formula: %s", (name) => {
    const [, line] = readCsv(sheetCsv([{ ...team, name }], "https://judge.example"), ",");
    expect(line?.cells[0]).toBe(`'${name}`);
  });
});
