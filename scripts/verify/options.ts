import { parseArgs } from "node:util";

export const HELP = `npm run verify -- PACKAGE [options]

Judges every file under submissions/ of a problem package (a folder or a zip) over all tests, and compares the
verdicts with what the package expects. Tries its input validators too. Needs no running site.

  --engine ENGINE  judge (the default; others do not exist yet)
  --json           one JSON object a line for each submission; everything else goes to standard error
  --help           this text

Ends with 0 when all is as expected, 1 when something is not, 2 when the package or this host cannot be used.
JUDGE_LEVEL, JUDGE_ROOT and JUDGE_ALLOW_UNSAFE are those of npm run judge.`;

export interface VerifyOptions {
  /** A folder or a zip. */
  path: string;
  json: boolean;
}

/**
 * @param words - what stands after `npm run verify --`
 * @throws Error with a sentence that names the word at fault
 */
export function parseOptions(words: readonly string[]): VerifyOptions | "help" {
  const { values, positionals } = parse(words);
  if (values.help) return "help";
  const { engine = "judge", json = false } = values;
  if (engine === "browser" || engine === "both")
    throw new Error(`--engine ${engine} does not exist yet: only judge does`);
  if (engine !== "judge") throw new Error(`--engine must be judge, not "${engine}"`);
  const [path, ...others] = positionals;
  if (path === undefined) throw new Error("which package? Give its folder or zip: npm run verify -- PACKAGE");
  if (others.length > 0) throw new Error(`one package at a time: ${others.join(" ")} is too much`);
  return { path, json };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { engine: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
    });
  } catch (error) {
    // Node's own sentences name the option; only its advice about `--` does not fit here.
    const reason = error instanceof Error ? (error.message.split(". To specify")[0] ?? "") : String(error);
    throw new Error(`${reason}. See: npm run verify -- --help`, { cause: error });
  }
}
