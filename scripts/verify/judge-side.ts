import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inferLimit } from "../../judge/infer-time-limit.ts";
import { type Ability, openJudge } from "../../judge/open-judge.ts";
import type { Problem } from "../../judge/problem.ts";
import { readSettings } from "../../judge/settings.ts";
import type { Slot } from "../../judge/slot.ts";
import { openStore } from "../../judge/store.ts";
import { type LanguageId, languages } from "../../protocol/language.ts";
import type { Package } from "../../rules/package/package.ts";
import { Unusable, usable } from "./unusable.ts";

type Say = (line: string) => void;

/** What validators may be in. */
const VALIDATORS = ["c", "cpp", "python3"] as const;

/**
 * Opens a judge on a temporary store, as the judge's doctor does, and closes it whatever happens.
 *
 * @param used - the languages of the submissions that it is to judge
 * @throws Unusable when nothing can be judged on this host
 */
export async function withJudge<T>(
  say: Say,
  used: ReadonlySet<LanguageId>,
  work: (slot: Slot) => Promise<T>,
): Promise<T> {
  const { JUDGE_LEVEL, JUDGE_ROOT, JUDGE_ALLOW_UNSAFE } = process.env;
  const environment = { JUDGE_LEVEL, JUDGE_ROOT, JUDGE_ALLOW_UNSAFE };
  const settings = usable(() => readSettings(["doctor"], environment));
  if (settings.command !== "doctor") throw new Error("The doctor's settings are another command's.");
  const folder = await mkdtemp(join(tmpdir(), "verify-"));
  const store = await openStore(folder);
  const wanted = [...new Set<LanguageId>([...VALIDATORS, ...used])];
  const ability = await openJudge(store, { ...settings.conditions, languages: wanted }, () => undefined);
  const close = async (): Promise<void> => {
    await ability.close();
    // What a compiler that was just stopped still leaves there may come in between.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  // At once, so that nothing is told of what was cut off. The supervisors end by themselves when their input does.
  const interrupted = (): void => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  try {
    const [slot] = ability.slots;
    if (ability.level === null || slot === undefined)
      throw new Unusable(`nothing can be judged on this host: ${ability.reason}`);
    sayAbility(ability, used, say);
    return await work(slot);
  } finally {
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    await close();
  }
}

function sayAbility({ level, reason, missing }: Ability, used: ReadonlySet<LanguageId>, say: Say): void {
  say(`Judged at level ${level} (${reason})`);
  if (level === "process") say("NOTHING IS ISOLATED: these programs can do what you can");
  for (const { language, reason: why } of missing.filter((one) => used.has(one.language.id)))
    say(`${languages[language.id].name} cannot be judged here: ${why}`);
}

/** What a package's submissions are in. */
export function languagesOf(pkg: Package): LanguageId[] {
  return pkg.submissions.flatMap(({ language }) => (language === null ? [] : [language]));
}

/**
 * The time limit of a package, told where it is from.
 *
 * @param opened - what works it out where the package leaves it out; null when no judge is open
 * @returns null where answers are submitted, which take no time
 * @throws Unusable when none can be worked out
 */
export async function timeLimit(
  { limits, types }: Package,
  opened: { slot: Slot; problem: Problem } | null,
  say: Say,
): Promise<number | null> {
  if (types.includes("submit-answer")) return null;
  if (limits.timeMs !== null) {
    say(`Time limit ${limits.timeMs / 1000} s, by the package`);
    return limits.timeMs;
  }
  if (opened === null) throw new Error("A time limit cannot be worked out without a judge.");
  const { timeMs, explanation } = await inferLimit(opened.slot, opened.problem);
  if (timeMs === null)
    throw new Unusable(`the package has no time limit, and none can be worked out: ${explanation}`);
  say(`Time limit, by the jury's submissions: ${explanation}`);
  return timeMs;
}
