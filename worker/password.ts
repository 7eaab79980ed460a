import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

// RFC 7914 parameters: 16 MiB and some 50 ms for each guess, within the memory and time that the platform gives a request.
const COST = { N: 2 ** 14, r: 8, p: 1 };
// For passwords that were drawn at random, 60 bits and more: guessing all of them is out of reach whatever a guess costs, and a
// whole list of teams is hashed in a second, where 500 at the cost above take some twenty.
const DRAWN_COST = { N: 2 ** 10, r: 8, p: 1 };
const KEY_BYTES = 32;

function derive(
  password: string,
  salt: Uint8Array,
  cost: { N: number; r: number; p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** Makes `scrypt$N$r$p$salt$key` (salt and key in base64) for storing. */
export const hashPassword = (password: string): Promise<string> => hashed(password, COST);

/** As `hashPassword`, some twenty times cheaper: only for passwords that were drawn with 60 random bits or more. */
export const hashDrawnPassword = (password: string): Promise<string> => hashed(password, DRAWN_COST);

async function hashed(password: string, cost: typeof COST): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64"), key.toString("base64")].join("$");
}

/** Whether finding out that a password is wrong costs less than it does for most accounts. */
export const isCheap = (stored: string): boolean => Number(stored.split("$")[1]) < COST.N;

/** Whether `password` is the one that `stored` was made from. Takes the same time for every wrong password. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = stored.split("$");
  if (scheme !== "scrypt" || !salt || !key) throw new Error("unknown password hash");
  const expected = Buffer.from(key, "base64");
  const actual = await derive(password, Buffer.from(salt, "base64"), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(actual, expected);
}

/** A password for people to type: 20 characters of base 32 without look-alikes, 100 bits. */
export function randomPassword(): string {
  const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  const characters = Array.from(randomBytes(20), (byte) => alphabet[byte % alphabet.length]);
  return [0, 5, 10, 15].map((at) => characters.slice(at, at + 5).join("")).join("-");
}
