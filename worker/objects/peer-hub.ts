import { DurableObject } from "cloudflare:workers";
import * as v from "valibot";
import {
  type HubMessage,
  type PeerPlace,
  type PeerRole,
  SIGNAL_HEARTBEAT,
} from "../../protocol/peer-signal.ts";
import { REPLACED } from "../../protocol/provider.ts";
import {
  decide,
  error,
  expired,
  gone,
  type Kept,
  nextLook,
  type Pace,
  paced,
  placeAt,
  placesToGo,
  refusalAtDoor,
  UNKNOWN_ID,
  waitingFor,
} from "../../rules/peer-hub.ts";
import { randomToken, sha256 } from "../digest.ts";
import type { Env } from "../env.ts";
import { PeerLimits } from "../peer-limits.ts";
import {
  addPlace,
  allKept,
  allPlaces,
  createTables,
  type IssuedPlace,
  movePlace,
  placeOf,
  removePlace,
  writeKept,
} from "./peer-rows.ts";
import { dismiss, parseSignal, peerOn, type PeerOnSocket, refusedUpgrade, send } from "./peer-socket.ts";
import { echoClose } from "./sockets.ts";

const HEARTBEAT = new WebSocketRequestResponsePair(SIGNAL_HEARTBEAT.ask, SIGNAL_HEARTBEAT.answer);

/** Codes by which a socket is closed whose peer was silent, and whose place is over. */
const SILENT = 4002;
const OVER = 4003;

/**
 * Where one provider's tabs and those who have a job for them find one another, by PeerJS's protocol (protocol/peer-signal.ts).
 * Heartbeats wake nobody.
 */
export class PeerHub extends DurableObject<Env> {
  readonly #limits: PeerLimits;
  readonly #paces = new WeakMap<WebSocket, Pace>();
  readonly #sql: SqlStorage;
  #kept: readonly Kept[];

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#limits = v.parse(PeerLimits, env.PEER_LIMITS);
    this.#sql = ctx.storage.sql;
    createTables(this.#sql);
    this.#kept = allKept(this.#sql);
    ctx.setWebSocketAutoResponse(HEARTBEAT);
  }

  /**
   * A new place of an account's. Where it has many, its oldest goes.
   *
   * @param ttlMs how long it is good, unless a provider is in it
   * @returns null where the hub has no room
   */
  async issue(account: string, role: PeerRole, ttlMs: number): Promise<PeerPlace | null> {
    const [id, token] = [crypto.randomUUID().replaceAll("-", ""), randomToken()];
    const tokenHash = await sha256(token);
    const now = Date.now();
    const places = allPlaces(this.#sql);
    const own = places.filter((place) => place.account === account && place.role === role);
    const going = placesToGo(own, this.#limits.placesPerAccount);
    if (places.length - going.length >= this.#limits.places) return null;
    for (const place of going) this.#end(place);
    addPlace(this.#sql, { id, account, role, tokenHash, issuedAt: now, expiresAt: now + ttlMs });
    await this.#lookBy(now + ttlMs);
    return { id, token };
  }

  /** How many messages wait for somebody. */
  get waiting(): number {
    return this.#kept.length;
  }

  /** Ends all places: the provider is no more. */
  close(): void {
    for (const place of allPlaces(this.#sql)) this.#end(place);
  }

  /** A comer's socket; the Worker has checked whose account it is, and tells of the token only the hash. */
  override async fetch({ headers }: Request): Promise<Response> {
    const now = Date.now();
    const id = headers.get("x-peer-id") ?? "";
    const comer = {
      account: headers.get("x-peer-account") ?? "",
      tokenHash: headers.get("x-peer-token-hash") ?? "",
    };
    const place = placeOf(this.#sql, id);
    const before = this.#sockets(id);
    const hub = { others: this.#sockets().length - before.length, most: this.#limits.peers };
    const refusal = refusalAtDoor(comer, place, hub, now);
    if (refusal !== null || place === null) return refusedUpgrade(refusal ?? UNKNOWN_ID);
    const { 0: client, 1: socket } = new WebSocketPair();
    this.ctx.acceptWebSocket(socket, [id]);
    this.#welcome(socket, { id, role: place.role, heardAt: now }, before);
    await this.#lookBy(now + this.#limits.silenceMs);
    return new Response(null, { status: 101, webSocket: client });
  }

  #welcome(socket: WebSocket, peer: PeerOnSocket, before: readonly WebSocket[]): void {
    socket.serializeAttachment(peer);
    for (const old of before) old.close(REPLACED, "connected again");
    // A client that is back goes on with what it has.
    if (before.length === 0) send(socket, { type: "OPEN" });
    const { due, rest } = waitingFor(peer, this.#kept);
    this.#keep(rest);
    for (const message of due) send(socket, message);
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    // It may have said something before it learnt that it had to go.
    if (socket.readyState !== WebSocket.READY_STATE_OPEN) return;
    const now = Date.now();
    const pace = paced(this.#paces.get(socket) ?? null, this.#limits.messagesPerSecond, now);
    if (pace === null) return dismiss(socket, error("Too many messages at once"));
    this.#paces.set(socket, pace);
    const parsed = parseSignal(data);
    if ("refusal" in parsed) return dismiss(socket, error(parsed.refusal));
    const { said } = parsed;
    if (said === null) return;
    const from = peerOn(socket);
    if (said.type === "HEARTBEAT")
      socket.serializeAttachment({ ...from, heardAt: now } satisfies PeerOnSocket);
    const [there] = "dst" in said && said.dst !== undefined ? this.#sockets(said.dst) : [];
    const hub = {
      listener: there ? peerOn(there) : null,
      kept: this.#kept,
      keptPerSender: this.#limits.kept,
    };
    const decision = decide(said, sizeOf(data), from, hub, now);
    switch (decision.do) {
      case "pass":
        if (!there || !send(there, decision.message)) send(socket, gone(decision.message));
        return;
      case "keep":
        this.#keep(decision.kept);
        return this.#lookBy(now + this.#limits.keptMs);
      case "answer":
        return void send(socket, decision.message);
      case "end":
        return socket.close(1000, "left");
      case "nothing":
        return;
      default:
        decision satisfies never;
    }
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    echoClose(socket, code);
  }

  /** Tells of messages that waited in vain, and ends silent sockets and places that are over. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    const { told, rest } = expired(this.#kept, this.#limits.keptMs, now);
    this.#keep(rest);
    for (const message of told) this.#tell(message);
    for (const socket of this.#sockets())
      if (this.#heardAt(socket) + this.#limits.silenceMs <= now)
        socket.close(SILENT, "nothing was heard of you");
    for (const place of allPlaces(this.#sql)) this.#age(place, now);
    const places = allPlaces(this.#sql);
    const heardAt = this.#sockets().map((socket) => this.#heardAt(socket));
    const due = nextLook({ kept: this.#kept, places, heardAt }, this.#limits);
    if (due !== null) await this.#lookBy(due);
  }

  #tell(message: HubMessage): void {
    if (!("dst" in message)) return;
    for (const socket of this.#sockets(message.dst)) send(socket, message);
  }

  #keep(kept: readonly Kept[]): void {
    writeKept(this.#sql, this.#kept, kept);
    this.#kept = kept;
  }

  #age(place: IssuedPlace, now: number): void {
    const later = placeAt(place, this.#sockets(place.id).length > 0, now);
    if (later === null) this.#end(place);
    else if (later.expiresAt !== place.expiresAt) movePlace(this.#sql, place.id, later.expiresAt);
  }

  #end({ id }: IssuedPlace): void {
    removePlace(this.#sql, id);
    for (const socket of this.#sockets(id)) socket.close(OVER, "the place is over");
  }

  /** Those that are open: one that is being closed is nobody's any more. */
  #sockets(id?: string): WebSocket[] {
    return this.ctx.getWebSockets(id).filter(({ readyState }) => readyState === WebSocket.READY_STATE_OPEN);
  }

  #heardAt(socket: WebSocket): number {
    const answeredAt = this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
    return Math.max(answeredAt, peerOn(socket).heardAt);
  }

  async #lookBy(at: number): Promise<void> {
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at);
  }
}

const sizeOf = (data: string | ArrayBuffer): number =>
  typeof data === "string" ? data.length : data.byteLength;
