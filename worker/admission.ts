import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";
import { waitingCount } from "./objects/waiting.ts";

/** Of what may wait in all, this share is open to each kind of work: a contest is the last that is refused. */
const SHARE = { contest: 1, practice: 1 / 2, customRun: 1 / 10 } as const;

const RETRY_AFTER_S = 30;

interface JudgingRow {
  closed: string | null;
  max_waiting: number;
}

async function judging(env: Env): Promise<JudgingRow> {
  const row = await env.DB.prepare(
    "SELECT closed, max_waiting FROM judging WHERE id = 1",
  ).first<JudgingRow>();
  if (!row) throw new Error("the table judging has lost its row");
  return row;
}

/** Why nothing is taken at present, as those who closed the queue say; null while it is open. */
export const closedBecause = async (env: Env): Promise<string | null> => (await judging(env)).closed;

/** Refuses what the queue does not take now: everything while it is closed, and by kind when much waits already. */
export async function admit(env: Env, kind: keyof typeof SHARE): Promise<void> {
  const [{ closed, max_waiting: most }, waiting] = await Promise.all([judging(env), waitingCount(env)]);
  if (closed !== null) throw new ApiError("queue_closed", closed);
  if (waiting < Math.floor(most * SHARE[kind])) return;
  throw new ApiError(
    "queue_full",
    `${waiting} programs wait to be judged; the queue takes no more at present. Try again in a while.`,
    undefined,
    RETRY_AFTER_S,
  );
}
