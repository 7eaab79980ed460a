import { homedir } from "node:os";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { Feature } from "../protocol/feature.ts";
import { PROVIDER_TOKEN } from "../protocol/market.ts";
import { MAX_PRICE, NanoPrice, parseCredits, type Prices } from "../protocol/money.ts";
import { ModelName } from "../protocol/offer.ts";
import { MAX_SLOTS } from "../protocol/provider.ts";
import { Task } from "../protocol/task.ts";
import { cacheFolder, type RemoteModel } from "./model-cache.ts";
import { localTimeZone, parseSchedule, type Schedule } from "./schedule.ts";
import { type Upstream, upstreamAt } from "./upstream.ts";

export interface ServeSettings {
  command: "serve";
  /** The site's address. */
  server: URL;
  token: string;
  /** Whether the token stood on the command line, for all to see. */
  tokenShown: boolean;
  /** What consumers call the model. */
  model: string;
  engine:
    | {
        from: "gguf";
        /** A file's path, or where it is fetched from. */
        file: string | RemoteModel;
        /** What it must have; null for whatever it has. */
        sha256: string | null;
        threads: number | null;
        gpu: boolean;
      }
    | { from: "upstream"; upstream: Upstream; model: string | null; features: Feature[] | null };
  /** What it is to be asked for; null for all that the engine can do, as far as it tells. */
  tasks: Task[] | null;
  prices: Prices;
  /** How many jobs at once; null for as many as the engine makes sense for. */
  slots: number | null;
  /** The longest answer; null for the whole context. */
  maxTokens: number | null;
  /** Null for what the engine has. */
  contextTokens: number | null;
  /** The hours in which it serves; null for always. */
  schedule: Schedule | null;
  /** After so long, what a drain waits for is broken off. */
  drainMs: number;
}

export type Settings = ServeSettings | { command: "help" };

/** As long as the longest job may take. */
const DRAIN_SECONDS = 900;

export const HELP = `npm run agent -- --url URL (--gguf FILE | --upstream URL) --model NAME --price-in C --price-out C

Serves one model to a Tabarena site, as one of its providers. A provider is made on the site, and has a token of its own;
for another model, make another provider and run another agent.

Where to
  --url URL            the site's address, such as https://tabarena.example.com (default: AGENT_URL)
  --token TOKEN        the provider's token. AGENT_TOKEN is better: a command line can be read by every user of the machine

What
  --model NAME         what consumers call the model, such as qwen3-8b
  --gguf FILE          a model's file in GGUF, served in this process by llama.cpp; needs the agent's own packages.
                       An https:// address is fetched once and kept; what is broken off goes on where it was
  --sha256 HEX         what the file must be; needed for an address of http://
  --models DIR         where files are kept that were fetched (default: in the folder of this platform for caches)
  --upstream URL       or a server of OpenAI's API that serves it: llama-server, vLLM, Ollama, such as http://localhost:8080
  --upstream-model M   what that server calls the model (default: the same, or the only one that it has)

For what
  --tasks LIST         what it may be asked for, such as embedding or chat,completion (default: all that the model can do; of an
                       upstream, what the server tells, else chat); there are: ${Task.options.join(" ")}

At which price, in credits per million tokens
  --price-in C         of the prompt, such as 0.25
  --price-cached C     of what the engine still has of it from before (default: as --price-in)
  --price-out C        of the answer

How much
  --max-concurrent N   jobs at once (default: 2 with --gguf; with --upstream what the server tells, else 1)
  --max-tokens N       the longest answer (default: the whole context)
  --context N          prompt and answer together (default: what the model was trained for, which with --gguf is
                       the most, or what the server tells)

When
  --schedule HOURS     such as "mon-fri 18:00-08:00, sat-sun 00:00-24:00" (default: always). At their end it finishes what it
                       writes; out of them it has no connection and no model in memory
  --time-zone ZONE     of the hours, such as Europe/Berlin (default: this machine's)

Details
  --no-gpu             --gguf: only the processor
  --threads N          --gguf: threads of the processor (default: as llama.cpp likes; on a busy machine 1 is often fastest)
  --features LIST      --upstream: what the server can do, where it doesn't tell, such as tools,json_schema; there are:
                       ${Feature.options.join(" ")}
  --drain-seconds N    at the end, wait so long for what is being written (default: ${DRAIN_SECONDS})
  --help               this text

Environment
  AGENT_URL, AGENT_TOKEN   as --url and --token
  AGENT_UPSTREAM_KEY       the upstream's API key, where it wants one
  AGENT_DOWNLOAD_KEY       the key for the address of --gguf, where that wants one
  AGENT_LIFELINE=1         end when standard input does

Signals
  SIGTERM, SIGINT      take no more jobs, finish those that are being written, then end; on Windows Ctrl-C, Ctrl-Break
  any second one       end at once; what was delivered until then is paid for`;

const options = {
  url: { type: "string" },
  token: { type: "string" },
  model: { type: "string" },
  gguf: { type: "string" },
  sha256: { type: "string" },
  models: { type: "string" },
  upstream: { type: "string" },
  "upstream-model": { type: "string" },
  "price-in": { type: "string" },
  "price-cached": { type: "string" },
  "price-out": { type: "string" },
  "max-concurrent": { type: "string" },
  "max-tokens": { type: "string" },
  context: { type: "string" },
  "no-gpu": { type: "boolean" },
  threads: { type: "string" },
  features: { type: "string" },
  tasks: { type: "string" },
  schedule: { type: "string" },
  "time-zone": { type: "string" },
  "drain-seconds": { type: "string" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parse>;

/**
 * Reads the command line and the environment.
 *
 * @throws Error with a sentence that names the option that is missing or wrong
 */
export function readSettings(words: string[], env: NodeJS.ProcessEnv): Settings {
  const values = parse(words);
  if (values.help) return { command: "help" };
  const prompt = readPrice("--price-in", required("--price-in", values["price-in"]));
  const cached = values["price-cached"];
  return {
    command: "serve",
    server: readUrl("--url", required("--url (or AGENT_URL)", values.url ?? env["AGENT_URL"])),
    token: readToken(values.token ?? env["AGENT_TOKEN"]),
    tokenShown: values.token !== undefined,
    model: readModel(required("--model", values.model)),
    engine: readEngine(values, env),
    tasks: readTasks(values.tasks),
    prices: {
      prompt,
      cachedPrompt: cached === undefined ? prompt : readPrice("--price-cached", cached),
      completion: readPrice("--price-out", required("--price-out", values["price-out"])),
    },
    slots: readCount("--max-concurrent", values["max-concurrent"], MAX_SLOTS),
    maxTokens: readCount("--max-tokens", values["max-tokens"]),
    contextTokens: readCount("--context", values.context),
    schedule: readSchedule(values.schedule, values["time-zone"]),
    drainMs: 1000 * (readCount("--drain-seconds", values["drain-seconds"], 86_400, 0) ?? DRAIN_SECONDS),
  };
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options, allowPositionals: false }).values;
  } catch (error) {
    // Node's own sentences name the option; only its advice about what begins with a dash does not fit here.
    const reason =
      error instanceof Error ? (error.message.split(/\.?\s+To specify|\.\n/)[0] ?? "") : String(error);
    throw new Error(`${reason}. See: npm run agent -- --help`, { cause: error });
  }
}

function required(option: string, value: string | undefined): string {
  if (value) return value;
  throw new Error(`${option} is missing. See: npm run agent -- --help`);
}

function readUrl(option: string, value: string): URL {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return new URL(value);
  throw new Error(`${option} must be an address such as http://localhost:8787, not "${value}"`);
}

function readToken(value: string | undefined): string {
  if (!value) throw new Error("the provider's token is missing: set AGENT_TOKEN, or use --token");
  // Neither is it shown when it is wrong: perhaps it is a secret for something else.
  if (!PROVIDER_TOKEN.test(value))
    throw new Error("AGENT_TOKEN (or --token) must be a provider's token: tab-provider-…");
  return value;
}

function readModel(value: string): string {
  const parsed = v.safeParse(ModelName, value);
  if (parsed.success) return parsed.output;
  throw new Error(`--model ${parsed.issues[0].message}, not "${value}"`);
}

function readEngine(values: Values, env: NodeJS.ProcessEnv): ServeSettings["engine"] {
  const { gguf, upstream } = values;
  if ((gguf === undefined) === (upstream === undefined))
    throw new Error("say one of --gguf FILE and --upstream URL: where the model is");
  const astray =
    gguf === undefined
      ? (["no-gpu", "threads", "sha256", "models"] as const)
      : (["upstream-model", "features"] as const);
  for (const option of astray)
    if (values[option] !== undefined)
      throw new Error(`--${option} belongs to --${gguf === undefined ? "gguf" : "upstream"}`);
  if (upstream === undefined) {
    const sha256 = readSha256(values.sha256);
    return {
      from: "gguf",
      file: readFile(required("--gguf", gguf), sha256, values.models, env),
      sha256,
      threads: readCount("--threads", values.threads, 1_024),
      gpu: !values["no-gpu"],
    };
  }
  return {
    from: "upstream",
    upstream: upstreamAt(readUrl("--upstream", upstream), env["AGENT_UPSTREAM_KEY"] || null),
    model: values["upstream-model"] ?? null,
    features: readNames("--features", values.features, Feature),
  };
}

/** A path, unless it is an address of the web: `C:\\model.gguf` has a scheme too. */
function readFile(
  value: string,
  sha256: string | null,
  models: string | undefined,
  env: NodeJS.ProcessEnv,
): string | RemoteModel {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) {
    if (models !== undefined) throw new Error("--models is for a file that is fetched: --gguf https://…");
    return value;
  }
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new Error(`--gguf must be a file, or an address of https://, not "${value}"`);
  const url = new URL(value);
  if (url.username !== "" || url.password !== "")
    throw new Error("--gguf is an address with a password: a key is read from AGENT_DOWNLOAD_KEY");
  if (url.protocol === "http:" && sha256 === null)
    throw new Error(
      "--gguf is an address of http://, where anybody on the way can change the file: say its --sha256",
    );
  const key = env["AGENT_DOWNLOAD_KEY"] || null;
  if (url.protocol === "http:" && key !== null)
    throw new Error(
      "--gguf is an address of http://, where anybody on the way could read AGENT_DOWNLOAD_KEY",
    );
  url.hash = "";
  return {
    url,
    sha256,
    key,
    folder: models ?? cacheFolder(process.platform, env, homedir()),
  };
}

function readSha256(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (/^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase();
  throw new Error(`--sha256 must be 64 hexadecimal digits, not "${value}"`);
}

function readSchedule(value: string | undefined, timeZone: string | undefined): Schedule | null {
  if (value === undefined) {
    if (timeZone !== undefined) throw new Error("--time-zone belongs to --schedule");
    return null;
  }
  try {
    return parseSchedule(value, timeZone ?? localTimeZone());
  } catch (error) {
    throw new Error(`--schedule: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function readTasks(value: string | undefined): Task[] | null {
  const tasks = readNames("--tasks", value, Task);
  if (tasks?.length === 0) throw new Error(`--tasks names none; there are: ${Task.options.join(" ")}`);
  return tasks;
}

/** Some of a list, parted by commas, each once. */
function readNames<const Name extends string>(
  option: string,
  value: string | undefined,
  names: v.PicklistSchema<readonly Name[], undefined>,
): Name[] | null {
  if (value === undefined) return null;
  const said = value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => {
      if (v.is(names, name)) return name;
      throw new Error(`${option}: "${name}" is none; there are: ${names.options.join(" ")}`);
    });
  return [...new Set(said)];
}

function readPrice(option: string, value: string): number {
  let nano: number;
  try {
    nano = parseCredits(value);
  } catch (error) {
    throw new Error(`${option}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (v.is(NanoPrice, nano)) return nano;
  throw new Error(`${option} must be at most ${MAX_PRICE / 1e9} credits per million tokens, not ${value}`);
}

function readCount(option: string, value: string | undefined, most = 100_000_000, least = 1): number | null {
  if (value === undefined) return null;
  const count = Number(value);
  if (/^\d{1,9}$/.test(value) && count >= least && count <= most) return count;
  throw new Error(`${option} must be a number from ${least} to ${most}, not "${value}"`);
}
