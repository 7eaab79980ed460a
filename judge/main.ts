/**
 * The re-judge service: connects outward to the site, takes leases on submissions, judges them in the sandbox.
 *
 *     JUDGE_URL=http://localhost:8787 JUDGE_TOKEN=… node judge/main.ts [--slots N] [--cache DIR] [--level L] [--root DIR]
 *     node judge/main.ts doctor [--all] [--level L] [--root DIR]
 *     node judge/main.ts install LANGUAGE…
 *     node judge/main.ts help
 *
 *     start -> open the store (sweep what dead judges left) -> try the levels -> connect, say what holds here
 *                                                                  |
 *                       no isolation: connects all the same, with no slots and the reason; never runs anything bare
 *
 *     lease -> fetch the source, fetch the package (by hash, cached) -> compile -> test by test
 *           -> bring the evidence -> result, until it is settled
 *
 *     idle for a while after the start -> hostile programs of our own, once; the report goes to the site
 *
 *     end: SIGTERM, SIGINT, or the end of stdin where JUDGE_LIFELINE=1 says that it is a lifeline of the parent's.
 *          Takes leave, so that others do at once what it held; closes the link, ends the supervisors (and so every
 *          jailed program), removes its files. SIGHUP: takes nothing new, finishes what it holds, then ends.
 *     kill -9: the supervisors see the end of their input and end by themselves; the next judge sweeps the files.
 *
 * Prints a line for each change of state: `judge: level full (root, cgroup v1: memory, pids, cpuacct)`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { JudgeMessage } from "../protocol/judge.ts";
import type { CheckReport } from "../protocol/judge-check.ts";
import { languages } from "../protocol/language.ts";
import { describeReport, runDoctor } from "./doctor.ts";
import { onEnding } from "./ending.ts";
import { runInstall } from "./install.ts";
import { doLease } from "./lease-work.ts";
import { openLeases } from "./leases.ts";
import { openLink, PROTOCOLS } from "./link.ts";
import { type Ability, openJudge } from "./open-judge.ts";
import { openPackageCache } from "./package-cache.ts";
import { connectServer, type Server } from "./server.ts";
import { HELP, readSettings, type Settings } from "./settings.ts";
import { openStore, type Store } from "./store.ts";
import { whenIdle } from "./when-idle.ts";

/** Long enough for a contest's first submissions to go before the check of a judge that has just started. */
const IDLE_BEFORE_CHECK_MS = 20_000;

function say(line: string): void {
  console.log(`judge: ${line}`);
}

function sayAbility({ level, reason, slots, toolchains, missing }: Ability): void {
  say(level === null ? `level none: nothing is judged here (${reason})` : `level ${level} (${reason})`);
  if (level === null) return;
  if (level === "process") say("NOTHING IS ISOLATED: programs can do what you can; verdicts are provisional");
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
    protocols: [...PROTOCOLS],
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

async function serve({ site, name, cache, conditions }: Settings & { command: "serve" }): Promise<void> {
  const store = await openStore(cache);
  const closers: (() => Promise<void> | void)[] = [() => store.close()];
  let drain = (): Promise<void> => Promise.resolve();
  const end = async (): Promise<void> => {
    // The last opened is the first closed.
    for (const close of closers.toReversed()) await close();
  };
  onEnding({ drain: () => drain(), end, say }, process.env);

  const ability = await openJudge(store, conditions, say);
  closers.push(() => ability.close());
  sayAbility(ability);

  const server = connectServer(site.server, site.token);
  const packages = openPackageCache({ store, fetch: server.fetchPackage });
  const leases = openLeases({
    slots: ability.slots,
    work: (slot, lease, onProgress) => doLease(slot, lease, { packages, server, onTook: say }, onProgress),
    send: (message) => link.send(message),
    onOutcome: say,
  });
  drain = leases.drain;
  const link = openLink({
    server: site.server,
    token: site.token,
    hello: () => hello(name, ability, leases.holding()),
    heartbeat: () => ({ type: "heartbeat", holding: leases.holding(), load: load() }),
    onMessage: leases.handle,
    onState: say,
  });
  closers.push(async () => {
    link.send({ type: "leaving", holding: [] });
    await link.close();
  });
  closers.push(
    whenIdle(
      () => leases.holding().length === 0,
      IDLE_BEFORE_CHECK_MS,
      () => void check(ability, store, server),
    ),
  );
}

/** How many want to run on each processor of this host. */
function load(): number {
  const [lastMinute = 0] = loadavg();
  return lastMinute / cpus().length;
}

/** Tries the quick hostile programs, and tells the site what holds. */
async function check(ability: Ability, store: Store, server: Server): Promise<void> {
  try {
    const report =
      ability.level === null
        ? { at: Date.now(), level: null, reason: ability.reason, guarantees: [] }
        : await examineAside(ability, store, false, () => undefined);
    const broken = report.guarantees.filter(({ state }) => state === "broken");
    for (const { id, detail } of broken) say(`CHECK: ${id} does not hold: ${detail}`);
    if (broken.length === 0 && ability.level !== null)
      say(`checked: what level ${ability.level} promises holds`);
    await server.sendCheck(report);
  } catch (error) {
    // Ending in the middle of it is no failure, and judging goes on without the report.
    say(`could not check: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** On a store of its own: what other slots do in theirs would look like something left behind. */
async function examineAside(
  ability: Ability,
  store: Store,
  all: boolean,
  onResult: (line: string) => void,
): Promise<CheckReport> {
  const folder = await store.newFolder();
  const own = await openStore(store.absolute(folder));
  try {
    return await ability.aside(own, (slot) => runDoctor(slot, all, onResult));
  } finally {
    await store.remove(folder);
  }
}

/** @returns the exit code: 0 only when all that the level claims holds */
async function doctor({ site, all, conditions }: Settings & { command: "doctor" }): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "judge-doctor-"));
  const store = await openStore(folder);
  const ability = await openJudge(store, conditions, () => undefined);
  try {
    sayAbility(ability);
    if (ability.level === null) return 1;
    const report = await examineAside(ability, store, all, say);
    for (const line of describeReport(report)) say(line);
    if (site !== null) await tell(connectServer(site.server, site.token), report);
    return report.guarantees.some(({ state }) => state === "broken") ? 1 : 0;
  } finally {
    await ability.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tell(server: Server, report: CheckReport): Promise<void> {
  await server.sendCheck(report);
  say("the site has been told");
}

async function obey(settings: Settings): Promise<void> {
  switch (settings.command) {
    case "serve":
      return serve(settings);
    case "doctor":
      return process.exit(await doctor(settings));
    case "install":
      return process.exit(await runInstall(settings.words));
    case "help":
      return console.log(HELP);
    default:
      settings satisfies never;
  }
}

try {
  process.umask(0o022);
  await obey(readSettings(process.argv.slice(2), process.env));
} catch (error) {
  console.error(`judge: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
