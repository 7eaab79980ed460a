import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const source = readFileSync(resolve(import.meta.dirname, "../../worker/index.ts"), "utf8");

/** The paths of all routes that are read by GET, as the Worker's list has them: `/api/contests/:slug`. */
export function getRoutes(): string[] {
  const paths = [...source.matchAll(/\broute\(\s*"GET",\s*["`]([^"`]+)["`]/g)].map(([, path = ""]) => path);
  // The list is read as text, as the Worker's code runs in workerd only: what is not understood must not be left out.
  const all = source.match(/\(\s*"GET",/g)?.length;
  if (paths.length !== all) throw new Error(`Of ${all} routes, only ${paths.length} are understood.`);
  return paths.flatMap((path) =>
    path.startsWith("${prefix}") ? ["/v1", ""].map((prefix) => path.replace("${prefix}", prefix)) : [path],
  );
}

/** What may stand for each parameter of a route: `slug`, with the route that it is of. */
export type Fillings = (parameter: string, path: string) => readonly string[];

/** The route's addresses, with every combination of what may stand for its parameters. */
export function addressesOf(path: string, fillings: Fillings): string[] {
  const found = /:(\w+)\+?/.exec(path);
  if (found === null) return [path];
  const [whole, parameter = ""] = found;
  return fillings(parameter, path).flatMap((value) =>
    addressesOf(path.replace(whole, encodeURIComponent(value)), (next) => fillings(next, path)),
  );
}
