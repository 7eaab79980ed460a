import { type ProviderTicket, TICKET_MS } from "../protocol/provider-ticket.ts";
import { randomToken, sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";

/** Makes a ticket for a provider, in place of the one before. */
export async function newTicket(env: Env, provider: string): Promise<ProviderTicket> {
  const ticket = randomToken();
  const expiresAt = Date.now() + TICKET_MS;
  await env.DB.prepare(
    `INSERT INTO provider_tickets (provider, ticket_hash, expires_at) VALUES (?, ?, ?)
     ON CONFLICT (provider) DO UPDATE SET ticket_hash = excluded.ticket_hash, expires_at = excluded.expires_at`,
  )
    .bind(provider, await sha256(ticket), expiresAt)
    .run();
  return { ticket, expiresAt };
}

/**
 * Takes a ticket, which is good for nothing from then on.
 * @returns the name of the provider that it is for
 * @throws ApiError `wrong_token` where it is none, was taken before or is too old
 */
export async function spendTicket(env: Env, ticket: string): Promise<string> {
  const spent = await env.DB.prepare(
    "DELETE FROM provider_tickets WHERE ticket_hash = ? RETURNING provider, expires_at AS expiresAt",
  )
    .bind(await sha256(ticket))
    .first<{ provider: string; expiresAt: number }>();
  if (!spent)
    throw new ApiError(
      "wrong_token",
      "This ticket is unknown, was used before, or a newer one has taken its place.",
    );
  if (Date.now() >= spent.expiresAt)
    throw new ApiError("wrong_token", `This ticket is too old: it is good for ${TICKET_MS / 1000} seconds.`);
  return spent.provider;
}
