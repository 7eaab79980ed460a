import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export type Purpose = "judge" | "test" | "guest";

interface Need {
  /** What people call it. */
  name: string;
  /** Debian's package. */
  package: string;
  present: () => boolean;
  /** What there is not without it. */
  without: string;
}

// Programs that are judged see the machine's /usr and nothing else of it: a compiler somewhere else on PATH does not help.
const JAIL_PATH = ["/usr/bin", "/usr/local/bin", "/bin"];

const inJail = (name: string) => () => JAIL_PATH.some((folder) => isExecutable(join(folder, name)));

const needs: Record<Purpose, readonly Need[]> = {
  judge: [
    { name: "gcc", package: "gcc", present: inJail("gcc"), without: "official judging, of any language" },
    {
      name: "the C library's headers",
      package: "libc6-dev",
      present: () => existsSync("/usr/include/stdio.h"),
      without: "official judging, of any language",
    },
    { name: "g++", package: "g++", present: inJail("g++"), without: "judging C++" },
    { name: "python3", package: "python3", present: inJail("python3"), without: "judging Python" },
    { name: "javac", package: "default-jdk-headless", present: inJail("javac"), without: "judging Java" },
  ],
  test: [
    {
      name: "Chromium",
      package: "chromium",
      present: () => findChromium() !== null,
      without: "every test in a browser",
    },
    {
      name: "a font",
      package: "fonts-dejavu-core",
      present: hasFont,
      without: "text in the browser of the tests",
    },
  ],
  guest: [
    {
      name: "QEMU",
      package: "qemu-system-x86",
      present: () => onPath("qemu-system-x86_64") !== null,
      without: "tests of the sandbox on a kernel of its own",
    },
  ],
};

/** The browser that tests drive: `CHROMIUM` of the environment, else the first of the usual names on PATH, else null. */
export function findChromium(): string | null {
  const { CHROMIUM } = process.env;
  if (CHROMIUM) return CHROMIUM;
  return onPath("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");
}

/** The first of these programs that is on PATH, or null. */
function onPath(...names: string[]): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const name of names) {
    const folder = folders.find((each) => isExecutable(join(each, name)));
    if (folder !== undefined) return join(folder, name);
  }
  return null;
}

/** What became of the system packages that a purpose needs. */
export interface Setup {
  installed: string[];
  /** What is still not there, with what there is not without it. */
  missing: { name: string; without: string }[];
  /** Why it was not installed, and what to type; null when nothing is missing. */
  advice: string | null;
}

/**
 * Looks for the programs that `purposes` need and installs what is missing, when root on Debian or Ubuntu.
 *
 * @param mayInstall false refuses (`--no-install`)
 * @param say told before anything is installed
 */
export async function setUp(
  purposes: readonly Purpose[],
  mayInstall: boolean,
  say: (line: string) => void,
): Promise<Setup> {
  const wanted = purposes.flatMap((purpose) => needs[purpose]).filter((need) => !need.present());
  if (wanted.length === 0) return { installed: [], missing: [], advice: null };
  const packages = wanted.map((need) => need.package);
  const refusal = whyNotInstall(mayInstall, packages);
  if (refusal !== null) return { installed: [], missing: wanted, advice: refusal };

  say(`installing ${packages.join(" ")} by apt-get, which may take minutes (--no-install refuses)`);
  try {
    await aptGet(["update"]);
    await aptGet(["install", "-y", "--no-install-recommends", ...packages]);
  } catch (error) {
    const missing = wanted.filter((need) => !need.present());
    return { installed: [], missing, advice: `apt-get failed:\n${String(error)}\n${command(packages)}` };
  }
  const missing = wanted.filter((need) => !need.present());
  return {
    installed: packages.filter((name) => !missing.some((need) => need.package === name)),
    missing,
    advice:
      missing.length > 0
        ? "apt-get installed the packages, and the programs are still not where they should be"
        : null,
  };
}

/** One line for what is missing, and one for what to do. */
export function describeSetup({ installed, missing, advice }: Setup): string[] {
  const lines: string[] = [];
  if (installed.length > 0) lines.push(`installed ${installed.join(" ")}`);
  const losses = new Map<string, string[]>();
  for (const { name, without } of missing) losses.set(without, [...(losses.get(without) ?? []), name]);
  for (const [without, names] of losses) lines.push(`no ${without}: ${names.join(" and ")} not found`);
  if (advice !== null) lines.push(...advice.split("\n"));
  return lines.length > 0 ? lines : ["nothing is missing"];
}

function whyNotInstall(mayInstall: boolean, packages: readonly string[]): string | null {
  if (process.platform !== "linux") return "official judging needs Linux; everything else works here";
  const apt = existsSync("/usr/bin/apt-get");
  if (!apt) return `install what Debian calls: ${packages.join(" ")}`;
  if (!mayInstall || process.getuid?.() !== 0) return command(packages);
  // The Java packages' own set-up runs java, which looks itself up there.
  if (!existsSync("/proc/self/exe"))
    return "/proc is not mounted, and packages need it: mount -t proc proc /proc";
  return null;
}

function command(packages: readonly string[]): string {
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  return `to install: ${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

function aptGet(args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return new Promise((done, failed) => {
    execFile("apt-get", ["-q", ...args], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (!error) return done();
      const lines = `${stdout}\n${stderr}`.trim().split("\n");
      failed(new Error(lines.slice(-12).join("\n")));
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasFont(): boolean {
  if (process.platform !== "linux") return true;
  return ["/usr/share/fonts", "/usr/local/share/fonts"].some(
    (folder) =>
      existsSync(folder) &&
      readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) =>
        /\.(ttf|otf|ttc|pfb)$/.test(name),
      ),
  );
}
