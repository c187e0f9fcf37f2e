-- Invitations stand by themselves until they are used: before, an invited person
-- had an account at once, or a link that told that there was one. Links of before
-- (they last three days) end here; whoever still waits is invited again.

-- +goose Up
CREATE TABLE invitations (
    workspace_id text    NOT NULL REFERENCES workspaces (id),
    id           text    NOT NULL,
    revision     integer NOT NULL,
    email        text    NOT NULL,
    name         text    NOT NULL,
    roles        text    NOT NULL CHECK (roles <> ''),
    hash         text    NOT NULL UNIQUE,
    created      bigint  NOT NULL,
    expires      bigint  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email)
);

-- SQLite drops no column that refers to another table.
CREATE TABLE kept_links (
    hash    text   NOT NULL PRIMARY KEY,
    purpose text   NOT NULL,
    user_id text   REFERENCES users (id),
    created bigint NOT NULL,
    expires bigint NOT NULL,
    used    bigint NOT NULL
);
INSERT INTO kept_links SELECT hash, purpose, user_id, created, expires, used FROM links WHERE purpose IN ('setup', 'reset');
DROP TABLE links;
ALTER TABLE kept_links RENAME TO links;
