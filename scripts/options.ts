import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { ROOT } from "./folders.ts";

export interface StartOptions {
  host: string;
  port: number;
  /** Absolute. */
  data: string;
  judge: boolean;
  provider: boolean;
  demo: boolean;
  install: boolean;
  resetAdmin: boolean;
}

export const HELP = `npm start -- [options]

  --host HOST      address to listen on (default 127.0.0.1; any other gets no demo accounts)
  --port PORT      port to listen on (default: PORT of the environment, else 8787; 0 for any that is free)
  --data FOLDER    where everything is kept (default: DATA_DIR of the environment, else .data)
  --no-judge       no embedded judge: submissions wait until one connects
  --no-provider    no demo provider: the market has no model until somebody serves one
  --no-demo        no demo problems, contest and accounts at the first start
  --no-install     never install anything: no system packages, and none for the demo provider
  --reset-admin    give the administrator a new password and show it
  --help           this text`;

/**
 * @param args what stands after `npm start --`
 * @throws a sentence that names the option at fault
 */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): StartOptions | "help" {
  const { values } = parse(args);
  if (values.help) return "help";
  const port = values.port ?? environment["PORT"] ?? "8787";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new Error(
      `${values.port === undefined ? "PORT" : "--port"} must be a number from 0 to 65535, not "${port}"`,
    );
  }
  return {
    host: values.host ?? "127.0.0.1",
    port: Number(port),
    data: resolve(ROOT, values.data ?? environment["DATA_DIR"] ?? ".data"),
    judge: !values["no-judge"],
    provider: !values["no-provider"],
    demo: !values["no-demo"],
    install: !values["no-install"],
    resetAdmin: values["reset-admin"] ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        host: { type: "string" },
        port: { type: "string" },
        data: { type: "string" },
        "no-judge": { type: "boolean" },
        "no-provider": { type: "boolean" },
        "no-demo": { type: "boolean" },
        "no-install": { type: "boolean" },
        "reset-admin": { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    // Node's own sentences name the option; only its advice about `--` does not fit here.
    const reason = error instanceof Error ? (error.message.split(". To specify")[0] ?? "") : String(error);
    throw new Error(`${reason}. See: npm start -- --help`, { cause: error });
  }
}

/** Whether `host` can be reached from this machine only. */
export const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host);
