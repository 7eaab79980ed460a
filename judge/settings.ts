import { availableParallelism, hostname } from "node:os";
import { isAbsolute } from "node:path";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { type LanguageId, programmingLanguages } from "../protocol/language.ts";
import { SandboxLevel } from "../protocol/submission.ts";
import type { JudgeConditions } from "./open-judge.ts";
import { whyNotUnsafe } from "./unsafe.ts";

/** The site that a judge works for. */
export interface Site {
  server: URL;
  token: string;
}

export type Settings =
  /** Judge for a site, under a name, with a folder for packages and for what is being judged. */
  | { command: "serve"; site: Site; name: string; cache: string; conditions: JudgeConditions }
  /** Find out what holds here; with a site, tell it. */
  | { command: "doctor"; site: Site | null; all: boolean; conditions: JudgeConditions }
  /** Install the toolchains of languages. */
  | { command: "install"; words: readonly string[] }
  | { command: "help" };

export const HELP = `npm run judge -- [command] [options]

Commands
  (none)             connect to a site and judge for it
  doctor             find out by hostile programs which isolation holds here, and tell the site if one is set
  install LANGUAGE…  install compilers and interpreters from the system's packages: install cpp java
  help               this text

Options
  --slots N          judge so many submissions at once (default: one for each processor but one)
  --cache FOLDER     where packages and what is being judged are kept (default: JUDGE_CACHE, else .data/judge)
  --level LEVEL      isolate by this or not at all: full, userns, process (default: JUDGE_LEVEL, else the best that holds)
  --root FOLDER      the folder whose usr, bin, lib … programs see (default: JUDGE_ROOT, else /)
  --languages LIST   offer only these, by their ids, such as c,cpp,python3 (default: JUDGE_LANGUAGES, else all that work)
  --all              doctor: every hostile program, not only the quick ones

Environment
  JUDGE_URL          the site's address, such as http://localhost:8787
  JUDGE_TOKEN        this judge's token; an administrator makes one for each judge
  JUDGE_NAME         what the site calls it (default: the host's name)
  JUDGE_LIFELINE=1   end when standard input does
  JUDGE_ALLOW_UNSAFE=1  allow level process, which isolates nothing, for a site on this machine

Signals
  SIGTERM, SIGINT    end now: what is being judged goes to another judge
  SIGHUP             take nothing new, finish what is being judged, then end
  any second one     end at once`;

const options = {
  slots: { type: "string" },
  cache: { type: "string" },
  level: { type: "string" },
  root: { type: "string" },
  languages: { type: "string" },
  all: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/**
 * Reads the command line and the environment.
 *
 * @throws Error with a sentence that names the setting that is missing or wrong
 */
export function readSettings(words: string[], env: NodeJS.ProcessEnv): Settings {
  const { values, positionals } = parse(words);
  const [command = "serve", ...rest] = positionals;
  if (values.help || command === "help") return { command: "help" };
  if (command === "install") return { command, words: rest };
  if (command !== "serve" && command !== "doctor")
    throw new Error(`there is no command "${command}", only doctor, install and help; without one it judges`);
  if (rest.length > 0) throw new Error(`too much was said: ${rest.join(" ")}`);
  if (values.all && command === "serve") throw new Error("--all belongs to the command doctor");
  const site = readSite(env, command === "serve");
  const processors = availableParallelism();
  const conditions: JudgeConditions = {
    level: readLevel(values.level ?? env["JUDGE_LEVEL"]),
    root: readRoot(values.root ?? env["JUDGE_ROOT"]),
    notUnsafe: whyNotUnsafe(env, site?.server ?? new URL("http://localhost")),
    slots: command === "serve" ? readSlots(values.slots, processors) : 1,
    processors,
    languages: readLanguages(values.languages ?? env["JUDGE_LANGUAGES"]),
  };
  if (command === "doctor") return { command, site, all: values.all ?? false, conditions };
  if (site === null) throw new Error("JUDGE_URL must be the site's address, such as http://localhost:8787");
  const cache = values.cache ?? (env["JUDGE_CACHE"] || ".data/judge");
  return { command: "serve", site, name: env["JUDGE_NAME"] || hostname(), cache, conditions };
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    // Node's own sentences name the option; only its advice about `--` does not fit here.
    const reason = error instanceof Error ? (error.message.split(". To specify")[0] ?? "") : String(error);
    throw new Error(`${reason}. See: npm run judge -- help`, { cause: error });
  }
}

/** @returns null when neither half is there and none is required */
function readSite({ JUDGE_URL, JUDGE_TOKEN }: NodeJS.ProcessEnv, required: boolean): Site | null {
  if (!required && !JUDGE_URL && !JUDGE_TOKEN) return null;
  if (!JUDGE_URL || !URL.canParse(JUDGE_URL) || !/^https?:$/.test(new URL(JUDGE_URL).protocol))
    throw new Error("JUDGE_URL must be the site's address, such as http://localhost:8787");
  if (!JUDGE_TOKEN) throw new Error("JUDGE_TOKEN must be this judge's token");
  return { server: new URL(JUDGE_URL), token: JUDGE_TOKEN };
}

/** One processor is left to the service, if there are two. */
function readSlots(value: string | undefined, processors: number): number {
  const slots = value === undefined ? Math.max(1, processors - 1) : Number(value);
  if (Number.isInteger(slots) && slots >= 1 && slots <= processors) return slots;
  throw new Error(`--slots must be a number from 1 to ${processors}, one for each processor, not ${value}`);
}

function readLevel(value: string | undefined): SandboxLevel | null {
  if (!value) return null;
  if (v.is(SandboxLevel, value)) return value;
  throw new Error(`--level must be one of ${SandboxLevel.options.join(", ")}, not ${value}`);
}

function readLanguages(value: string | undefined): LanguageId[] | null {
  if (!value) return null;
  return value.split(",").map((word) => {
    const language = programmingLanguages.find((id) => id === word.trim());
    if (language !== undefined) return language;
    throw new Error(`--languages: "${word}" is no language; there are: ${programmingLanguages.join(" ")}`);
  });
}

function readRoot(value: string | undefined): string {
  if (!value) return "/";
  if (isAbsolute(value)) return value;
  throw new Error(`--root must be an absolute path, not ${value}`);
}
