import { isProvisional } from "../../protocol/submission.ts";
import type { Env } from "../env.ts";
import { permissions } from "./judge-rows.ts";
import { judgeOn, type Introduction, type JudgeOnSocket } from "./judge-socket.ts";

/** The judges that are connected, and what they can do. */

export interface Connection {
  socket: WebSocket;
  judge: JudgeOnSocket;
}

/** A judge that has introduced itself and is connected. */
export interface PresentJudge {
  id: string;
  hello: Introduction;
  heardAt: number;
  load: number | null;
}

export function connections(ctx: DurableObjectState): Connection[] {
  return ctx
    .getWebSockets()
    .filter((socket) => socket.readyState === WebSocket.OPEN)
    .map((socket) => ({ socket, judge: judgeOn(socket) }));
}

export const presentJudges = (ctx: DurableObjectState): PresentJudge[] =>
  connections(ctx).flatMap(({ judge: { id, hello, heardAt, load } }) =>
    hello ? [{ id, hello, heardAt, load }] : [],
  );

/** Those that may be given work: introduced, not leaving, and allowed by D1, which is asked each time. */
export async function working(ctx: DurableObjectState, env: Env): Promise<Connection[]> {
  const ready = connections(ctx).filter(({ judge }) => judge.hello !== null && !judge.leaving);
  const allowed = await permissions(
    env,
    ready.map(({ judge }) => judge.id),
  );
  return ready.filter(({ judge }) => allowed.has(judge.id));
}

/** Outputs handed in as files need no compiler: whoever judges at all can compare them. */
export const doable = (languages: Introduction["languages"]): string[] => [
  ...languages.map(({ id }) => id),
  "answers",
];

/** What the judges at work can judge whose verdicts are official. */
export function officialLanguages(working: readonly Connection[]): Set<string> {
  const official = working.flatMap(({ judge: { hello } }) =>
    hello && hello.slots > 0 && hello.level !== null && !isProvisional(hello.level) ? [hello] : [],
  );
  return new Set(official.flatMap(({ languages }) => doable(languages)));
}
