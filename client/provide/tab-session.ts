import type { FromWorker, ToWorker } from "./tab-messages.ts";

/** The page's end of its Worker. */
export interface TabSession {
  send(message: ToWorker): void;
}

/** Starts a Worker; `hear` is told all that it says. */
export type OpenTabSession = (hear: (message: FromWorker) => void) => TabSession;
