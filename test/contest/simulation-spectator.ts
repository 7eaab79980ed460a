import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { WebSocket } from "ws";
import { LiveContestMessage, type Board, type BoardChange } from "../../protocol/contest.ts";

/** A spectator whose connection is cut now and then, and who goes on from where it was. */
export interface Spectator {
  /** The board as the messages left it; null before the first. */
  board(): Board | null;
  /** What was wrong with the numbers of what came, one sentence each. */
  readonly faults: readonly string[];
  /** How often it connected again, and how often that gave only what it had missed. */
  readonly counts: { cuts: number; resumed: number; changes: number };
  stop(): void;
}

/**
 * Follows a scoreboard.
 *
 * @param random - decides how long it is without a connection
 * @param messagesPerCut - the connection is cut after each so many messages
 */
export function startSpectator(
  address: string,
  cookie: string,
  random: () => number,
  messagesPerCut: number,
): Spectator {
  const faults: string[] = [];
  const counts = { cuts: 0, resumed: 0, changes: 0 };
  let board: Board | null = null;
  let epoch: string | null = null;
  let heard = 0;
  let stopped = false;
  let socket: WebSocket;

  const connect = (): void => {
    let isFirst = true;
    const own = new WebSocket(address, { headers: { cookie } });
    socket = own;
    own.on("open", () =>
      own.send(JSON.stringify({ type: "follow", epoch, since: board === null ? null : board.seq })),
    );
    own.on("message", (data) => {
      // What still comes on a connection that was cut belongs to nobody.
      if (own !== socket) return;
      const message = v.parse(LiveContestMessage, JSON.parse(String(data)));
      if (isFirst && counts.cuts > 0 && message.type === "changes") counts.resumed++;
      isFirst = false;
      hear(message);
      if (++heard % messagesPerCut === 0) own.terminate();
    });
    own.on("error", () => {});
    own.on("close", () => {
      if (stopped) return;
      counts.cuts++;
      void sleep(random() * 100).then(() => stopped || connect());
    });
  };

  const hear = (message: LiveContestMessage): void => {
    if (message.type === "board") {
      ({ board, epoch } = message);
      return;
    }
    if (message.epoch !== epoch) faults.push(`changes of the epoch ${message.epoch} came in ${epoch}`);
    for (const change of message.changes) {
      if (board === null) return void faults.push("a change came before a board");
      if (change.seq !== board.seq + 1) faults.push(`after number ${board.seq} came ${change.seq}`);
      board = changed(board, change);
      counts.changes++;
    }
  };

  connect();
  return {
    board: () => board,
    faults,
    counts,
    stop() {
      stopped = true;
      socket.terminate();
    },
  };
}

function changed(board: Board, change: BoardChange): Board {
  const { seq } = change;
  switch (change.type) {
    case "cell": {
      const { cell } = change;
      const others = board.cells.filter((one) => one.team !== cell.team || one.label !== cell.label);
      return { ...board, seq, cells: [...others, cell] };
    }
    case "team":
      return {
        ...board,
        seq,
        teams: [...board.teams.filter(({ id }) => id !== change.team.id), change.team],
      };
    case "team_removed":
      return { ...board, seq, teams: board.teams.filter(({ id }) => id !== change.team) };
    default:
      return change satisfies never;
  }
}
