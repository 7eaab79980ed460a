-- From which sites' pages a browser may use a key: JSON list of origins as browsers write them, `*` for all. Chosen when the key
-- is made, and never changed, so that whoever knows a key may remember them. Programs that are no browsers need none.
ALTER TABLE api_keys ADD COLUMN origins TEXT NOT NULL DEFAULT '[]';
