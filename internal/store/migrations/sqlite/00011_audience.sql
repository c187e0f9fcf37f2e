-- Whom each text was written for. Of those from before it is the questionnaire's
-- audience. Revisions are filled in this once, so that they agree with the answers.
ALTER TABLE answers ADD COLUMN audience text NOT NULL DEFAULT '';
ALTER TABLE answer_revisions ADD COLUMN audience text NOT NULL DEFAULT '';

DROP TRIGGER answer_revisions_no_update;

UPDATE answers SET audience = (
    SELECT r.audience FROM records r WHERE r.workspace_id = answers.workspace_id AND r.id = answers.record_id);
UPDATE answer_revisions SET audience = (
    SELECT r.audience FROM records r WHERE r.workspace_id = answer_revisions.workspace_id AND r.id = answer_revisions.record_id);

CREATE TRIGGER answer_revisions_no_update BEFORE UPDATE ON answer_revisions
BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;
