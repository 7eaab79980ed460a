-- Models that tabs of browsers serve: bytes of weights by their SHA-256, how far imports of them have come, and the list of
-- models made of them. The bytes themselves lie in R2 under `object`, a name of its own for each import, so that nothing that
-- fails halfway touches what is there.

CREATE TABLE weights (
  sha256 TEXT PRIMARY KEY,
  name TEXT NOT NULL,                 -- of the file
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  object TEXT NOT NULL UNIQUE,
  imported_by TEXT NOT NULL REFERENCES users (id),
  imported_at INTEGER NOT NULL
) STRICT;

-- What comes in parts, until all of it was read again and checked.
CREATE TABLE weight_imports (
  sha256 TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  object TEXT NOT NULL UNIQUE,
  upload TEXT NOT NULL,               -- the multipart upload, as R2 calls it
  started_at INTEGER NOT NULL
) STRICT;

CREATE TABLE weight_parts (
  object TEXT NOT NULL REFERENCES weight_imports (object) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  etag TEXT NOT NULL,
  PRIMARY KEY (object, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE tab_models (
  name TEXT PRIMARY KEY,
  manifest TEXT NOT NULL,             -- JSON: `TabModel` of protocol/tab-model.ts
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  position INTEGER NOT NULL
) STRICT;

-- A file of a model that lies here is here, whoever writes and in whatever order.
CREATE TRIGGER tab_model_needs_weights BEFORE INSERT ON tab_models
WHEN EXISTS (
  SELECT 1 FROM json_each(NEW.manifest, '$.files') AS file
  WHERE file.value ->> 'url' LIKE '/weights/%'
    AND NOT EXISTS (SELECT 1 FROM weights WHERE '/weights/' || sha256 = file.value ->> 'url')
)
BEGIN
  SELECT RAISE(ABORT, 'a model needs weights that are not here');
END;

CREATE TRIGGER weights_in_use BEFORE DELETE ON weights
WHEN EXISTS (
  SELECT 1 FROM tab_models, json_each(manifest, '$.files') AS file
  WHERE file.value ->> 'url' = '/weights/' || OLD.sha256
)
BEGIN
  SELECT RAISE(ABORT, 'a model uses these weights');
END;
