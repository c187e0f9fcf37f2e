-- Trails and histories are added to, never changed. A history goes with its
-- questionnaire; a trail stays.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$;

CREATE FUNCTION refuse_delete_before_record() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF EXISTS (SELECT 1 FROM records WHERE workspace_id = OLD.workspace_id AND id = OLD.record_id) THEN
        RAISE EXCEPTION 'revisions go with their questionnaire' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$body$;

CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoints_append_only BEFORE UPDATE OR DELETE ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER profiles_append_only BEFORE UPDATE OR DELETE ON profiles
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answer_revisions_append_only BEFORE UPDATE ON answer_revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answer_revisions_no_delete BEFORE DELETE ON answer_revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_delete_before_record();

-- A record belongs to one workspace: without knowing that the planner takes a
-- questionnaire for a single row and joins its rows by the square.
CREATE STATISTICS questions_by_record (dependencies, ndistinct) ON workspace_id, record_id FROM questions;
CREATE STATISTICS answers_by_record (dependencies, ndistinct) ON workspace_id, record_id FROM answers;
CREATE STATISTICS proposals_by_record (dependencies, ndistinct) ON workspace_id, record_id FROM proposals;
CREATE STATISTICS answer_revisions_by_record (dependencies, ndistinct) ON workspace_id, record_id FROM answer_revisions;
