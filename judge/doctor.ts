import { type CheckReport, Guarantee, type GuaranteeState } from "../protocol/judge-check.ts";
import { compilationsOf } from "./compilations.ts";
import { type Bait, openBait } from "./hostile/bait.ts";
import { packageOf, sourceOf } from "./hostile/package.ts";
import { expectationAt, type HostileProgram } from "./hostile/program.ts";
import { hostilePrograms } from "./hostile/suite.ts";
import { judgeSubmission, type SubmissionJudgement } from "./judge-submission.ts";
import { openProblem } from "./problem.ts";
import { watchResidue } from "./residue.ts";
import type { Ending, Sandbox } from "./sandbox.ts";
import type { Slot } from "./slot.ts";

/** What became of one hostile program. */
export interface Finding {
  program: HostileProgram;
  state: GuaranteeState;
  /** What was seen; where nothing was tried, why. */
  detail: string;
}

/** Tries hostile programs in a slot, one after the other. */
export interface Examiner {
  try(program: HostileProgram): Promise<Finding>;
  close(): Promise<void>;
}

export interface Examination {
  programs: readonly HostileProgram[];
  /** Tells in sentences what a program has left behind, as `watchResidue` does. */
  residue(): Promise<string[]>;
  /** Told each finding in a line as soon as it is known. */
  onResult?(line: string): void;
}

/**
 * Runs hostile programs in a slot and tells which guarantees of its level hold. A guarantee holds when each program
 * that tried to break it got the verdict that it must get, left nothing behind, and the slot still judges.
 */
export async function examine(
  slot: Slot,
  { programs, residue, onResult }: Examination,
): Promise<CheckReport> {
  const examiner = await openExaminer(slot, residue);
  const findings: Finding[] = [];
  try {
    for (const program of programs) {
      const finding = await examiner.try(program);
      findings.push(finding);
      onResult?.(`${words[finding.state]} ${program.name}: ${finding.detail}`);
    }
  } finally {
    await examiner.close();
  }
  return {
    at: Date.now(),
    level: slot.sandbox.level,
    reason: slot.sandbox.reason.slice(0, MAX_CHARACTERS),
    guarantees: Guarantee.options.map((id) =>
      conclude(
        id,
        findings.filter(({ program }) => program.guarantee === id),
      ),
    ),
  };
}

/** Examines a slot by all hostile programs or the quick third; `say` is told each finding in a line. */
export async function runDoctor(slot: Slot, all: boolean, say: (line: string) => void): Promise<CheckReport> {
  // A mere child process may leave whatever it likes, and this host may be none that can be looked at.
  const isolated = slot.sandbox.level !== "process";
  const residue = isolated ? await watchResidue(slot.sandbox) : () => Promise.resolve([]);
  const programs = hostilePrograms.filter(({ quick }) => all || quick);
  return examine(slot, { programs, residue, onResult: say });
}

const words: Readonly<Record<GuaranteeState, string>> = {
  holds: "holds         ",
  broken: "does not hold ",
  unchecked: "not checked   ",
};

/** One line per guarantee, for a terminal: `holds          memory: 9 programs held`. */
export function describeReport(report: CheckReport): string[] {
  return report.guarantees.map(
    ({ id, state, detail }) => `${words[state]} ${id.replaceAll("_", " ")}: ${detail}`,
  );
}

/** The longest text that a report may hold in one place. */
const MAX_CHARACTERS = 1000;

function conclude(id: Guarantee, findings: readonly Finding[]): CheckReport["guarantees"][number] {
  const of = (state: GuaranteeState): Finding[] => findings.filter((finding) => finding.state === state);
  const [broken, held, unchecked] = [of("broken"), of("holds"), of("unchecked")];
  const reasons = [...new Set(unchecked.map(({ detail }) => detail))].join("; ");
  const state = broken.length > 0 ? "broken" : held.length > 0 ? "holds" : "unchecked";
  const details: Record<GuaranteeState, string> = {
    broken: broken.map(({ program, detail }) => `${program.name}: ${detail}`).join("; "),
    holds: `${held.length} program${held.length === 1 ? "" : "s"} held${reasons && `, ${unchecked.length} not tried: ${reasons}`}`,
    unchecked: reasons || "no program of this kind was run",
  };
  return { id, state, detail: shorten(details[state]) };
}

function shorten(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`;
}

/** @param residue - as that of an examination */
export async function openExaminer(slot: Slot, residue: () => Promise<string[]>): Promise<Examiner> {
  const bait = await openBait();
  return { try: (program) => tryProgram(slot, bait, residue, program), close: () => bait.close() };
}

async function tryProgram(
  slot: Slot,
  bait: Bait,
  residue: () => Promise<string[]>,
  program: HostileProgram,
): Promise<Finding> {
  const expected = expectationAt(program, slot.sandbox.level);
  if ("notGiven" in expected) return { program, state: "unchecked", detail: expected.notGiven };
  if (!slot.toolchains.has(program.language))
    return {
      program,
      state: "unchecked",
      detail: `this judge does not have the language ${program.language}`,
    };

  const troubles: string[] = [];
  const seen: string[] = [];
  for (let round = 0; round < (program.repeated ? 2 : 1); round++) {
    const { verdict, said } = await judge(slot, program, bait.input);
    seen.push(verdict);
    if (!expected.some((each) => each === verdict))
      troubles.push(`expected ${expected.join(" or ")}, saw ${verdict}${said && ` (${said})`}`);
  }
  const visits = bait.visits();
  if (visits > 0) troubles.push(`it reached a server of the host ${visits} times`);
  troubles.push(...(await residue()));
  const { verdict } = await judge(slot, harmless, bait.input);
  if (verdict !== "AC") troubles.push(`afterwards a right program got ${verdict}`);
  return troubles.length > 0
    ? { program, state: "broken", detail: shorten(troubles.join("; ")) }
    : { program, state: "holds", detail: seen.join(", ") };
}

/** Right after every hostile program: shows that the slot still judges. */
const harmless: HostileProgram = {
  name: "a-right-program-is-accepted",
  source: "harmless.c",
  language: "c",
  guarantee: "endings",
  quick: true,
  expected: ["AC"],
};

/** Judges a program as any submission. Returns its verdict, or the failure's message, and what it said last. */
async function judge(
  slot: Slot,
  program: HostileProgram,
  input: string,
): Promise<{ verdict: string; said: string }> {
  const heard = listen(slot.sandbox);
  const problem = await openProblem(packageOf(program, input), slot.store);
  try {
    const files = new Map([[program.name, await sourceOf(program)]]);
    const { outcome } = await judgeSubmission(
      { ...slot, sandbox: heard.sandbox },
      {
        problem,
        language: program.language,
        source: { files, entryPoint: null },
        timeMs: null,
        extent: "deciding",
      },
    );
    return { verdict: verdictOf(outcome), said: excerpt(outcome, heard.last()) };
  } finally {
    await problem.close();
    // What is kept for the same program's next time is nothing that it left behind, and must not help it either.
    await compilationsOf(slot.store).clear();
  }
}

function verdictOf(outcome: SubmissionJudgement["outcome"]): string {
  return outcome.type === "verdict" ? outcome.verdict : `no verdict (${outcome.message})`;
}

/** The beginning of what the compiler or the program said: a probe tells there what was not refused. */
function excerpt(outcome: SubmissionJudgement["outcome"], ending: Ending | null): string {
  if (outcome.type !== "verdict") return "";
  const text = outcome.verdict === "CE" ? outcome.compileOutput : new TextDecoder().decode(ending?.stdout);
  return text
    .slice(0, 300)
    .trim()
    .replaceAll(/\s*\n\s*/g, ", ");
}

/** A sandbox that remembers how the last program ended. */
function listen(sandbox: Sandbox): { sandbox: Sandbox; last(): Ending | null } {
  let last: Ending | null = null;
  const run: Sandbox["run"] = async (program) => {
    last = await sandbox.run(program);
    return last;
  };
  return { sandbox: { ...sandbox, run }, last: () => last };
}
