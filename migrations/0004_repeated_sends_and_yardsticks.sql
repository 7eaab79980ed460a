-- A submission that comes twice because nobody heard the answer is one submission; and an owner may let browsers run a
-- solution of the jury's, to compare times with.

-- `key` is made by whoever sends it, `request_hash` is the SHA-256 of all that was sent under it: the same key with
-- another program is a mistake of the sender's and must not be answered with what came first.
ALTER TABLE submissions ADD COLUMN key TEXT;
ALTER TABLE submissions ADD COLUMN request_hash TEXT CHECK ((key IS NULL) = (request_hash IS NULL));
CREATE UNIQUE INDEX submissions_by_key ON submissions (user, key) WHERE key IS NOT NULL;

-- Off unless the owner says so: whoever looks can read that solution.
ALTER TABLE problems ADD COLUMN shares_yardstick INTEGER NOT NULL DEFAULT 0 CHECK (shares_yardstick IN (0, 1));
