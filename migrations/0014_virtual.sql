-- What is submitted to a contest once it is over, and virtual runs through it. Neither is in the contest's log.

-- The contest that was over when this was submitted to one of its problems. It is out of that contest: `contest` is null.
ALTER TABLE submissions ADD COLUMN beside TEXT REFERENCES contests (id)
  CHECK (beside IS NULL OR contest IS NULL);

-- Somebody goes through a contest that is over, by a clock of their own. When that ends follows from the contest's times,
-- unless it was ended before; what was submitted in it follows from when that came.
CREATE TABLE virtual_runs (
  id TEXT PRIMARY KEY,
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  began_at INTEGER NOT NULL,
  ended_at INTEGER CHECK (ended_at >= began_at)
) STRICT;
CREATE INDEX virtual_runs_by_user ON virtual_runs (user, contest, began_at DESC);
