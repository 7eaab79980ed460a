import { type LanguageId, languages } from "../../protocol/language.ts";
import { buildForBrowser } from "../browser/built.ts";
import { openBrowserEngine } from "../browser/engine.ts";
import { benchSpeed, type Speed } from "./browser-speed.ts";
import { benchStarts, type Start, type Starts } from "./browser-starts.ts";
import { round } from "./rounds.ts";

/** What practice in the browser promises on a machine with two cores, once a language's files are on it. */
const PYTHON_START_MS = 1200;
const CPP_SIXTY_MS = 4000;
const JAVASCRIPT_START_MS = 200;
const SLOWEST_RATIO = 2;
const RATIO_LANGUAGES = ["c", "cpp", "python3"] as const;

export interface BrowserReport {
  browser: string;
  cores: number;
  starts: readonly Starts[];
  speeds: readonly Speed[];
  targets: readonly Target[];
  notMeasured: readonly { name: string; reason: string }[];
}

export interface Target {
  target: string;
  figure: number | null;
  met: boolean | null;
  /** What the figure is made of. */
  limit: string;
}

/**
 * The languages of the browser, in headless Chromium over the built client: what they weigh, how soon a program of theirs says
 * something, and how fast it computes.
 */
export async function benchBrowser(rounds: number): Promise<BrowserReport> {
  await buildForBrowser(["cpp"], console.log);
  const engine = await openBrowserEngine();
  const notMeasured: { name: string; reason: string }[] = [];
  const starts: Starts[] = [];
  const speeds: Speed[] = [];
  try {
    const { languages: offered, cores, profile } = await engine.openPage();
    await profile.close();
    for (const language of offered) {
      const { name } = languages[language];
      console.log(`${name}…`);
      const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | null> => {
        try {
          return await work();
        } catch (error) {
          const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
          notMeasured.push({ name: `${name}: ${what}`, reason });
          return null;
        }
      };
      const start = await attempt("starts", () => benchStarts(engine, language, rounds));
      if (start !== null) starts.push(start);
      const page = await engine.openPage();
      speeds.push(...((await attempt("speed", () => benchSpeed(page, language, rounds))) ?? []));
      await page.profile.close();
    }
    const targets = compare(starts, speeds);
    return { browser: engine.name, cores, starts, speeds, targets, notMeasured };
  } finally {
    await engine.close();
  }
}

/** Which promises hold. */
export function compare(starts: readonly Starts[], speeds: readonly Speed[]): Target[] {
  const of = (language: LanguageId): Starts | undefined => starts.find((one) => one.language === language);
  const python = of("python3");
  const cpp = of("cpp");
  const javascript = of("javascript");
  return [
    target(`Python's first output in a new page within ${PYTHON_START_MS} ms, warm`, python?.warm.totalMs, {
      most: PYTHON_START_MS,
      limit: python === undefined ? "" : partsOf(python.warm),
    }),
    target(
      `60 lines of C++ compiled and run within ${CPP_SIXTY_MS} ms, warm`,
      cpp === undefined ? undefined : round(cpp.sixty.warmMs + cpp.sixty.runMs),
      { most: CPP_SIXTY_MS, limit: cpp === undefined ? "" : sixtyOf(cpp) },
    ),
    target(
      `JavaScript's first output in a new page within ${JAVASCRIPT_START_MS} ms, warm`,
      javascript?.warm.totalMs,
      { most: JAVASCRIPT_START_MS, limit: javascript === undefined ? "" : partsOf(javascript.warm) },
    ),
    ...RATIO_LANGUAGES.map((language) => ratioTarget(language, speeds)),
  ];
}

function target(
  name: string,
  figure: number | undefined,
  { most, limit }: { most: number; limit: string },
): Target {
  return { target: name, figure: figure ?? null, met: figure === undefined ? null : figure <= most, limit };
}

function partsOf({ openMs, compileMs, outputMs }: Start): string {
  return `${openMs} ms to start the language from files on this machine, ${compileMs} ms to compile, ${outputMs} ms from the program's start to its output`;
}

function sixtyOf({ sixty, warm }: Starts): string {
  const { firstMs, warmMs, keptMs, runMs } = sixty;
  return `${warmMs} ms the compiler (the first time in a page ${firstMs} ms, after ${warm.openMs} ms to start it; ${keptMs} ms for a program compiled before), ${runMs} ms the run`;
}

/** Of all programs, since each may be the one that somebody writes. */
function ratioTarget(language: LanguageId, speeds: readonly Speed[]): Target {
  const own = speeds.filter((speed) => speed.language === language).toSorted((a, b) => b.ratio - a.ratio);
  const [worst] = own;
  const mean = Math.exp(own.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / own.length);
  return target(
    `${languages[language].name} takes at most ${SLOWEST_RATIO} times as long as outside of the browser`,
    worst?.ratio,
    {
      most: SLOWEST_RATIO,
      limit:
        worst === undefined
          ? ""
          : `${worst.program} is the slowest, ${worst.browserMs} ms to ${worst.nativeMs} ms of ${worst.native}; the geometric mean of all is ${round(mean)}`,
    },
  );
}

/** Prints a report for people. */
export function printBrowserReport({
  browser,
  cores,
  starts,
  speeds,
  targets,
  notMeasured,
}: BrowserReport): void {
  console.log(`${browser}, ${cores} programs at once; times in ms, medians`);
  const rows = starts.map(({ language, downloadBytes, cold, warm, sixty, testMs, testsPerSecond }) => [
    languages[language].name,
    {
      "download MB": round(downloadBytes / 1e6),
      cold: cold.totalMs,
      warm: warm.totalMs,
      "60 lines, first": sixty.firstMs,
      "60 lines, warm": sixty.warmMs,
      "60 lines, kept": sixty.keptMs,
      "a test": testMs,
      "tests/s": testsPerSecond,
    },
  ]);
  console.table(Object.fromEntries(rows));
  for (const { language, toolchain } of starts) console.log(`${languages[language].name}: ${toolchain}`);
  const ratios = speeds.map(({ language, program, browserMs, nativeMs, ratio, native }) => [
    `${languages[language].name}, ${program}`,
    { browser: browserMs, native: nativeMs, ratio, "native by": native },
  ]);
  console.table(Object.fromEntries(ratios));
  for (const { name, reason } of notMeasured) console.log(`not measured: ${name} (${reason})`);
  for (const { target, figure, met, limit } of targets) {
    console.log(`${met === null ? "not measured" : met ? "met" : "NOT MET"}: ${target}: ${figure ?? "-"}`);
    if (limit !== "") console.log(`    ${limit}`);
  }
}
