import { useEffect, useRef, useState } from "preact/hooks";
import { ResolverPosition, type ResolverStep } from "../protocol/resolver.ts";
import { asApiError, request, type ApiError } from "./api.ts";

/** How long a step stays before the next one, by speed; at speed 0 the presenter goes on by hand. */
export const STEP_MS = [Infinity, 4000, 2500, 1500, 800, 400] as const;
export const FASTEST = STEP_MS.length - 1;

export interface Presenting {
  /** The last step that the presenter has asked for. */
  shown: number;
  /** Why the last move did not reach the viewers; null when all did. */
  error: ApiError | null;
  speed: number;
  setSpeed: (speed: number) => void;
  /** Shows the steps up to this one. */
  go: (to: number) => void;
  /** Takes over where the show is, when somebody else moved it. */
  heard: (shown: number) => void;
}

/**
 * Leads a show. The presenter's own screen goes ahead at once; the server is told one move after the other, of several the
 * last, so that a slow network loses no key. At a speed the show goes on by itself up to the next step that waits.
 *
 * @param steps - all of the show
 * @param began - where the show is when the page opens
 */
export function usePresenting(slug: string, steps: readonly ResolverStep[], began: number): Presenting {
  const [shown, setShown] = useState(began);
  const [speed, setSpeed] = useState(0);
  const [error, setError] = useState<ApiError | null>(null);
  const wanted = useRef<number | null>(null);
  const sending = useRef(false);

  const send = async (): Promise<void> => {
    if (sending.current) return;
    sending.current = true;
    try {
      while (wanted.current !== null) {
        const to = wanted.current;
        wanted.current = null;
        await request(ResolverPosition, `/api/contests/${slug}/resolver/show`, {
          method: "POST",
          body: { to },
        });
        setError(null);
      }
    } catch (thrown) {
      // The viewers stay where they are; the next key tells the server of the position again.
      setError(asApiError(thrown));
      setSpeed(0);
    } finally {
      sending.current = false;
    }
  };
  const go = (to: number): void => {
    if (to < 0 || to > steps.length) return;
    setShown(to);
    wanted.current = to;
    void send();
  };
  const heard = (at: number): void => {
    if (!sending.current && wanted.current === null) setShown(at);
  };

  const last = steps[shown - 1];
  const goesOn = speed > 0 && last !== undefined && !last.pause && shown < steps.length;
  useEffect(() => {
    if (!goesOn) return;
    const timer = setTimeout(() => go(shown + 1), STEP_MS[speed]);
    return () => clearTimeout(timer);
  }, [goesOn, shown, speed]);
  return { shown, error, speed, setSpeed, go, heard };
}
