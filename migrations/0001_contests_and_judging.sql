-- Accounts, problems, contests, submissions and the judges' leases: everything that must outlive a restart.
-- Times are integers, milliseconds since 1970-01-01 UTC; ids are random UUIDs unless said otherwise.

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL UNIQUE COLLATE NOCASE,
  email TEXT UNIQUE COLLATE NOCASE,
  display_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'organiser', 'member')),
  created_at INTEGER NOT NULL
) STRICT;

-- Only the SHA-256 of a session's cookie is kept: a copy of the database signs nobody in.
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user);

-- What an organiser sees of a problem. The bytes are in R2 under `package_hash`; a submission remembers the hash it is judged by.
CREATE TABLE problems (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  uuid TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL REFERENCES users (id),
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
  package_hash TEXT NOT NULL,
  name TEXT NOT NULL,        -- JSON: LocalText
  facts TEXT NOT NULL,       -- JSON: what the problem page needs besides statements and samples (worker/problems.ts)
  report TEXT NOT NULL,      -- JSON: ImportReport
  imported_at INTEGER NOT NULL
) STRICT;

CREATE TABLE problem_statements (
  problem TEXT NOT NULL REFERENCES problems (id) ON DELETE CASCADE,
  locale TEXT NOT NULL,
  html TEXT NOT NULL,
  PRIMARY KEY (problem, locale)
) STRICT, WITHOUT ROWID;

CREATE TABLE contests (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  owner TEXT NOT NULL REFERENCES users (id),
  start_at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL CHECK (duration_ms > 0),
  freeze_ms INTEGER NOT NULL CHECK (freeze_ms BETWEEN 0 AND duration_ms),
  penalty_minutes INTEGER NOT NULL CHECK (penalty_minutes >= 0),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE contest_problems (
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  problem TEXT NOT NULL REFERENCES problems (id),
  label TEXT NOT NULL,
  colour TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (contest, label),
  UNIQUE (contest, problem)
) STRICT, WITHOUT ROWID;

-- A team takes part in one contest; its members are accounts.
CREATE TABLE teams (
  id TEXT PRIMARY KEY,
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (contest, name)
) STRICT;

CREATE TABLE team_members (
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  team TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  PRIMARY KEY (contest, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_members_by_team ON team_members (team);

CREATE TABLE submissions (
  id TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES users (id),
  problem TEXT NOT NULL REFERENCES problems (id),
  contest TEXT REFERENCES contests (id),
  team TEXT REFERENCES teams (id),
  language TEXT NOT NULL,
  source TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  submitted_at INTEGER NOT NULL,
  contest_time_ms INTEGER,
  CHECK ((contest IS NULL) = (team IS NULL)),
  CHECK ((contest IS NULL) = (contest_time_ms IS NULL))
) STRICT;
CREATE INDEX submissions_by_user ON submissions (user, submitted_at DESC);
CREATE INDEX submissions_by_team ON submissions (team, submitted_at DESC);
CREATE INDEX submissions_by_problem ON submissions (problem, user);

-- A round is a judging that counts (the first, each rejudging). An attempt is one lease inside it:
--
--   queued --lease--> leased (attempt n) --verdict--> judged
--     ^                  | expired, judge died or failed
--     '------------------+---- after 3 failed attempts --> failed (a judging error, for the jury only)
CREATE TABLE rounds (
  submission TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  round INTEGER NOT NULL CHECK (round >= 1),
  package_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'judged', 'failed')),
  attempt INTEGER NOT NULL DEFAULT 0,
  lease TEXT UNIQUE,
  judge TEXT,
  priority INTEGER NOT NULL,   -- lower goes first
  queued_at INTEGER NOT NULL,
  failure TEXT,
  PRIMARY KEY (submission, round),
  CHECK ((state = 'leased') = (lease IS NOT NULL))
) STRICT;
CREATE INDEX rounds_waiting ON rounds (state, priority, queued_at);

CREATE TABLE judgements (
  submission TEXT NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  lease TEXT NOT NULL,
  judge TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('AC', 'WA', 'TLE', 'RTE', 'MLE', 'OLE', 'CE')),
  score REAL,
  cpu_ms REAL NOT NULL,
  memory_kib INTEGER NOT NULL,
  compile_output TEXT NOT NULL,
  toolchain TEXT NOT NULL,
  level TEXT NOT NULL,
  judged_at INTEGER NOT NULL,
  PRIMARY KEY (submission, round),
  FOREIGN KEY (submission, round) REFERENCES rounds (submission, round) ON DELETE CASCADE
) STRICT;

-- The fence: a batch that writes a verdict for an attempt that is no longer the leased one aborts as a whole.
CREATE TRIGGER judgement_fence BEFORE INSERT ON judgements
WHEN NOT EXISTS (
  SELECT 1 FROM rounds
  WHERE submission = NEW.submission AND round = NEW.round
    AND state = 'leased' AND lease = NEW.lease AND attempt = NEW.attempt
)
BEGIN
  SELECT RAISE(ABORT, 'stale attempt');
END;

CREATE TABLE runs (
  submission TEXT NOT NULL,
  round INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  verdict TEXT NOT NULL,
  score REAL,
  cpu_ms REAL NOT NULL,
  wall_ms REAL NOT NULL,
  memory_kib INTEGER NOT NULL,
  PRIMARY KEY (submission, round, position),
  FOREIGN KEY (submission, round) REFERENCES rounds (submission, round) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- One ordered log per contest. `seq` has no gaps: it is taken inside the batch that writes what the event tells of.
CREATE TABLE contest_events (
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  event TEXT NOT NULL,         -- JSON: ContestEvent
  at INTEGER NOT NULL,
  PRIMARY KEY (contest, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER contest_events_are_never_changed BEFORE UPDATE ON contest_events
BEGIN
  SELECT RAISE(ABORT, 'contest_events is append-only');
END;

-- One row per judge that may connect; only the SHA-256 of its token is kept.
CREATE TABLE judges (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT,                  -- user id, or null for the system itself
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  data TEXT NOT NULL           -- JSON
) STRICT;
