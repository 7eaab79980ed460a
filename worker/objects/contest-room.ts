import { DurableObject } from "cloudflare:workers";
import * as v from "valibot";
import { LiveContestRequest, type LiveContestMessage } from "../../protocol/contest.ts";
import { boardOf, type View } from "../../rules/contest-board.ts";
import { emptyFeed, nextEpochAt, pass, take, type ViewFeed } from "../../rules/contest-feed.ts";
import { statusAt } from "../../rules/contest-state.ts";
import { readLog } from "../contest-log.ts";
import type { Env } from "../env.ts";
import { acceptSocket, echoClose } from "./sockets.ts";

const CATCH_UP_MS = 15_000;

/** An event that was written before the end may be in the log a little after it. */
const SETTLING_MS = 2_000;

/** Written after each broadcast, so that a room that slept knows what its sockets have heard. */
interface Told {
  epoch: string;
  seq: number;
}

/** A board as it is sent, for as long as it is the same. */
interface KnownBoard {
  text: string;
  of: string;
}

/**
 * One contest's live scoreboard in both views. The room folds the contest's log (D1 `contest_events`) and sends every
 * change to the pages that follow; what epochs and numbers are is told in rules/contest-feed.ts. A room that forgot
 * everything reads the log once more and counts on where it stopped.
 */
export class ContestRoom extends DurableObject<Env> {
  #feed = emptyFeed();
  #boards = new Map<View, KnownBoard>();
  /** Reading the log twice at once would fold events twice. */
  #reading: Promise<void> = Promise.resolve();

  /** A page follows; the Worker has checked that it may have this view. */
  override async fetch(request: Request): Promise<Response> {
    const view: View = new URL(request.url).searchParams.get("view") === "jury" ? "jury" : "public";
    const response = acceptSocket(this.ctx, [view]);
    await this.#keepCatchingUp();
    return response;
  }

  /** Says that the log may have grown. */
  async poke(): Promise<void> {
    await this.#catchUp();
    await this.#keepCatchingUp();
  }

  /** The scoreboard as it stands, in JSON. */
  async board(view: View): Promise<string> {
    await this.#catchUp();
    return this.#board(this.#feed.views[view]);
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const request = typeof data === "string" ? parseRequest(data) : null;
    if (!request) return socket.close(4000, "not a message of the live scoreboard");
    await this.#catchUp();
    const feed = this.#feed.views[viewOf(this.ctx, socket)];
    const { epoch, since } = request;
    const resumes = epoch === feed.epoch && since !== null && since <= feed.changes.length;
    socket.send(resumes ? changesMessage(feed, since) : this.#boardMessage(feed));
    // Only now: a broadcast before its board would be a change to something the page does not have.
    socket.serializeAttachment({ follows: true });
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    echoClose(socket, code);
  }

  /** Finds what a lost poke would have told of, and what time alone has changed. */
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
    for (const entry of await readLog(this.env, this.ctx.id.name ?? "", this.#feed.lastEvent))
      take(this.#feed, entry);
    pass(this.#feed, Date.now() - SETTLING_MS);
    await this.#broadcast(this.#feed.views.public);
    await this.#broadcast(this.#feed.views.jury);
  }

  async #broadcast(feed: ViewFeed): Promise<void> {
    const key = `told ${feed.view}`;
    const told = await this.ctx.storage.get<Told>(key);
    const now: Told = { epoch: feed.epoch, seq: feed.changes.length };
    if (told?.epoch === now.epoch && told.seq === now.seq) return;
    const followers = this.ctx
      .getWebSockets(feed.view)
      .filter((socket) => socket.deserializeAttachment() !== null);
    if (followers.length > 0) {
      const message = told?.epoch === now.epoch ? changesMessage(feed, told.seq) : this.#boardMessage(feed);
      for (const socket of followers) socket.send(message);
    }
    await this.ctx.storage.put(key, now);
  }

  #boardMessage(feed: ViewFeed): string {
    const { epoch } = feed;
    return `{"type":"board","epoch":${JSON.stringify(epoch)},"board":${this.#board(feed)},"now":${Date.now()}}`;
  }

  /** A board of many teams takes long to make, and is asked for by all of them at once. */
  #board({ view, changes }: ViewFeed): string {
    const now = Date.now();
    const { contest, lastEvent } = this.#feed;
    const of = JSON.stringify([lastEvent, changes.length, statusAt(contest.timed, now)]);
    const known = this.#boards.get(view);
    if (known?.of === of) return known.text;
    const text = JSON.stringify(boardOf(contest, changes.length, now, view));
    this.#boards.set(view, { of, text });
    return text;
  }

  /** The alarm stays armed while anybody follows; it comes early when time alone changes what is shown. */
  async #keepCatchingUp(): Promise<void> {
    if (this.ctx.getWebSockets().length === 0) return;
    const now = Date.now();
    const epochAt = nextEpochAt(this.#feed);
    const due = Math.min(
      now + CATCH_UP_MS,
      epochAt === null ? Infinity : Math.max(now, epochAt + SETTLING_MS),
    );
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > due) await this.ctx.storage.setAlarm(due);
  }
}

const viewOf = (ctx: DurableObjectState, socket: WebSocket): View =>
  ctx.getTags(socket).includes("jury") ? "jury" : "public";

const changesMessage = ({ epoch, changes }: ViewFeed, since: number): string =>
  JSON.stringify({
    type: "changes",
    epoch,
    changes: changes.slice(since),
    now: Date.now(),
  } satisfies LiveContestMessage);

function parseRequest(data: string): LiveContestRequest | null {
  try {
    const parsed = v.safeParse(LiveContestRequest, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
