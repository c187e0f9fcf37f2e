-- The people whose words stand in a text, as ids joined by blanks: none of them
-- approves it. Texts from before are taken to be by all who edited them since
-- they last stood as proposed.

-- +goose Up
ALTER TABLE answers ADD COLUMN authors text NOT NULL DEFAULT '';
ALTER TABLE answer_revisions ADD COLUMN authors text NOT NULL DEFAULT '';
ALTER TABLE library_entries ADD COLUMN authors text NOT NULL DEFAULT '';
-- Who wrote which statement of a profile, as JSON; NULL: nobody noted it, and
-- all importers up to the version count.
ALTER TABLE profiles ADD COLUMN authors text;

UPDATE answers SET authors = coalesce((
    SELECT string_agg(d.edited_by, ' ' ORDER BY d.edited_by) FROM (
        SELECT DISTINCT v.edited_by FROM answer_revisions v
        WHERE v.workspace_id = answers.workspace_id AND v.record_id = answers.record_id AND v.n = answers.n
        AND v.edited_by IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM answer_revisions u
            WHERE u.workspace_id = v.workspace_id AND u.record_id = v.record_id AND u.n = v.n
            AND u.state = 'proposed' AND u.edited_by IS NULL AND u.revision > v.revision)) d), '')
WHERE revision > 1 OR edited_by IS NOT NULL;

UPDATE library_entries SET authors = coalesce((
    SELECT a.authors FROM answers a
    WHERE a.workspace_id = library_entries.workspace_id AND a.record_id = library_entries.source_record_id
    AND a.n = library_entries.source_n AND a.text_sha256 = library_entries.text_sha256), edited_by, '');
