import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { ProgrammingLanguageId } from "../protocol/language.ts";

const run = promisify(execFile);

/** Something of the system's that a program of ours needs. */
export interface SystemTool {
  /** What people call it. */
  name: string;
  /** Debian's package; of several the first that this release has. */
  packages: readonly [string, ...string[]];
  /** A file that is there once it is installed. Jails show the machine's /usr: what is elsewhere does not help. */
  file: string;
}

const gcc: SystemTool = { name: "gcc", packages: ["gcc"], file: "/usr/bin/gcc" };
const headers: SystemTool = {
  name: "the C library's headers",
  packages: ["libc6-dev"],
  file: "/usr/include/stdio.h",
};
const cpp: SystemTool = { name: "g++", packages: ["g++"], file: "/usr/bin/g++" };
const javac: SystemTool = { name: "javac", packages: ["default-jdk-headless"], file: "/usr/bin/javac" };

const program = (name: string, ...packages: [string, ...string[]]): SystemTool => ({
  name,
  packages,
  file: `/usr/bin/${name}`,
});

/** What each language's files under `languages/` call. JavaScript and TypeScript run on the Node that runs the judge. */
export const languageTools: Readonly<Record<ProgrammingLanguageId, readonly SystemTool[]>> = {
  bash: [{ name: "bash", packages: ["bash"], file: "/bin/bash" }],
  c: [gcc, headers],
  cpp: [cpp],
  cpp17: [cpp],
  csharp: [program("mcs", "mono-mcs")],
  go: [program("go", "golang-go")],
  haskell: [program("ghc", "ghc")],
  java: [javac],
  javascript: [],
  kotlin: [javac, program("kotlinc", "kotlin")],
  lua: [program("lua5.4", "lua5.4")],
  pascal: [program("fpc", "fp-compiler")],
  perl: [program("perl", "perl")],
  php: [program("php", "php-cli")],
  python3: [program("python3", "python3")],
  pypy3: [program("pypy3", "pypy3")],
  ruby: [program("ruby", "ruby")],
  // Debian 12 keeps a current one beside its own, which is from 2022.
  rust: [program("rustc", "rustc-web", "rustc")],
  typescript: [],
};

export const isInstalled = ({ file }: SystemTool): boolean => existsSync(file);

/** Those that are not there, each once. */
export function missingTools(wanted: readonly SystemTool[]): SystemTool[] {
  return [...new Set(wanted)].filter((tool) => !isInstalled(tool));
}

/** Why nothing can be installed here, and what to do instead; or null. Only root may, and only by apt-get. */
export function whyNotInstall(mayInstall: boolean, packages: readonly string[]): string | null {
  if (process.platform !== "linux") return "official judging needs Linux; everything else works here";
  if (!existsSync("/usr/bin/apt-get")) return `install what Debian calls: ${packages.join(" ")}`;
  if (!mayInstall || process.getuid?.() !== 0) return installCommand(packages);
  // The Java packages' own set-up runs java, which looks itself up there.
  if (!existsSync("/proc/self/exe"))
    return "/proc is not mounted, and packages need it: mount -t proc proc /proc";
  return null;
}

export function installCommand(packages: readonly string[]): string {
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  return `to install: ${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

/** The packages of tools; of several that would do, the first that the system's lists have. */
export async function packagesFor(tools: readonly SystemTool[]): Promise<string[]> {
  const chosen = await Promise.all(
    tools.map(async ({ packages }) => {
      for (const each of packages.slice(0, -1)) if (await isListed(each)) return each;
      return packages.at(-1) ?? packages[0];
    }),
  );
  return [...new Set(chosen)];
}

async function isListed(name: string): Promise<boolean> {
  return run("apt-cache", ["show", "--no-all-versions", name]).then(
    ({ stdout }) => stdout !== "",
    () => false,
  );
}

/** @throws Error with the end of what apt-get said */
export async function aptGet(...words: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["-q", ...words], { env, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout, stderr } = Object.assign({ stdout: "", stderr: String(error) }, error);
    throw new Error(`${stdout}\n${stderr}`.trim().split("\n").slice(-12).join("\n"), { cause: error });
  }
}

/** Installs packages that the system's lists have. @throws Error with the end of what apt-get said */
export async function installPackages(packages: readonly string[]): Promise<void> {
  await aptGet("install", "-y", "--no-install-recommends", ...packages);
}
