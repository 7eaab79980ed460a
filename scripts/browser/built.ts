import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { LanguageId } from "../../protocol/language.ts";
import { build } from "../build.ts";
import { CLIENT } from "../folders.ts";
import { placePrepared, runPreparation, wantedLists } from "../preparation.ts";

/**
 * Builds what is stale of the client, and makes what a site makes after its start for the languages that are to run.
 *
 * @param say - told when that takes long, and when it fails: then C++ does not run
 */
export async function buildForBrowser(
  languages: readonly LanguageId[],
  say: (line: string) => void,
): Promise<void> {
  await build();
  // Of all languages, one has something prepared.
  if (!languages.includes("cpp")) return;
  if (wantedLists().every((list) => existsSync(join(CLIENT, "runtimes", basename(list))))) return;
  say("Preparing the C++ library for browsers, which takes a minute or more, once");
  const reason = await runPreparation().done;
  if (reason !== null) say(`It was not prepared, so that C++ does not run: ${reason}`);
  placePrepared();
}
