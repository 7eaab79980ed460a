-- How fast each part of a job was, for what the pages tell of a model's offers and of its last days.

-- Milliseconds from the part's beginning to its first delta; null where none came.
ALTER TABLE job_parts ADD COLUMN first_token_ms INTEGER;
-- From the first delta to the last, without the time in which the provider was asked to wait: milliseconds, and the tokens
-- that came in them. Null where that was too little to tell a speed.
ALTER TABLE job_parts ADD COLUMN writing_ms INTEGER;
ALTER TABLE job_parts ADD COLUMN writing_tokens INTEGER;

-- By their ends: an hour that is over stays as it is.
CREATE INDEX jobs_by_model ON jobs (model, ended_at) WHERE ended_at IS NOT NULL;

-- What an hour of a model was like, computed from the jobs when somebody first looks at it, so that nobody has to look at
-- the same jobs again. An hour that was counted before it was over is counted anew.
CREATE TABLE model_hours (
  model TEXT NOT NULL REFERENCES models (name),
  began_at INTEGER NOT NULL,
  counted_at INTEGER NOT NULL,
  jobs INTEGER NOT NULL,
  -- Of a million tokens of answers, in nano-credits.
  cheapest_price INTEGER,
  median_price INTEGER,
  -- Medians.
  first_token_ms INTEGER,
  tokens_per_second REAL,
  PRIMARY KEY (model, began_at)
) STRICT, WITHOUT ROWID;
