import * as v from "valibot";
import { Count, Milliseconds } from "../protocol/text.ts";

const AtLeastOne = v.pipe(Count, v.minValue(1));

/** What a signalling hub allows: `[vars.PEER_LIMITS]` of wrangler.toml. */
export const PeerLimits = v.strictObject({
  /** Connected at once, and ids that were issued and are good. */
  peers: AtLeastOne,
  places: AtLeastOne,
  /** Ids of one account; with one more the oldest goes. */
  placesPerAccount: AtLeastOne,
  /** Of one peer; twice as many may come at once. */
  messagesPerSecond: AtLeastOne,
  /** Messages of one sender that wait for who is not there, and for how long. */
  kept: AtLeastOne,
  keptMs: Milliseconds,
  /** Who says nothing for so long is gone. PeerJS's client sends a heartbeat every 5 s. */
  silenceMs: Milliseconds,
});
export type PeerLimits = v.InferOutput<typeof PeerLimits>;
