import { describe, expect, it } from "vitest";
import type { TeamColumn, TeamListChoices, TeamListForm, TeamSeparator } from "../protocol/team-list.ts";
import { layoutOf } from "./team-csv-layout.ts";
import { columnNamed } from "./team-csv-words.ts";

const found: TeamListChoices = { separator: null, header: null, columns: null };

describe("a header's word", () => {
  it.each<[TeamColumn | null, string[]]>([
    ["name", ["Team", "team name", "TEAM_NAME", " Equipe ", "Nome da equipe", "Time", "队名", "队伍名称"]],
    ["group", ["Group", "group_id", "Categoria", "Divisão", "Turma", "组别"]],
    ["organisation", ["School", "Organization", "University", "Instituição", "Escola", "学校", "单位"]],
    ["members", ["Members", "Member 1", "member2", "Aluno 3", "Integrantes", "成员", "队员1"]],
    ["seat", ["Seat", "Room", "Sala", "Laboratório", "座位", "座位号", "教室"]],
    ["username", ["Username", "user name", "Login", "Usuário", "用户名", "账号"]],
    ["password", ["Password", "Senha", "密码"]],
    ["email", ["E-mail", "email", "Correio eletrônico", "邮箱"]],
    [null, ["", "  ", "T-shirt", "Os Inúteis", "42", "Team 1", "Equipe 12", "队伍3", "🎈 team"]],
  ])("for %s is known however it is written: %j", (column, cells) => {
    expect(cells.map(columnNamed)).toEqual(cells.map(() => column));
  });
});

describe("a list", () => {
  it.each<[string, string, TeamSeparator | null, boolean, (TeamColumn | null)[], number]>([
    ["of one name", "Alpha", null, false, ["name"], 1],
    ["of names", "Alpha\nBeta\nGamma", null, false, ["name"], 3],
    ["of names, some with commas", "Silva, Souza\nBeta\nGamma\nDelta", null, false, ["name"], 4],
    ["of names, half of them with commas", "Silva, Souza\nBeta", null, false, ["name"], 2],
    ["of names below a header", "Equipe\nAlpha\nBeta", null, true, ["name"], 2],
    ["with commas", "team,school\nAlpha,X\nBeta,Y", ",", true, ["name", "organisation"], 2],
    [
      "with semicolons, as Excel in Brazil",
      "Equipe;Escola\nA;B,C\nD;E,F",
      ";",
      true,
      ["name", "organisation"],
      2,
    ],
    [
      "pasted from a spreadsheet",
      "队名\t学校\t成员\nA\tB\tC, D",
      "\t",
      true,
      ["name", "organisation", "members"],
      1,
    ],
    ["with a header and ragged lines", "team,group\nAlpha\nBeta\nGamma,g", ",", true, ["name", "group"], 3],
    ["with a header and no teams", "team;e-mail", ";", true, ["name", "email"], 0],
    ["that names its separator", "sep=;\nAlpha;x\nBeta,Gamma", ";", false, ["name", null], 2],
    ["without a header", "Alpha,x\nBeta,y", ",", false, ["name", null], 2],
    ["without a header, with addresses", "a@b.org;Alpha\nc@d.org;Beta", ";", false, ["email", "name"], 2],
    ["with a mark before it", "\uFEFFteam,school\nA,B", ",", true, ["name", "organisation"], 1],
    ["with a column of its own", "team,shirt\nA,XL", ",", true, ["name", null], 1],
    [
      "with several columns of members",
      "team,member 1,member 2\nA,b,c",
      ",",
      true,
      ["name", "members", "members"],
      1,
    ],
    ["whose quoted names hold the separator", '"A, B",x\n"C, D",y', ",", false, ["name", null], 2],
    ["of students who take part alone", "Aluno;Turma\nAna;1A", ";", true, ["name", "group"], 1],
    ["of numbered teams", "Time 1\nTime 2", null, false, ["name"], 2],
    ["of numbered students", "Aluno 1\nAluno 2", null, false, ["name"], 2],
    ["of numbered teams with schools", "Equipe 1;X\nEquipe 2;Y", ";", false, ["name", null], 2],
    ["of teams with signs in their names", "👩‍💻 team\nBeta", null, false, ["name"], 2],
    ["of nothing", "", null, false, [], 0],
  ])("%s is understood", (_, text, separator, header, columns, teams) => {
    const layout = layoutOf(text, found);
    expect(layout.form).toBe("table");
    expect(layout.separator).toBe(separator);
    expect(layout.header !== null).toBe(header);
    expect(layout.columns).toEqual(columns);
    expect(layout.records).toHaveLength(teams);
  });

  it.each<[string, TeamListForm]>([
    ["teams\t1\n1\t447047\t24\tLU", "teams.tsv"],
    ["File_Version\t2\r\n1\t447047\t24\tLU\tLund University\tLU\tSWE\tINST-42", "teams.tsv"],
    ["accounts\t1\nteam\tLU\tteam-001\tsecret12", "accounts.tsv"],
    ["File_Version\t1\njudge\tPer\tper\tx\nteam\tLU\tteam-001\tsecret12", "accounts.tsv"],
    ["teams\t3\n1\t2", "table"],
    ["teams\n1", "table"],
  ])("that begins as %j is of the form %s", (text, form) => {
    expect(layoutOf(text, found).form).toBe(form);
  });

  it.each<[string, Partial<TeamListChoices>, TeamSeparator | null, boolean, (TeamColumn | null)[]]>([
    ["a separator", { separator: "," }, ",", false, ["name", null]],
    ["that there is no header", { header: false }, ";", false, ["name", null]],
    ["that there is a header", { header: true }, ";", true, ["name", null]],
    ["the columns", { columns: ["members", "name"] }, ";", true, ["members", "name"]],
  ])("is read as its reader says it is to be: %s", (_, choice, separator, header, columns) => {
    const text = choice.separator === "," ? "a;b,c\nd;e,f" : "team;shirt\nA;XL";
    const layout = layoutOf(text, { ...found, ...choice });
    expect([layout.separator, layout.header !== null, layout.columns]).toEqual([separator, header, columns]);
  });

  it("is known by its first lines, however long it is", () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `Team ${index};School, of ${index}`);
    const layout = layoutOf(lines.join("\r\n"), found);
    expect([layout.separator, layout.records.length]).toEqual([";", 5000]);
  });
});
