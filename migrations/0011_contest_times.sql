-- A contest's times can be edited while it runs, its format is chosen, and every change of it is fenced.

ALTER TABLE contests ADD COLUMN timed TEXT NOT NULL DEFAULT '{}';      -- JSON: TimedContest of protocol/contest-times.ts
ALTER TABLE contests ADD COLUMN format TEXT NOT NULL DEFAULT '{}';     -- JSON: ContestFormat of protocol/contest-format.ts
ALTER TABLE contests ADD COLUMN languages TEXT;                        -- JSON: ids of those allowed; null for all
ALTER TABLE contests ADD COLUMN version INTEGER NOT NULL DEFAULT 1;    -- one more with each change

-- Nobody has ever thawed a board by hand, and a board that froze stayed frozen: so it remains until somebody thaws it.
UPDATE contests SET
  timed = json_object(
    'times', json_object('startAt', start_at, 'durationMs', duration_ms, 'freezeMs', freeze_ms, 'windowMs', NULL,
      'removed', json('[]'), 'pausedAt', NULL, 'teams', json('{}')),
    'thawedAt', NULL, 'finalisedAt', NULL),
  format = json_object('type', 'icpc', 'penaltyMinutes', penalty_minutes);

-- What each test group of a problem gave whose score is the sum of them: JSON, a list of {name, score}, else empty.
ALTER TABLE judgements ADD COLUMN group_scores TEXT NOT NULL DEFAULT '[]';

-- The log in the shapes of today. Submissions are told with the moment at which they came, from which their contest time
-- follows; of a scored problem it is not known here what its package gives at most, which no board of this log asks.
DROP TRIGGER contest_events_are_never_changed;
UPDATE contest_events SET event = CASE event ->> 'type'
  WHEN 'contest' THEN json_object(
    'type', 'contest',
    'timed', json_object(
      'times', json_object('startAt', event -> '$.clock.startAt', 'durationMs', event -> '$.clock.durationMs',
        'freezeMs', event -> '$.clock.freezeMs', 'windowMs', NULL, 'removed', json('[]'), 'pausedAt', NULL,
        'teams', json('{}')),
      'thawedAt', NULL, 'finalisedAt', NULL),
    'format', json_object('type', 'icpc', 'penaltyMinutes', event -> '$.clock.penaltyMinutes'),
    'problems', json((
      SELECT json_group_array(json_object('label', e.value ->> 'label', 'colour', e.value ->> 'colour', 'maxScore', CASE
          WHEN EXISTS (
            SELECT 1 FROM contest_problems cp JOIN problems p ON p.id = cp.problem, json_each(p.facts, '$.types') type
            WHERE cp.contest = contest_events.contest AND cp.label = e.value ->> 'label' AND type.value = 'scoring')
          THEN NULL ELSE 'pass-fail' END) ORDER BY e.key)
      FROM json_each(event, '$.problems') e)),
    'groups', json('[]'))
  WHEN 'team' THEN json_set(event, '$.group', NULL, '$.organisation', NULL)
  WHEN 'submission' THEN json_remove(json_set(event, '$.receivedAt', COALESCE(
    (SELECT submitted_at FROM submissions WHERE id = event ->> 'submission'),
    (SELECT start_at FROM contests WHERE id = contest) + (event ->> 'at'))), '$.at')
  WHEN 'judgement' THEN json_set(event, '$.groups', json('[]'), '$.score', (
    SELECT score FROM judgements
    WHERE submission = contest_events.event ->> 'submission' AND round = contest_events.event ->> 'round'))
  ELSE event END;
CREATE TRIGGER contest_events_are_never_changed BEFORE UPDATE ON contest_events
BEGIN
  SELECT RAISE(ABORT, 'contest_events is append-only');
END;

ALTER TABLE contests DROP COLUMN freeze_ms;
ALTER TABLE contests DROP COLUMN duration_ms;
ALTER TABLE contests DROP COLUMN start_at;
ALTER TABLE contests DROP COLUMN penalty_minutes;

-- The fence: whoever changes a contest says the version after the one that they read. When somebody else was faster, the
-- whole batch is aborted, the event and the audit entry with it.
CREATE TRIGGER contest_fence BEFORE UPDATE OF slug, name, timed, format, languages, version ON contests
WHEN NEW.version <> OLD.version + 1
BEGIN
  SELECT RAISE(ABORT, 'stale contest');
END;

-- A submission belongs to a problem of its contest.
CREATE TRIGGER problem_in_use BEFORE DELETE ON contest_problems
WHEN EXISTS (SELECT 1 FROM submissions WHERE contest = OLD.contest AND problem = OLD.problem)
BEGIN
  SELECT RAISE(ABORT, 'problem in use');
END;
