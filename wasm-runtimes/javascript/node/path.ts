/** What programs use of Node's `path`. */
export const path = {
  sep: "/",
  basename: (name: string, ending = ""): string => {
    const last = name.slice(name.lastIndexOf("/") + 1);
    return ending !== "" && last.endsWith(ending) ? last.slice(0, -ending.length) : last;
  },
  dirname: (name: string): string => (name.includes("/") ? name.slice(0, name.lastIndexOf("/")) || "/" : "."),
  extname: (name: string): string => /[^/](\.[^./]*)$/.exec(name)?.[1] ?? "",
  join: (...parts: string[]): string => normalised(parts.filter((part) => part !== "").join("/")),
  resolve: (...parts: string[]): string => {
    const from = parts.findLastIndex((part) => part.startsWith("/"));
    return normalised((from >= 0 ? parts.slice(from) : ["/program", ...parts]).join("/"));
  },
};

/** Without "." and "..", as far as they can be resolved. */
function normalised(name: string): string {
  const absolute = name.startsWith("/");
  const kept: string[] = [];
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!absolute) kept.push("..");
  }
  return (absolute ? "/" : "") + kept.join("/") || ".";
}
