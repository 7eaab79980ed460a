import * as v from "valibot";
import { type HubMessage, MAX_SIGNAL_FRAME, PeerMessage } from "../../protocol/peer-signal.ts";
import type { Peer } from "../../rules/peer-hub.ts";

/** A peer's socket: what it remembers, what is read from it and what is written to it. */

/** What a peer's socket remembers across hibernation. */
export interface PeerOnSocket extends Peer {
  /** When it came, or last said a heartbeat that was not answered by the runtime. */
  heardAt: number;
}

export function peerOn(socket: WebSocket): PeerOnSocket {
  const peer: PeerOnSocket | null = socket.deserializeAttachment();
  if (!peer) throw new Error("a peer's socket has no attachment");
  return peer;
}

const types: ReadonlySet<string> = new Set(PeerMessage.options.map(({ entries }) => entries.type.literal));
const Typed = v.object({ type: v.string() });

/** What a peer says in one frame, null for what is passed over; or why it is nothing, as the peer is to be told. */
export function parseSignal(data: string | ArrayBuffer): { said: PeerMessage | null } | { refusal: string } {
  if (typeof data !== "string") return { refusal: "Messages are texts" };
  if (data.length > MAX_SIGNAL_FRAME)
    return { refusal: `A message has at most ${MAX_SIGNAL_FRAME} characters` };
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    return { refusal: "A message is JSON" };
  }
  const parsed = v.safeParse(PeerMessage, body, { abortEarly: true });
  if (parsed.success) return { said: parsed.output };
  if (v.is(Typed, body) && !types.has(body.type)) return { said: null };
  const [issue] = parsed.issues;
  return { refusal: `This is not a message: ${v.getDotPath(issue) ?? "all of it"}: ${issue.message}` };
}

/** Says something; false where the socket does not take it. */
export function send(socket: WebSocket, message: HubMessage): boolean {
  try {
    socket.send(JSON.stringify(message));
    return true;
  } catch {
    return false;
  }
}

/** Says why a peer can't stay, and closes. */
export function dismiss(socket: WebSocket, message: HubMessage): void {
  send(socket, message);
  socket.close(1008, "refused");
}

/**
 * Answers an upgrade with a socket that says why not, and closes: of an upgrade that is refused with a status, a page gets to know
 * nothing.
 */
export function refusedUpgrade(message: HubMessage): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  dismiss(server, message);
  return new Response(null, { status: 101, webSocket: client });
}
