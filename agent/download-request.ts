import { reasonOf } from "./upstream.ts";

const MAX_REDIRECTS = 10;

/** Asking again makes sense. */
export class Interruption extends Error {}

/** An address as it may be shown: its query can hold a signature that lets anybody in. */
export const shown = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

/** Asks, and goes where it is sent: from https never to http, and elsewhere without the key. */
export async function ask(
  { url, key }: { url: URL; key: string | null },
  signal: AbortSignal,
  silenceMs: number,
  headers: Record<string, string>,
): Promise<Response> {
  let address = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await orInterruption(
      fetch(address.href, {
        headers: {
          ...headers,
          ...(key === null || address.origin !== url.origin ? {} : { authorization: `Bearer ${key}` }),
        },
        redirect: "manual",
        signal,
      }),
      silenceMs,
    );
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    address = redirected(address, location);
  }
  throw new Error(`${shown(url)}: it sends elsewhere more than ${MAX_REDIRECTS} times`);
}

/** @throws Error with a sentence for where it does not go */
export function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw new Error(`${shown(from)} sends to no address`);
  const to = new URL(location, from);
  const isSafe = to.protocol === "https:" || (to.protocol === "http:" && from.protocol === "http:");
  if (!isSafe || to.username !== "" || to.password !== "")
    throw new Error(
      `${shown(from)} sends to ${to.protocol}//${to.host}, which is not followed: ` +
        "only https is, and no address with a password",
    );
  return to;
}

/** What the network does not give is asked for again. */
export async function orInterruption<T>(work: Promise<T>, silenceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Interruption(`nothing came for ${silenceMs / 1000} s`)), silenceMs);
  });
  try {
    return await Promise.race([work, silence]);
  } catch (cause) {
    if (cause instanceof Interruption) throw cause;
    throw new Interruption(reasonOf(cause), { cause });
  } finally {
    clearTimeout(timer);
  }
}
