import { examples } from "../../judge/languages/examples.ts";
import {
  type LanguageId,
  type ProgrammingLanguageId,
  programmingLanguages,
} from "../../protocol/language.ts";
import type { SubmissionView } from "../../protocol/submission.ts";
import { quantile, round } from "./rounds.ts";
import { openBenchSite, type BenchSite } from "./site.ts";

/** What the judge promises, on a machine with two cores. */
const TARGET_MS = 1500;
const SLOTS = 2;
const FEW_TESTS = 20;
const MANY_TESTS = 50;

/** How many submissions are waiting at once while throughput is measured: enough that no slot is ever idle. */
const WAITING = 8;

/** One part of the way from the request to the verdict, in milliseconds. */
export interface Part {
  part: string;
  p50Ms: number;
  p90Ms: number;
}

export interface SubmissionsReport {
  /** One C++ submission at a time, on 50 tests: what each part of the way takes. */
  parts: readonly Part[];
  /** A mix of languages on 20 tests each, two at once. */
  throughput: { submissions: number; perMinute: number; languages: readonly ProgrammingLanguageId[] };
  targets: { target: string; figure: number; met: boolean }[];
}

/**
 * From the request that submits to the verdict on the author's socket, on a whole site with one judge; then how many
 * submissions a minute go through it. Programs differ in a comment each time, so that none is compiled only once.
 *
 * @param rounds - how many submissions of the first kind; the second takes as many
 */
export async function benchSubmissions(rounds: number): Promise<SubmissionsReport> {
  const site = await openBenchSite(SLOTS);
  try {
    await site.publish("many", sumPackage(MANY_TESTS));
    await site.publish("few", sumPackage(FEW_TESTS));
    const parts = await timeParts(site, rounds);
    const throughput = await measureThroughput(site, rounds);
    const p50 = parts.at(-1)?.p50Ms ?? Infinity;
    return {
      parts,
      throughput,
      targets: [
        {
          target: `at most ${TARGET_MS} ms from POST to the verdict of a C++ submission with ${MANY_TESTS} tests, median`,
          figure: p50,
          met: p50 <= TARGET_MS,
        },
      ],
    };
  } finally {
    await site.close();
  }
}

/** "Say `sum` and numbers, and get their sum" with so many tests. */
function sumPackage(tests: number): Record<string, string> {
  const files: Record<string, string> = {
    "problem.yaml": `problem_format_version: 2025-09
name: Sum of ${tests}
uuid: 5b1c0f7e-0000-4000-8000-${String(tests).padStart(12, "0")}
license: cc0
rights_owner: nobody
limits:
  time_limit: 2
`,
    "statement/problem.en.md": "After a line with the word `sum` follow numbers. Add them.\n",
    "submissions/accepted/sum.py": examples.python3.obedient,
    "input_validators/any.py": "import sys\nsys.exit(42)\n",
  };
  for (let test = 1; test <= tests; test++) {
    const name = `data/${test === 1 ? "sample" : "secret"}/${String(test).padStart(3, "0")}`;
    files[`${name}.in`] = `sum\n${test} ${test * 7}\n`;
    files[`${name}.ans`] = `${test * 8}\n`;
  }
  return files;
}

/** Where a comment does not begin with `//`. */
const comments: Partial<Record<LanguageId, string>> = {
  bash: "#",
  haskell: "--",
  lua: "--",
  perl: "#",
  pypy3: "#",
  python3: "#",
  ruby: "#",
};

/** The right program with a comment that makes it another one. */
function programOf(language: ProgrammingLanguageId, mark: number): string {
  return `${examples[language].obedient.trimEnd()}\n${comments[language] ?? "//"} ${mark}\n`;
}

/** What the judge says of the parts of its own work: `<submission> took source 3 ms, compile 310 ms, tests 190 ms`. */
function partsOf(line: string): ReadonlyMap<string, number> {
  return new Map(
    [...line.matchAll(/\b([a-z]+) (\d+) ms/g)].map(([, part, ms]) => [part ?? "", Number(ms)] as const),
  );
}

async function timeParts(site: BenchSite, rounds: number): Promise<Part[]> {
  const times = new Map<string, number[]>();
  const note = (part: string, ms: number): void => {
    times.set(part, [...(times.get(part) ?? []), ms]);
  };
  const verdicts = await followVerdicts(site);
  const said = new Map<string, ReadonlyMap<string, number>>();
  site.onJudgeLine((line) => {
    const [submission = "", parts] = line.split(" took ");
    if (parts !== undefined) said.set(submission, partsOf(parts));
  });
  // The first ones fetch the package and wait for the precompiled header.
  for (let round = -5; round < rounds; round++) {
    const began = performance.now();
    const { id } = await site.submit("many", "cpp", programOf("cpp", round));
    const posted = performance.now();
    const judged = await verdicts.wait(id);
    expectAccepted(judged.submission);
    if (round < 0) continue;
    note("POST to its answer", posted - began);
    const judging = [...(said.get(id) ?? [])];
    for (const [part, ms] of judging) note(`judge: ${part}`, ms);
    const inJudge = judging.reduce((sum, [, ms]) => sum + ms, 0);
    note("the rest: queue, link, writing down, socket", judged.at - began - (posted - began) - inJudge);
    note("POST to the verdict on the socket", judged.at - began);
  }
  verdicts.close();
  return [...times].map(([part, ms]) => ({
    part,
    p50Ms: round(quantile(ms, 0.5)),
    p90Ms: round(quantile(ms, 0.9)),
  }));
}

async function measureThroughput(
  site: BenchSite,
  submissions: number,
): Promise<SubmissionsReport["throughput"]> {
  const languages = programmingLanguages.filter((language) => site.languages.includes(language));
  const verdicts = await followVerdicts(site);
  let next = 0;
  const drive = async (): Promise<void> => {
    while (next < submissions) {
      const mark = next++;
      const language = languages[mark % languages.length];
      if (language === undefined) throw new Error("the judge offers no language");
      const { id } = await site.submit("few", language, programOf(language, mark));
      expectAccepted((await verdicts.wait(id)).submission);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: WAITING }, drive));
  const minutes = (performance.now() - began) / 60_000;
  verdicts.close();
  return { submissions, perMinute: Math.round(submissions / minutes), languages };
}

interface Judged {
  submission: SubmissionView;
  at: number;
}

/** Follows every account's feed; each verdict can be waited for. */
async function followVerdicts(
  site: BenchSite,
): Promise<{ wait(submission: string): Promise<Judged>; close(): void }> {
  const judged = new Map<string, PromiseWithResolvers<Judged>>();
  const of = (submission: string): PromiseWithResolvers<Judged> => {
    const known = judged.get(submission) ?? Promise.withResolvers<Judged>();
    judged.set(submission, known);
    return known;
  };
  const close = await site.listen((message, at) => {
    if (message.type !== "submission" || message.submission.state !== "judged") return;
    of(message.submission.id).resolve({ submission: message.submission, at });
  });
  return { close, wait: (submission) => of(submission).promise };
}

function expectAccepted({ id, language, judgement }: SubmissionView): void {
  if (judgement?.verdict !== "AC")
    throw new Error(`${id} in ${language} got ${judgement?.verdict ?? "nothing"}`);
}

/** Prints a report for people. */
export function printSubmissionsReport({ parts, throughput, targets }: SubmissionsReport): void {
  console.table(Object.fromEntries(parts.map(({ part, ...times }) => [part, times])));
  console.log(
    `${throughput.perMinute} submissions a minute on ${SLOTS} slots, ${FEW_TESTS} tests each, in turn in ${throughput.languages.join(", ")}`,
  );
  for (const { target, figure, met } of targets)
    console.log(`${met ? "met" : "NOT MET"}: ${target}: ${figure}`);
}
