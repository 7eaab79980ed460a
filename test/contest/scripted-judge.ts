import * as v from "valibot";
import { openLink, PROTOCOLS } from "../../judge/link.ts";
import { type Lease, LeaseSource, type Outcome } from "../../protocol/judge.ts";
import type { LanguageId } from "../../protocol/language.ts";
import { Verdict } from "../../protocol/verdict.ts";

/** A judge that runs nothing: over the real judge link it says of each submission what a script says. */
export interface ScriptedJudge {
  /** How many verdicts were settled. */
  judged(): number;
  /** Leaves the site; what it holds is judged by whoever comes next. */
  stop(): Promise<void>;
}

export interface ScriptedJudgeOptions {
  /** The site's address: `http://localhost:8787`. */
  url: string;
  /** Of a judge that `POST /api/judges` made. */
  token: string;
  /** What becomes of a submission of this text, now or once the promise is kept. */
  verdictOf?: (text: string) => Verdict | Promise<Verdict>;
  /** Its points, where the problem gives points. */
  scoreOf?: (text: string) => number | null;
  slots?: number;
}

const LANGUAGES: readonly LanguageId[] = ["c", "cpp", "java", "javascript", "python3"];

/**
 * Connects a scripted judge. It says of itself that it is fully isolated, so that its verdicts are official, and goes on
 * after every loss of the connection as a real one does.
 */
export function startScriptedJudge(options: ScriptedJudgeOptions): ScriptedJudge {
  const { url, token, slots = 4 } = options;
  /** What it holds, with the outcome once it has one. */
  const held = new Map<string, Outcome | null>();
  let judged = 0;

  const tell = (lease: string): void => {
    const outcome = held.get(lease);
    if (outcome) link.send({ type: "result", lease, outcome });
  };
  const judge = async (lease: Lease): Promise<void> => {
    held.set(lease.lease, null);
    held.set(lease.lease, await outcomeOf(options, lease));
    tell(lease.lease);
  };
  const link = openLink({
    server: new URL(url),
    token,
    hello: () => ({
      type: "hello",
      protocols: [...PROTOCOLS],
      name: "scripted",
      slots,
      level: "full",
      reason: "",
      languages: LANGUAGES.map((id) => ({ id, version: "scripted" })),
      holding: [...held.keys()],
    }),
    heartbeat: () => ({ type: "heartbeat", holding: [...held.keys()], load: 0 }),
    onMessage(message) {
      switch (message.type) {
        case "welcome":
          for (const lease of held.keys()) tell(lease);
          return;
        case "lease":
          void judge(message.lease);
          return;
        case "settled":
          if (held.delete(message.lease)) judged++;
          return;
        case "refused":
          console.error(`the scripted judge was refused: ${message.message}`);
          return;
        default:
          message satisfies never;
      }
    },
    onState: () => {},
  });
  return {
    judged: () => judged,
    async stop() {
      link.send({ type: "leaving", holding: [] });
      await link.close();
    },
  };
}

/** The verdict that a comment `verdict: WA` in the text names; `AC` where there is none. */
export function verdictNamed(text: string): Verdict {
  return v.parse(Verdict, /\bverdict: ([A-Z]+)/.exec(text)?.[1] ?? "AC");
}

async function outcomeOf(options: ScriptedJudgeOptions, lease: Lease): Promise<Outcome> {
  const { url, token, verdictOf = verdictNamed, scoreOf = () => null } = options;
  if (lease.work === "time limit") return { type: "time limit", timeMs: 1_000, explanation: "" };
  if (lease.work === "custom run") return { type: "failure", message: "A scripted judge runs nothing." };
  try {
    const response = await fetch(`${url}/link/judge/leases/${lease.lease}/source`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`The source is not given: ${response.status}.`);
    const { files } = v.parse(LeaseSource, await response.json());
    const text = files.map((file) => file.text).join("\n");
    return {
      type: "verdict",
      verdict: await verdictOf(text),
      score: scoreOf(text),
      groups: [],
      compileOutput: "",
      toolchain: "scripted",
      level: "full",
      runs: [],
      evidence: null,
    };
  } catch (error) {
    return { type: "failure", message: error instanceof Error ? error.message : String(error) };
  }
}
