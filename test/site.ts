import { spawn, type ChildProcess } from "node:child_process";
import { on, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { WebSocket } from "ws";
import type { LanguageId } from "../protocol/language.ts";
import { LiveAccountMessage } from "../protocol/submission.ts";
import { descendantsOf, type Process } from "./processes.ts";

const ROOT = resolve(import.meta.dirname, "..");

/** How long a start may take before a test gives up on it; nothing is to build when these tests run. */
const START_MS = 180_000;

/** A site that was started as `npm start` does. */
export interface Site {
  url: string;
  pid: number;
  /** All that it has printed so far. */
  printed(): string;
  /** The password that was printed for `username`, or null. */
  password(username: string): string | null;
  processes(): Process[];
  /** Sends the signal and waits for the end; returns the exit code, null after a signal that ended it. */
  end(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/** Runs scripts/start.ts with `args` until it ends by itself: for what is refused. */
export async function runStart(args: readonly string[]): Promise<{ code: number | null; printed: string }> {
  const { child, printed } = spawnStart(args);
  const [code] = await once(child, "close");
  return { code, printed: printed() };
}

/**
 * Starts a site on a free port, with its data in `data`, and waits until it has said all that it says at a start.
 *
 * @param languages - those that its judge looks for, as trying all of them takes longer than all else
 */
export async function startSite(
  data: string,
  args: readonly string[] = [],
  languages: readonly LanguageId[] = ["javascript", "python3"],
): Promise<Site> {
  const { child, printed } = spawnStart(
    ["--port", "0", "--no-install", "--data", data, ...args],
    languages.join(),
  );
  const ended = once(child, "close");
  await new Promise<void>((ready, failed) => {
    const late = setTimeout(
      () => failed(new Error(`not started after ${START_MS} ms:\n${printed()}`)),
      START_MS,
    );
    const look = (): void => {
      if (!printed().includes("Ctrl-C stops everything")) return;
      clearTimeout(late);
      ready();
    };
    child.stdout?.on("data", look);
    child.once("close", () => failed(new Error(`ended while starting:\n${printed()}`)));
  });
  const pid = child.pid ?? 0;
  return {
    url: /Site\s+(http\S+)/.exec(printed())?.[1] ?? "",
    pid,
    printed,
    password: (username) => new RegExp(`\\s${username}\\s+([a-z0-9-]{20,})`).exec(printed())?.[1] ?? null,
    processes: () => descendantsOf(pid),
    async end(signal) {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

function spawnStart(args: readonly string[], languages = ""): { child: ChildProcess; printed: () => string } {
  const child = spawn(process.execPath, ["scripts/start.ts", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, JUDGE_LANGUAGES: languages },
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  return { child, printed: () => text };
}

/** A folder of its own for one test's data, and its removal. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "tabarena-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A program that talks to a site with an account's cookie. */
export class Client {
  readonly #url: string;
  #cookie = "";

  constructor(url: string) {
    this.#url = url;
  }

  /** Sends JSON and parses the answer, which must be a success. */
  async call<Schema extends v.GenericSchema>(
    method: "GET" | "POST",
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<v.InferOutput<Schema>> {
    const { status, json } = await this.send(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(json)}`);
    return v.parse(schema, json);
  }

  /** Opens the account's live feed, which is to be closed again. */
  liveFeed(): WebSocket {
    return new WebSocket(`${this.#url.replace("http", "ws")}/live/me`, { headers: { cookie: this.#cookie } });
  }

  /** Waits until the account's live feed has told of a test that the submission was run on. */
  async firstTestDone(submission: string): Promise<void> {
    const socket = this.liveFeed();
    try {
      for await (const [data] of on(socket, "message", { close: ["close"] })) {
        const message = v.parse(LiveAccountMessage, JSON.parse(String(data)));
        if (message.type === "progress" && message.submission === submission && message.done > 0) return;
      }
    } finally {
      socket.close();
    }
    throw new Error("the live feed ended before a test was done");
  }

  async send(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: unknown }> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { cookie: this.#cookie, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const cookie = response.headers.get("set-cookie");
    if (cookie) this.#cookie = cookie.split(";")[0] ?? "";
    return { status: response.status, json: await response.json() };
  }
}
