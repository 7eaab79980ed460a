-- Groups, roles and logins of a contest's teams, and links by which people join.

-- A removed group leaves no team behind: worker/groups.ts refuses to remove one that has teams, and so does the reference.
CREATE TABLE contest_groups (
  id TEXT PRIMARY KEY,
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  UNIQUE (contest, name)
) STRICT;

ALTER TABLE teams ADD COLUMN team_group TEXT REFERENCES contest_groups (id);
ALTER TABLE teams ADD COLUMN organisation TEXT;
ALTER TABLE teams ADD COLUMN seat TEXT;
ALTER TABLE teams ADD COLUMN icpc_id TEXT;
-- JSON list of the names of its people, as a list of teams has them: they need no accounts.
ALTER TABLE teams ADD COLUMN people TEXT NOT NULL DEFAULT '[]';
-- The account that was made for the team and belongs to it alone. It is one of its members too. A team that is removed is
-- deleted, which its submissions refuse; its login stays for what points to it, and signs nobody in.
ALTER TABLE teams ADD COLUMN login TEXT REFERENCES users (id);
CREATE UNIQUE INDEX teams_by_login ON teams (login) WHERE login IS NOT NULL;

CREATE TRIGGER login_stays_with_its_team BEFORE INSERT ON team_members
WHEN EXISTS (SELECT 1 FROM teams WHERE login = NEW.user AND id <> NEW.team)
BEGIN
  SELECT RAISE(ABORT, 'the login of a team belongs to that team alone');
END;

-- Besides the owner and administrators, who need none.
CREATE TABLE contest_roles (
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('jury', 'spectator')),
  PRIMARY KEY (contest, user)
) STRICT, WITHOUT ROWID;

-- The jury sees what teams must not: nobody is both.
CREATE TRIGGER jury_is_in_no_team BEFORE INSERT ON team_members
WHEN EXISTS (SELECT 1 FROM contest_roles WHERE contest = NEW.contest AND user = NEW.user AND role = 'jury')
BEGIN
  SELECT RAISE(ABORT, 'a member of the jury cannot take part');
END;
CREATE TRIGGER team_is_in_no_jury BEFORE INSERT ON contest_roles
WHEN NEW.role = 'jury' AND EXISTS (SELECT 1 FROM team_members WHERE contest = NEW.contest AND user = NEW.user)
BEGIN
  SELECT RAISE(ABORT, 'a member of a team cannot be on the jury');
END;

-- The code itself is kept, and not its hash: an organiser shows the link again, on a wall or in a message, as long as it
-- holds. It opens no account and shows nothing; it gives a place in a contest, and is revoked by one click.
CREATE TABLE join_links (
  code TEXT PRIMARY KEY,
  contest TEXT NOT NULL REFERENCES contests (id) ON DELETE CASCADE,
  team TEXT REFERENCES teams (id) ON DELETE CASCADE,   -- null: who joins makes a new team
  places_left INTEGER CHECK (places_left >= 0),        -- null for no bound; who joins takes one
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
-- One link holds at a time, of the contest and of each team.
CREATE UNIQUE INDEX join_links_of_contest ON join_links (contest) WHERE team IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX join_links_of_team ON join_links (team) WHERE team IS NOT NULL AND revoked_at IS NULL;
