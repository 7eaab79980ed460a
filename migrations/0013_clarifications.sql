-- What teams ask and the jury says (protocol/clarification.ts). A removed team's questions stay for those whom their answers
-- were for; what was said to it alone goes with it.
CREATE TABLE clarifications (
  id TEXT PRIMARY KEY,
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('question', 'answer', 'announcement')),
  from_team TEXT REFERENCES teams (id) ON DELETE SET NULL,
  to_team TEXT REFERENCES teams (id) ON DELETE CASCADE,    -- null: a question, or for everybody
  reply_to TEXT REFERENCES clarifications (id) ON DELETE CASCADE,
  problem TEXT REFERENCES problems (id),
  text TEXT NOT NULL,
  by TEXT NOT NULL REFERENCES users (id),
  at INTEGER NOT NULL,
  key TEXT NOT NULL,           -- a resend comes under the same, and says the same
  request_hash TEXT NOT NULL,
  -- Of a question, in the jury's queue. Who has claimed it is the only one to answer it.
  claimed_by TEXT REFERENCES users (id),
  closed_at INTEGER,           -- when the jury was done with it, by an answer or without
  CHECK (kind <> 'question' OR (to_team IS NULL AND reply_to IS NULL)),
  CHECK (kind = 'question' OR (from_team IS NULL AND claimed_by IS NULL AND closed_at IS NULL)),
  CHECK ((kind = 'answer') = (reply_to IS NOT NULL)),
  UNIQUE (by, key)
) STRICT;
CREATE INDEX clarifications_by_contest ON clarifications (contest, at);
CREATE INDEX clarifications_of_team ON clarifications (from_team) WHERE from_team IS NOT NULL;
CREATE INDEX clarifications_to_team ON clarifications (to_team) WHERE to_team IS NOT NULL;
CREATE INDEX clarifications_by_question ON clarifications (reply_to) WHERE reply_to IS NOT NULL;

CREATE TRIGGER clarifications_are_never_changed
BEFORE UPDATE OF id, contest, kind, to_team, reply_to, problem, text, by, at, key, request_hash ON clarifications
BEGIN
  SELECT RAISE(ABORT, 'what was said is never changed');
END;
CREATE TRIGGER who_asked_is_never_changed BEFORE UPDATE OF from_team ON clarifications WHEN NEW.from_team IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'what was said is never changed');
END;

-- Two do not answer the same question at once: the batch of the second fails as a whole.
CREATE TRIGGER claim_fence BEFORE UPDATE OF claimed_by ON clarifications
WHEN OLD.claimed_by IS NOT NULL AND NEW.claimed_by IS NOT NULL AND OLD.claimed_by <> NEW.claimed_by
BEGIN
  SELECT RAISE(ABORT, 'question not claimed');
END;
CREATE TRIGGER answer_fence BEFORE INSERT ON clarifications
WHEN NEW.kind = 'answer'
  AND (SELECT claimed_by FROM clarifications WHERE id = NEW.reply_to) IS NOT NEW.by
BEGIN
  SELECT RAISE(ABORT, 'question not claimed');
END;

-- What each account has been shown.
CREATE TABLE clarification_reads (
  user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  clarification TEXT NOT NULL REFERENCES clarifications (id) ON DELETE CASCADE,
  PRIMARY KEY (user, clarification)
) STRICT, WITHOUT ROWID;
CREATE INDEX clarification_reads_by_clarification ON clarification_reads (clarification);
