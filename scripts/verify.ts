/**
 * `npm run verify -- PACKAGE…`: judges problem packages' own submissions and compares with what the packages expect of them.
 *
 *     read the packages -> open a judge, as its doctor does; a browser -> for each package:
 *
 *         the time limit, where it is left out -> every submission on every test, by each engine -> input validators
 *
 *     -> how far the engines agree -> exit 0 or 1
 *
 * Exit 2 as soon as a package or this host turns out to be of no use. Then nothing was said of the submissions.
 */
import { JudgingFailure } from "../judge/failure.ts";
import { openProblem } from "../judge/problem.ts";
import { SandboxError } from "../judge/sandbox.ts";
import type { Slot } from "../judge/slot.ts";
import type { LanguageId } from "../protocol/language.ts";
import { buildForBrowser } from "./browser/built.ts";
import { NoBrowser } from "./browser/launch.ts";
import { type Agreement, newAgreement } from "./verify/agreement.ts";
import { browserObstacle, type BrowserJudge, openBrowserJudge } from "./verify/browser-engine.ts";
import { inferredFromRuns } from "./verify/inferred-limit.ts";
import { checkInputs } from "./verify/input-validators.ts";
import { languagesOf, timeLimit, withJudge } from "./verify/judge-side.ts";
import type { Engine } from "./verify/judged.ts";
import { HELP, parseOptions, type VerifyOptions } from "./verify/options.ts";
import { describePackage, type GivenPackage, readPackages } from "./verify/packages.ts";
import {
  browserNeedsJudge,
  compare,
  type Engines,
  judgeSubmissions,
  type Output,
} from "./verify/submissions.ts";
import { Unusable, usable } from "./verify/unusable.ts";

const engines: Readonly<Record<VerifyOptions["engine"], readonly Engine[]>> = {
  judge: ["judge"],
  browser: ["browser"],
  both: ["judge", "browser"],
};

async function verify({ paths, engine, extent, json }: VerifyOptions): Promise<boolean> {
  const say: Output["say"] = json ? console.error : console.log;
  const asked = engines[engine];
  const given = readPackages(paths, say);
  const agreement = newAgreement();
  const all = async (slot: Slot | null, browser: BrowserJudge | null): Promise<boolean> => {
    let asExpected = true;
    for (const [index, one] of given.entries()) {
      if (index > 0) say("");
      const output = { say, json, place: given.length > 1 ? one.path : null };
      const right = await verifyPackage(one, { slot, browser, asked, extent, agreement }, output);
      asExpected &&= right;
    }
    for (const line of browser?.toolchains() ?? []) say(line);
    if (engine === "both") for (const line of agreement.lines()) say(line);
    return asExpected;
  };
  const judgeNeeded = asked.includes("judge") || given.some(({ pkg }) => browserNeedsJudge(pkg));
  const judged = asked.includes("judge") ? given.flatMap(({ pkg }) => languagesOf(pkg)) : [];
  const inBrowser = given
    .filter(({ pkg }) => browserObstacle(pkg) === null)
    .flatMap(({ pkg }) => languagesOf(pkg));
  return withBrowser(asked.includes("browser") ? inBrowser : null, say, (browser) =>
    judgeNeeded
      ? withJudge(say, new Set<LanguageId>(judged), (slot) => all(slot, browser))
      : all(null, browser),
  );
}

/** @param used - what is to run there; null when no browser is needed */
async function withBrowser<T>(
  used: readonly LanguageId[] | null,
  say: Output["say"],
  work: (browser: BrowserJudge | null) => Promise<T>,
): Promise<T> {
  if (used === null) return work(null);
  await buildForBrowser(used, say);
  const browser = await openBrowserJudge();
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

interface Conditions extends Pick<Engines, "asked" | "browser"> {
  slot: Slot | null;
  extent: VerifyOptions["extent"];
  agreement: Agreement;
}

async function verifyPackage(given: GivenPackage, conditions: Conditions, output: Output): Promise<boolean> {
  const { say } = output;
  const { pkg, files } = given;
  const { slot, asked, browser, extent } = conditions;
  say(describePackage(pkg));
  const problem = slot === null ? null : await openProblem(pkg, slot.store);
  const judge = slot === null || problem === null ? null : { slot, problem };
  try {
    const timeMs = await timeLimit(pkg, judge, say);
    const judged = await judgeSubmissions(pkg, { asked, judge, browser }, timeMs, extent, output);
    compare(output.place, judged, conditions.agreement);
    const asExpected = [...judged.judge, ...judged.browser].every(
      ({ unexpected }) => unexpected.length === 0,
    );
    if (!asked.includes("judge") || judge === null) return asExpected;
    if (pkg.limits.timeMs !== null && timeMs !== null) {
      const allowanceMs = (language: LanguageId): number =>
        judge.slot.toolchains.get(language)?.language.allowance.cpuMs ?? 0;
      say(inferredFromRuns(pkg.limits.timing, judged.judge, allowanceMs));
    }
    const { tried, faults } = await checkInputs(judge.slot, judge.problem, files);
    say(tried);
    for (const fault of faults) say(`  ${fault}`);
    return asExpected && faults.length === 0;
  } finally {
    await problem?.close();
  }
}

async function main(): Promise<number> {
  try {
    process.umask(0o022);
    const options = usable(() => parseOptions(process.argv.slice(2)));
    if (options !== "help") return (await verify(options)) ? 0 : 1;
    console.log(HELP);
    return 0;
  } catch (error) {
    const known =
      error instanceof Unusable ||
      error instanceof NoBrowser ||
      error instanceof JudgingFailure ||
      error instanceof SandboxError;
    console.error("verify:", known ? error.message : error);
    return 2;
  }
}

// Not by itself: what a judge prepares for later, such as the standard library of Go, nobody waits for.
process.exit(await main());
