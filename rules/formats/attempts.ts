import type { JudgedResult } from "../../protocol/contest-format.ts";

/** A submission of a team on a problem of a contest, judged or not. */
export interface Attempt {
  submission: string;
  /** Contest time in ms. */
  at: number;
  /** Null while there is none, or none that is shown. */
  result: JudgedResult | null;
}
