-- What the engine wrote in one go, a line with number, revision and hash of the
-- row for each answer. The event of the upload or proposal holds the hash of the
-- list, so that each answer can be compared with it by itself.

-- +goose Up
CREATE TABLE answer_lists (
    workspace_id text NOT NULL,
    record_id    text NOT NULL,
    sha256       text NOT NULL,
    list         text NOT NULL,
    PRIMARY KEY (workspace_id, record_id, sha256),
    FOREIGN KEY (workspace_id, record_id) REFERENCES records (workspace_id, id) ON DELETE CASCADE
);
