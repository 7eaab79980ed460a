import { describe, expect, it } from "vitest";
import type { PeerMessage } from "../protocol/peer-signal.ts";
import {
  decide,
  expired,
  gone,
  type Kept,
  MAX_KEPT_SIZE,
  nextLook,
  type Pace,
  paced,
  type Peer,
  type Place,
  placeAt,
  placesToGo,
  PROVIDER_PLACE_MS,
  refusalAtDoor,
  waitingFor,
} from "./peer-hub.ts";

const NOW = 1e12;
const KEPT_MS = 5_000;
const tab: Peer = { id: "tab", role: "provider" };
const page: Peer = { id: "page", role: "consumer" };
const other: Peer = { id: "other", role: "consumer" };

const place = (more: Partial<Place> = {}): Place => ({
  account: "ann",
  role: "consumer",
  tokenHash: "right",
  expiresAt: NOW + 1,
  ...more,
});

const candidate = (dst: string, connectionId = "c"): PeerMessage => ({
  type: "CANDIDATE",
  dst,
  payload: { candidate: { candidate: "candidate:1" }, type: "data", connectionId },
});
const offer = (dst: string): PeerMessage => ({
  type: "OFFER",
  dst,
  payload: { sdp: { type: "offer", sdp: "v=0" }, type: "data", connectionId: "c" },
});
const answer = (dst: string): PeerMessage => ({
  type: "ANSWER",
  dst,
  payload: { sdp: { type: "answer", sdp: "v=0" }, type: "data", connectionId: "c" },
});

const said = (
  message: PeerMessage,
  from: Peer,
  listener: Peer | null,
  more: { kept?: readonly Kept[]; keptPerSender?: number; size?: number; now?: number } = {},
) => {
  const { kept = [], keptPerSender = 64, size = 100, now = NOW } = more;
  return decide(message, size, from, { listener, kept, keptPerSender }, now);
};

/** What is kept after these messages, each for somebody who is not there. */
function keptAfter(...messages: { message: PeerMessage; from: Peer; at?: number; size?: number }[]) {
  let kept: readonly Kept[] = [];
  for (const { message, from, at = NOW, size = 100 } of messages) {
    const decision = said(message, from, null, { kept, now: at, size });
    if (decision.do === "keep") kept = decision.kept;
  }
  return kept;
}

describe("the door of a hub", () => {
  const comer = { account: "ann", tokenHash: "right" };
  const cases: [string, Place | null, typeof comer, number, string | null][] = [
    ["lets in whose place it is", place(), comer, 0, null],
    ["knows no id that was not issued", null, comer, 0, "ERROR"],
    ["knows no id whose ticket has expired", place({ expiresAt: NOW }), comer, 0, "ERROR"],
    ["says that the id is taken to another token", place(), { ...comer, tokenHash: "wrong" }, 0, "ID-TAKEN"],
    ["takes no token from another account", place(), { ...comer, account: "bob" }, 0, "ERROR"],
    ["lets the last in that there is room for", place(), comer, 9, null],
    ["has an end", place(), comer, 10, "ERROR"],
  ];
  it.each(cases)("%s", (_, found, who, others, type) => {
    expect(refusalAtDoor(who, found, { others, most: 10 }, NOW)?.type ?? null).toBe(type);
  });
});

describe("a place", () => {
  it("of a consumer ends when it expires, whether somebody is in it or not", () => {
    for (const isThere of [true, false]) {
      expect(placeAt(place(), isThere, NOW)).toEqual(place());
      expect(placeAt(place(), isThere, NOW + 1)).toBeNull();
    }
  });

  it("of a provider is good as long as somebody is in it, and a while after", () => {
    const tabs = place({ role: "provider" });
    expect(placeAt(tabs, true, NOW + 1)).toEqual({ ...tabs, expiresAt: NOW + 1 + PROVIDER_PLACE_MS });
    expect(placeAt(tabs, false, NOW + 1)).toBeNull();
  });

  it("gives way to a newer one of the same account, the oldest first", () => {
    const own = [3, 1, 2].map((issuedAt) => ({ issuedAt }));
    expect(placesToGo(own, 4)).toEqual([]);
    expect(placesToGo(own, 3)).toEqual([{ issuedAt: 1 }]);
    expect(placesToGo(own, 1)).toEqual([{ issuedAt: 1 }, { issuedAt: 2 }, { issuedAt: 3 }]);
  });
});

describe("a message", () => {
  it.each([offer, answer, candidate])("is passed on to one of the other side who is there", (make) => {
    expect(said(make("tab"), page, tab)).toEqual({
      do: "pass",
      message: { ...make("tab"), src: "page" },
    });
    expect(said(make("page"), tab, page)).toMatchObject({ do: "pass", message: { src: "tab" } });
  });

  it.each([offer, answer, candidate])("is kept for who is not there", (make) => {
    expect(said(make("tab"), page, null)).toEqual({
      do: "keep",
      kept: [{ message: { ...make("tab"), src: "page" }, from: "consumer", since: NOW, size: 100, nr: 1 }],
    });
  });

  it("of one consumer to another waits for nobody, as if there were no such peer", () => {
    const decision = said(offer("other"), page, other);
    expect(decision.do).toBe("keep");
    const kept = decision.do === "keep" ? decision.kept : [];
    expect(waitingFor(other, kept)).toEqual({ due: [], rest: kept });
    expect(expired(kept, KEPT_MS, NOW + KEPT_MS).told).toEqual([
      { type: "EXPIRE", src: "other", dst: "page" },
    ]);
  });

  it("that takes leave of one is told to that one, and to nobody who is not there or of the same side", () => {
    const leave: PeerMessage = { type: "LEAVE", dst: "tab" };
    expect(said(leave, page, tab)).toEqual({ do: "pass", message: { ...leave, src: "page" } });
    expect(said(leave, page, null)).toEqual({ do: "nothing" });
    expect(said({ type: "LEAVE", dst: "other" }, page, other)).toEqual({ do: "nothing" });
  });

  it("that takes leave of all ends its sender", () => {
    expect(said({ type: "LEAVE" }, page, null)).toEqual({ do: "end" });
  });

  it("that is a heartbeat is no more than heard", () => {
    expect(said({ type: "HEARTBEAT" }, page, null)).toEqual({ do: "nothing" });
  });

  it("that does not get through is told as a leave of who was to get it", () => {
    const message = { type: "LEAVE", src: "page", dst: "tab" } as const;
    expect(gone(message)).toEqual({ type: "LEAVE", src: "tab", dst: "page" });
  });
});

describe("what is kept", () => {
  it("is for who comes, in the order that it was said, and for nobody else", () => {
    const kept = keptAfter(
      { message: offer("tab"), from: page },
      { message: candidate("nobody"), from: page },
      { message: candidate("tab", "1"), from: page },
      { message: candidate("tab", "2"), from: other },
    );
    const { due, rest } = waitingFor(tab, kept);
    expect(due).toEqual([
      { ...offer("tab"), src: "page" },
      { ...candidate("tab", "1"), src: "page" },
      { ...candidate("tab", "2"), src: "other" },
    ]);
    expect(rest.map(({ message }) => message.dst)).toEqual(["nobody"]);
  });

  it("expires once for each pair, counted from the first of its messages", () => {
    const kept = keptAfter(
      { message: offer("tab"), from: page },
      { message: candidate("tab"), from: page, at: NOW + 4_000 },
      { message: offer("tab"), from: other, at: NOW + 4_000 },
    );
    expect(expired(kept, KEPT_MS, NOW + KEPT_MS - 1).told).toEqual([]);
    const first = expired(kept, KEPT_MS, NOW + KEPT_MS);
    expect(first.told).toEqual([{ type: "EXPIRE", src: "tab", dst: "page" }]);
    const second = expired(first.rest, KEPT_MS, NOW + 9_000);
    expect(second).toEqual({ told: [{ type: "EXPIRE", src: "tab", dst: "other" }], rest: [] });
  });

  it("has an end for each sender, who is told of those of whom nothing is kept", () => {
    const kept = keptAfter({ message: offer("tab"), from: page });
    expect(said(candidate("tab"), page, null, { kept, keptPerSender: 1 })).toEqual({ do: "nothing" });
    expect(said(offer("tab-2"), page, null, { kept, keptPerSender: 1 })).toEqual({
      do: "answer",
      message: { type: "EXPIRE", src: "tab-2", dst: "page" },
    });
    expect(said(offer("tab"), other, null, { kept, keptPerSender: 1 }).do).toBe("keep");
  });

  it("has an end for all together", () => {
    const kept = keptAfter({ message: offer("tab"), from: page, size: MAX_KEPT_SIZE - 100 });
    expect(said(offer("tab"), other, null, { kept, size: 100 }).do).toBe("keep");
    expect(said(offer("tab"), other, null, { kept, size: 101 }).do).toBe("answer");
  });
});

describe("a peer's pace", () => {
  /** How many of so many messages, one every `everyMs`, may be said. */
  const allowed = (count: number, everyMs: number): number => {
    let pace: Pace | null = null;
    for (let nth = 0; nth < count; nth++) {
      const next = paced(pace, 10, NOW + nth * everyMs);
      if (next === null) return nth;
      pace = next;
    }
    return count;
  };

  it("may be twice a second's worth at once, and no more", () => {
    expect(allowed(100, 0)).toBe(20);
  });

  it("may be a second's worth each second for ever", () => {
    expect(allowed(10_000, 100)).toBe(10_000);
    expect(allowed(10_000, 90)).toBeLessThan(10_000);
  });
});

describe("the next look", () => {
  const limits = { keptMs: KEPT_MS, silenceMs: 90_000 };

  it("is at what expires first", () => {
    const kept = keptAfter({ message: offer("tab"), from: page });
    const places = [place({ expiresAt: NOW + 50_000 })];
    const heardAt = [NOW, NOW - 80_000];
    expect(nextLook({ kept, places, heardAt }, limits)).toBe(NOW + KEPT_MS);
    expect(nextLook({ kept: [], places, heardAt }, limits)).toBe(NOW + 10_000);
    expect(nextLook({ kept: [], places, heardAt: [NOW] }, limits)).toBe(NOW + 50_000);
  });

  it("is never where there is nothing", () => {
    expect(nextLook({ kept: [], places: [], heardAt: [] }, limits)).toBeNull();
  });
});
