import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { PreparedFiles, RuntimeManifest } from "../wasm-runtimes/manifest.ts";
import { CLIENT, PREPARED, ROOT } from "./folders.ts";
import type { Server } from "./server.ts";

/**
 * What browsers want of the site and what takes long to make: what C++ needs besides its compiler. Each such
 * thing is a list of files with the files beside it; all names hold hashes, so whatever is there is right.
 *
 *     dist/prepared/     made once for each state of the sources (scripts/prepare.ts)
 *       --> dist/client/runtimes/    by the next build, as files of the site
 *       --> R2, runtimes/            by the site that runs when it is made (scripts/start.ts)
 */

/** The lists that the built pages look for, by their addresses: `/runtimes/<name>`. */
export function wantedLists(): string[] {
  const manifest = readFileSync(join(CLIENT, "runtimes.json"), "utf8");
  const languages = Object.values(v.parse(RuntimeManifest, JSON.parse(manifest)));
  return [...new Set(languages.flatMap(({ prepared }) => prepared ?? []))];
}

/**
 * The names of a list's files and, as the last, of the list itself: whoever finds the list finds the files.
 *
 * @param list the list's name or address
 * @returns null unless all of it is in `folder`
 */
export function filesOfList(folder: string, list: string): string[] | null {
  const name = basename(list);
  if (!existsSync(join(folder, name))) return null;
  const files = v.parse(PreparedFiles, JSON.parse(readFileSync(join(folder, name), "utf8")));
  const names = [...files.flatMap(({ pieces }) => pieces.map(({ path }) => basename(path))), name];
  return names.every((file) => existsSync(join(folder, file))) ? names : null;
}

/** What is being made lies in a folder of this name and the maker's process id. */
const MAKING = "making-";

/**
 * Has a list and its files made, unless they are there, and removes what was made from older sources. Several may do this at
 * once, and any of them may be killed at any time: what is being made lies apart until it is whole, and the list goes last.
 *
 * @param list the list's name or address
 * @param make writes the list and its files into the folder that it is given
 */
export async function keepPrepared(
  folder: string,
  list: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (filesOfList(folder, list) === null) {
    const making = join(folder, `${MAKING}${process.pid}`);
    rmSync(making, { recursive: true, force: true });
    mkdirSync(making);
    await make(making);
    const names = filesOfList(making, list);
    if (names === null) throw new Error(`${basename(list)} was not made with all its files`);
    for (const name of names) renameSync(join(making, name), join(folder, name));
  }
  removeOthers(folder, new Set(filesOfList(folder, list)));
}

function removeOthers(folder: string, current: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) {
    const maker = name.startsWith(MAKING) ? Number(name.slice(MAKING.length)) : null;
    const inUse = maker === null ? current.has(name) : maker !== process.pid && lives(maker);
    if (!inUse) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Puts what is prepared among the files of the built site. What is not, its pages do without. */
export function placePrepared(): void {
  const runtimes = join(CLIENT, "runtimes");
  for (const list of wantedLists()) {
    if (existsSync(join(runtimes, basename(list)))) continue;
    for (const name of filesOfList(PREPARED, list) ?? [])
      copyFileSync(join(PREPARED, name), join(runtimes, name));
  }
}

/** Of the lists that its pages look for, those that the running site does not have. */
export async function missingLists(server: Server): Promise<string[]> {
  const lists = wantedLists();
  const answers = await Promise.all(lists.map((list) => server.fetch(list, { method: "HEAD" })));
  return lists.filter((_, at) => answers[at]?.status !== 200);
}

const keyOf = (name: string): string => `runtimes/${name}`;

/**
 * Gives the running site what has been prepared since it was built, and takes from it what it was given before.
 * @throws Error when what the pages look for is not there
 */
export async function publishPrepared(
  server: Pick<Server, "bucket">,
  folder: string,
  lists: readonly string[],
): Promise<void> {
  const bucket = await server.bucket();
  const given = new Set<string>();
  for (const list of lists) {
    const names = filesOfList(folder, list);
    if (names === null) throw new Error("the sources have changed since the site was built; start it again");
    for (const name of names) {
      given.add(keyOf(name));
      await bucket.put(keyOf(name), readFileSync(join(folder, name)));
    }
  }
  const { objects } = await bucket.list({ prefix: keyOf("") });
  await bucket.delete(objects.map(({ key }) => key).filter((key) => !given.has(key)));
}

export interface Preparation {
  /** Why it failed, in one line; null when all is prepared. Never rejects. */
  done: Promise<string | null>;
  /** Ends it at once. */
  stop(): void;
}

/**
 * Prepares in a process of its own, which takes only what others leave of the machine, and ends when this one does, however it
 * does: its standard input is a pipe from here. Nothing is made that is there already.
 */
export function runPreparation(): Preparation {
  const child = spawn(process.execPath, ["scripts/prepare.ts"], {
    cwd: ROOT,
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, PREPARE_LIFELINE: "1" },
  });
  child.stdin.on("error", () => {});
  // From here and not by itself: the threads that it begins with would keep the priority that they have.
  if (child.pid !== undefined) lower(child.pid);
  const said = text(child.stderr).catch(() => "");
  const done = new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", async (code, signal) =>
      resolve(code === 0 ? null : (reasonIn(await said) ?? `it ended (${signal ?? `exit code ${code}`})`)),
    );
  });
  return { done, stop: () => void child.kill("SIGKILL") };
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It is gone already; that is told as its end.
  }
}

function reasonIn(said: string): string | undefined {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
}
