import { describe, expect, it } from "vitest";
import { choicesOf, columnsOf, draftOfFile, emptyDraft, reread } from "./team-list.ts";

describe("a list of teams that is being looked at", () => {
  it("is read as what its bytes say, or as the reader says", () => {
    const latin = draftOfFile("teams.csv", Uint8Array.of(0xc1, 0x67, 0x75, 0x61));
    expect(latin).toMatchObject({ text: "Água", file: { encoding: "windows-1252", guessed: true } });
    const utf8 = draftOfFile("teams.csv", new TextEncoder().encode("Água"));
    expect(utf8).toMatchObject({ text: "Água", file: { encoding: "utf-8", guessed: false } });
    expect(reread(utf8, "windows-1252").text).toBe("Ã\u0081gua");
  });

  it("shows each column with its title and its first cell", () => {
    expect(columnsOf({ ...emptyDraft, text: "Equipe;Cor\nOs Tabaréus;azul\n" })).toEqual([
      { holds: "name", title: "Equipe", sample: "Os Tabaréus" },
      { holds: null, title: "Cor", sample: "azul" },
    ]);
  });

  it("keeps the reader's columns as long as the table has as many", () => {
    const choices = { separator: null, header: null, columns: ["organisation" as const, "name" as const] };
    const draft = { ...emptyDraft, text: "a,b\nc,d\n", choices };
    expect(columnsOf(draft).map(({ holds }) => holds)).toEqual(["organisation", "name"]);
    expect(choicesOf(draft)).toEqual(choices);
    const wider = { ...draft, text: "a,b,c\nd,e,f\n" };
    expect(columnsOf(wider).map(({ holds }) => holds)).toEqual(["name", null, null]);
    expect(choicesOf(wider).columns).toBeNull();
  });
});
