import type {
  AuditList,
  JuryDetail,
  JurySubmissionList,
  JurySubmissionView,
  JuryTest,
  RejudgingSummary,
  RejudgingView,
} from "../../protocol/jury.ts";
import { submissions } from "./fixtures.ts";

/** What a contest's jury is told, on the same small site. */

const MINUTE = 60_000;
const now = Date.now();

export const teams = [
  { id: "team-04", name: "Os Tabaréus" },
  { id: "team-07", name: "The Greedy Algorithms of a Rather Long Name" },
  { id: "team-12", name: "Late Registration" },
];

const failed = {
  state: "judging" as const,
  judgement: null,
  roundState: "failed" as const,
  failure: "the output validator ended with exit code 3, which is neither 42 nor 43",
};

/** Every submission of the site, as of one contest; one of them could not be judged. */
export const jurySubmissions: JurySubmissionView[] = submissions.map((one, index) => ({
  ...one,
  contest: "spring-open",
  label: index % 2 === 0 ? "A" : "C",
  contestTimeMs: (150 - index * 7) * MINUTE,
  team: teams[index % teams.length] ?? null,
  roundState: one.state === "judged" ? "judged" : "leased",
  failure: "",
  ...(one.id === "s-5" ? failed : {}),
}));

/** As GET /api/contests/:slug/submissions answers to its query. */
export function juryList(query: URLSearchParams): JurySubmissionList {
  const fits = (key: string, value: string | null | undefined): boolean =>
    !query.has(key) || query.get(key) === value;
  const shown = jurySubmissions.filter(
    (one) =>
      fits("problem", one.label) &&
      fits("team", one.team?.id) &&
      fits("language", one.language) &&
      fits("verdict", one.judgement?.verdict) &&
      fits("state", one.roundState),
  );
  const page = query.has("before") ? shown.slice(6) : shown.slice(0, 6);
  return { submissions: page, next: query.has("before") || shown.length <= 6 ? null : "s-4", teams };
}

/** Three rounds: the one that counts, one of a rejudging, and a verdict given by hand. */
export function juryDetail(id: string, round: number | null): JuryDetail | null {
  const submission = jurySubmissions.find((one) => one.id === id);
  if (!submission) return null;
  const judgement = submission.judgement ?? submissions.find((one) => one.id === "s-7")?.judgement;
  if (!judgement) return null;
  return {
    submission,
    round: round ?? 1,
    rounds: [
      {
        round: 1,
        state: submission.roundState,
        standing: "counts",
        attempt: submission.roundState === "failed" ? 3 : 1,
        judge: "embedded",
        failure: submission.failure,
        judgement: submission.judgement,
        override: null,
      },
      {
        round: 2,
        state: "judged",
        standing: "apart",
        attempt: 1,
        judge: "lab-4",
        failure: "",
        judgement: { ...judgement, round: 2, verdict: "AC" },
        override: null,
      },
      {
        round: 3,
        state: "judged",
        standing: "apart",
        attempt: 1,
        judge: null,
        failure: "",
        judgement: { ...judgement, round: 3, verdict: "AC" },
        override: { by: "Bo Li", reason: "The statement allows any order." },
      },
    ],
    runs: ["sample/1", "sample/2", "secret/01-random", "secret/02-largest-open-one-dog"].map(
      (name, index) => ({
        position: index + 1,
        name,
        verdict: index === 3 ? "WA" : "AC",
        score: null,
        cpuMs: 20 + index * 600,
        wallMs: 30 + index * 610,
        memoryKiB: 9000,
        outputBytes: index === 3 ? 70_000 : 12,
        message: index === 3 ? "line 1, token 1: expected 3, got 4" : "",
        teamMessage: index === 3 ? "Your sum is too large." : "",
        measurements:
          index === 3
            ? [
                { verdict: "TLE", cpuMs: 2004, wallMs: 2031, memoryKiB: 9000, alone: false },
                { verdict: "WA", cpuMs: 1820, wallMs: 1840, memoryKiB: 9000, alone: true },
              ]
            : [],
      }),
    ),
  };
}

export const juryTest: JuryTest = {
  name: "secret/02-largest-open-one-dog",
  input: { text: "6\n1 2 3 4 5 6\n", bytes: 14 },
  answer: { text: "3\n", bytes: 2 },
  output: { text: "4\n", bytes: 70_000 },
  stderr: "debug: n = 6\n",
  feedback: {
    "judgemessage.txt": "line 1, token 1: expected 3, got 4\n",
    "teammessage.txt": "Your sum is too large.\n",
  },
  transcript: "<6\n>?\n<1 2 3 4 5 6\n>4\n",
};

const rejudging: RejudgingSummary = {
  id: "r-2",
  contest: "spring-open",
  reason: "Answer 02 of problem C was wrong",
  by: "Ana Terra",
  at: now - 5 * MINUTE,
  state: "ready",
  total: 12,
  done: 12,
  failed: 1,
};

export const rejudgings: RejudgingSummary[] = [
  { ...rejudging, id: "r-3", reason: "Time limit of A raised", state: "judging", done: 4, failed: 0 },
  rejudging,
  { ...rejudging, id: "r-1", reason: "A first try", state: "cancelled", failed: 0 },
];

export function rejudgingView(id: string): RejudgingView | null {
  const found = rejudgings.find((one) => one.id === id);
  if (!found) return null;
  return {
    ...found,
    matrix: [
      { from: "WA", to: "AC", count: 3 },
      { from: "WA", to: "WA", count: 5 },
      { from: "AC", to: "AC", count: 2 },
      { from: null, to: "TLE", count: 1 },
    ],
    changes: [
      {
        submission: "s-7",
        team: "Os Tabaréus",
        label: "C",
        from: "WA",
        to: "AC",
        fromScore: null,
        toScore: null,
      },
      {
        submission: "s-2",
        team: "The Greedy Algorithms of a Rather Long Name",
        label: "C",
        from: "WA",
        to: "AC",
        fromScore: null,
        toScore: null,
      },
      {
        submission: "s-5",
        team: "Late Registration",
        label: "A",
        from: null,
        to: "TLE",
        fromScore: null,
        toScore: null,
      },
    ],
  };
}

export const audit: AuditList = {
  entries: [
    {
      at: now - 5 * MINUTE,
      actor: "Ana Terra",
      action: "rejudging.create",
      subject: "r-2",
      data: {
        reason: "Answer 02 of problem C was wrong",
        filter: '{"problem":"C","team":null,"language":null,"verdicts":["WA","failed"],"submissions":null}',
      },
    },
    {
      at: now - 9 * MINUTE,
      actor: "Bo Li",
      action: "submission.override",
      subject: "s-7",
      data: { from: "WA", to: "AC", reason: "The statement allows any order." },
    },
    {
      at: now - 20 * MINUTE,
      actor: null,
      action: "judging.failed",
      subject: "s-5",
      data: { attempts: 3, score: null },
    },
  ],
};
