-- A contest may have other limits than its problems' packages: an organiser who sees on the day that a limit is too tight changes
-- it for this contest alone, and the package, which others use too, stays as it is.

-- JSON by the problem's label: {"A": {"timeMs": 3000, "memoryMiB": null}}; null stands for what the package says.
ALTER TABLE contests ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';

-- Of a custom run in a contest: the limits that were its problem's when it was sent, in the same form; NULL for the package's.
ALTER TABLE tasks ADD COLUMN limits TEXT;
