/**
 * The re-judge service: connects outward to the site, takes leases on submissions, judges them in the sandbox.
 *
 *     JUDGE_URL=http://localhost:8787 JUDGE_TOKEN=… node judge/main.ts [--slots N] [--cache DIR]
 *
 *     start -> open the store (sweep what dead judges left) -> try the sandbox -> connect, say what holds here
 *                                                                  |
 *                       no isolation: connects all the same, with no slots and the reason; never runs anything bare
 *
 *     lease -> fetch the source, fetch the package (by hash, cached) -> compile -> test by test -> result until settled
 *
 *     end: SIGTERM, SIGINT, or the end of stdin where JUDGE_LIFELINE=1 says that it is a lifeline of the parent's.
 *          Closes the link, ends the supervisors (and so every jailed program), removes its files.
 *     kill -9: the supervisors see the end of their input and end by themselves; the next judge sweeps the files.
 *
 * Prints a line for each change of state: `judge: level full (root, cgroup v1: memory, pids, cpuacct)`.
 */
import { availableParallelism, hostname } from "node:os";
import { parseArgs } from "node:util";
import { JUDGE_PROTOCOL, type JudgeMessage } from "../protocol/judge.ts";
import { languages } from "../protocol/language.ts";
import { openLeases } from "./leases.ts";
import { openLink } from "./link.ts";
import { type Ability, openJudge } from "./open-judge.ts";
import { openPackageCache } from "./package-cache.ts";
import { connectServer } from "./server.ts";
import { openStore } from "./store.ts";

interface Settings {
  server: URL;
  token: string;
  name: string;
  slots: number;
  cache: string;
}

function say(line: string): void {
  console.log(`judge: ${line}`);
}

/** @throws Error with a sentence that names the setting that is missing or wrong */
function readSettings(): Settings {
  const { values } = parseArgs({ options: { slots: { type: "string" }, cache: { type: "string" } } });
  const { JUDGE_URL, JUDGE_TOKEN, JUDGE_NAME, JUDGE_CACHE } = process.env;
  if (!JUDGE_URL || !URL.canParse(JUDGE_URL) || !/^https?:$/.test(new URL(JUDGE_URL).protocol))
    throw new Error("JUDGE_URL must be the site's address, such as http://localhost:8787");
  if (!JUDGE_TOKEN) throw new Error("JUDGE_TOKEN must be this judge's token");
  const slots = values.slots === undefined ? Math.max(1, availableParallelism() - 1) : Number(values.slots);
  if (!Number.isInteger(slots) || slots < 1 || slots > 256)
    throw new Error(`--slots must be a number from 1 to 256, not ${values.slots}`);
  return {
    server: new URL(JUDGE_URL),
    token: JUDGE_TOKEN,
    name: JUDGE_NAME || hostname(),
    slots,
    cache: values.cache ?? (JUDGE_CACHE || ".data/judge"),
  };
}

function sayAbility({ level, reason, slots, toolchains, missing }: Ability): void {
  say(level === null ? `level none: nothing is judged here (${reason})` : `level ${level} (${reason})`);
  if (level === null) return;
  const offered = [...toolchains.values()].map(
    ({ language, version }) => `${languages[language.id].name} ${version}`,
  );
  say(`languages ${offered.join(", ") || "none"}`);
  for (const { language, reason: why } of missing)
    say(`not offered: ${languages[language.id].name} (${why})`);
  say(`slots ${slots.length}`);
}

function hello(name: string, ability: Ability, holding: string[]): JudgeMessage & { type: "hello" } {
  return {
    type: "hello",
    protocol: JUDGE_PROTOCOL,
    name,
    slots: ability.slots.length,
    level: ability.level,
    reason: ability.reason,
    languages: [...ability.toolchains.values()].map(({ language, version }) => ({
      id: language.id,
      version,
    })),
    holding,
  };
}

/** Calls `end` once, for whatever reason this process should end. */
function onEnd(end: () => Promise<void>): void {
  let ending = false;
  const once = (why: string): void => {
    if (ending) return;
    ending = true;
    say(`ends (${why})`);
    void end().finally(() => process.exit(0));
  };
  process.on("SIGTERM", () => once("SIGTERM"));
  process.on("SIGINT", () => once("SIGINT"));
  if (process.env["JUDGE_LIFELINE"] !== "1") return;
  process.stdin.on("end", () => once("its parent ended"));
  process.stdin.on("error", () => once("its parent ended"));
  process.stdin.resume();
}

async function main(settings: Settings): Promise<void> {
  process.umask(0o022);
  const store = await openStore(settings.cache);
  const closers: (() => Promise<void> | void)[] = [() => store.close()];
  // The last opened is the first closed.
  onEnd(async () => {
    for (const close of closers.toReversed()) await close();
  });

  const ability = await openJudge(store, settings.slots, say);
  closers.push(() => ability.close());
  sayAbility(ability);

  const server = connectServer(settings.server, settings.token);
  const packages = openPackageCache({ store, fetch: server.fetchPackage });
  const leases = openLeases({
    slots: ability.slots,
    packages,
    server,
    send: (message) => link.send(message),
    onOutcome: say,
  });
  const link = openLink({
    server: settings.server,
    token: settings.token,
    hello: () => hello(settings.name, ability, leases.holding()),
    heartbeat: () => ({ type: "heartbeat", holding: leases.holding() }),
    onMessage: leases.handle,
    onState: say,
  });
  closers.push(() => link.close());
}

try {
  await main(readSettings());
} catch (error) {
  console.error(`judge: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
