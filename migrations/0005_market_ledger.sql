-- The market's money, in nano-credits (10^9 to the credit), by double entry. What may happen to it is drawn in
-- rules/ledger.ts; here is what cannot happen, whoever writes and in whatever order:
--
--   a balance is always the sum of its postings, and a posting's `balance` is what its account had after it
--   nobody but the mint goes below zero
--   events and postings are only ever added, each event of a job once, and a job ends once
--
-- A violation aborts the whole batch that it is part of.

CREATE TABLE ledger_accounts (
  id TEXT PRIMARY KEY,         -- `mint`, `fees`, `user:<user>`, `hold:<user>`
  kind TEXT NOT NULL CHECK (kind IN ('user', 'hold', 'fees', 'mint')),
  user TEXT REFERENCES users (id),
  balance INTEGER NOT NULL DEFAULT 0,
  CHECK ((user IS NULL) = (kind IN ('fees', 'mint'))),
  CHECK (id = CASE WHEN user IS NULL THEN kind ELSE kind || ':' || user END),
  CONSTRAINT never_below_zero CHECK (kind = 'mint' OR balance >= 0),
  -- A user's balances are read as JavaScript numbers: 2^53 - 1.
  CONSTRAINT safe_balance CHECK (user IS NULL OR balance <= 9007199254740991)
) STRICT;

-- The id says what the event is of, so that it cannot happen twice: `hold:<job>`, `allowance:<user>`, `grant:<key>`.
CREATE TABLE ledger_events (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'allowance', 'hold', 'settle', 'release')),
  job TEXT,
  note TEXT NOT NULL DEFAULT '',
  by_user TEXT REFERENCES users (id),   -- who granted, who is held for; null for what the market does by itself
  at INTEGER NOT NULL,
  UNIQUE (job, kind),
  CHECK ((job IS NULL) = (kind IN ('grant', 'allowance'))),
  CHECK (kind NOT IN ('grant', 'hold') OR by_user IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX ledger_events_end ON ledger_events (job) WHERE kind IN ('settle', 'release');

CREATE TABLE postings (
  id INTEGER PRIMARY KEY,
  event TEXT NOT NULL REFERENCES ledger_events (id),
  account TEXT NOT NULL REFERENCES ledger_accounts (id),
  amount INTEGER NOT NULL CHECK (amount <> 0),
  balance INTEGER NOT NULL,
  UNIQUE (event, account)
) STRICT;
CREATE INDEX postings_by_account ON postings (account, id);

CREATE TRIGGER posting_follows BEFORE INSERT ON postings
WHEN NEW.balance IS NOT (SELECT balance + NEW.amount FROM ledger_accounts WHERE id = NEW.account)
BEGIN
  SELECT RAISE(ABORT, 'a posting follows its account''s balance');
END;

CREATE TRIGGER posting_moves AFTER INSERT ON postings
BEGIN
  UPDATE ledger_accounts SET balance = NEW.balance WHERE id = NEW.account;
END;

CREATE TRIGGER balance_is_posted BEFORE UPDATE ON ledger_accounts
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.user IS NOT OLD.user
  OR NEW.balance IS NOT (SELECT balance FROM postings WHERE account = OLD.id ORDER BY id DESC LIMIT 1)
BEGIN
  SELECT RAISE(ABORT, 'a balance changes by postings only');
END;

CREATE TRIGGER account_begins_empty BEFORE INSERT ON ledger_accounts WHEN NEW.balance <> 0
BEGIN
  SELECT RAISE(ABORT, 'a balance changes by postings only');
END;

CREATE TRIGGER end_needs_hold BEFORE INSERT ON ledger_events
WHEN NEW.kind IN ('settle', 'release') AND NOT EXISTS (
  SELECT 1 FROM ledger_events WHERE job = NEW.job AND kind = 'hold'
)
BEGIN
  SELECT RAISE(ABORT, 'nothing is held for this job');
END;

CREATE TRIGGER accounts_stay BEFORE DELETE ON ledger_accounts
BEGIN
  SELECT RAISE(ABORT, 'the ledger is only added to');
END;

CREATE TRIGGER events_stay BEFORE DELETE ON ledger_events
BEGIN
  SELECT RAISE(ABORT, 'the ledger is only added to');
END;

CREATE TRIGGER events_stand BEFORE UPDATE ON ledger_events
BEGIN
  SELECT RAISE(ABORT, 'the ledger is only added to');
END;

CREATE TRIGGER postings_stay BEFORE DELETE ON postings
BEGIN
  SELECT RAISE(ABORT, 'the ledger is only added to');
END;

CREATE TRIGGER postings_stand BEFORE UPDATE ON postings
BEGIN
  SELECT RAISE(ABORT, 'the ledger is only added to');
END;

INSERT INTO ledger_accounts (id, kind) VALUES ('mint', 'mint'), ('fees', 'fees');

-- Everybody has both accounts from the first moment, so that no writer has to ask.
INSERT INTO ledger_accounts (id, kind, user)
SELECT kind || ':' || users.id, kind, users.id FROM users, (SELECT 'user' AS kind UNION ALL SELECT 'hold');

CREATE TRIGGER users_have_accounts AFTER INSERT ON users
BEGIN
  INSERT INTO ledger_accounts (id, kind, user)
  VALUES ('user:' || NEW.id, 'user', NEW.id), ('hold:' || NEW.id, 'hold', NEW.id);
END;
