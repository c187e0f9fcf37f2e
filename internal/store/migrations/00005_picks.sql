-- What questions ask by a reviewer's word, and the texts of questions by hash, so
-- that what came in once is recognised when it comes in again.

-- +goose Up
CREATE TABLE picks (
    workspace_id text    NOT NULL REFERENCES workspaces (id),
    record_id    text    NOT NULL, -- outlives the questionnaire
    n            integer NOT NULL CHECK (n > 0),
    text_hash    text    NOT NULL,
    body         text    NOT NULL,
    question     text    NOT NULL,
    entry_id     text    NOT NULL,
    reason       text    NOT NULL,
    picked_by    text    NOT NULL REFERENCES users (id),
    source_name  text    NOT NULL,
    picked_at    bigint  NOT NULL,
    PRIMARY KEY (workspace_id, record_id, n)
);
CREATE INDEX picks_of_text ON picks (workspace_id, text_hash, picked_at);

ALTER TABLE questions ADD COLUMN text_hash text NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN known text NOT NULL DEFAULT '';
CREATE INDEX questions_of_text ON questions (workspace_id, text_hash, known, record_id);

ALTER TABLE library_entries ADD COLUMN question text NOT NULL DEFAULT '';
ALTER TABLE library_entries ADD COLUMN asks text NOT NULL DEFAULT '';
