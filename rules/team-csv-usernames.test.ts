import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { Password, Username } from "../protocol/account.ts";
import { seededRandom } from "./seeded-random.ts";
import { PASSWORD_SEED_BYTES, passwordAlphabet, passwordFrom } from "./team-csv-passwords.ts";
import { madeUsernames, numberedUsername } from "./team-csv-usernames.ts";

const made = (names: readonly string[], taken: readonly string[] = []): string[] =>
  madeUsernames(
    names.map((name, index) => ({ place: index + 1, name })),
    taken,
  );

describe("a username made from a name", () => {
  it.each([
    ["Alpha", "alpha"],
    ["Os Inúteis", "os-inuteis"],
    ["São João d'El-Rei", "sao-joao-d-el-rei"],
    ["Łódź Øre Straße", "lodz-ore-strasse"],
    ["  --C++ & Co.--  ", "c-co"],
    ["ＡＢＣ１２３", "abc123"],
    ["Team №1", "team-no1"],
    ["Ⅳ", "team-iv"],
    ["X", "team-x"],
    ["42", "team-42"],
    ["队伍", "team-001"],
    ["🎈🎈", "team-001"],
    ["Кот", "team-001"],
    ["A very long name that goes on and on", "a-very-long-name-that-go"],
    ["abcdefghijklmnopqrstuvw xyz", "abcdefghijklmnopqrstuvw"],
  ])("of %s is %s", (name, username) => {
    expect(made([name])).toEqual([username]);
  });

  it.each<[string, string[], string[], string[]]>([
    ["equal names", ["Alpha", "alpha", "ALPHA"], [], ["alpha", "alpha-2", "alpha-3"]],
    ["one in use", ["Alpha"], ["alpha", "alpha-2"], ["alpha-3"]],
    ["one in use in capitals", ["Alpha"], ["ALPHA"], ["alpha-2"]],
    ["names without a letter of it", ["一", "二"], [], ["team-001", "team-002"]],
    ["one that looks made", ["Alpha", "Alpha 2", "Alpha"], [], ["alpha", "alpha-2", "alpha-3"]],
  ])("tells %s apart", (_, names, taken, usernames) => {
    expect(made(names, taken)).toEqual(usernames);
  });

  it("is always a username, unlike all others, and the same the next time", () => {
    const random = seededRandom(26);
    const pieces = ["a", "B", "é", "9", " ", "-", ".", "_", "队", "🎈", "ß", "Ⅻ", "'", "zz"];
    const anyName = (): string =>
      Array.from(
        { length: Math.floor(random() * 40) },
        () => pieces[Math.floor(random() * pieces.length)],
      ).join("");
    for (let round = 0; round < 30; round++) {
      const names = Array.from({ length: 40 }, anyName);
      const taken = made(Array.from({ length: 10 }, anyName)).map((username) => username.toUpperCase());
      const usernames = made(names, taken);
      expect(usernames.every((username) => v.is(Username, username))).toBe(true);
      expect(new Set([...usernames, ...taken.map((each) => each.toLowerCase())]).size).toBe(50);
      expect(made(names, taken)).toEqual(usernames);
    }
  });

  it("of the ICPC's numbers has three digits at least", () => {
    expect([7, 42, 1234].map(numberedUsername)).toEqual(["team-007", "team-042", "team-1234"]);
  });
});

describe("a made password", () => {
  const bits = (byte: number): Uint8Array => new Uint8Array(PASSWORD_SEED_BYTES).fill(byte);

  it("has at least 50 bits: every one of 15 characters is one of 16, by four bits of the seed", () => {
    expect(new Set(passwordAlphabet).size).toBe(16);
    const characters = passwordFrom(bits(0)).replaceAll("-", "").length;
    expect(characters * Math.log2(16)).toBe(60);
    for (let position = 0; position < characters; position++) {
      const seen = new Set(
        Array.from({ length: 16 }, (_, nibble) => {
          const seed = bits(0);
          seed[position >> 1] = position % 2 === 0 ? nibble << 4 : nibble;
          return passwordFrom(seed);
        }),
      );
      expect(seen.size).toBe(16);
    }
  });

  it("uses every character as often as any other", () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++)
      for (const character of passwordFrom(bits(byte)).replaceAll("-", ""))
        counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(new Set(counts.values())).toEqual(new Set([(256 * 15) / 16]));
  });

  it("holds no two characters that look alike", () => {
    for (const alike of ["0oO", "1lI|i", "2zZ", "5sS", "6b8B", "gq9", "uv", "ceo", "kK", "aeiou"])
      expect(
        [...alike].filter((character) => passwordAlphabet.includes(character)).length,
      ).toBeLessThanOrEqual(1);
    expect(passwordAlphabet).not.toContain("m");
    expect(passwordAlphabet).toBe(passwordAlphabet.toLowerCase());
  });

  it("is three groups of five, and a password of the site", () => {
    const random = seededRandom(50);
    for (let round = 0; round < 100; round++) {
      const password = passwordFrom(Uint8Array.from(bits(0), () => Math.floor(random() * 256)));
      expect(password).toMatch(/^[a-z0-9]{5}-[a-z0-9]{5}-[a-z0-9]{5}$/);
      expect(v.is(Password, password)).toBe(true);
    }
  });

  it("follows from its seed alone", () => {
    expect(passwordFrom(Uint8Array.of(0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef))).toBe(
      "cdfhj-nprtw-xy347",
    );
  });

  it.each([0, PASSWORD_SEED_BYTES - 1, PASSWORD_SEED_BYTES + 1])("refuses a seed of %d bytes", (length) => {
    expect(() => passwordFrom(new Uint8Array(length))).toThrow(RangeError);
  });
});
