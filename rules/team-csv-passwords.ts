/**
 * Sixteen characters that stay apart in print and handwriting: of 0 and o, 1 and l and i, 2 and z, 5 and s, 6 and b and
 * 8, g and q and 9, u and v, m and rn, at most one is there. Without vowels they make no words, which a school would
 * have to explain. No k either, for the same reason.
 */
export const passwordAlphabet = "cdfhjnprtwxy3479";

const GROUPS = 3;
const GROUP_LENGTH = 5;

/** Random bytes that one password takes: half of one for each character. */
export const PASSWORD_SEED_BYTES = Math.ceil((GROUPS * GROUP_LENGTH) / 2);

/**
 * A password to be printed, read and typed once, like `c7hdf-x4rw9-tyn3p`. Each of its 15 characters is one of 16, taken
 * from four bits of the seed: 60 bits of entropy from a seed that is random, every password as likely as another.
 *
 * @param seed - `PASSWORD_SEED_BYTES` random bytes; the last four bits are not used
 * @throws RangeError for a seed of another length
 */
export function passwordFrom(seed: Uint8Array): string {
  if (seed.length !== PASSWORD_SEED_BYTES)
    throw new RangeError(`A password takes ${PASSWORD_SEED_BYTES} random bytes, not ${seed.length}.`);
  const characters = [...seed]
    .flatMap((byte) => [byte >> 4, byte & 15])
    .map((nibble) => passwordAlphabet.charAt(nibble));
  return Array.from({ length: GROUPS }, (_, group) =>
    characters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(""),
  ).join("-");
}
