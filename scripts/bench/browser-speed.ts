import type { LanguageId } from "../../protocol/language.ts";
import type { EnginePage } from "../browser/engine.ts";
import { compiled, limits } from "./browser-starts.ts";
import { openNative } from "./native.ts";
import { cpuPrograms, sourceOf, sourcePath } from "./programs.ts";
import { type Arm, difference, figures, timeRounds } from "./rounds.ts";

/** A program that only computes, in the browser and outside of it, in milliseconds. */
export interface Speed {
  language: LanguageId;
  program: string;
  browserMs: number;
  nativeMs: number;
  /** Of the rounds' own ratios, the median. */
  ratio: number;
  /** What `nativeMs` was measured with. */
  native: string;
}

/**
 * Runs every program of a language in the browser and natively, in turns. Both times are those of the clock on the wall; native
 * ones hold the process's start, those of the browser begin when the program could run.
 *
 * @returns none for a language that is not compared
 * @throws Error when the two do not write the same
 */
export async function benchSpeed(page: EnginePage, language: LanguageId, rounds: number): Promise<Speed[]> {
  const sizes = cpuPrograms[language];
  const native = sizes === undefined ? null : await openNative(language);
  if (sizes === undefined || native === null) return [];
  const runtime = await page.openRuntime(language);
  const programs = Object.entries(sizes);
  const arms: Arm[] = [];
  try {
    for (const [program, size] of programs) {
      const input = `${size}\n`;
      const outside = await native.prepare(sourcePath(program, language));
      const inside = (await compiled(runtime, await sourceOf(program, language))).program;
      const expected = (await outside.run(input)).stdout;
      const stdin = new TextEncoder().encode(input);
      arms.push({ name: `native ${program}`, run: async () => (await outside.run(input)).wallMs });
      arms.push({
        name: `browser ${program}`,
        run: async () => {
          const { stdout, stderr, wallMs, ended } = await inside.run(stdin, limits);
          const output = new TextDecoder().decode(stdout);
          if (output !== expected)
            throw new Error(`${program} wrote ${JSON.stringify(output)} and ended by ${ended}: ${stderr}`);
          return wallMs;
        },
      });
    }
    const times = await timeRounds(arms, rounds, 0);
    const medians = new Map(figures(times).map(({ name, medianMs }) => [name, medianMs]));
    return programs.map(([program]) => ({
      language,
      program,
      browserMs: medians.get(`browser ${program}`) ?? NaN,
      nativeMs: medians.get(`native ${program}`) ?? NaN,
      ratio: difference(times, `browser ${program}`, `native ${program}`)?.ratio ?? NaN,
      native: native.name,
    }));
  } finally {
    await native.close();
    await runtime.close();
  }
}
