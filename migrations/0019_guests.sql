-- Somebody who tries the market without an account: one for each browser, with an allowance of its own. To the ledger a guest is an
-- account like any other; nobody can sign in by it, since what its browser holds is no session, and stands here.
CREATE TABLE guests (
  user TEXT PRIMARY KEY REFERENCES users (id),
  token_hash TEXT UNIQUE,             -- SHA-256 of the browser's cookie; null once it has ended: what was posted stays
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL            -- moves once a day at most
) STRICT;
CREATE INDEX guests_by_age ON guests (seen_at) WHERE token_hash IS NOT NULL;
