/**
 * Whether a judge may run programs without isolation: only where its owner said so, and only for a server on the same
 * machine, whose submissions are the owner's own.
 *
 * @param env - the judge's environment: `JUDGE_ALLOW_UNSAFE` must be exactly `1`
 * @param server - the site that the judge works for
 * @returns null when it may, else the reason why not
 */
export function whyNotUnsafe(env: Readonly<Record<string, string | undefined>>, server: URL): string | null {
  const allowed = env["JUDGE_ALLOW_UNSAFE"];
  if (allowed === undefined || allowed === "") return "JUDGE_ALLOW_UNSAFE=1 is not set";
  if (allowed !== "1") return `JUDGE_ALLOW_UNSAFE must be 1, not "${allowed}"`;
  if (isLoopback(server.hostname)) return null;
  return `JUDGE_ALLOW_UNSAFE=1 is only for a server on this machine, and ${server.hostname} may be another`;
}

/**
 * RFC 6761, section 6.3 (`localhost` and all below it), RFC 1122, section 3.2.1.3 (127.0.0.0/8) and RFC 4291, section
 * 2.5.3 (`::1`). The URL parser has brought addresses into one form: `127.1` and `0x7f000001` are `127.0.0.1` here.
 */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
