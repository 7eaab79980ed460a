import { type DeltaPart, deltaParts, joined } from "./delta-parts.ts";
import type { Piece } from "./engine.ts";

/**
 * The way of one answer from its engine to the link: each piece goes out at once as a delta of its own. While the link is
 * backed up, pieces are joined, and when a whole delta waits, so does the engine; and it waits while the Market says so.
 */
export interface Outbox {
  /** Fulfilled when the next piece is wanted. */
  add(piece: Piece): Promise<void> | void;
  pause(): void;
  resume(): void;
  /** The link has room again. */
  onRoom(): void;
  /** Nobody wants what comes from now on, and nothing waits any more. */
  drop(): void;
  /** Sends what is left. Returns how many deltas there were in all. */
  end(): number;
}

export interface OutboxLink {
  /** Sends the next delta; false where nobody hears it. */
  send(seq: number, piece: Piece): boolean;
  backedUp(): boolean;
}

export function openOutbox({ send, backedUp }: OutboxLink): Outbox {
  const waiting: DeltaPart[] = [];
  let deltas = 0;
  let paused = false;
  let dropped = false;
  let wake: (() => void) | null = null;

  const wanted = (): boolean => dropped || (!paused && waiting.length < 2);
  const sendNext = (): void => {
    const next = waiting.shift();
    if (next && send(deltas, next.piece)) deltas++;
  };
  const react = (): void => {
    while (waiting.length > 0 && !backedUp()) sendNext();
    if (!wanted()) return;
    wake?.();
    wake = null;
  };
  return {
    add(piece) {
      if (dropped) return;
      for (const part of deltaParts(piece)) {
        const last = waiting.at(-1);
        const both = last ? joined(last, part) : null;
        if (both) waiting[waiting.length - 1] = both;
        else waiting.push(part);
      }
      react();
      if (!wanted()) return new Promise((resolve) => (wake = resolve));
    },
    pause: () => void (paused = true),
    resume() {
      paused = false;
      react();
    },
    onRoom: react,
    drop() {
      dropped = true;
      waiting.length = 0;
      react();
    },
    end() {
      while (waiting.length > 0) sendNext();
      return deltas;
    },
  };
}
