import * as v from "valibot";
import { PeerName } from "./receipt.ts";
import { Count } from "./text.ts";

/**
 * How pages find one another: the wire of PeerJS's server, as its client 1.5 speaks it, at /peerjs/PROVIDER. Where the reference
 * server and this one differ, it is because here an id belongs to an account.
 *
 *     page                                      hub of the provider                      page of the other side
 *       | GET …/peerjs?key&id&token  (WebSocket) -> |
 *       | <- OPEN                                   |   or INVALID-KEY, ID-TAKEN, ERROR, and the socket is closed;
 *       |                                           |   nothing where it takes the place of a socket with the same token
 *       | OFFER {dst, payload}                   -> | OFFER {src, dst, payload} ----------> |   to one who is there at once, to
 *       | <------------ ANSWER {src, dst, payload}  | <---------- ANSWER {dst, payload}     |   others when they come …
 *       | CANDIDATE {dst, payload}               -> | CANDIDATE -- and back --------------> |
 *       | <- EXPIRE {src}                           |   … or this, once for each pair, if they do not
 *       | LEAVE {dst}                            -> | LEAVE {src, dst} -------------------> |   without dst the sender itself goes
 *       | HEARTBEAT every 5 s                    -> |   answered with nothing; who is silent for long is gone
 *
 * Who sent a message is said by the hub (`src`), whatever the sender wrote. Types that it does not know are passed over, as the
 * reference server does; what is no message, or beyond a limit, is told by an ERROR and ends the socket.
 */

/** The `key` that the client sends where none is chosen; no other is good. */
export const SIGNAL_KEY = "peerjs";

/** The heartbeat letter by letter as the client writes it, and an answer that the client passes over without a word. */
export const SIGNAL_HEARTBEAT = { ask: '{"type":"HEARTBEAT"}', answer: "" } as const;

/** The largest frame, in UTF-16 code units: several times what the longest description of a session takes. */
export const MAX_SIGNAL_FRAME = 32 * 1024;

/** Whether one provides, or asks. Each finds the other kind only. */
export const PeerRole = v.picklist(["provider", "consumer"]);
export type PeerRole = v.InferOutput<typeof PeerRole>;

/** As whom somebody may connect: POST /api/providers/:id/peer answers with it, and so does a ticket. */
export const PeerPlace = v.object({ id: PeerName, token: v.string() });
export type PeerPlace = v.InferOutput<typeof PeerPlace>;

const Text = v.pipe(v.string(), v.nonEmpty());

/** The query of the socket's address. */
export const SignalQuery = v.object({ key: Text, id: Text, token: Text });

const shortText = (length: number) => v.pipe(v.string(), v.maxLength(length));
const Kind = v.picklist(["data", "media"]);
const ConnectionId = shortText(100);
const Description = v.object({
  type: v.picklist(["offer", "answer", "pranswer", "rollback"]),
  sdp: shortText(MAX_SIGNAL_FRAME),
});

export const Offer = v.object({
  type: v.literal("OFFER"),
  dst: PeerName,
  payload: v.object({
    sdp: Description,
    type: Kind,
    connectionId: ConnectionId,
    /** Whatever the caller gave. */
    metadata: v.optional(v.unknown()),
    label: v.exactOptional(shortText(200)),
    serialization: v.exactOptional(shortText(40)),
    reliable: v.exactOptional(v.boolean()),
  }),
});

export const Answer = v.object({
  type: v.literal("ANSWER"),
  dst: PeerName,
  payload: v.object({ sdp: Description, type: Kind, connectionId: ConnectionId }),
});

export const Candidate = v.object({
  type: v.literal("CANDIDATE"),
  dst: PeerName,
  payload: v.object({
    /** As RTCIceCandidate.toJSON writes it. */
    candidate: v.object({
      candidate: shortText(2_000),
      sdpMid: v.optional(v.nullable(shortText(100))),
      sdpMLineIndex: v.optional(v.nullable(Count)),
      usernameFragment: v.optional(v.nullable(shortText(300))),
    }),
    type: Kind,
    connectionId: ConnectionId,
  }),
});

const Leave = v.object({ type: v.literal("LEAVE"), dst: v.optional(PeerName) });

/** What a page says. */
export const PeerMessage = v.variant("type", [
  v.object({ type: v.literal("HEARTBEAT") }),
  Offer,
  Answer,
  Candidate,
  Leave,
]);
export type PeerMessage = v.InferOutput<typeof PeerMessage>;

const from = { src: PeerName };

/** What one page has another told. */
export const PassedMessage = v.variant("type", [
  v.object({ ...Offer.entries, ...from }),
  v.object({ ...Answer.entries, ...from }),
  v.object({ ...Candidate.entries, ...from }),
  v.object({ type: v.literal("LEAVE"), dst: PeerName, ...from }),
]);
export type PassedMessage = v.InferOutput<typeof PassedMessage>;

const Reason = v.object({ msg: v.string() });

/** What the hub says. The client raises the error that stands beside it. */
export const HubMessage = v.variant("type", [
  v.object({ type: v.literal("OPEN") }),
  /** `unavailable-id` */
  v.object({ type: v.literal("ID-TAKEN"), payload: Reason }),
  /** `invalid-key` */
  v.object({ type: v.literal("INVALID-KEY"), payload: Reason }),
  /** `server-error`, with the reason as its message */
  v.object({ type: v.literal("ERROR"), payload: Reason }),
  /** `peer-unavailable`: `src` did not come to take what `dst` had sent. */
  v.object({ type: v.literal("EXPIRE"), src: PeerName, dst: PeerName }),
  ...PassedMessage.options,
]);
export type HubMessage = v.InferOutput<typeof HubMessage>;

/** GET /peerjs/:provider, in the reference server's words. */
export const SignalServer = v.object({ name: v.string(), description: v.string(), website: v.string() });
export type SignalServer = v.InferOutput<typeof SignalServer>;
