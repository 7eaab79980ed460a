/**
 * SHA-256 of what comes piece by piece (FIPS 180-4): browsers' own digests take a text as a whole only, and a model's file is
 * larger than what a page may hold in memory.
 */
export interface Sha256Stream {
  add(bytes: Uint8Array): void;
  /** In hexadecimal digits; nothing may be added after it. */
  end(): string;
}

const BLOCK = 64;
/** Where the length begins in the last block. */
const LENGTH_AT = 56;

export function sha256Stream(): Sha256Stream {
  const state = Int32Array.from(FIRST_STATE);
  const words = new Int32Array(64);
  const rest = new Uint8Array(BLOCK);
  const restView = new DataView(rest.buffer);
  let length = 0;

  return {
    add(bytes) {
      const filled = length % BLOCK;
      length += bytes.length;
      let at = 0;
      if (filled > 0) {
        at = Math.min(BLOCK - filled, bytes.length);
        rest.set(bytes.subarray(0, at), filled);
        if (filled + at < BLOCK) return;
        mix(state, words, restView, 0);
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (; at + BLOCK <= bytes.length; at += BLOCK) mix(state, words, view, at);
      rest.set(bytes.subarray(at));
    },
    end() {
      const filled = length % BLOCK;
      rest.fill(0, filled);
      rest[filled] = 0x80;
      if (filled >= LENGTH_AT) {
        mix(state, words, restView, 0);
        rest.fill(0);
      }
      restView.setBigUint64(LENGTH_AT, 8n * BigInt(length));
      mix(state, words, restView, 0);
      return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    },
  };
}

/** The fractional parts of roots of primes, in 32 bits: where the state begins, and what each round adds. */
const fraction = (root: number): number => Math.floor((root % 1) * 2 ** 32) | 0;
const PRIMES = Array.from({ length: 312 }, (_, n) => n).filter(
  (n) => n > 1 && Array.from({ length: n }, (_, d) => d).every((d) => d < 2 || n % d !== 0),
);
const FIRST_STATE = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

/** Mixes the block that begins at `at` into the state; `words` is room to work in. */
function mix(state: Int32Array, words: Int32Array, block: DataView, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const near = word(words, i - 2);
    const far = word(words, i - 15);
    const s1 = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
    const s0 = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
    words[i] = word(words, i - 16) + s0 + word(words, i - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const chosen = (e & f) ^ (~e & g);
    const one = (h + s1 + chosen + word(ROUNDS, i) + word(words, i)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const most = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + s0 + most) | 0;
  }
  state[0] = word(state, 0) + a;
  state[1] = word(state, 1) + b;
  state[2] = word(state, 2) + c;
  state[3] = word(state, 3) + d;
  state[4] = word(state, 4) + e;
  state[5] = word(state, 5) + f;
  state[6] = word(state, 6) + g;
  state[7] = word(state, 7) + h;
}

const turned = (value: number, by: number): number => (value >>> by) | (value << (32 - by));
const word = (words: Int32Array, at: number): number => words[at] ?? 0;
