import { describe, expect, it } from "vitest";
import * as v from "valibot";
import {
  type TeamColumn,
  TeamCredentials,
  type TeamListChoices,
  type TeamListPreview,
  TeamListPreview as PreviewSchema,
} from "../protocol/team-list.ts";
import { seededRandom } from "./seeded-random.ts";
import {
  credentialsSeedBytes,
  previewTeams,
  type Surroundings,
  teamCredentials,
} from "./team-csv-preview.ts";

const found: TeamListChoices = { separator: null, header: null, columns: null };
const surroundings: Surroundings = {
  teamNames: ["Old Team"],
  room: 10,
  groups: [
    { id: "g1", name: "Turma A" },
    { id: "24", name: "Europe" },
  ],
  usernames: ["maria", "Alpha"],
  emails: ["maria@school.org"],
};

function preview(text: string, choices: Partial<TeamListChoices> = {}, room = 10): TeamListPreview {
  return previewTeams({ text, choices: { ...found, ...choices } }, { ...surroundings, room });
}

/** `line code` for each problem. */
const told = ({ problems }: TeamListPreview): string[] => problems.map(({ line, code }) => `${line} ${code}`);

describe("a list without faults", () => {
  it("of names becomes teams with usernames of their names", () => {
    const { rows, importable } = preview("Os Inúteis\nBeta");
    expect(
      rows.map(({ line, name, username, usernameMade }) => [line, name, username, usernameMade]),
    ).toEqual([
      [1, "Os Inúteis", "os-inuteis", true],
      [2, "Beta", "beta", true],
    ]);
    expect(importable).toBe(true);
  });

  it("of everything is read whole", () => {
    const { rows, problems } = preview(
      [
        "Equipe;Turma;Escola;Membros;Sala;Usuário;Senha;E-mail",
        '"Beta; filhos";turma a;IFSul;Ana, Bruno / Caio;Lab 3;beta;segredo-9;beta@school.org',
      ].join("\r\n"),
    );
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      {
        line: 2,
        name: "Beta; filhos",
        group: "g1",
        organisation: "IFSul",
        members: ["Ana", "Bruno", "Caio"],
        seat: "Lab 3",
        username: "beta",
        usernameMade: false,
        password: "segredo-9",
        email: "beta@school.org",
        icpcId: null,
      },
    ]);
  });

  it("of the ICPC's teams.tsv keeps numbers, ids, groups by id and institutions", () => {
    const { form, rows, problems } = preview(
      'File_Version\t2\n3\t447047\t24\t¡i¡i¡\tLund University\tLU\tSWE\tINST-42\n12\t447837\t24\tPleading "not" FAUlty\tFAU\tFAU\tDEU\tx\n',
    );
    expect(form).toBe("teams.tsv");
    expect(problems).toEqual([]);
    expect(
      rows.map(({ name, username, icpcId, group, organisation }) => [
        name,
        username,
        icpcId,
        group,
        organisation,
      ]),
    ).toEqual([
      ["¡i¡i¡", "team-003", "447047", "24", "Lund University"],
      ['Pleading "not" FAUlty', "team-012", "447837", "24", "FAU"],
    ]);
  });

  it("of the ICPC's accounts.tsv takes teams' usernames and passwords, and leaves judges out with a warning", () => {
    const list = preview("accounts\t1\njudge\tPer\tper\tB!5MWJiy\nteam\tLund\tteam-001\tP3xm33imve\n");
    expect(told(list)).toEqual(["2 account_left_out"]);
    expect(list.importable).toBe(true);
    expect(list.rows).toMatchObject([{ name: "Lund", username: "team-001", password: "P3xm33imve" }]);
  });

  it.each<[string, string, string]>([
    ["blanks around and inside", "  a   b ", "a b"],
    ["blanks that do not break", "a\u00A0\u3000b", "a b"],
    ["line ends in quotes", '"a\nb",x', "a b"],
    ["accents apart from their letters", "Jose\u0301", "José"],
    ["joined emoji", "👩‍💻 team", "👩‍💻 team"],
    ["letters of any script", "队伍 Привет", "队伍 Привет"],
  ])("may have names with %s", (_, text, name) => {
    const { rows, importable } = preview(text);
    expect(rows.map((row) => row.name)).toEqual([name]);
    expect(importable).toBe(true);
  });

  it.each<[string, string, string[]]>([
    ["commas", '"Ana, Bruno"', ["Ana", "Bruno"]],
    ["Chinese signs", "张三、李四，王五", ["张三", "李四", "王五"]],
    ["line ends", '"Ana\nBruno"', ["Ana", "Bruno"]],
    ["nothing between", "Ana Maria", ["Ana Maria"]],
    ["nobody", "", []],
  ])("may have members apart by %s", (_, cell, members) => {
    expect(preview(`team\tmembers\nA1\t${cell}`).rows[0]?.members).toEqual(members);
  });

  it("may have members in several columns", () => {
    expect(preview("team,member 1,member 2,member 3\nA1,b,,c").rows[0]?.members).toEqual(["b", "c"]);
  });
});

describe("a list with faults", () => {
  const long = "x".repeat(81);
  it.each<[string, string, string[]]>([
    ["no team", "", ["1 list_empty"]],
    ["a header and no team", "team,school\n", ["1 list_empty"]],
    ["judges only", "accounts\t1\njudge\tP\tper\tsecret12", ["1 list_empty", "2 account_left_out"]],
    ["no column of names", "school,group\nX,Turma A", ["1 no_name_column"]],
    ["two columns of names", "team,name\nA1,B1", ["1 column_twice"]],
    ["two columns of addresses", "team,email,e-mail\nA1,,", ["1 column_twice"]],
    ["a column that nobody knows", "team,shirt\nA1,XL", ["1 column_not_read"]],
    ["a quote that does not end", 'team,school\n"A1,X\nB1,Y', ["2 quote_open"]],
    ["a quote that ends too early", 'team,school\n"A1"x,X', ["2 quote_stray"]],
    ["a name cut by a separator", "team,school\nSilva, Souza,X", ["2 too_many_cells"]],
    ["a team without a name", "team,school\nA1,X\n,Y", ["3 name_missing"]],
    ["a name of 81 characters", long, ["1 name_too_long"]],
    ["a name twice", "Beta\nGamma\nBeta", ["3 name_twice"]],
    ["a name twice, in capitals", "Beta\nBETA", ["2 name_twice"]],
    ["a name twice, in wide letters", "Beta\nＢｅｔａ", ["2 name_twice"]],
    ["a name thrice", "Beta\nBeta\nBeta", ["2 name_twice", "3 name_twice"]],
    ["a name that is taken", "Beta\nold team", ["2 name_taken"]],
    ["names that look alike", "José\nJose\nJo-se", ["2 name_alike", "3 name_alike"]],
    ["a name that looks like a taken one", "Öld Team", ["1 name_alike"]],
    ["a name read in a wrong encoding", "A\uFFFD\uFFFDo", ["1 unusable_character"]],
    ["a name turned around", "abc\u202Edef", ["1 unusable_character"]],
    ["a name with a bell", "a\u0007b", ["1 unusable_character"]],
    ["a name with nothing in it that shows", "a\u200Bb", ["1 unusable_character"]],
    ["half an emoji", "a\uD83D", ["1 unusable_character"]],
    ["a school with a bell", "team,school\nA1,x\u0007", ["2 unusable_character"]],
    ["a school of 201 characters", `team,school\nA1,${"x".repeat(201)}`, ["2 text_too_long"]],
    ["an unknown group", "team,group\nA1,Turma A\nB1,Turma B", ["3 group_unknown"]],
    ["a username with a blank", "team,login\nA1,a 1", ["2 username_unfit"]],
    ["a username too short", "team,login\nA1,a1", ["2 username_unfit"]],
    ["a username twice", "team,login\nA1,one\nB1,ONE", ["3 username_twice"]],
    ["a username of somebody's", "team,login\nA1,MARIA", ["2 username_taken"]],
    ["a password too short", "team,senha\nA1,1234567", ["2 password_unfit"]],
    ["what is no address", "team,email\nA1,a.b.org", ["2 email_unfit"]],
    ["an address twice", "team,email\nA1,a@b.org\nB1,A@b.org", ["3 email_twice"]],
    ["an address of somebody's", "team,email\nA1,Maria@school.org", ["2 email_taken"]],
    [
      "several faults on a line",
      "team,login,email\nOld Team,x,y",
      ["2 username_unfit", "2 email_unfit", "2 name_taken"],
    ],
    [
      "errors before warnings of a line",
      "team,login\nJosé,one\nJose,x",
      ["3 username_unfit", "3 name_alike"],
    ],
  ])("says that it has %s", (_, text, problems) => {
    const list = preview(text);
    expect(told(list)).toEqual(problems);
    const warnings = ["column_not_read", "name_alike", "account_left_out"];
    expect(list.importable).toBe(list.problems.every(({ code }) => warnings.includes(code)));
  });

  it.each<[number, string[]]>([
    [3, []],
    [2, ["3 too_many_teams"]],
    [0, ["1 too_many_teams"]],
  ])("with room for %d teams of three says which is too many", (room, problems) => {
    expect(told(preview("A1\nB1\nC1", {}, room))).toEqual(problems);
  });

  it("of more teams than there is room for shows those that there is room for", () => {
    expect(preview("A1\nB1\nC1", {}, 2).rows.map(({ name }) => name)).toEqual(["A1", "B1"]);
  });

  it("is not read beyond the room there is, however long it is", () => {
    const list = preview("a\n".repeat(100_000), {}, 500);
    expect(list.rows).toHaveLength(500);
    expect(list.problems.filter(({ line }) => line > 500).map(({ code }) => code)).toEqual([
      "too_many_teams",
    ]);
  });

  it("shows the rows that it would make all the same", () => {
    expect(preview("Beta\nBeta").rows.map(({ username }) => username)).toEqual(["beta", "beta-2"]);
  });

  it("tells people what, where and how much of it", () => {
    expect(preview("team,group\nA1,Turma Z").problems).toEqual([
      {
        severity: "error",
        code: "group_unknown",
        line: 2,
        column: "group",
        value: "Turma Z",
        message: 'The contest has no group "Turma Z".',
      },
    ]);
    expect(preview("y".repeat(500)).problems[0]?.value).toHaveLength(80);
  });

  it("never repeats a password", () => {
    expect(JSON.stringify(preview("team,senha\nA1,hunter2").problems)).not.toContain("hunter2");
  });

  it("is told of by the lines of the file, blank and quoted ones counted", () => {
    expect(told(preview('team,school\n\n"A1","x\ny"\n\n,Z'))).toEqual(["6 name_missing"]);
  });
});

describe("usernames of a list", () => {
  it.each<[string, string, string[]]>([
    ["leave out those of other accounts", "Alpha\nMaria", ["alpha-2", "maria-2"]],
    ["leave out those given further down", "team,login\nBeta,\nGamma,beta", ["beta-2", "beta"]],
    ["count places where names have no letters", "红队\nBeta\n蓝队", ["team-001", "beta", "team-003"]],
    ["follow the ICPC's numbers, not its names", "teams\t1\n9\t1\t24\tBeta", ["team-009"]],
  ])("%s", (_, text, usernames) => {
    expect(preview(text).rows.map(({ username }) => username)).toEqual(usernames);
  });
});

describe("importing", () => {
  const seedFor = (list: TeamListPreview): Uint8Array =>
    Uint8Array.from({ length: credentialsSeedBytes(list) }, (_, index) => index * 37);

  it("gives each team the password of the list, or else one of its own", () => {
    const list = preview("team,senha,sala\nBeta,segredo-9,L1\nGamma,,\nDelta,,");
    const sheet = teamCredentials(list, seedFor(list));
    expect(sheet.map(({ name, username, seat }) => [name, username, seat])).toEqual([
      ["Beta", "beta", "L1"],
      ["Gamma", "gamma", null],
      ["Delta", "delta", null],
    ]);
    expect(sheet[0]?.password).toBe("segredo-9");
    expect(new Set(sheet.map(({ password }) => password)).size).toBe(3);
    for (const line of sheet) expect(v.is(TeamCredentials, line)).toBe(true);
  });

  it("is refused as long as there is an error", () => {
    const list = preview("Beta\nBeta");
    expect(() => teamCredentials(list, seedFor(list))).toThrow(RangeError);
  });

  it("is refused with too few random bytes", () => {
    const list = preview("Beta\nGamma");
    expect(() => teamCredentials(list, seedFor(list).subarray(1))).toThrow(RangeError);
  });
});

describe("whatever is pasted", () => {
  const random = seededRandom(81);
  const oneOf = <T>(...choices: [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  const anyText = (): string =>
    Array.from({ length: Math.floor(random() * 60) }, () =>
      oneOf(
        "a",
        "Beta",
        "队",
        "é",
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        '"',
        " ",
        "team",
        "group",
        "Turma A",
        "@",
        "\u202E",
        "x@y.org",
      ),
    ).join("");
  const anyColumns = (): (TeamColumn | null)[] | null =>
    random() < 0.7
      ? null
      : Array.from({ length: 3 }, () => oneOf<TeamColumn | null>("name", "members", "group", null));

  it("gives a preview of the wire's form, the same the next time, that is importable or says why not", () => {
    for (let round = 0; round < 400; round++) {
      const text = anyText();
      const columns = anyColumns();
      const list = preview(text, { columns });
      expect(v.is(PreviewSchema, list)).toBe(true);
      expect(preview(text, { columns })).toEqual(list);
      expect(list.importable).toBe(list.problems.every(({ severity }) => severity === "warning"));
      expect(list.problems.map(({ line }) => line)).toEqual(
        list.problems.map(({ line }) => line).toSorted((a, b) => a - b),
      );
    }
  });

  it("an importable list has teams that the site can make, unlike each other and the others", () => {
    let importable = 0;
    for (let round = 0; round < 600; round++) {
      const list = preview(anyText(), {}, 40);
      if (!list.importable) continue;
      importable++;
      const names = [...list.rows.map(({ name }) => name), ...surroundings.teamNames];
      const usernames = [...list.rows.map(({ username }) => username), ...surroundings.usernames];
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
      expect(new Set(usernames.map((username) => username.toLowerCase())).size).toBe(usernames.length);
      const sheet = teamCredentials(list, new Uint8Array(credentialsSeedBytes(list)));
      for (const line of sheet) expect(v.is(TeamCredentials, line)).toBe(true);
    }
    expect(importable).toBeGreaterThan(20);
  });
});
