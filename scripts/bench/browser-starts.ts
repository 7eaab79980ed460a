import type { LanguageId } from "../../protocol/language.ts";
import type { RunLimits, SourceFile } from "../../wasm-runtimes/contract.ts";
import type { BrowserEngine, EnginePage, PageProgram, PageRuntime } from "../browser/engine.ts";
import { CONTEST_INPUT, CONTEST_OUTPUT, hello, sourceOf, variant } from "./programs.ts";
import { quantile, round } from "./rounds.ts";

/** From asking for a language until a program's first output, in milliseconds. */
export interface Start {
  /** Fetching and starting the language. */
  openMs: number;
  compileMs: number;
  /** From the program's start until its first output. */
  outputMs: number;
  totalMs: number;
}

export interface Starts {
  language: LanguageId;
  toolchain: string;
  /** Bytes that travelled when nothing was on this machine. */
  downloadBytes: number;
  /** With nothing on this machine; files come from a server on it. */
  cold: Start;
  /** In a new page, with the files on this machine. */
  warm: Start;
  /** A program of sixty lines, in milliseconds. */
  sixty: {
    /** The first of its size in a page. */
    firstMs: number;
    /** Another one in the same page. */
    warmMs: number;
    /** One that was compiled in an earlier page. */
    keptMs: number;
    /** From the run's beginning to its end. */
    runMs: number;
  };
  /** What a test costs besides the program's own time, one after the other, in milliseconds. */
  testMs: number;
  /** As many at once as the browser has cores. */
  testsPerSecond: number;
}

export const limits: RunLimits = {
  wallMs: 120_000,
  outputBytes: 1024 * 1024,
  memoryBytes: 512 * 1024 * 1024,
};

const TESTS = 20;

/** Every round begins with nothing on this machine. @returns medians, figure by figure */
export async function benchStarts(
  engine: BrowserEngine,
  language: LanguageId,
  rounds: number,
): Promise<Starts> {
  const all: Starts[] = [];
  for (let done = 0; done < rounds; done++) all.push(await oneRound(engine, language));
  return median(all);
}

async function oneRound(engine: BrowserEngine, language: LanguageId): Promise<Starts> {
  const small = hello[language];
  if (small === undefined) throw new Error("there is no program in this language");
  const contest = await sourceOf("contest", language);

  engine.site.forget();
  const first = await engine.openPage();
  const { start: cold } = await startIn(first, language, variant(small));
  const downloadBytes = [...engine.site.sent]
    .filter(([path]) => path.startsWith("/runtimes/"))
    .reduce((sum, [, bytes]) => sum + bytes, 0);
  const { profile } = first;
  await first.close();

  const page = await engine.openPage(profile);
  const { runtime, start: warm, program } = await startIn(page, language, variant(small));
  const big = [variant(contest), variant(contest)] as const;
  const { tookMs: firstMs } = await compiled(runtime, big[0]);
  const again = await compiled(runtime, big[1]);
  const ran = await again.program.run(new TextEncoder().encode(CONTEST_INPUT), limits);
  const output = new TextDecoder().decode(ran.stdout);
  if (output !== CONTEST_OUTPUT) throw new Error(`contest wrote ${JSON.stringify(output)}: ${ran.stderr}`);
  const tests = await program.repeat(TESTS, 1, limits);
  const beside = await program.repeat(TESTS * page.cores, page.cores, limits);
  await page.close();

  const later = await engine.openPage(profile);
  const { tookMs: keptMs } = await compiled(await later.openRuntime(language), big[1]);
  await profile.close();
  return {
    language,
    toolchain: runtime.toolchain,
    downloadBytes,
    cold,
    warm,
    sixty: { firstMs, warmMs: again.tookMs, keptMs, runMs: ran.tookMs },
    testMs: quantile(tests.eachMs, 0.5),
    testsPerSecond: (TESTS * page.cores * 1000) / beside.tookMs,
  };
}

async function startIn(
  page: EnginePage,
  language: LanguageId,
  source: SourceFile,
): Promise<{ runtime: PageRuntime; program: PageProgram; start: Start }> {
  const runtime = await page.openRuntime(language);
  const { program, tookMs: compileMs } = await compiled(runtime, source);
  const { firstOutputMs, ended, stderr } = await program.run(new Uint8Array(), limits);
  if (firstOutputMs === null) throw new Error(`hello wrote nothing: it ended by ${ended} ${stderr}`);
  const start = {
    openMs: runtime.tookMs,
    compileMs,
    outputMs: firstOutputMs,
    totalMs: runtime.tookMs + compileMs + firstOutputMs,
  };
  return { runtime, program, start };
}

/** @throws Error when it does not compile */
export async function compiled(
  runtime: PageRuntime,
  source: SourceFile,
): Promise<{ program: PageProgram; tookMs: number }> {
  const answer = await runtime.compile([source]);
  if (!answer.ok) throw new Error(`${source.name} does not compile: ${answer.error.text}`);
  return answer;
}

function median(all: readonly Starts[]): Starts {
  const [first] = all;
  if (first === undefined) throw new Error("there was no round");
  const of = (figure: (starts: Starts) => number): number => round(quantile(all.map(figure), 0.5));
  const start = (which: (starts: Starts) => Start): Start => ({
    openMs: of((one) => which(one).openMs),
    compileMs: of((one) => which(one).compileMs),
    outputMs: of((one) => which(one).outputMs),
    totalMs: of((one) => which(one).totalMs),
  });
  return {
    language: first.language,
    toolchain: first.toolchain,
    downloadBytes: of((one) => one.downloadBytes),
    cold: start((one) => one.cold),
    warm: start((one) => one.warm),
    sixty: {
      firstMs: of((one) => one.sixty.firstMs),
      warmMs: of((one) => one.sixty.warmMs),
      keptMs: of((one) => one.sixty.keptMs),
      runMs: of((one) => one.sixty.runMs),
    },
    testMs: of((one) => one.testMs),
    testsPerSecond: of((one) => one.testsPerSecond),
  };
}
