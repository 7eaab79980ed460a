import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { LiveContestMessage, type Board, type LiveContestRequest } from "../protocol/contest.ts";
import type { ContestStatus, TimedContest } from "../protocol/contest-times.ts";
import type { View } from "../rules/contest-board.ts";
import { nextChange, statusAt } from "../rules/contest-state.ts";
import { afterMessage, type LiveBoard } from "./board.ts";
import { observeServerTime, serverNow } from "./clock.ts";
import { liveUrl, openLive, type LiveConnection } from "./live.ts";
import { keepSame, standingsOf, type Standing } from "./standings.ts";

/** The part of an address that asks for the jury's view. */
export const viewQuery = (view: View): string => (view === "jury" ? "?view=jury" : "");

/**
 * Follows a contest's room: the newest board, and the connection that it comes by. Null before the first. Neither
 * argument may change: what the jury sees is no board to go on from for the public.
 */
export function useLiveBoard(
  slug: string,
  view: View,
): { board: Board | null; connection: LiveConnection | null } {
  const live = useSignal<LiveBoard | null>(null);
  const [connection, setConnection] = useState<LiveConnection | null>(null);
  useEffect(() => {
    const follow = (known: LiveBoard | null): string =>
      JSON.stringify({
        type: "follow",
        epoch: known?.epoch ?? null,
        since: known?.board.seq ?? null,
      } satisfies LiveContestRequest);
    const opened = openLive({
      url: liveUrl(`/live/contests/${slug}${viewQuery(view)}`),
      schema: LiveContestMessage,
      greet: () => follow(live.value),
      receive: (message) => {
        observeServerTime(message.now);
        const after = afterMessage(live.value, message);
        if (after === null) opened.send(follow(null));
        else live.value = after;
      },
    });
    setConnection(opened);
    return () => opened.close();
  }, [slug, view]);
  return { board: live.value?.board ?? null, connection };
}

/** A timer's longest wait: browsers count in 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/** How far a contest has come, drawn again when the time for the next state has come, and not every second. */
export function useStatus(timed: TimedContest): ContestStatus {
  const [count, setCount] = useState(0);
  const now = serverNow();
  const at = nextChange(timed, now)?.at ?? null;
  useEffect(() => {
    if (at === null) return;
    const timer = setTimeout(() => setCount(count + 1), Math.min(Math.max(0, at - serverNow()), LONGEST_MS));
    return () => clearTimeout(timer);
  }, [at, count]);
  return statusAt(timed, now);
}

/** The standings of a board, in which every row that says what it said before is the same object. */
export function useStandings(board: Board, groups: readonly string[]): readonly Standing[] {
  const before = useRef<readonly Standing[]>([]);
  const chosen = groups.join("\n");
  return useMemo(() => {
    before.current = keepSame(before.current, standingsOf(board, groups));
    return before.current;
  }, [board, chosen]);
}

/** Whether a CSS media query holds, drawn again when that changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const change = (): void => setHolds(list.matches);
    change();
    list.addEventListener("change", change);
    return () => list.removeEventListener("change", change);
  }, [query]);
  return holds;
}
