/**
 * Compiles a glob of `submissions.yaml` (2025-09, "Glob patterns"): `*` matches within one file name, braces list
 * alternatives; there is no `**` and no `[…]`. The result matches a whole path.
 */
export function compileGlob(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replace(/[*{},]|[.+?^$()|[\]\\]/g, (found) => {
    if (found === "*") return "[^/]*";
    if (found === "{") {
      depth++;
      return "(?:";
    }
    if (found === "}" && depth > 0) {
      depth--;
      return ")";
    }
    if (found === "," && depth > 0) return "|";
    return `\\${found}`;
  });
  return depth === 0 ? new RegExp(`^${source}$`) : new RegExp(`^${pattern.replace(/\W/g, "\\$&")}$`);
}

/** Whether the pattern matches the path or one of the folders around it. */
export function globMatches(pattern: string, path: string): boolean {
  const glob = compileGlob(pattern);
  const parts = path.split("/");
  return parts.some((_, index) => glob.test(parts.slice(0, index + 1).join("/")));
}
