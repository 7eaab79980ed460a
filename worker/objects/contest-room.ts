import { DurableObject } from "cloudflare:workers";
import * as v from "valibot";
import type { Board, BoardChange, LiveContestMessage } from "../../protocol/contest.ts";
import { ContestEvent, LiveContestRequest } from "../../protocol/contest.ts";
import { boardOf, changesOf, emptyStandings, fold, type Standings } from "../../rules/scoreboard.ts";
import type { Env } from "../env.ts";
import { acceptSocket, echoClose } from "./sockets.ts";

const PAGE = 500;
const CATCH_UP_MS = 15_000;

/** Written after each broadcast, so that a room that slept knows what its sockets have heard. */
interface Told {
  epoch: string;
  seq: number;
}

/**
 * One contest's live scoreboard. The room folds the contest's log (D1 `contest_events`) into standings and sends every
 * public change to the pages that follow.
 *
 *     log:      contest  team  submission  judgement  contest(new clock)  submission …
 *     epoch:    |------------- "1" ------------------|-------------- "5" -----------
 *     changes:           1     2           3                             1
 *
 * Epoch and sequence numbers follow from the log alone, so a room that forgot everything counts on where it stopped.
 * A new clock or problem set starts an epoch, and an epoch starts with a whole board.
 */
export class ContestRoom extends DurableObject<Env> {
  #standings: Standings = emptyStandings();
  #epoch = "0";
  #changes: BoardChange[] = [];
  #lastEvent = 0;
  /** Reading the log twice at once would fold events twice. */
  #reading: Promise<void> = Promise.resolve();

  override async fetch(): Promise<Response> {
    const response = acceptSocket(this.ctx);
    await this.#keepCatchingUp();
    return response;
  }

  /** Says that the log may have grown. */
  async poke(): Promise<void> {
    await this.#catchUp();
  }

  /** The public scoreboard as it stands. */
  async board(): Promise<Board> {
    await this.#catchUp();
    return this.#board();
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const request = typeof data === "string" ? parseRequest(data) : null;
    if (!request) return socket.close(4000, "not a message of the live scoreboard");
    await this.#catchUp();
    const resumes =
      request.epoch === this.#epoch && request.since !== null && request.since <= this.#changes.length;
    send(socket, resumes ? this.#changesSince(request.since ?? 0) : this.#boardMessage());
    // Only now: a broadcast before its board would be a change to something the page does not have.
    socket.serializeAttachment({ follows: true });
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    echoClose(socket, code);
  }

  /** Finds what a lost poke would have told of. */
  override async alarm(): Promise<void> {
    await this.#catchUp();
    await this.#keepCatchingUp();
  }

  #catchUp(): Promise<void> {
    const next = this.#reading.then(() => this.#readLog());
    this.#reading = next.catch(() => undefined);
    return next;
  }

  async #readLog(): Promise<void> {
    for (;;) {
      const { results } = await this.env.DB.prepare(
        "SELECT seq, event FROM contest_events WHERE contest = ? AND seq > ? ORDER BY seq LIMIT ?",
      )
        .bind(this.ctx.id.name ?? "", this.#lastEvent, PAGE)
        .all<{ seq: number; event: string }>();
      for (const row of results) this.#take(row.seq, v.parse(ContestEvent, JSON.parse(row.event)));
      if (results.length < PAGE) break;
    }
    await this.#broadcast();
  }

  #take(seq: number, event: ContestEvent): void {
    this.#lastEvent = seq;
    fold(this.#standings, event);
    if (event.type === "contest") {
      this.#epoch = String(seq);
      this.#changes = [];
      return;
    }
    for (const change of changesOf(this.#standings, event)) {
      this.#changes.push({ ...change, seq: this.#changes.length + 1 });
    }
  }

  async #broadcast(): Promise<void> {
    const told = await this.ctx.storage.get<Told>("told");
    const now: Told = { epoch: this.#epoch, seq: this.#changes.length };
    if (told?.epoch === now.epoch && told.seq === now.seq) return;
    const message = told?.epoch === now.epoch ? this.#changesSince(told.seq) : this.#boardMessage();
    for (const socket of this.ctx.getWebSockets()) {
      if (socket.deserializeAttachment() !== null) send(socket, message);
    }
    await this.ctx.storage.put("told", now);
  }

  #changesSince(seq: number): LiveContestMessage {
    return { type: "changes", epoch: this.#epoch, changes: this.#changes.slice(seq), now: Date.now() };
  }

  #boardMessage(): LiveContestMessage {
    return { type: "board", epoch: this.#epoch, board: this.#board(), now: Date.now() };
  }

  #board(): Board {
    return boardOf(this.#standings, this.#changes.length, Date.now());
  }

  /** The alarm stays armed while anybody follows. */
  async #keepCatchingUp(): Promise<void> {
    if (this.ctx.getWebSockets().length === 0) return;
    if ((await this.ctx.storage.getAlarm()) === null)
      await this.ctx.storage.setAlarm(Date.now() + CATCH_UP_MS);
  }
}

function parseRequest(data: string): LiveContestRequest | null {
  try {
    const parsed = v.safeParse(LiveContestRequest, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function send(socket: WebSocket, message: LiveContestMessage): void {
  socket.send(JSON.stringify(message));
}
