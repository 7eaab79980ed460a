import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "../build.ts";
import { CLIENT } from "../folders.ts";
import { placePrepared, runPreparation, wantedLists } from "../preparation.ts";

/**
 * Builds what is stale of the client, with what a site makes after its start.
 *
 * @param say - told when that takes long, and when it fails: then C++ works, and compiles slowly
 */
export async function buildForBrowser(say: (line: string) => void): Promise<void> {
  await build();
  if (wantedLists().every((list) => existsSync(join(CLIENT, "runtimes", basename(list))))) return;
  say("Preparing the C++ library for browsers, which takes a minute or more, once");
  const reason = await runPreparation().done;
  if (reason !== null) say(`It was not prepared, so that C++ compiles slowly: ${reason}`);
  placePrepared();
}
