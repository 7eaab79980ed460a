import * as v from "valibot";
import { type HubMessage, PassedMessage, type PeerMessage, PeerRole } from "../protocol/peer-signal.ts";

/**
 * What a signalling hub decides. All times are in ms since 1970-01-01 UTC. A place, by which somebody may be a peer:
 *
 *     issued --connects--> there --its socket ends--> away --connects--> there
 *       |                    |                          |
 *       +--expires--> over   +--a consumer's expires----+--expires--> over
 *
 * A provider's place is good for as long as somebody is there: tabs stay for days, tickets for a job.
 */
export interface Place {
  account: string;
  role: PeerRole;
  /** SHA-256 of its token. */
  tokenHash: string;
  expiresAt: number;
}

/** A provider's place without anybody in it is kept for so long. */
export const PROVIDER_PLACE_MS = 10 * 60 * 1_000;

/** Who stands at the door. */
export interface Comer {
  account: string;
  tokenHash: string;
}

/** Why somebody can't stay, in words for people. */
export const error = (msg: string): HubMessage => ({ type: "ERROR", payload: { msg } });

export const NOTHING_SUPPLIED = error("No id, token, or key supplied to websocket server");
export const INVALID_KEY: HubMessage = { type: "INVALID-KEY", payload: { msg: "Invalid key provided" } };
export const NOT_SIGNED_IN = error("Sign in first: an id belongs to an account");
const FULL = error("Server has reached its concurrent user limit");
export const UNKNOWN_ID = error("The id is unknown, or its ticket has expired");
const OTHER_ACCOUNT = error("The id belongs to another account");
const ID_TAKEN: HubMessage = { type: "ID-TAKEN", payload: { msg: "ID is taken" } };

/**
 * Why somebody may not be the peer of a place; null who may.
 *
 * @param place null where there is none of that id
 * @param hub how many others are connected, and may be
 */
export function refusalAtDoor(
  comer: Comer,
  place: Place | null,
  hub: { others: number; most: number },
  now: number,
): HubMessage | null {
  if (place === null || place.expiresAt <= now) return UNKNOWN_ID;
  if (place.tokenHash !== comer.tokenHash) return ID_TAKEN;
  if (place.account !== comer.account) return OTHER_ACCOUNT;
  return hub.others >= hub.most ? FULL : null;
}

/** A place as it is after this moment; null where it is over. */
export function placeAt(place: Place, isThere: boolean, now: number): Place | null {
  if (place.role === "provider" && isThere) return { ...place, expiresAt: now + PROVIDER_PLACE_MS };
  return place.expiresAt <= now ? null : place;
}

/** Of one account's places those that go when one more is issued, the oldest first. */
export const placesToGo = <Issued extends { issuedAt: number }>(
  own: readonly Issued[],
  most: number,
): Issued[] => own.toSorted((a, b) => a.issuedAt - b.issuedAt).slice(0, Math.max(0, own.length - most + 1));

export interface Peer {
  id: string;
  role: PeerRole;
}

/** A message for somebody who is not there. */
export const Kept = v.object({
  /** Greater than that of all that were said before. */
  nr: v.number(),
  message: PassedMessage,
  from: PeerRole,
  /** When the first was kept that the two have here. */
  since: v.number(),
  /** In UTF-16 code units. */
  size: v.number(),
});
export type Kept = v.InferOutput<typeof Kept>;

/** Code units of all kept messages of a hub. */
export const MAX_KEPT_SIZE = 4 * 1024 * 1024;

export type Decision =
  | { do: "pass"; message: PassedMessage }
  | { do: "keep"; kept: readonly Kept[] }
  | { do: "answer"; message: HubMessage }
  | { do: "end" }
  | { do: "nothing" };

/**
 * What becomes of what a peer says. Whether somebody is away, does not exist or is of the same side, the sender can't tell apart:
 * all of them do not come.
 *
 * @param size of the message's frame, in UTF-16 code units
 * @param hub who is there by that name, what is kept, and how many messages of one sender may be
 */
export function decide(
  message: PeerMessage,
  size: number,
  from: Peer,
  hub: { listener: Peer | null; kept: readonly Kept[]; keptPerSender: number },
  now: number,
): Decision {
  switch (message.type) {
    case "HEARTBEAT":
      return { do: "nothing" };
    case "LEAVE": {
      const { dst } = message;
      if (dst === undefined) return { do: "end" };
      const isHeard = hub.listener !== null && mayHear(hub.listener.role, from.role);
      return isHeard ? { do: "pass", message: { type: "LEAVE", src: from.id, dst } } : { do: "nothing" };
    }
    case "OFFER":
    case "ANSWER":
    case "CANDIDATE": {
      const passed: PassedMessage = { ...message, src: from.id };
      if (hub.listener !== null && mayHear(hub.listener.role, from.role))
        return { do: "pass", message: passed };
      return keep(passed, size, from, hub, now);
    }
    default:
      return message satisfies never;
  }
}

const mayHear = (listener: PeerRole, speaker: PeerRole): boolean => listener !== speaker;

function keep(
  message: PassedMessage,
  size: number,
  from: Peer,
  { kept, keptPerSender }: { kept: readonly Kept[]; keptPerSender: number },
  now: number,
): Decision {
  const own = kept.filter((other) => other.message.src === message.src);
  const before = own.find((other) => other.message.dst === message.dst);
  const sizeOfAll = kept.reduce((sum, other) => sum + other.size, size);
  if (own.length < keptPerSender && sizeOfAll <= MAX_KEPT_SIZE) {
    const nr = (kept.at(-1)?.nr ?? 0) + 1;
    return {
      do: "keep",
      kept: [...kept, { nr, message, from: from.role, since: before?.since ?? now, size }],
    };
  }
  // What is kept of the pair already is told when it expires.
  return before ? { do: "nothing" } : { do: "answer", message: expiry(message) };
}

/** Names the one who did not come as the source: the client tells by it to whom it could not connect. */
const expiry = ({ src, dst }: PassedMessage): HubMessage => ({ type: "EXPIRE", src: dst, dst: src });

/** What has waited for one who has come, in the order that it was said. */
export function waitingFor(
  comer: Peer,
  kept: readonly Kept[],
): { due: PassedMessage[]; rest: readonly Kept[] } {
  const isDue = ({ message, from }: Kept): boolean => message.dst === comer.id && mayHear(comer.role, from);
  return {
    due: kept.filter(isDue).map(({ message }) => message),
    rest: kept.filter((one) => !isDue(one)),
  };
}

/** What has waited in vain: one message to each sender for each that it wanted. */
export function expired(
  kept: readonly Kept[],
  keptMs: number,
  now: number,
): { told: HubMessage[]; rest: readonly Kept[] } {
  const pairs = new Map<string, PassedMessage>();
  for (const { message, since } of kept)
    if (since + keptMs <= now) pairs.set(`${message.src}/${message.dst}`, message);
  return {
    told: [...pairs.values()].map(expiry),
    rest: kept.filter(({ since }) => since + keptMs > now),
  };
}

/** Said to the sender where a socket would not take a message: who was to get it is gone. */
export const gone = ({ src, dst }: PassedMessage): HubMessage => ({ type: "LEAVE", src: dst, dst: src });

/** How many messages somebody may say now, and since when. */
export interface Pace {
  left: number;
  at: number;
}

/** A peer's pace after one message more; null where that is one too many. Two seconds' worth may come at once. */
export function paced(before: Pace | null, perSecond: number, now: number): Pace | null {
  const most = 2 * perSecond;
  const left = before === null ? most : Math.min(most, before.left + ((now - before.at) / 1_000) * perSecond);
  return left < 1 ? null : { left: left - 1, at: now };
}

/** When something expires next, of kept messages, places and sockets, by when these were heard of; null for never. */
export function nextLook(
  { kept, places, heardAt }: { kept: readonly Kept[]; places: readonly Place[]; heardAt: readonly number[] },
  limits: { keptMs: number; silenceMs: number },
): number | null {
  const times = [
    ...kept.map(({ since }) => since + limits.keptMs),
    ...places.map(({ expiresAt }) => expiresAt),
    ...heardAt.map((at) => at + limits.silenceMs),
  ];
  return times.length === 0 ? null : Math.min(...times);
}
