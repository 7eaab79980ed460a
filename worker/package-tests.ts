import * as v from "valibot";
import type { LegacyGroup, Package, TestCase } from "../rules/package/package.ts";
import { readPackage } from "../rules/package/read.ts";
import { PackageError, unzipPackage } from "../rules/package/unzip.ts";
import { loadBlob } from "./blobs.ts";
import type { Env } from "./env.ts";

/** What is asked of a package's tests after its import; see `package_tests` in migrations/. */
const PackageTest = v.object({ name: v.string(), fullFeedback: v.boolean(), hint: v.string() });
export type PackageTest = v.InferOutput<typeof PackageTest>;

/** Every test of a package once, in the order of the package. */
function testsIn(pkg: Package): PackageTest[] {
  const all = [
    ...pkg.samples,
    ...pkg.groups.flatMap(({ tests }) => tests),
    ...(pkg.legacyGrading ? testsBelow(pkg.legacyGrading) : []),
  ];
  const byName = new Map(
    all.map(({ name, fullFeedback, hint }) => [name, { name, fullFeedback, hint }] as const),
  );
  return [...byName.values()];
}

const testsBelow = (group: LegacyGroup): TestCase[] =>
  group.children.flatMap((child) => (child.type === "test" ? [child.test] : testsBelow(child.group)));

/** The statement that keeps the tests of the package stored under `hash`. */
export const testsKept = (env: Env, hash: string, pkg: Package): D1PreparedStatement =>
  env.DB.prepare("INSERT OR REPLACE INTO package_tests (package_hash, tests) VALUES (?, ?)").bind(
    hash,
    JSON.stringify(testsIn(pkg)),
  );

/** The tests of the package stored under `hash`, by name; null when there is no such package, or none that can be read. */
export async function testsOf(env: Env, hash: string): Promise<Map<string, PackageTest> | null> {
  const row = await env.DB.prepare("SELECT tests FROM package_tests WHERE package_hash = ?")
    .bind(hash)
    .first<{ tests: string }>();
  const tests = row ? v.parse(v.array(PackageTest), JSON.parse(row.tests)) : await readAgain(env, hash);
  return tests && new Map(tests.map((test) => [test.name, test]));
}

/** Packages of an earlier import have no row yet. */
async function readAgain(env: Env, hash: string): Promise<PackageTest[] | null> {
  const blob = await loadBlob(env, hash);
  if (!blob) return null;
  try {
    const { package: pkg } = readPackage(unzipPackage(new Uint8Array(await blob.arrayBuffer())), "problem");
    if (!pkg) return null;
    await testsKept(env, hash, pkg).run();
    return testsIn(pkg);
  } catch (error) {
    if (error instanceof PackageError) return null;
    throw error;
  }
}
