import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { Board, type ContestForm } from "../../protocol/contest.ts";
import { RejudgingSummary } from "../../protocol/jury.ts";
import { SubmissionView } from "../../protocol/submission.ts";
import type { Verdict } from "../../protocol/verdict.ts";
import type { Fillings } from "./get-routes.ts";
import { openHall, type Person } from "./hall.ts";
import { listen, readAll, withoutIds, withoutTimes, type Listener } from "./listener.ts";
import { verdictNamed } from "./scripted-judge.ts";

const SLUG = "leaks";
const CONTEST = `/api/contests/${SLUG}`;
const PROBLEMS = ["cheesebread", "closingtime"] as const;
const TEAMS = ["alpha", "beta", "gamma"] as const;

/** What the freeze hides: the first verdicts of Alpha's and Beta's submissions, and those after all was judged anew. */
export interface Hidden {
  first: Verdict;
  later: Verdict;
}

/** What somebody got by HTTP at one moment of the contest, by who and when, and then by address. */
type Readings = Map<string, Map<string, string>>;

export interface Told {
  /** As it came, without times. */
  readings: Readings;
  /** Without ids too, so that it can be compared with another contest's. */
  text: Map<string, string>;
  /** By socket. */
  frames: Record<string, string[]>;
  /** What the jury knows. */
  jury: string;
}

/**
 * A contest with a freeze, in which the same happens whatever the hidden results are: all are told by the judge, then
 * judged anew, then the contest ends and is finalised, and its board is never thawed.
 */
export async function frozenContest({ first, later }: Hidden): Promise<Told> {
  let hidden = first;
  const verdictOf = (text: string): Verdict => (text.includes("hidden") ? hidden : verdictNamed(text));
  const hall = await openHall(PROBLEMS, verdictOf);
  const { url, administrator: jury, nobody } = hall;
  const sockets: Record<string, Listener> = {};
  const submissions: string[] = [];
  const readings: Readings = new Map();
  try {
    const [alpha, beta, gamma] = await Promise.all(TEAMS.map((name) => hall.person(name)));
    if (!alpha || !beta || !gamma) throw new Error("There are three teams.");
    await jury.call("POST", "/api/contests", v.unknown(), form());
    for (const team of [alpha, beta, gamma])
      await team.call("POST", `${CONTEST}/teams`, v.unknown(), { name: team.username });

    /** Sent, on the board that everybody sees, and judged, before anything else happens. */
    const submit = async (team: Person, problem: 0 | 1, verdict: string): Promise<string> => {
      const { id } = await team.call("POST", "/api/submissions", SubmissionView, {
        problem: PROBLEMS[problem],
        contest: SLUG,
        language: "python3",
        files: [{ name: "a.py", text: `# ${verdict}` }],
        entryPoint: null,
      });
      submissions.push(id);
      await until(
        async () => (await team.call("GET", `/api/submissions/${id}`, SubmissionView)).state === "judged",
      );
      return id;
    };
    await submit(alpha, 0, "verdict: AC");
    await submit(beta, 0, "verdict: WA");
    await submit(gamma, 0, "verdict: WA");
    await jury.call("POST", `${CONTEST}/times`, v.unknown(), { type: "freeze", freezeMs: "now" });
    await submit(gamma, 1, "verdict: AC");

    for (const person of [nobody, gamma]) Object.assign(sockets, listenEverywhere(url, person));
    // To the team's own feed nothing is said of others.
    for (const [name, socket] of Object.entries(sockets))
      if (name !== "gamma /live/me") await socket.heard(() => true);

    const read = async (when: string): Promise<void> => {
      const rejudgings = await rejudgingsOf(jury);
      for (const [who, person] of [["nobody", nobody] as const, ["gamma", gamma] as const]) {
        const answers = await readAll(person, fillingsWith(submissions, rejudgings));
        const bare = [...answers].map(([address, text]) => [address, withoutTimes(text)] as const);
        readings.set(`${who}, ${when}`, new Map(bare));
      }
    };
    const own = await submit(alpha, 1, "hidden");
    const others = [await submit(beta, 0, "hidden"), await submit(beta, 1, "hidden")];
    await read("frozen");
    hidden = later;
    await override(jury, own, later);
    await judgeAnew(jury, others);
    await read("frozen, judged anew");
    await jury.call("POST", `${CONTEST}/times`, v.unknown(), { type: "duration", durationMs: "now" });
    await read("over");
    await override(jury, own, first);
    await read("over, judged anew");
    await jury.call("POST", `${CONTEST}/finalise`, v.unknown());
    await jury.call("POST", `${CONTEST}/rated`, v.unknown(), { rated: true });
    await read("final");
    await Promise.all(Object.values(sockets).map((socket) => socket.close()));
    const board = await jury.call("GET", `${CONTEST}/scoreboard?view=jury`, Board);
    return told(readings, sockets, board);
  } finally {
    await Promise.all(Object.values(sockets).map((socket) => socket.close()));
    await hall.close();
  }
}

/** Follows all that can be followed of the contest, by who does and where. */
function listenEverywhere(url: string, person: Person): Record<string, Listener> {
  const board = { type: "follow", epoch: null, since: null };
  const show = { type: "follow", show: null, shown: null };
  const live = `/live/contests/${SLUG}`;
  const addresses: [path: string, first?: object][] = [
    [live, board],
    [`${live}?view=jury`, board],
    [`${live}/resolver`, show],
    ["/live/me"],
  ];
  return Object.fromEntries(
    addresses.map(([path, first]) => [`${person.username} ${path}`, listen(url, person, path, first)]),
  );
}

/** It began a little more than an hour ago: what comes in the next minute costs the same. */
const form = (): ContestForm => ({
  slug: SLUG,
  name: "Leaks",
  format: { type: "icpc", penaltyMinutes: 20 },
  languages: null,
  problems: [...PROBLEMS],
  limits: {},
  startAt: Date.now() - 3_601_000,
  durationMinutes: 300,
  freezeMinutes: 0,
  windowMinutes: null,
});

function told(readings: Readings, sockets: Record<string, Listener>, jury: Board): Told {
  const bare = withoutIds();
  const text = new Map<string, string>();
  for (const [when, answers] of readings)
    for (const [address, answer] of answers) text.set(bare(`${when}: ${address}`), bare(answer));
  const frames = Object.entries(sockets).map(
    ([name, socket]) => [name, socket.frames.map((frame) => bare(withoutTimes(frame)))] as const,
  );
  return { readings, text, frames: Object.fromEntries(frames), jury: JSON.stringify(jury.cells) };
}

/** What this contest has for every parameter of a route; of a parameter that is not known here the test has to hear. */
function fillingsWith(submissions: readonly string[], rejudgings: readonly string[]): Fillings {
  const nowhere = ["none"];
  const known: Record<string, readonly string[]> = {
    label: ["A", "B"],
    username: [...TEAMS, "admin"],
    position: ["1"],
    ...Object.fromEntries(["name", "file", "code", "hash", "model", "job"].map((name) => [name, nowhere])),
  };
  return (parameter, path) => {
    if (parameter === "slug") return path.startsWith("/api/problems/") ? PROBLEMS : [SLUG];
    if (parameter === "id" && path.startsWith("/api/submissions/")) return submissions;
    if (parameter === "id") return path.startsWith("/api/rejudgings/") ? rejudgings : nowhere;
    const found = known[parameter];
    if (found === undefined) throw new Error(`What stands for :${parameter} in ${path}?`);
    return found;
  };
}

async function override(jury: Person, submission: string, verdict: Verdict): Promise<void> {
  const body = { verdict, score: null, reason: "seen again" };
  await jury.call("POST", `/api/submissions/${submission}/verdict`, v.unknown(), body);
}

async function judgeAnew(jury: Person, submissions: readonly string[]): Promise<void> {
  const filter = { problem: null, team: null, language: null, verdicts: null, submissions };
  const body = { filter, reason: "the judge was wrong", extent: "all" };
  const { id } = await jury.call("POST", `${CONTEST}/rejudgings`, RejudgingSummary, body);
  await until(
    async () => (await jury.call("GET", `/api/rejudgings/${id}`, RejudgingSummary)).state === "ready",
  );
  await jury.call("POST", `/api/rejudgings/${id}/apply`, v.unknown());
}

async function rejudgingsOf(jury: Person): Promise<string[]> {
  const list = v.object({ rejudgings: v.array(RejudgingSummary) });
  const { rejudgings } = await jury.call("GET", `${CONTEST}/rejudgings`, list);
  return rejudgings.map(({ id }) => id);
}

async function until(happened: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(30)) if (await happened()) return;
  throw new Error("It did not happen in a minute.");
}
