-- Why the first provider of a job was chosen, for the account that asked: JSON, `ChoiceReasons` of protocol/choice-reasons.ts.
-- Null for a job that was sent to nobody or is from before this column, and until something of it is first written down.
ALTER TABLE jobs ADD COLUMN reasons TEXT;
