import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { languages } from "../protocol/language.ts";
import { JudgingStatus } from "../protocol/submission.ts";
import { build, describeBuild } from "./build.ts";
import { runDemoProvider } from "./demo-provider.ts";
import {
  asAdministrator,
  isMade,
  markMade,
  prepareInstallation,
  renewAdministrator,
  renewJudgeToken,
  renewLogin,
  type Login,
} from "./installation.ts";
import { runJudge } from "./judge-process.ts";
import { PREPARED } from "./folders.ts";
import { lockFolder } from "./lock.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { HELP, isLoopback, parseOptions, type StartOptions } from "./options.ts";
import { demoAccounts, giveDemoCredits, seed } from "./seed.ts";
import { missingLists, publishPrepared, runPreparation } from "./preparation.ts";
import { requireFreePort, startServer, type Server } from "./server.ts";
import { describeSetup, setUp } from "./setup.ts";

/** How long the summary waits for the judge to look at what it runs on; after that it goes on without. */
const JUDGE_MS = 30_000;

/** Ends, in the order given, what has been started so far. */
const stops: (() => void | Promise<void>)[] = [];

const say = (label: string, text: string): void => console.log(`  ${label.padEnd(10)} ${text}`);

async function start(options: StartOptions): Promise<void> {
  console.log("\nTabarena\n");
  stops.unshift(lockFolder(options.data));
  if (options.port !== 0) await requireFreePort(options.host, options.port);
  if (options.judge) {
    const setup = await setUp(["judge"], options.install, (text) => say("setup", text));
    for (const text of describeSetup(setup)) say("setup", text);
  }
  say("build", describeBuild(await build()));

  const server = await startServer(options.data, (line) => console.log(`site  | ${line}`));
  stops.unshift(() => server.close());
  const applied = await migrate(await server.database(), readMigrations());
  say("database", applied.length > 0 ? `applied ${applied.join(", ")}` : "up to date");
  const logins = await prepare(server, options);
  const token = options.judge ? await renewJudgeToken(await server.database()) : null;

  const url = await server.open(options.host, options.port);
  console.log();
  for (const address of addressesOf(url, options.host)) say("Site", address);
  if (token !== null) {
    const settings = { url, token, cache: join(options.data, "judge") };
    stops.unshift(runJudge(settings, (line) => console.log(`judge | ${line}`)));
  }
  await show(server, logins, options);
  await describeJudge(server, token !== null);
  console.log("\n  Ctrl-C stops everything.\n");
  await Promise.all([serveDemoModel(server, url, options), prepareForBrowsers(server)]);
}

/** Once the judge has looked at what it runs on: the model's speed is measured when it is opened. */
async function serveDemoModel(server: Server, url: string, options: StartOptions): Promise<void> {
  if (!options.provider) return say("Provider", "none here (--no-provider)");
  const demo = runDemoProvider(server, { url, mayInstall: options.install }, (line) =>
    console.log(`agent | ${line}`),
  );
  stops.unshift(demo.stop);
  const description = await demo.described;
  if (stopping === null) say("Provider", description);
}

/**
 * Makes what browsers do without at first. Last of all: it takes a processor for a minute, and the judge has looked
 * at what it runs on by now.
 */
async function prepareForBrowsers(server: Server): Promise<void> {
  try {
    const missing = await missingLists(server);
    if (missing.length === 0) return;
    say("Prepare", "the C++ library for browsers, in the background; C++ runs on the judge alone until then");
    const began = performance.now();
    const preparation = runPreparation();
    stops.unshift(preparation.stop);
    const reason = await preparation.done;
    if (stopping !== null) return;
    if (reason !== null) throw new Error(reason);
    await publishPrepared(server, PREPARED, missing);
    say("Prepare", `the C++ library is ready, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (stopping === null) say("Prepare", `failed, so C++ does not run in browsers: ${why}`);
  }
}

/**
 * Where people find the site. A site on all addresses of the machine has several.
 * @param url as the server tells it: with the loopback for "all addresses"
 */
function addressesOf(url: string, host: string): string[] {
  const local = url.replace("127.0.0.1", "localhost");
  if (!["0.0.0.0", "::", "*"].includes(host)) return [local];
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => url.replace("127.0.0.1", address));
  return [local, ...others];
}

interface Logins {
  administrator: Login | null;
  demo: Login[];
}

/** Makes what a first start makes: the administrator, the demo, and accounts to try it with. */
async function prepare(server: Server, options: StartOptions): Promise<Logins> {
  const database = await server.database();
  await prepareInstallation(database);
  const renew = options.resetAdmin || !(await isMade(database, "administrator"));
  const administrator = renew ? await renewAdministrator(database) : null;
  if (!options.demo || (await isMade(database, "demo"))) return { administrator, demo: [] };

  const began = performance.now();
  const made = await asAdministrator(database, (cookie) => seed(server, cookie));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(
    "demo",
    `${made.problems} problems${made.contest ? ` and the contest "${made.contest}"` : ""}, ${seconds} s`,
  );
  if (!isLoopback(options.host)) return { administrator, demo: [] };
  const demo: Login[] = [];
  for (const name of demoAccounts) demo.push(await renewLogin(database, name, "member"));
  await asAdministrator(database, (cookie) => giveDemoCredits(server, cookie));
  return { administrator, demo };
}

/** Shows passwords this once, and then remembers that they were shown. */
async function show(server: Server, { administrator, demo }: Logins, options: StartOptions): Promise<void> {
  const reset = "npm start -- --reset-admin";
  if (administrator) {
    say(
      "Admin",
      `${administrator.username}  ${administrator.password}  (shown only now; a new one: ${reset})`,
    );
  } else {
    say("Admin", `admin  (password as shown before; a new one: ${reset})`);
  }
  for (const { username, password } of demo) say("Demo", `${username}  ${password}`);
  const database = await server.database();
  if (administrator) await markMade(database, "administrator");
  if (options.demo) await markMade(database, "demo");
}

/** Tells what submissions are judged by, or why they wait. */
async function describeJudge(server: Server, expected: boolean): Promise<void> {
  if (!expected) return say("Judge", "none here (--no-judge): submissions wait until one connects");
  const judge = await firstJudge(server);
  if (!judge) return say("Judge", "not connected yet: submissions wait until it is");
  if (judge.slots === 0 || judge.level === null) {
    return say("Sandbox", `none holds here, submissions wait: ${judge.reason}`);
  }
  say("Sandbox", `${judge.level}: ${judge.reason}`);
  const found = judge.languages.map(({ id, version }) => `${languages[id].name} (${version})`);
  say("Languages", found.join(", ") || "none");
}

async function firstJudge(server: Server): Promise<JudgingStatus["judges"][number] | null> {
  for (const end = Date.now() + JUDGE_MS; Date.now() < end; await sleep(150)) {
    const answer = await server.fetch("/api/judging");
    if (answer.status !== 200) continue;
    const { judges } = v.parse(JudgingStatus, JSON.parse(await answer.text()));
    if (judges[0]) return judges[0];
  }
  return null;
}

/** When the end began, or null. */
let stopping: number | null = null;

// One Ctrl-C arrives twice under npm: from the terminal, and handed on by npm.
const SAME_SIGNAL_MS = 500;

/** Ends every process of ours, then this one. Who asks again is impatient and does not wait. */
async function stop(code: number): Promise<void> {
  if (stopping !== null) {
    if (Date.now() - stopping > SAME_SIGNAL_MS) process.exit(code);
    return;
  }
  stopping = Date.now();
  for (const end of stops) {
    try {
      await end();
    } catch (error) {
      console.error(error);
    }
  }
  process.exit(code);
}

try {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options === "help") {
    console.log(HELP);
  } else {
    // A stop that was asked for is not a failure.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
    await start(options);
  }
} catch (error) {
  if (stopping === null) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
    await stop(1);
  }
}
