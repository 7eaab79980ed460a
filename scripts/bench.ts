/**
 * Measures how fast the parts are:
 *
 *     npm run bench -- [judge] [browser] [relay] [live] [--rounds N] [--json FILE]
 *
 * Prints figures, and writes them as JSON to FILE, or to dist/. Ends with 0 however slow things are: a busy machine is no fault.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchBrowser, printBrowserReport } from "./bench/browser.ts";
import { benchJudge, printJudgeReport } from "./bench/judge.ts";
import { benchLive, printLiveReport } from "./bench/live/live.ts";
import { printRelayReport } from "./bench/relay/print.ts";
import { benchRelay } from "./bench/relay/relay.ts";
import { benchSubmissions, printSubmissionsReport } from "./bench/submissions.ts";
import { build } from "./build.ts";
import { DIST } from "./folders.ts";

interface Bench {
  /** How often everything is measured, where nothing else is asked for. */
  rounds: number;
  run(rounds: number): Promise<object>;
}

const benches: Record<string, Bench> = {
  judge: {
    rounds: 200,
    run: async (rounds) => {
      const tests = await benchJudge(rounds);
      printJudgeReport(tests);
      const submissions = await benchSubmissions(rounds);
      printSubmissionsReport(submissions);
      return { ...tests, submissions };
    },
  },
  browser: {
    rounds: 5,
    run: async (rounds) => {
      const report = await benchBrowser(rounds);
      printBrowserReport(report);
      return report;
    },
  },
  relay: {
    rounds: 5,
    run: async (rounds) => {
      const report = await benchRelay(rounds);
      printRelayReport(report);
      return report;
    },
  },
  live: {
    rounds: 60,
    run: async (rounds) => {
      const report = await benchLive(rounds);
      printLiveReport(report);
      return report;
    },
  },
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string" }, json: { type: "string" } },
});
const names = positionals.length > 0 ? positionals : Object.keys(benches);
if (values.json !== undefined && names.length > 1)
  throw new Error("--json takes the figures of one benchmark");
const asked = values.rounds === undefined ? null : Number(values.rounds);
if (asked !== null && (!Number.isSafeInteger(asked) || asked < 1))
  throw new Error(`--rounds must be a whole number, not "${values.rounds}"`);

await build();
const host = {
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? "unknown",
  kernel: `${type()} ${release()}`,
  node: process.version,
  load: loadavg().map((load) => Math.round(load * 100) / 100),
};
console.log(
  `${host.cores} cores (${host.processor}), ${host.kernel}, Node ${host.node}, load average ${host.load.join(" ")}`,
);
mkdirSync(DIST, { recursive: true });
for (const name of names) {
  const bench = benches[name];
  if (bench === undefined)
    throw new Error(`there is no benchmark "${name}"; there are: ${Object.keys(benches).join(", ")}`);
  const rounds = asked ?? bench.rounds;
  const report = { measuredAt: new Date().toISOString(), host, rounds, ...(await bench.run(rounds)) };
  const file = values.json ?? join(DIST, `bench-${name}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`also in ${file}`);
}
