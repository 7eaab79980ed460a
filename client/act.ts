import { useState } from "preact/hooks";
import { asApiError, type ApiError } from "./api.ts";

export interface Act {
  busy: boolean;
  error: ApiError | null;
  /** Does it, unless it is being done already. @returns whether it was done */
  run: (work: () => Promise<void>) => Promise<boolean>;
  forget: () => void;
}

/** One request at a time that a button makes, and how it was refused. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(asApiError(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run, forget: () => setError(null) };
}
