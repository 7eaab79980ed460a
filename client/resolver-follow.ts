import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  LiveResolverMessage,
  type LiveResolverRequest,
  type ResolverState,
  type ResolverStep,
} from "../protocol/resolver.ts";
import { afterStep } from "../rules/resolver-state.ts";
import { liveUrl, openLive, type LiveConnection } from "./live.ts";

/** What a viewer of a show sees. */
export type Followed =
  | { type: "waiting" }
  | {
      type: "shown";
      /** When the show began. */
      show: number;
      state: ResolverState;
      /** The step that was shown last; null after a state came as a whole. */
      last: ResolverStep | null;
    };

/**
 * What a viewer sees after a message of the show.
 *
 * @param before null before the first message
 * @returns null when steps were missed, or are of another show: ask for the whole state
 */
export function afterShowMessage(before: Followed | null, message: LiveResolverMessage): Followed | null {
  switch (message.type) {
    case "waiting":
      return { type: "waiting" };
    case "state":
      return { type: "shown", show: message.show, state: message.state, last: null };
    case "steps": {
      if (before?.type !== "shown" || before.show !== message.show) return null;
      return message.steps.reduce<Followed | null>(afterOne, before);
    }
    default:
      return message satisfies never;
  }
}

function afterOne(before: Followed | null, step: ResolverStep): Followed | null {
  if (before?.type !== "shown") return null;
  const state = afterStep(before.state, step);
  if (state === null) return null;
  return state === before.state ? before : { ...before, state, last: step };
}

/**
 * Follows a contest's show. Null before the first message.
 *
 * @param heard - told of everything that the show is now
 */
export function useShow(
  slug: string,
  heard: (followed: Followed) => void = () => undefined,
): { followed: Followed | null; connection: LiveConnection | null } {
  const live = useSignal<Followed | null>(null);
  const [connection, setConnection] = useState<LiveConnection | null>(null);
  const tell = useRef(heard);
  tell.current = heard;
  useEffect(() => {
    const opened = openLive({
      url: liveUrl(`/live/contests/${slug}/resolver`),
      schema: LiveResolverMessage,
      greet: () => follow(live.value),
      receive: (message) => {
        const after = afterShowMessage(live.value, message);
        if (after === null) return opened.send(follow(null));
        live.value = after;
        tell.current(after);
      },
    });
    setConnection(opened);
    return () => opened.close();
  }, [slug]);
  return { followed: live.value, connection };
}

function follow(known: Followed | null): string {
  const has = known?.type === "shown" ? known : null;
  return JSON.stringify({
    type: "follow",
    show: has?.show ?? null,
    shown: has?.state.shown ?? null,
  } satisfies LiveResolverRequest);
}
