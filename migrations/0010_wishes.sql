-- Wishes that stand for all requests of an account or of a key, and other names for models.

-- JSON as a request's `provider` has it (protocol/provider-wishes.ts).
ALTER TABLE api_keys ADD COLUMN wishes TEXT NOT NULL DEFAULT '{}';
-- One more with each change of what holds for requests with this key: its origins, its wishes, and those of its account. The
-- Worker remembers keys, and a job says by which version it came; what came by an older one begins no job.
ALTER TABLE api_keys ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE account_wishes (
  user TEXT PRIMARY KEY REFERENCES users (id),
  wishes TEXT NOT NULL,               -- JSON, as those of a key
  aliases TEXT NOT NULL               -- JSON: `ModelAliases` of protocol/model-alias.ts
) STRICT;

-- Those of the installation, for all accounts.
CREATE TABLE model_aliases (
  name TEXT PRIMARY KEY,
  models TEXT NOT NULL                -- JSON: a list of names
) STRICT, WITHOUT ROWID;

-- The version of the key that a job came by; null for one from before this column.
ALTER TABLE jobs ADD COLUMN key_version INTEGER;
-- What was asked for where that is not the model's own name: an alias, or `auto`. `model` is the one that served, and until
-- then the one that was chosen.
ALTER TABLE jobs ADD COLUMN asked_model TEXT;

-- As `job_needs_key`: a job whose hold was placed ahead has begun when its row is written, and the Market takes no such hold
-- by an older version.
CREATE TRIGGER job_needs_current_key BEFORE INSERT ON jobs
WHEN NEW.key_version IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM api_keys WHERE id = NEW.api_key AND version = NEW.key_version)
  AND NOT EXISTS (SELECT 1 FROM holds_ahead WHERE job = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'the API key was changed');
END;

-- How soon each offer's answers begin, as it was seen (rules/first-token-estimate.ts).
ALTER TABLE offers ADD COLUMN first_token_logarithms REAL NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN first_token_answers REAL NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN first_token_at INTEGER NOT NULL DEFAULT 0;

-- Those that still have their reasons, by age: old ones are dropped.
CREATE INDEX jobs_with_reasons ON jobs (created_at) WHERE reasons IS NOT NULL;
