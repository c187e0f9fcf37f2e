-- No author of a text approves it: neither who is noted as one, nor who edited a
-- revision since the text last stood as proposed or approved.

CREATE TRIGGER answers_insert_by_another BEFORE INSERT ON answers
WHEN NEW.approved_by IS NOT NULL AND NOT NEW.single_operator
    AND instr(' ' || NEW.authors || ' ', ' ' || NEW.approved_by || ' ') > 0
BEGIN SELECT RAISE(ABORT, 'an author of a text does not approve it'); END;

CREATE TRIGGER answers_approved_by_another BEFORE UPDATE ON answers
WHEN NEW.approved_by IS NOT NULL AND NOT NEW.single_operator
    AND (OLD.approved_by IS NOT NEW.approved_by OR OLD.authors <> NEW.authors OR OLD.text_sha256 <> NEW.text_sha256)
    AND (instr(' ' || NEW.authors || ' ', ' ' || NEW.approved_by || ' ') > 0 OR EXISTS (
        SELECT 1 FROM answer_revisions v
        WHERE v.workspace_id = NEW.workspace_id AND v.record_id = NEW.record_id AND v.n = NEW.n AND v.edited_by = NEW.approved_by
        AND NOT EXISTS (
            SELECT 1 FROM answer_revisions u
            WHERE u.workspace_id = v.workspace_id AND u.record_id = v.record_id AND u.n = v.n
            AND (u.state = 'proposed' AND u.revision > v.revision OR u.state = 'approved' AND u.revision >= v.revision))))
BEGIN SELECT RAISE(ABORT, 'an author of a text does not approve it'); END;
