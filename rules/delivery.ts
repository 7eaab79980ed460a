import { isHighSurrogate, utf8Length } from "./utf8-length.ts";

/** No vocabulary has a token as long as this on average, in bytes: more is no answer but a flood. */
export const MOST_BYTES_PER_TOKEN = 512;

/**
 * How much may come at once, and how much all the time. A fast engine makes some hundred tokens a second, the fastest some
 * thousand, and puts several into a delta then.
 */
const FLOOD = {
  deltas: { atOnce: 20_000, perSecond: 2_000 },
  bytes: { atOnce: 4 * 1024 * 1024, perSecond: 1024 * 1024 },
};

/** What a delta of a provider has that matters here. */
export interface IncomingDelta {
  /** 0, 1, 2, … */
  seq: number;
  text: string;
  reasoning?: string;
  toolCalls?: readonly { name?: string; arguments: string }[];
  tokenCount: number;
  vector?: unknown;
}

/** What has come from one provider for one job. Plain data, a new one for each delta. */
export interface Delivery {
  /** The most tokens that this provider was asked for. */
  readonly maxTokens: number;
  readonly nextSeq: number;
  readonly tokens: number;
  readonly bytes: number;
  /** The first half of a character, whose second is to come; or "". */
  readonly half: string;
  /** How full the measures against floods are, at `at` milliseconds. */
  readonly recent: { readonly deltas: number; readonly bytes: number; readonly at: number };
}

/**
 * What a provider did against the rules:
 *
 * - `gap`      deltas between this one and the last are missing
 * - `flood`    more comes than any engine makes in that time
 * - `too_long` the text is longer than as many tokens can be
 * - `vector`   it has a vector, for which nobody asked (those that are asked for: `vectors.ts`)
 */
export type Breach = "gap" | "flood" | "too_long" | "vector";

export type Receipt<D extends IncomingDelta> =
  /** To be passed on; its text is whole characters. */
  | { type: "deliver"; delivery: Delivery; delta: D }
  /** It has come before. */
  | { type: "drop"; delivery: Delivery }
  /**
   * There is more than the job may have: what is within, if anything, is passed on, and the answer ends by its length,
   * whatever the provider writes on.
   */
  | { type: "cut"; delta: D | null }
  /** Nothing more of this provider is heard for this job. */
  | { type: "breach"; breach: Breach };

export function beginDelivery(maxTokens: number, now: number): Delivery {
  return { maxTokens, nextSeq: 0, tokens: 0, bytes: 0, half: "", recent: { deltas: 0, bytes: 0, at: now } };
}

/**
 * Takes the next delta of a provider as it came, at `now` milliseconds.
 *
 * Half a character at its end waits for the other half, so that nobody gets two broken ones; halves that belong to nothing
 * become U+FFFD. Of a delta that has more tokens than are left, and nothing but text, a part is passed on, as many of its
 * characters as of its tokens; of one with other content nothing, since half a tool call is worse than none.
 */
export function receiveDelta<D extends IncomingDelta>(delivery: Delivery, delta: D, now: number): Receipt<D> {
  const bytes = bytesOf(delta);
  const recent = poured(delivery.recent, bytes, now);
  if (recent.deltas > FLOOD.deltas.atOnce || recent.bytes > FLOOD.bytes.atOnce) return breach("flood");
  if (delta.vector !== undefined) return breach("vector");
  if (delta.seq > delivery.nextSeq) return breach("gap");
  if (delta.seq < delivery.nextSeq) return { type: "drop", delivery: { ...delivery, recent } };

  const left = delivery.maxTokens - delivery.tokens;
  if (delta.tokenCount > left) return { type: "cut", delta: within(delivery.half, delta, left) };
  if (delivery.bytes + bytes > delivery.maxTokens * MOST_BYTES_PER_TOKEN) return breach("too_long");
  const { text, half } = wholeCharacters(delivery.half + delta.text);
  return {
    type: "deliver",
    delivery: {
      ...delivery,
      nextSeq: delivery.nextSeq + 1,
      tokens: delivery.tokens + delta.tokenCount,
      bytes: delivery.bytes + bytes,
      half,
      recent,
    },
    delta: { ...delta, text },
  };
}

/** The bytes of UTF-8 of all that a delta says. */
export function bytesOf({ text, reasoning = "", toolCalls = [] }: Omit<IncomingDelta, "seq">): number {
  let bytes = utf8Length(text) + utf8Length(reasoning);
  for (const call of toolCalls) bytes += utf8Length(call.name ?? "") + utf8Length(call.arguments);
  return bytes;
}

function breach(breach: Breach): { type: "breach"; breach: Breach } {
  return { type: "breach", breach };
}

/** The measures after one more delta. Both leak all the time. */
function poured(recent: Delivery["recent"], bytes: number, now: number): Delivery["recent"] {
  const seconds = Math.max(0, now - recent.at) / 1000;
  return {
    deltas: Math.max(0, recent.deltas - FLOOD.deltas.perSecond * seconds) + 1,
    bytes: Math.max(0, recent.bytes - FLOOD.bytes.perSecond * seconds) + bytes,
    at: Math.max(recent.at, now),
  };
}

function within<D extends IncomingDelta>(half: string, delta: D, left: number): D | null {
  if (left === 0 || delta.reasoning !== undefined || delta.toolCalls !== undefined) return null;
  const all = half + delta.text;
  const { text } = wholeCharacters(all.slice(0, Math.floor((all.length * left) / delta.tokenCount)));
  return { ...delta, text, tokenCount: left };
}

function wholeCharacters(text: string): { text: string; half: string } {
  const split = isHighSurrogate(text.charCodeAt(text.length - 1));
  const end = split ? text.length - 1 : text.length;
  return { text: text.slice(0, end).toWellFormed(), half: text.slice(end) };
}
