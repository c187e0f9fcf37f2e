-- Trails and histories are added to, never changed. A history goes with its
-- questionnaire; a trail stays.

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

CREATE TRIGGER answer_revisions_no_update BEFORE UPDATE ON answer_revisions
BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;

CREATE TRIGGER answer_revisions_no_delete BEFORE DELETE ON answer_revisions
WHEN EXISTS (SELECT 1 FROM records WHERE workspace_id = OLD.workspace_id AND id = OLD.record_id)
BEGIN SELECT RAISE(ABORT, 'revisions go with their questionnaire'); END;

CREATE TRIGGER profiles_no_update BEFORE UPDATE ON profiles
BEGIN SELECT RAISE(ABORT, 'versions of a profile are append-only'); END;

CREATE TRIGGER profiles_no_delete BEFORE DELETE ON profiles
BEGIN SELECT RAISE(ABORT, 'versions of a profile are append-only'); END;
