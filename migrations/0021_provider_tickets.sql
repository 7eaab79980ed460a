-- How a browser's tab comes to the market (protocol/provider-ticket.ts): by a ticket that is good once, for a minute. A provider has
-- one at most, so that the table never grows; who comes with it takes the row away, and of two at once only one gets it.
CREATE TABLE provider_tickets (
  provider TEXT PRIMARY KEY REFERENCES providers (id),
  ticket_hash TEXT NOT NULL UNIQUE, -- SHA-256; the ticket itself was told once
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
