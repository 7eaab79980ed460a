-- Jobs that a consumer's page has done by a provider's tab without the Market between them (docs/peer-jobs.md). Held for and
-- settled as all others, by what both sides have signed.

-- Whether the answer went through the Market, or from peer to peer.
ALTER TABLE jobs ADD COLUMN path TEXT NOT NULL DEFAULT 'relay' CHECK (path IN ('relay', 'peer'));

-- One row for each job whose path is `peer`, written with it: what a Market that starts anew must know to go on with those that
-- have no end, and afterwards the evidence of what was paid.
CREATE TABLE peer_jobs (
  job TEXT PRIMARY KEY REFERENCES jobs (id),
  provider TEXT NOT NULL REFERENCES providers (id),
  offer TEXT NOT NULL,
  owner TEXT NOT NULL REFERENCES users (id),
  prices TEXT NOT NULL,               -- JSON: `Prices` of protocol/money.ts
  -- Public keys, made for this job; the provider's is null until it took the job.
  consumer_key TEXT NOT NULL,
  provider_key TEXT,
  expires_at INTEGER NOT NULL,
  -- Whether the consumer has asked the provider.
  begun INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)),
  -- JSON: the `SignedReceipt` of protocol/receipt.ts by which it is settled, as things stand; null where there is none.
  receipt TEXT,
  -- Who signed two receipts under one number.
  provider_forked INTEGER NOT NULL DEFAULT 0 CHECK (provider_forked IN (0, 1)),
  consumer_forked INTEGER NOT NULL DEFAULT 0 CHECK (consumer_forked IN (0, 1))
) STRICT;
