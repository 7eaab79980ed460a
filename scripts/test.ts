import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { installAgentPackages } from "./agent-packages.ts";
import { build, describeBuild } from "./build.ts";
import { ROOT } from "./folders.ts";
import { placePrepared, runPreparation } from "./preparation.ts";
import { describeSetup, findChromium, type Purpose, setUp } from "./setup.ts";
import { counter, summary, type Tally } from "./tally.ts";

/**
 * npm test [-- filters]: every kind of test; the last line printed is the count.
 *
 *   --long          the full counts (also: npm run test:long)
 *   --project NAME  only unit, worker, service, judge, pages, browser or system; may be repeated
 *   --no-install    never install system packages
 */
const { values, positionals } = readOptions();

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        long: { type: "boolean" },
        project: { type: "string", multiple: true },
        "no-install": { type: "boolean" },
      },
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

process.chdir(ROOT);
if (values.long) process.env["TEST_LONG"] = "1";

const projects = values.project ?? [];
const needsRuntimes = ["pages", "browser", "system"];
const inBrowsers = projects.length === 0 || projects.some((name) => needsRuntimes.includes(name));
// Beside the rest that has to be made, since it takes the longest of all; once it is there, it takes no time.
const preparation = inBrowsers ? runPreparation() : null;

const agent = installAgentPackages(!values["no-install"]);

const purposes: Purpose[] = values.long ? ["judge", "test", "guest"] : ["judge", "test"];
const setup = await setUp(purposes, !values["no-install"], (line) => console.log(`setup: ${line}`));
for (const line of describeSetup(setup)) console.log(`setup: ${line}`);
console.log(`build: ${describeBuild(await build())}`);
const unprepared = (await preparation?.done) ?? null;
if (unprepared !== null) console.log(`prepare: failed: ${unprepared}`);
placePrepared();

const absent: string[] = setup.missing.map(({ name, without }) => `${without}: ${name} is missing`);
const withoutAgent = await agent;
if (withoutAgent !== null) absent.push(`the agent's engine: ${withoutAgent}`);
const chromium = findChromium();
if (chromium !== null) process.env["CHROMIUM"] = chromium;
else if (projects.length === 0) projects.push("!pages", "!browser");

const tally: Tally = { passed: 0, failed: [], skipped: [], broken: [] };
const vitest = await startVitest(positionals, {
  run: true,
  watch: false,
  reporters: ["default", counter(tally)],
  ...(projects.length > 0 && { project: projects }),
});
await vitest.close();

for (const { name, reason } of tally.skipped) console.log(`skipped: ${name}${reason && ` (${reason})`}`);
for (const line of absent) console.log(`skipped: ${line}`);
if (setup.advice !== null && absent.length > 0) console.log(setup.advice);
// Last, where whoever sees no more than the end of the output still reads it.
for (const line of tally.broken) console.log(`broken: ${line}`);
for (const { name, reason } of tally.failed) console.log(`failed: ${name}: ${reason}`);
console.log(summary(tally));
process.exit(
  tally.failed.length + tally.broken.length > 0 || tally.passed === 0 ? 1 : (process.exitCode ?? 0),
);
