import * as v from "valibot";
import { Nano } from "./money.ts";
import { ModelName } from "./offer.ts";

/** GET and POST /api/session/guest: what somebody may try who is not signed in. POST makes this browser a guest where it is none. */
export const GuestView = v.object({
  /** What is left; null for a browser that is no guest yet. */
  balanceNano: v.nullable(Nano),
  /** What a new guest gets; 0 where there are none. */
  allowanceNano: Nano,
  /** The names that a guest may ask for. */
  models: v.array(ModelName),
});
export type GuestView = v.InferOutput<typeof GuestView>;
