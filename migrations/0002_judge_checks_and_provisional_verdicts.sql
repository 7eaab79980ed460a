-- What judges find out about themselves, every measurement of a test, and verdicts that are only provisional.

-- The last report of each judge's doctor (`npm run judge -- doctor`); `at` is by the judge's clock.
CREATE TABLE judge_checks (
  judge TEXT PRIMARY KEY REFERENCES judges (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  level TEXT,
  reason TEXT NOT NULL,
  guarantees TEXT NOT NULL     -- JSON: CheckReport's guarantees
) STRICT;

-- A result near a limit is measured again, and a verdict must be explainable later by all that was measured.
ALTER TABLE runs ADD COLUMN measurements TEXT NOT NULL DEFAULT '[]';  -- JSON: Measurement[]; empty when run once

-- A judgement of level `process` was made without isolation: a hint. One that comes after an official judgement of the
-- same submission aborts its batch as a whole, whatever the rounds; an official one may always follow.
CREATE TRIGGER provisional_fence BEFORE INSERT ON judgements
WHEN NEW.level = 'process' AND EXISTS (
  SELECT 1 FROM judgements WHERE submission = NEW.submission AND level <> 'process'
)
BEGIN
  SELECT RAISE(ABORT, 'an official verdict stands');
END;

-- For finding what an official judge must judge again: empty on every site that is not somebody's own machine.
CREATE INDEX judgements_provisional ON judgements (submission, round) WHERE level = 'process';
