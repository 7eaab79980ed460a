import { DurableObject } from "cloudflare:workers";
import * as v from "valibot";
import {
  type LiveResolverMessage,
  LiveResolverRequest,
  type ResolverPosition,
} from "../../protocol/resolver.ts";
import { stateAt } from "../../rules/resolver-state.ts";
import type { Env } from "../env.ts";
import {
  begin,
  goesOn,
  moveTo,
  planNow,
  planOfShow,
  type ShowPlan,
  type ShowRow,
  showOf,
} from "../resolver-shows.ts";
import { acceptSocket, echoClose } from "./sockets.ts";

type Plan = Extract<ShowPlan, { ok: true }>;

/** What a viewer was sent last, kept with its socket; null while no show had begun. */
type Sent = ResolverPosition | null;

/** Moved, or why not. */
export type Moved =
  | ({ ok: true } & ResolverPosition)
  | { ok: false; reason: "not_begun" | "not_over" }
  | { ok: false; reason: "no_such_step"; steps: number };

/**
 * The show that resolves one contest's frozen board, as its viewers follow it. How far it is stands in D1
 * (`resolver_shows`), the steps follow from the log: an object that forgot everything goes on where the show is. Viewers
 * are sent the steps shown and nothing else.
 */
export class ResolverShow extends DurableObject<Env> {
  #plan: { show: number; plan: Plan } | null = null;
  /** One at a time: a viewer that joins between a move and its broadcast would miss the step, or see it twice. */
  #acting: Promise<unknown> = Promise.resolve();

  override fetch(): Response {
    return acceptSocket(this.ctx);
  }

  /**
   * Begins the show with the results as they are, or begins it anew.
   *
   * @param actor - the id of the account that does
   * @returns why there can be none
   */
  begin(actor: string): Promise<({ ok: true } & ResolverPosition) | Extract<ShowPlan, { ok: false }>> {
    return this.#next(async () => {
      const before = await showOf(this.env, this.#contest);
      // Two shows of a contest never began at the same moment.
      const now = Math.max(Date.now(), (before?.startedAt ?? 0) + 1);
      const plan = await planNow(this.env, this.#contest, now);
      if (!plan.ok) return plan;
      await begin(this.env, this.#contest, plan, actor, now);
      await this.#tellAll();
      return { ok: true, show: now, shown: 0 };
    });
  }

  /** Shows all steps up to the one with this number, and none after it. */
  move(to: number): Promise<Moved> {
    return this.#next(async () => {
      const show = await showOf(this.env, this.#contest);
      if (show === null) return { ok: false, reason: "not_begun" };
      const { steps } = await this.#planOf(show);
      if (to > steps.length) return { ok: false, reason: "no_such_step", steps: steps.length };
      const isOn = await goesOn(this.env, this.#contest, Date.now());
      if (isOn && to > show.shown) return { ok: false, reason: "not_over" };
      await moveTo(this.env, show, to);
      await this.#tellAll();
      return { ok: true, show: show.startedAt, shown: to };
    });
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const request = typeof data === "string" ? parseRequest(data) : null;
    if (!request) return socket.close(4000, "not a message of the show");
    const { show, shown } = request;
    const had = show === null || shown === null ? null : { show, shown };
    await this.#next(() => this.#tell(socket, had));
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    echoClose(socket, code);
  }

  get #contest(): string {
    return this.ctx.id.name ?? "";
  }

  #next<Result>(act: () => Promise<Result>): Promise<Result> {
    const next = this.#acting.then(act);
    this.#acting = next.catch(() => undefined);
    return next;
  }

  async #planOf(show: ShowRow): Promise<Plan> {
    if (this.#plan?.show !== show.startedAt)
      this.#plan = { show: show.startedAt, plan: await planOfShow(this.env, show) };
    return this.#plan.plan;
  }

  async #tellAll(): Promise<void> {
    const row = await showOf(this.env, this.#contest);
    if (row === null) return;
    const plan = await this.#planOf(row);
    // Most viewers had the same: what they lack is put into words once.
    const texts = new Map<string, string>();
    for (const socket of this.ctx.getWebSockets()) {
      const known: { sent: Sent } | null = socket.deserializeAttachment();
      // Who has said nothing yet asks for what it needs itself.
      if (known === null) continue;
      const had = JSON.stringify(known.sent);
      const text = texts.get(had) ?? JSON.stringify(messageFor(row, plan, known.sent));
      texts.set(had, text);
      say(socket, text, row);
    }
  }

  /** Tells one viewer what it lacks that has had so much. */
  async #tell(socket: WebSocket, had: Sent): Promise<void> {
    const row = await showOf(this.env, this.#contest);
    const message: LiveResolverMessage =
      row === null ? { type: "waiting" } : messageFor(row, await this.#planOf(row), had);
    say(socket, JSON.stringify(message), row);
  }
}

function say(socket: WebSocket, text: string, row: ShowRow | null): void {
  socket.send(text);
  const sent: Sent = row === null ? null : { show: row.startedAt, shown: row.shown };
  socket.serializeAttachment({ sent });
}

/** The steps since what a viewer had, where it is of this show and not ahead of it; else all that is shown. */
function messageFor({ startedAt: show, shown }: ShowRow, plan: Plan, had: Sent): LiveResolverMessage {
  if (had?.show === show && had.shown <= shown)
    return { type: "steps", show, steps: plan.steps.slice(had.shown, shown) };
  return { type: "state", show, state: stateAt(plan.frozen, plan.steps, shown) };
}

function parseRequest(data: string): LiveResolverRequest | null {
  try {
    const parsed = v.safeParse(LiveResolverRequest, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
