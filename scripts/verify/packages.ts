import { statSync } from "node:fs";
import { join } from "node:path";
import { judgingPlan } from "../../rules/submission-verdict.ts";
import type { Files, Package } from "../../rules/package/package.ts";
import { readPackage } from "../../rules/package/read.ts";
import { readPackageFiles } from "./package-files.ts";
import { Unusable, usable } from "./unusable.ts";

export interface GivenPackage {
  /** As it was given: a folder or a zip. */
  path: string;
  pkg: Package;
  files: Files;
}

/**
 * Reads packages. Among several, those paths that are none are left out, and told: a pattern of the shell gives them too.
 *
 * @throws Unusable for a package with errors, after they were told; and when no path is a package
 */
export function readPackages(paths: readonly string[], say: (line: string) => void): GivenPackage[] {
  const packages = paths.filter((path) => paths.length === 1 || looksLikePackage(path));
  const others = paths.filter((path) => !packages.includes(path));
  if (others.length > 0) say(`Left out, being no packages: ${others.join(", ")}`);
  if (packages.length === 0) throw new Unusable("none of these is a package");
  return packages.map((path) => {
    const { files, shortName } = usable(() => readPackageFiles(path));
    const { package: pkg, messages } = readPackage(files, shortName);
    for (const { severity, file, message } of messages)
      say(`${severity}: ${file === "" ? "" : `${file} `}${message}`);
    if (pkg === null) throw new Unusable(`${path} is not a usable package`);
    return { path, pkg, files };
  });
}

/** What does not exist does: then it is said that it does not. */
function looksLikePackage(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return true;
  if (!stats.isDirectory()) return /\.(zip|kpp)$/i.test(path);
  return statSync(join(path, "problem.yaml"), { throwIfNoEntry: false }) !== undefined;
}

export function describePackage(pkg: Package): string {
  const samples = pkg.samples.length;
  const counts = [
    count(samples, "sample"),
    count(judgingPlan(pkg).length - samples, "secret test"),
    count(pkg.submissions.length, "submission"),
  ];
  const name = pkg.name["en"] ?? Object.values(pkg.name)[0] ?? pkg.shortName;
  return `${name} (${pkg.types.join(", ")}): ${counts.join(", ")}`;
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
