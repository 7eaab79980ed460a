import * as v from "valibot";
import { Instant } from "./text.ts";

/**
 * How a tab comes to /link/provider: browsers let no page send `Authorization` with a WebSocket, and what stands in an address is
 * written to logs. So the page asks for a ticket by its cookie, and names it among the subprotocols:
 *
 *     POST /api/providers/:id/ticket                                 -> {ticket, expiresAt}
 *     Sec-WebSocket-Protocol: tabarena.provider, ticket.<ticket>     -> Sec-WebSocket-Protocol: tabarena.provider
 *
 * A ticket is good once, for `TICKET_MS`, for a page of this site; a newer one of the same provider takes its place.
 */
export const PROVIDER_SUBPROTOCOL = "tabarena.provider";

export const TICKET_MS = 60_000;

const Ticket = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** Of what a tab names as its subprotocols. */
export const ticketSubprotocols = (ticket: string): string[] => [PROVIDER_SUBPROTOCOL, `ticket.${ticket}`];

/** The ticket among subprotocols, as the header has them; null where there is none. */
export const ticketAmong = (header: string): string | null =>
  /^tabarena\.provider *, *ticket\.([0-9a-f]{64})$/.exec(header.trim())?.[1] ?? null;

/** POST /api/providers/:id/ticket: it is in the answer and nowhere else. */
export const ProviderTicket = v.object({ ticket: Ticket, expiresAt: Instant });
export type ProviderTicket = v.InferOutput<typeof ProviderTicket>;
