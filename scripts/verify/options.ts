import { parseArgs } from "node:util";

export const HELP = `npm run verify -- PACKAGE… [options]

Judges every file under submissions/ of a problem package (a folder or a zip) over all tests, and compares the
verdicts with what the package expects. Tries its input validators too. Needs no running site.

  --engine ENGINE  judge    in the judge's sandbox (the default)
                   browser  in headless Chromium, over the built client: what practice in the browser would say
                   both     one beside the other, and how far they agree
  --quick          leaves out the tests that can no longer change what becomes of a submission
  --json           one JSON object a line for each submission and engine, with "package" where there are several;
                   everything else goes to standard error
  --help           this text

Of several packages, what is none is left out: npm run verify -- --engine both problems/*

The browser runs Python, C, C++, JavaScript and TypeScript, and no problem that is interactive, has several passes or
takes answers. It has no clock for CPU time: its limit is a multiple of the package's, by the clock on the wall, and it is
told. Custom validators, and time limits that are to be worked out, need the judge's sandbox in any case. Where an engine
does not measure cpuMs or memoryKiB, --json has null.

Ends with 0 when all is as expected by every engine that ran, 1 when something is not, 2 when a package or this host cannot
be used. JUDGE_LEVEL, JUDGE_ROOT and JUDGE_ALLOW_UNSAFE are those of npm run judge; CHROMIUM is the browser's path.`;

export interface VerifyOptions {
  /** Folders and zips. */
  paths: readonly [string, ...string[]];
  engine: "judge" | "browser" | "both";
  extent: "deciding" | "all";
  json: boolean;
}

/**
 * @param words - what stands after `npm run verify --`
 * @throws Error with a sentence that names the word at fault
 */
export function parseOptions(words: readonly string[]): VerifyOptions | "help" {
  const { values, positionals } = parse(words);
  if (values.help) return "help";
  const { engine = "judge", quick = false, json = false } = values;
  if (engine !== "judge" && engine !== "browser" && engine !== "both")
    throw new Error(`--engine must be judge, browser or both, not "${engine}"`);
  const [path, ...others] = positionals;
  if (path === undefined) throw new Error("which package? Give its folder or zip: npm run verify -- PACKAGE");
  return { paths: [path, ...others], engine, extent: quick ? "deciding" : "all", json };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        engine: { type: "string" },
        quick: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    // Node's own sentences name the option; only its advice about `--` does not fit here.
    const reason = error instanceof Error ? (error.message.split(". To specify")[0] ?? "") : String(error);
    throw new Error(`${reason}. See: npm run verify -- --help`, { cause: error });
  }
}
