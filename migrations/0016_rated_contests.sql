-- Ratings over contests (docs/ratings.md). All but the first column can be made anew from the contests' logs at any time.

ALTER TABLE contests ADD COLUMN rated INTEGER NOT NULL DEFAULT 0 CHECK (rated IN (0, 1));

-- The contests that the ratings are made of. `basis` says what each was read from: it is read again once that is not the
-- latest any more.
CREATE TABLE rating_contests (
  contest TEXT PRIMARY KEY REFERENCES contests (id) ON DELETE CASCADE,
  basis TEXT NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;

-- What each contest did to each account's rating; `position` is the contest's place among the rated ones.
CREATE TABLE rating_changes (
  user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  competitors INTEGER NOT NULL,
  performance REAL NOT NULL,
  rating_before REAL NOT NULL,
  deviation_before REAL NOT NULL,
  rating REAL NOT NULL,
  deviation REAL NOT NULL,
  PRIMARY KEY (user, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX rating_changes_by_contest ON rating_changes (contest);
