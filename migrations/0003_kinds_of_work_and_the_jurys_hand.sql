-- Submissions of several files, work that is no submission, evidence, and what a jury may do: override and rejudge.

-- One file or several; `position` is the order in which the author gave them, from 1.
CREATE TABLE submission_files (
  submission TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 1),
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (submission, position),
  UNIQUE (submission, name)
) STRICT;
INSERT INTO submission_files (submission, position, name, text)
SELECT s.id, 1, 'main.' || COALESCE(e.value ->> 1, 'txt'), s.source
FROM submissions s
LEFT JOIN json_each('[["c","c"],["cpp","cpp"],["java","java"],["javascript","js"],["python3","py"]]') e
  ON e.value ->> 0 = s.language;
ALTER TABLE submissions DROP COLUMN source;
ALTER TABLE submissions ADD COLUMN entry_point TEXT;   -- what starts several files; null where the language has a rule
CREATE INDEX submissions_by_contest ON submissions (contest, submitted_at DESC, id);

-- The tests of a package, by which a judge's results are checked and told to authors.
CREATE TABLE package_tests (
  package_hash TEXT PRIMARY KEY,
  tests TEXT NOT NULL          -- JSON: {name, fullFeedback, hint}[], in the order of the package
) STRICT;

-- A set of submissions that is judged anew, apart from what counts. Whether it is ready follows from its rounds:
--
--   open (judging … ready) --apply--> applied: its judged rounds count, an event for each verdict that changed
--                     '-----cancel--> cancelled: its waiting rounds are gone, nothing has changed
CREATE TABLE rejudgings (
  id TEXT PRIMARY KEY,
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  reason TEXT NOT NULL,
  by TEXT NOT NULL REFERENCES users (id),
  at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'applied', 'cancelled')),
  total INTEGER NOT NULL
) STRICT;
CREATE INDEX rejudgings_by_contest ON rejudgings (contest, at DESC);

-- A round counts, or stands apart until its rejudging is applied. An override by a person is a round of its own, which
-- is judged from the start:
--
--   round 1 (counts) --rejudging--> round 2 (apart) --apply--> round 2 (counts)
--       '------------override-----> round 3 (counts), no judge
ALTER TABLE rounds ADD COLUMN standing TEXT NOT NULL DEFAULT 'counts' CHECK (standing IN ('counts', 'apart'));
ALTER TABLE rounds ADD COLUMN rejudging TEXT REFERENCES rejudgings (id) ON DELETE CASCADE;
ALTER TABLE rounds ADD COLUMN extent TEXT NOT NULL DEFAULT 'deciding' CHECK (extent IN ('deciding', 'all'));
CREATE INDEX rounds_by_rejudging ON rounds (rejudging) WHERE rejudging IS NOT NULL;

ALTER TABLE judgements ADD COLUMN evidence TEXT;       -- SHA-256 in R2, null for none
ALTER TABLE judgements ADD COLUMN override_by TEXT REFERENCES users (id);
ALTER TABLE judgements ADD COLUMN override_reason TEXT;

ALTER TABLE runs ADD COLUMN output_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN message TEXT NOT NULL DEFAULT '';        -- for the jury only
ALTER TABLE runs ADD COLUMN team_message TEXT NOT NULL DEFAULT '';

-- A submission's verdict: the judgement of its latest judged round that counts. Whatever shows or counts verdicts reads
-- this and never `judgements`.
CREATE VIEW counting_judgements AS
SELECT j.* FROM judgements j
WHERE j.round = (
  SELECT MAX(r.round) FROM rounds r
  WHERE r.submission = j.submission AND r.standing = 'counts' AND r.state = 'judged'
);

-- As before, but only an official verdict that counts keeps provisional ones out.
DROP TRIGGER provisional_fence;
CREATE TRIGGER provisional_fence BEFORE INSERT ON judgements
WHEN NEW.level = 'process' AND EXISTS (
  SELECT 1 FROM judgements j JOIN rounds r ON r.submission = j.submission AND r.round = j.round
  WHERE j.submission = NEW.submission AND j.level <> 'process' AND r.standing = 'counts'
)
BEGIN
  SELECT RAISE(ABORT, 'an official verdict stands');
END;

-- Work that is no submission: programs that a reader tries, and time limits that follow from the jury's submissions.
--
--   queued --lease--> leased (attempt n) --outcome--> done
--     ^                  | expired, judge died or failed
--     '------------------+---- after 3 failed attempts --> failed
CREATE TABLE tasks (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('custom run', 'time limit')),
  user TEXT REFERENCES users (id) ON DELETE CASCADE,         -- whose program it is
  problem TEXT REFERENCES problems (id) ON DELETE CASCADE,
  package_hash TEXT NOT NULL,
  language TEXT,
  source TEXT,                 -- JSON: LeaseSource
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'leased', 'done', 'failed')),
  attempt INTEGER NOT NULL DEFAULT 0,
  lease TEXT UNIQUE,
  judge TEXT,
  priority INTEGER NOT NULL,   -- lower goes first, among rounds and tasks alike
  queued_at INTEGER NOT NULL,
  finished_at INTEGER,
  result TEXT,                 -- JSON: CustomRunResult, or {timeMs, explanation}
  failure TEXT,
  CHECK ((state = 'leased') = (lease IS NOT NULL)),
  CHECK ((kind = 'custom run') = (user IS NOT NULL AND language IS NOT NULL AND source IS NOT NULL))
) STRICT;
CREATE INDEX tasks_waiting ON tasks (state, priority, queued_at);
CREATE UNIQUE INDEX tasks_one_run_at_a_time ON tasks (user) WHERE kind = 'custom run' AND state IN ('queued', 'leased');
CREATE UNIQUE INDEX tasks_one_time_limit ON tasks (package_hash) WHERE kind = 'time limit';

ALTER TABLE judges ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1));
ALTER TABLE judges ADD COLUMN heard_at INTEGER;        -- written when it connects and goes; in between the queue knows
ALTER TABLE judges ADD COLUMN last_failure TEXT;
ALTER TABLE judges ADD COLUMN last_failure_at INTEGER;

-- One row: whether anything is taken, and how much may wait.
CREATE TABLE judging (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  closed TEXT,                 -- why nothing is taken, for those who submit; null while open
  max_waiting INTEGER NOT NULL CHECK (max_waiting > 0)
) STRICT;
INSERT INTO judging (id, max_waiting) VALUES (1, 2000);

-- So that each contest's jury can read what was done in it.
ALTER TABLE audit_log ADD COLUMN contest TEXT;
UPDATE audit_log SET contest = (SELECT id FROM contests WHERE slug = subject) WHERE action LIKE 'contest.%';
CREATE INDEX audit_log_by_contest ON audit_log (contest, id) WHERE contest IS NOT NULL;
