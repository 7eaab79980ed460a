/** The first tokens wait for memory and for kernels to be compiled. */
const WARMING = 8;

/**
 * How fast an answer was written, in tokens a second: without its first tokens where there are more, else from the first of
 * them on, as a machine that is slow without end must not pass for one that was not measured.
 *
 * @param times when each token was there, in milliseconds
 * @returns null for fewer than two tokens
 */
export function writingSpeed(times: readonly number[]): number | null {
  const from = times.length > WARMING ? WARMING - 1 : 0;
  const [began, ended] = [times[from], times.at(-1)];
  if (began === undefined || ended === undefined || ended <= began) return null;
  return (1000 * (times.length - 1 - from)) / (ended - began);
}
