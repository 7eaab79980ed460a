import type { Account } from "../../protocol/account.ts";
import type { Board, Cell, ContestClock, ContestSummary, ContestView } from "../../protocol/contest.ts";
import type { ProblemSummary, ProblemView, ShelfEntry } from "../../protocol/problem.ts";
import { Guarantee } from "../../protocol/judge-check.ts";
import type { JudgeList } from "../../protocol/judge-list.ts";
import type { JudgingStatus, RunView, SubmissionDetail, SubmissionView } from "../../protocol/submission.ts";
import type { RunVerdict } from "../../protocol/verdict.ts";

/** A small site's worth of answers, all of the protocol's types. Times are relative to when the module was loaded. */

const MINUTE = 60_000;
const now = Date.now();
const hash = "0123456789abcdef".repeat(4);

export const account: Account = {
  id: "account-ana",
  username: "ana",
  displayName: "Ana Terra",
  email: "ana@example.org",
  role: "administrator",
  createdAt: now - 90 * 24 * 60 * MINUTE,
};

export const accounts: Account[] = [
  account,
  { ...account, id: "account-bo", username: "bo", displayName: "Bo Li", email: null, role: "organiser" },
  { ...account, id: "account-caio", username: "caio", displayName: "Caio Prado", role: "member" },
];

const names: readonly (readonly [string, string])[] = [
  ["Alternating Towers", "alternating-towers"],
  ["Bridge Repair", "bridge-repair"],
  ["Cheese Bread", "cheese-bread"],
  ["Dijkstra's Umbrella", "dijkstras-umbrella"],
  ["Even Odds", "even-odds"],
  ["Ferry Timetable", "ferry-timetable"],
  ["Guess the Number", "guess-the-number"],
  ["Hidden Ponds", "hidden-ponds"],
];
const colours = ["#e4572e", "#f3a712", "#2e86ab", "#76b041", "#a23b72", "#1b998b", "#d7d9ce", "#6d5a72"];
const labels = ["A", "B", "C", "D", "E", "F", "G", "H"];

export const problems: ProblemSummary[] = names.map(([name, slug], index) => ({
  slug,
  name: { en: name },
  types: index === 6 ? ["pass-fail", "interactive"] : index === 4 ? ["scoring"] : ["pass-fail"],
  state: "published",
  solvedBy: [120, 64, 58, 31, 22, 9, 4, 0][index] ?? 0,
  triedBy: [131, 90, 60, 52, 47, 30, 18, 0][index] ?? 0,
  mine: index < 2 ? "solved" : index === 3 ? "tried" : null,
}));

const sum = `<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mn>1</mn><mo>≤</mo><msub><mi>h</mi><mi>i</mi></msub><mo>≤</mo><msup><mn>10</mn><mn>9</mn></msup></mrow></math>`;
const display = `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow><mi>S</mi><mo>=</mo><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msup><mrow><mo>(</mo><mo>−</mo><mn>1</mn><mo>)</mo></mrow><mi>i</mi></msup><msub><mi>h</mi><mi>i</mi></msub></mrow></math>`;

export const problem: ProblemView = {
  slug: "alternating-towers",
  name: { en: "Alternating Towers", pt: "Torres Alternadas" },
  types: ["pass-fail"],
  state: "published",
  limits: { timeMs: 2000, memoryMiB: 512, outputMiB: 8, codeKiB: 128 },
  languages: ["c", "cpp", "haskell", "java", "javascript", "python3"],
  checker: "default",
  checkerOptions: {
    caseSensitive: false,
    spaceChangeSensitive: false,
    floatAbsoluteTolerance: null,
    floatRelativeTolerance: null,
  },
  statements: [
    {
      locale: "en",
      html: `<p>Along the coast of Recife stand <em>n</em> towers in a row. Tower <em>i</em> has height ${sum}. The mayor walks past them all, adding the height of every second tower and subtracting the others, and wants to know</p>${display}<p>before breakfast.</p><h2>Input</h2><p>The first line holds <code>n</code>, the number of towers. The second line holds the heights, separated by spaces.</p><h2>Output</h2><p>One line with the mayor's sum. The answer always fits into 64 bits.</p><ul><li>In half of the tests there are at most 100 towers.</li><li>There is always at least one tower.</li></ul>`,
    },
    { locale: "pt", html: `<p>Na orla do Recife há <em>n</em> torres em fila.</p>` },
  ],
  samples: [
    { name: "1", input: "4\n3 8 2 5\n", answer: "8\n" },
    { name: "2", input: "1\n7\n", answer: "-7\n" },
    { name: "3", input: "6\n1 2 3 4 5 6\n", answer: "3\n" },
  ],
  credits: ["Ana Terra", "Bo Li"],
  license: "cc by-sa",
  yardsticks: ["javascript", "python3"],
  contest: null,
};

export const interactiveProblem: ProblemView = {
  ...problem,
  slug: "guess-the-number",
  name: { en: "Guess the Number" },
  types: ["pass-fail", "interactive"],
  checker: "interactive",
  samples: [{ name: "1", input: "", answer: "", interaction: ">50\n<higher\n>75\n<lower\n>62\n<correct\n" }],
};

export const answersProblem: ProblemView = {
  ...problem,
  slug: "hidden-ponds",
  name: { en: "Hidden Ponds" },
  types: ["pass-fail", "submit-answer"],
  languages: ["answers"],
  samples: problem.samples.slice(0, 2),
};

const clockAt = (startedMinutesAgo: number, durationMinutes = 300, freezeMinutes = 60): ContestClock => ({
  startAt: now - startedMinutesAgo * MINUTE,
  durationMs: durationMinutes * MINUTE,
  freezeMs: freezeMinutes * MINUTE,
  penaltyMinutes: 20,
});

const own = { id: "team-04", name: "Os Tabaréus" };

const summary = (
  slug: string,
  name: string,
  clock: ContestClock,
  team: ContestSummary["team"],
): ContestSummary => ({
  slug,
  name,
  clock,
  manages: true,
  team,
});

export const contests: ContestSummary[] = [
  summary("spring-open", "Spring Open 2026", clockAt(154), own),
  summary("frozen-cup", "Frozen Cup", clockAt(265), own),
  summary("tomorrow-round", "Tomorrow's Round", clockAt(-1500, 120, 0), null),
  summary("winter-final", "Winter Final", clockAt(90_000), null),
];

export function contestView(slug: string): ContestView | null {
  const found = contests.find((contest) => contest.slug === slug);
  if (!found) return null;
  return {
    ...found,
    now: Date.now(),
    problems: names.map(([name, problemSlug], index) => ({
      label: labels[index] ?? "?",
      colour: colours[index] ?? "#000000",
      slug: problemSlug,
      name: { en: name },
    })),
  };
}

const teams = [
  "Segfault Samba",
  "O(1) Hit Wonders",
  "Pão de Queijo",
  "Binary Beasts",
  "Os Tabaréus",
  "Null Pointers Anonymous",
  "北京快速排序",
  "The Greedy Algorithms of a Rather Long Name",
  "Heap of Trouble",
  "Frevo Frequency",
  "Stack Overfly",
  "Bit by Bit",
  "Late Registration",
];

/** A scoreboard with every kind of cell, made by a fixed rule so that every run shows the same. */
export function boardOf(slug: string): Board | null {
  const contest = contests.find((one) => one.slug === slug);
  if (!contest) return null;
  const elapsed = Math.min(300, Math.max(0, (now - contest.clock.startAt) / MINUTE));
  const cells: Cell[] = [];
  for (let team = 0; team < teams.length - 1; team += 1) {
    for (let index = 0; index < labels.length; index += 1) {
      const noise = (team * 37 + index * 53 + team * index * 11) % 29;
      const minute = 6 + index * 27 + team * 9 + noise;
      const id = `team-${String(team).padStart(2, "0")}`;
      const base = { team: id, label: labels[index] ?? "?" };
      if (minute > elapsed + 70) continue;
      const rejected = noise % 4 === 3 ? 2 : noise % 3 === 2 ? 1 : 0;
      const hidden = slug === "frozen-cup" && minute > 240;
      if (hidden || (minute > elapsed - 4 && minute < elapsed + 12)) {
        cells.push({ ...base, rejected, pending: 1 + (noise % 2), solvedAt: null });
      } else if (minute <= elapsed) {
        cells.push({ ...base, rejected, pending: 0, solvedAt: minute * MINUTE + noise * 1000 });
      } else if (rejected > 0) {
        cells.push({ ...base, rejected, pending: 0, solvedAt: null });
      }
    }
  }
  return {
    seq: 412,
    clock: contest.clock,
    frozen: slug === "frozen-cup",
    problems: labels.map((label, index) => ({ label, colour: colours[index] ?? "#000000" })),
    teams: teams.map((name, index) => ({ id: `team-${String(index).padStart(2, "0")}`, name })),
    cells,
  };
}

const submission: SubmissionView = {
  id: "s-100",
  problem: problem.slug,
  problemName: problem.name,
  contest: null,
  label: null,
  author: "Ana Terra",
  language: "python3",
  submittedAt: now,
  contestTimeMs: null,
  bytes: 412,
  state: "queued",
  ahead: null,
  progress: null,
  judgement: null,
};

function judged(
  id: string,
  verdict: RunVerdict | "CE",
  minutesAgo: number,
  more: Partial<SubmissionView> = {},
): SubmissionView {
  return {
    ...submission,
    id,
    submittedAt: now - minutesAgo * MINUTE,
    state: "judged",
    judgement: {
      round: 1,
      verdict,
      score: null,
      cpuMs: verdict === "TLE" ? 2004 : 148,
      memoryKiB: 18_432,
      toolchain: "Python 3.13.5",
      level: "full",
      judgedAt: now - minutesAgo * MINUTE + 4000,
    },
    ...more,
  };
}

export const queued: SubmissionView = submission;

export const submissions: SubmissionView[] = [
  {
    ...submission,
    id: "s-9",
    submittedAt: now - MINUTE,
    state: "judging",
    progress: { done: 14, total: 60 },
  },
  judged("s-8", "AC", 4),
  judged("s-7", "WA", 9, { language: "cpp", bytes: 1834 }),
  judged("s-6", "TLE", 25, {
    contest: "spring-open",
    label: "C",
    contestTimeMs: 129 * MINUTE,
    language: "java",
  }),
  judged("s-5", "RTE", 40),
  judged("s-4", "MLE", 80, { language: "c" }),
  judged("s-3", "CE", 130, { language: "cpp" }),
  judged("s-2", "OLE", 200, { language: "javascript" }),
  provisional(judged("s-1", "AC", 260)),
  judged("s-10", "WA", 300, scored()),
];

/** Points for what it solves, several files, and a checker that talks to the team. */
function scored(): Partial<SubmissionView> {
  const base = judged("s-10", "WA", 300).judgement;
  return {
    problem: "even-odds",
    problemName: { en: "Even Odds" },
    judgement: base && { ...base, score: 70 },
  };
}

/** As on a machine whose judge isolates nothing. */
export function provisional(view: SubmissionView): SubmissionView {
  return { ...view, judgement: view.judgement && { ...view.judgement, level: "process" } };
}

/** The last test but one of each submission was close to the limit, and so it was measured three times. */
const measurements: RunView["measurements"] = [
  { verdict: "TLE", cpuMs: 2004, wallMs: 2031 },
  { verdict: "AC", cpuMs: 1921, wallMs: 1940 },
  { verdict: "AC", cpuMs: 1934, wallMs: 1950 },
];

const mainFile = {
  name: "main.py",
  text: `import sys\n\n\ndef main():\n    n, *heights = map(int, sys.stdin.read().split())\n    print(sum(h if i % 2 else -h for i, h in enumerate(heights)))\n\n\nmain()\n`,
};

export function submissionDetail(id: string): SubmissionDetail | null {
  const found = submissions.find((one) => one.id === id) ?? (id === submission.id ? submission : null);
  if (!found) return null;
  const several = id === "s-10";
  return {
    ...found,
    files: several ? [mainFile, { name: "odds.py", text: "def odds(n):\n    return n % 2\n" }] : [mainFile],
    entryPoint: several ? "main.py" : null,
    compileOutput:
      found.judgement?.verdict === "CE"
        ? "main.cpp:7:5: error: 'retrun' was not declared in this scope\n"
        : "",
    runs: found.state === "judged" ? runsOf(found) : [],
  };
}

function runsOf({ judgement }: SubmissionView): RunView[] {
  const rejected = judgement?.verdict === "WA";
  return Array.from({ length: 24 }, (_, index) => {
    const failed = rejected && (index === 1 || index === 23);
    return {
      position: index + 1,
      sample: index < 3,
      verdict: failed ? "WA" : "AC",
      score: judgement?.score === null || judgement === null ? null : failed ? 0 : 5,
      teamMessage: failed ? "Your sum is too small." : "",
      hint: failed && index === 23 ? "Think of very large heights." : "",
      full: failed && index === 1 ? { input: "1\n7\n", answer: "-7\n", output: "7\n", stderr: "" } : null,
      memoryKiB: 9000 + index * 300,
      ...(index === 22
        ? { cpuMs: 1921, wallMs: 1940, measurements }
        : { cpuMs: 20 + index * 5, wallMs: 30 + index * 5, measurements: [] }),
    };
  });
}

export const judging: JudgingStatus = {
  judges: [
    {
      name: "judge-1",
      slots: 2,
      level: "full",
      reason: "",
      languages: [
        { id: "c", version: "gcc 14.2.0" },
        { id: "cpp", version: "g++ 14.2.0" },
        { id: "java", version: "OpenJDK 21.0.8" },
        { id: "javascript", version: "Node.js 24.21.0" },
        { id: "python3", version: "Python 3.13.5" },
      ],
    },
  ],
  waiting: 1,
  closed: null,
};

/** One that holds, one that does not, one never checked, one that is silent, one without isolation, one that is away. */
export const judgeList: JudgeList = {
  judges: [
    {
      id: "embedded",
      name: "embedded",
      state: "judging",
      paused: false,
      heardAt: now - 4000,
      leases: 2,
      load: 0.42,
      lastFailure: { at: now - 50 * MINUTE, message: "ridge: the output validator does not compile" },
      slots: 2,
      level: "full",
      reason: "root, cgroup v1: memory, pids, cpuacct",
      languages: problem.languages.map((id) => ({ id, version: "13.2.0" })),
      check: checked(() => "holds"),
    },
    {
      id: "lab-4",
      name: "lab-4",
      state: "idle",
      paused: false,
      heardAt: now - 4000,
      leases: 0,
      load: 0.42,
      lastFailure: null,
      slots: 1,
      level: "full",
      reason: "root, cgroup v2",
      languages: [{ id: "c", version: "gcc 14.2.0" }],
      check: checked((id) => (id === "network" ? "broken" : id === "clocks" ? "unchecked" : "holds")),
    },
    {
      id: "lab-5",
      name: "lab-5",
      state: "idle",
      paused: false,
      heardAt: now - 4000,
      leases: 0,
      load: 0.42,
      lastFailure: null,
      slots: 0,
      level: null,
      reason: "cannot create a cgroup: Permission denied",
      languages: [],
      check: null,
    },
    {
      id: "lab-6",
      name: "lab-6",
      state: "silent",
      paused: false,
      heardAt: now - 3 * MINUTE,
      leases: 1,
      load: null,
      lastFailure: null,
      slots: 2,
      level: "full",
      reason: "root, cgroup v2",
      languages: [{ id: "cpp", version: "13.2.0" }],
      check: checked(() => "holds"),
    },
    {
      id: "laptop",
      name: "laptop",
      state: "paused",
      paused: true,
      heardAt: now - 4000,
      leases: 0,
      load: 0.42,
      lastFailure: null,
      slots: 1,
      level: "process",
      reason: "JUDGE_ALLOW_UNSAFE=1",
      languages: [{ id: "python3", version: "Python 3.13.5" }],
      check: checked(() => "holds"),
    },
    {
      id: "away",
      name: "away",
      state: "away",
      paused: false,
      heardAt: now - 90 * MINUTE,
      leases: 0,
      load: null,
      lastFailure: null,
      slots: 0,
      level: null,
      reason: "",
      languages: [],
      check: checked((id) => (id === "memory" ? "broken" : "holds")),
    },
  ],
  waiting: 3,
  failed: 2,
  closed: null,
};

function checked(stateOf: (id: Guarantee) => "holds" | "broken" | "unchecked") {
  const details = {
    holds: "4 programs were held",
    broken: "udp-flood: 12 datagrams left the sandbox",
    unchecked: "the kernel has no such interface",
  };
  return {
    at: now - 30 * MINUTE,
    level: "full" as const,
    reason: "root, cgroup v2",
    guarantees: Guarantee.options.map((id) => ({ id, state: stateOf(id), detail: details[stateOf(id)] })),
  };
}

export const shelf: ShelfEntry[] = names.slice(0, 5).map(([name, slug], index) => ({
  slug,
  name: { en: name },
  state: index === 0 ? "draft" : index === 4 ? "withdrawn" : "published",
  types: ["pass-fail"],
  owner: "ana",
  hash,
  importedAt: now - index * 500 * MINUTE,
  sharesYardstick: index === 1,
  report: {
    slug,
    name: { en: name },
    hash,
    messages:
      index === 0
        ? [
            {
              severity: "warning",
              file: "problem.yaml",
              message: "the key `rights_owner` is not shown anywhere",
            },
          ]
        : [],
    counts: { statements: 2, samples: 3, secret: 41, groups: 1, submissions: 7 },
  },
}));
