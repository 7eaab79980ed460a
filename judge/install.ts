import { languages, type ProgrammingLanguageId, programmingLanguages } from "../protocol/language.ts";
import {
  aptGet,
  installPackages,
  isInstalled,
  languageTools,
  missingTools,
  packagesFor,
  whyNotInstall,
} from "./system-packages.ts";

/**
 * Installs what languages need from the system's packages: when root on Debian or Ubuntu, after saying so; else prints
 * the command that would.
 *
 * @param words - languages by id or name, or `all`; none lists what there is
 * @returns the exit code: 0 when all that was asked for is there
 */
export async function runInstall(words: readonly string[]): Promise<number> {
  if (words.length === 0) {
    console.log(`${describeLanguages()}\nname those to install, or: all`);
    return 0;
  }
  const unknown = words.filter((word) => word !== "all" && languageNamed(word) === null);
  if (unknown.length > 0) {
    console.error(
      `no language is called ${unknown.join(" or ")}; there are: ${programmingLanguages.join(" ")}`,
    );
    return 1;
  }
  const wanted = words.flatMap((word) =>
    word === "all" ? programmingLanguages : (languageNamed(word) ?? []),
  );
  return install(wanted);
}

/** The language of an id (`cpp`) or a name (`c++`), or null. */
function languageNamed(word: string): ProgrammingLanguageId | null {
  const lower = word.toLowerCase();
  return (
    programmingLanguages.find((id) => id === lower || languages[id].name.toLowerCase() === lower) ?? null
  );
}

async function install(wanted: readonly ProgrammingLanguageId[]): Promise<number> {
  const tools = missingTools(wanted.flatMap((id) => languageTools[id]));
  if (tools.length === 0) {
    console.log("nothing is missing; `npm run judge -- doctor` tells which languages work in the sandbox");
    return 0;
  }
  const refusal = whyNotInstall(true, await packagesFor(tools));
  if (refusal !== null) {
    console.error(refusal);
    return 1;
  }
  try {
    console.log("bringing apt's lists up to date");
    await aptGet("update");
    // The lists may have been empty, so that only now can be told which of several packages this release has.
    const packages = await packagesFor(tools);
    console.log(`installing ${packages.join(" ")} by apt-get, which may take minutes`);
    await installPackages(packages);
  } catch (error) {
    console.error(`apt-get failed:\n${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
  const absent = missingTools(tools);
  for (const { name, file } of absent) console.error(`${name} is still not where it should be: ${file}`);
  if (absent.length > 0) return 1;
  console.log("installed; a judge that runs offers new languages once it is started again");
  return 0;
}

function describeLanguages(): string {
  return programmingLanguages
    .map((id) => {
      const tools = languageTools[id];
      const state =
        tools.length === 0
          ? "comes with the judge"
          : tools.every(isInstalled)
            ? "installed"
            : "not installed";
      return `${id.padEnd(12)}${languages[id].name.padEnd(14)}${state}`;
    })
    .join("\n");
}
