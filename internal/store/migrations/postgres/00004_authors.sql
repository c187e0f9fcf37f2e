-- No author of a text approves it: neither who is noted as one, nor who edited a
-- revision since the text last stood as proposed or approved.

CREATE FUNCTION refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.approved_by IS NULL OR NEW.single_operator THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.approved_by IS NOT DISTINCT FROM NEW.approved_by
        AND OLD.authors = NEW.authors AND OLD.text_sha256 = NEW.text_sha256 THEN
        RETURN NEW;
    END IF;
    IF strpos(' ' || NEW.authors || ' ', ' ' || NEW.approved_by || ' ') > 0 OR EXISTS (
        SELECT 1 FROM answer_revisions v
        WHERE v.workspace_id = NEW.workspace_id AND v.record_id = NEW.record_id AND v.n = NEW.n AND v.edited_by = NEW.approved_by
        AND NOT EXISTS (
            SELECT 1 FROM answer_revisions u
            WHERE u.workspace_id = v.workspace_id AND u.record_id = v.record_id AND u.n = v.n
            AND (u.state = 'proposed' AND u.revision > v.revision OR u.state = 'approved' AND u.revision >= v.revision)))
    THEN
        RAISE EXCEPTION 'an author of a text does not approve it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$body$;

CREATE TRIGGER answers_approved_by_another BEFORE INSERT OR UPDATE ON answers
    FOR EACH ROW EXECUTE FUNCTION refuse_own_approval();
