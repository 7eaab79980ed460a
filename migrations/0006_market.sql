-- The market: who may call its API, who serves which model at which price, and every job with what became of it. The money
-- of a job is in the ledger (0005); here is what it was for.
--
-- A job's row is written in the batch that holds for it, and its end in the batch that settles it or releases the hold:
-- a job without an end is held for, and the other way round. Where the Market starts anew it ends what it finds open.
--
-- Whoever asked once often asks again: so the end of a job may place the hold for the next one of the same key, which then
-- begins without any writing. Until the row of that job is written, a little later, its hold stands in `holds_ahead`.

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,   -- SHA-256; the secret itself was shown once
  hint TEXT NOT NULL,                 -- the secret's last characters, to tell keys apart
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_by_user ON api_keys (user);

-- The id is the name by which everybody knows the provider, and by which requests choose it.
CREATE TABLE providers (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL REFERENCES users (id),
  token_hash TEXT NOT NULL UNIQUE,
  shard TEXT NOT NULL DEFAULT 'main', -- the Market that it connects to
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  -- How its latest jobs ended (rules/success-rate.ts).
  successes REAL NOT NULL DEFAULT 0,
  failures REAL NOT NULL DEFAULT 0,
  rated_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX providers_by_owner ON providers (owner);

-- One row for each time that a provider was connected; `seen_at` moves while it is.
CREATE TABLE provider_sessions (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL REFERENCES providers (id),
  began_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX provider_sessions_by_provider ON provider_sessions (provider, seen_at);

-- Every model that was ever offered.
CREATE TABLE models (
  name TEXT PRIMARY KEY,
  first_offered_at INTEGER NOT NULL
) STRICT;

-- What a provider offered when it last said hello, and what was seen of each offer's speed (rules/speed-estimate.ts).
CREATE TABLE offers (
  provider TEXT NOT NULL REFERENCES providers (id),
  offer TEXT NOT NULL,                -- chosen by the provider
  model TEXT NOT NULL REFERENCES models (name),
  terms TEXT NOT NULL,                -- JSON: `Offer` of protocol/offer.ts
  logarithms REAL NOT NULL DEFAULT 0,
  tokens REAL NOT NULL DEFAULT 0,
  measured_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (provider, offer)
) STRICT;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  shard TEXT NOT NULL DEFAULT 'main',
  consumer TEXT NOT NULL REFERENCES users (id),
  api_key TEXT REFERENCES api_keys (id),
  model TEXT NOT NULL,
  streamed INTEGER NOT NULL CHECK (streamed IN (0, 1)),
  -- The bounds of what it can cost, and what is held for that.
  prompt_bound INTEGER NOT NULL,
  max_tokens INTEGER NOT NULL,
  held INTEGER NOT NULL,
  fee_basis_points INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  first_token_at INTEGER,
  ended_at INTEGER,
  -- finished: with a finish_reason; cancelled: the consumer went; failed: with an error; interrupted: the Market ended.
  ended TEXT CHECK (ended IN ('finished', 'cancelled', 'failed', 'interrupted')),
  finish_reason TEXT,
  error TEXT,
  -- What is paid for, over all parts.
  prompt_tokens INTEGER NOT NULL DEFAULT 0,
  cached_prompt_tokens INTEGER NOT NULL DEFAULT 0,
  completion_tokens INTEGER NOT NULL DEFAULT 0,
  cost INTEGER NOT NULL DEFAULT 0,
  CHECK ((ended_at IS NULL) = (ended IS NULL)),
  CHECK (cost <= held)
) STRICT;
-- Keys are not looked up again for every request: here is where one that was revoked is found out. A job whose hold was
-- placed ahead has begun when its row is written; it is refused no more.
CREATE TRIGGER job_needs_key BEFORE INSERT ON jobs
WHEN EXISTS (SELECT 1 FROM api_keys WHERE id = NEW.api_key AND revoked_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM holds_ahead WHERE job = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'the API key was revoked');
END;
CREATE INDEX jobs_by_consumer ON jobs (consumer, created_at);
CREATE INDEX jobs_by_key ON jobs (api_key, created_at);
CREATE INDEX jobs_open ON jobs (shard) WHERE ended_at IS NULL;

-- Holds that no job has taken yet, or whose job's row is not written yet. Given back where the Market starts anew.
CREATE TABLE holds_ahead (
  job TEXT PRIMARY KEY,
  shard TEXT NOT NULL DEFAULT 'main',
  consumer TEXT NOT NULL REFERENCES users (id),
  held INTEGER NOT NULL
) STRICT;

-- What each provider did for a job, in the order in which they served it. Written from time to time while a part is
-- delivered, and with all that is paid for at the job's end.
CREATE TABLE job_parts (
  job TEXT NOT NULL REFERENCES jobs (id),
  part INTEGER NOT NULL,
  provider TEXT NOT NULL REFERENCES providers (id),
  owner TEXT NOT NULL REFERENCES users (id),
  prices TEXT NOT NULL,               -- JSON: `Prices` of protocol/money.ts, as they were
  began_at INTEGER NOT NULL,
  delivered_tokens INTEGER NOT NULL DEFAULT 0,
  delivered_bytes INTEGER NOT NULL DEFAULT 0,
  -- What the provider says; null where it told nothing.
  claimed_prompt_tokens INTEGER,
  claimed_cached_tokens INTEGER,
  claimed_completion_tokens INTEGER,
  -- Null until it has ended: finished, lost, refused, stalled, failed, …
  outcome TEXT,
  -- What is paid for.
  prompt_tokens INTEGER NOT NULL DEFAULT 0,
  cached_prompt_tokens INTEGER NOT NULL DEFAULT 0,
  completion_tokens INTEGER NOT NULL DEFAULT 0,
  cost INTEGER NOT NULL DEFAULT 0,
  fee INTEGER NOT NULL DEFAULT 0,
  earned INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (job, part),
  CHECK (cost = fee + earned)
) STRICT;
CREATE INDEX job_parts_by_provider ON job_parts (provider, began_at);

-- Requests that came with an Idempotency-Key: which job answers it, and the whole answer once it is there. A job that
-- ended without an answer leaves its key free for another try.
CREATE TABLE idempotent_requests (
  user TEXT NOT NULL REFERENCES users (id),
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  job TEXT NOT NULL UNIQUE,
  answer TEXT,                        -- JSON: `ChatCompletion` of protocol/chat-completion.ts
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user, key)
) STRICT;
CREATE INDEX idempotent_requests_by_age ON idempotent_requests (created_at);

-- Whoever ends a job says what was held for it, rather than asking: a word that is wrong ends nothing.
CREATE TRIGGER end_takes_hold BEFORE INSERT ON postings
WHEN NEW.account LIKE 'hold:%' AND NEW.amount < 0 AND NEW.amount IS NOT (
  SELECT -p.amount FROM ledger_events ending
  JOIN ledger_events h ON h.job = ending.job AND h.kind = 'hold'
  JOIN postings p ON p.event = h.id AND p.account = NEW.account
  WHERE ending.id = NEW.event
)
BEGIN
  SELECT RAISE(ABORT, 'an end takes what was held');
END;
