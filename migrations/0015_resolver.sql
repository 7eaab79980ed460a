-- Awards, and the show that resolves a frozen board.

-- JSON: AwardRules of protocol/award.ts.
ALTER TABLE contests ADD COLUMN awards TEXT NOT NULL DEFAULT
  '{"gold":4,"silver":4,"bronze":4,"extraBronze":0,"medalsPerGroup":null,"medianRule":false}';

-- The show of a contest, from when it begins. Its steps follow from the log up to `log_seq` and the rules of awards as they
-- were then, and from nothing else: a rejudging meanwhile changes none of them, and whoever reads this counts on.
CREATE TABLE resolver_shows (
  contest TEXT PRIMARY KEY REFERENCES contests (id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  started_by TEXT NOT NULL REFERENCES users (id),
  log_seq INTEGER NOT NULL,
  awards TEXT NOT NULL,                              -- JSON, as in `contests`
  shown INTEGER NOT NULL DEFAULT 0 CHECK (shown >= 0) -- the number of the last step shown
) STRICT;
