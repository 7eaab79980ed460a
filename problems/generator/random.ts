export interface Random {
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** One of the items, each as likely as any other. */
  pick<T>(items: readonly T[]): T;
  /** The same items in a random order; the argument stays as it was. */
  shuffled<T>(items: readonly T[]): T[];
}

/**
 * Random numbers that are the same on every machine and in every year: test data must be reproducible byte for byte,
 * which `Math.random` cannot promise. The algorithm is xoshiro128** 1.1 (Blackman and Vigna, 2018,
 * https://prng.di.unimi.it/xoshiro128starstar.c), its state filled from `seed` by SplitMix32.
 *
 * @param seed any text; another text gives another sequence
 */
export function randomFrom(seed: string): Random {
  const state = new Uint32Array(4);
  let mixed = hash(seed);
  for (let i = 0; i < 4; i++) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    state[i] = word ^ (word >>> 16);
  }

  function next(): number {
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    state[0] = a ^ d ^ b;
    state[1] = b ^ c ^ a;
    state[2] = c ^ a ^ (b << 9);
    state[3] = rotateLeft(d ^ b, 11);
    return result;
  }

  function integer(low: number, high: number): number {
    const size = high - low + 1;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || size < 1 || size > 2 ** 53) {
      throw new RangeError(`no whole number to draw from ${low} to ${high}`);
    }
    const unit = ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
    return low + Math.floor(unit * size);
  }

  function pick<T>(items: readonly T[]): T {
    const chosen = items[integer(0, items.length - 1)];
    if (chosen === undefined) throw new RangeError("nothing to pick from");
    return chosen;
  }

  function shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: next() }));
    return keyed.sort((x, y) => x.key - y.key).map(({ item }) => item);
  }

  return { integer, pick, shuffled };
}

/** FNV-1a over the UTF-16 code units (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

function rotateLeft(word: number, by: number): number {
  return ((word << by) | (word >>> (32 - by))) >>> 0;
}
