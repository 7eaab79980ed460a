import { runProgram } from "./program-process.ts";

export interface JudgeSettings {
  /** The site's address. */
  url: string;
  token: string;
  /** The folder for packages and for what is being judged. */
  cache: string;
  /** How many submissions it judges at once; by default as many as it thinks fit. */
  slots?: number;
}

/**
 * Runs `node judge/main.ts` beside the site.
 *
 * @param say told each line that the judge prints, and each of its deaths
 * @returns ends the judge and waits for it
 */
export const runJudge = (
  { url, token, cache, slots }: JudgeSettings,
  say: (line: string) => void,
): (() => Promise<void>) =>
  runProgram(
    {
      program: "judge",
      words: slots === undefined ? [] : ["--slots", String(slots)],
      environment: { JUDGE_URL: url, JUDGE_TOKEN: token, JUDGE_CACHE: cache },
    },
    say,
  );
