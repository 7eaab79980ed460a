import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  aptGet,
  installCommand,
  installPackages,
  isInstalled,
  languageTools,
  type SystemTool,
  whyNotInstall,
} from "../judge/system-packages.ts";

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

const toolNeeds = (tools: readonly SystemTool[], without: string): Need[] =>
  tools.map((tool) => ({
    name: tool.name,
    package: tool.packages[0],
    present: () => isInstalled(tool),
    without,
  }));

const needs: Record<Purpose, readonly Need[]> = {
  // The supervisor is compiled here, and so needs what C needs.
  judge: [
    ...toolNeeds(languageTools.c, "official judging, of any language"),
    ...toolNeeds(languageTools.cpp, "judging C++"),
    ...toolNeeds(languageTools.python3, "judging Python"),
    ...toolNeeds(languageTools.java, "judging Java"),
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
    await aptGet("update");
    await installPackages(packages);
  } catch (error) {
    const missing = wanted.filter((need) => !need.present());
    return {
      installed: [],
      missing,
      advice: `apt-get failed:\n${String(error)}\n${installCommand(packages)}`,
    };
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
