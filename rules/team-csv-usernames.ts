const LONGEST = 24;
const SHORTEST = 3;

/** Letters that have no accent to take off, as they are usually written where there are none. */
const plainLetters: ReadonlyMap<string, string> = new Map(
  "ß:ss æ:ae œ:oe ø:o đ:d ð:d ł:l þ:th ħ:h ı:i ŋ:n"
    .split(" ")
    .map((pair) => [pair.charAt(0), pair.slice(2)] as const),
);

/**
 * A name in the letters, digits and hyphens of a username: accents taken off, everything else a hyphen. Empty when
 * nothing is left, as of a Chinese name.
 */
export function plainName(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]/gu, (letter) => plainLetters.get(letter) ?? "-")
    .replace(/-+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-|-$/g, "");
}

/** The username of the ICPC's team accounts: `team-007`. */
export const numberedUsername = (number: number): string => `team-${String(number).padStart(3, "0")}`;

/**
 * Usernames for teams, one for each and no two alike, capitals or not. They follow from the list alone: made from the name
 * (`os-inuteis`), or from the team's place in the list when its name has nothing to make one from (`team-003`); a number
 * behind tells equal ones apart.
 *
 * @param names - of the teams without a username, by their place in the list, counted from 1
 * @param taken - usernames in use, those that the list gives to others included
 */
export function madeUsernames(
  names: readonly { place: number; name: string }[],
  taken: Iterable<string>,
): string[] {
  const used = new Set([...taken].map((username) => username.toLowerCase()));
  return names.map(({ place, name }) => {
    const plain = plainName(name);
    const base = plain === "" ? numberedUsername(place) : plain.length < SHORTEST ? `team-${plain}` : plain;
    let username = base;
    for (let copy = 2; used.has(username); copy++) username = `${base}-${copy}`;
    used.add(username);
    return username;
  });
}
