-- One text for both engines. Times are microseconds since 1970 UTC, days
-- YYYY-MM-DD or empty, lists and documents JSON or words joined by blanks.
-- (workspace_id, id) keys and references keep ids of one workspace out of another.

-- +goose Up
CREATE TABLE workspaces (
    id              text    NOT NULL PRIMARY KEY,
    revision        integer NOT NULL,
    name            text    NOT NULL,
    single_operator boolean NOT NULL,
    created         bigint  NOT NULL,
    seq             bigint  NOT NULL, -- last event
    head            text    NOT NULL, -- its hash
    UNIQUE (id, single_operator)
);

-- The installation's own trail (caiq.Installation).
INSERT INTO workspaces (id, revision, name, single_operator, created, seq, head)
VALUES ('installation', 1, 'Installation', false, 0, 0, '');

CREATE TABLE users (
    id            text    NOT NULL PRIMARY KEY,
    revision      integer NOT NULL,
    email         text    NOT NULL UNIQUE,
    name          text    NOT NULL,
    password_hash text    NOT NULL,
    disabled      boolean NOT NULL,
    created       bigint  NOT NULL
);

CREATE TABLE members (
    workspace_id text    NOT NULL REFERENCES workspaces (id),
    user_id      text    NOT NULL REFERENCES users (id),
    revision     integer NOT NULL,
    roles        text    NOT NULL CHECK (roles <> ''),
    created      bigint  NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX members_of_user ON members (user_id);

CREATE TABLE sessions (
    hash      text   NOT NULL PRIMARY KEY,
    user_id   text   NOT NULL REFERENCES users (id),
    created   bigint NOT NULL,
    last_seen bigint NOT NULL,
    expires   bigint NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE tokens (
    id           text    NOT NULL PRIMARY KEY,
    workspace_id text    NOT NULL,
    user_id      text    NOT NULL,
    revision     integer NOT NULL,
    name         text    NOT NULL,
    hash         text    NOT NULL,
    scopes       text    NOT NULL,
    created      bigint  NOT NULL,
    expires      bigint  NOT NULL,
    last_used    bigint  NOT NULL,
    revoked      bigint  NOT NULL,
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id) ON DELETE CASCADE
);
CREATE INDEX tokens_of_member ON tokens (workspace_id, user_id);

CREATE TABLE links (
    hash    text   NOT NULL PRIMARY KEY,
    purpose text   NOT NULL,
    user_id text   REFERENCES users (id),
    created bigint NOT NULL,
    expires bigint NOT NULL,
    used    bigint NOT NULL
);

CREATE TABLE attempts (
    id    text    NOT NULL PRIMARY KEY,
    tries integer NOT NULL,
    since bigint  NOT NULL,
    last  bigint  NOT NULL
);

CREATE TABLE blobs (
    workspace_id text   NOT NULL REFERENCES workspaces (id),
    sha256       text   NOT NULL,
    size         bigint NOT NULL,
    data         bytea  NOT NULL,
    PRIMARY KEY (workspace_id, sha256)
);

CREATE TABLE records (
    workspace_id    text    NOT NULL REFERENCES workspaces (id),
    id              text    NOT NULL,
    revision        integer NOT NULL,
    name            text    NOT NULL,
    blob_sha256     text    NOT NULL,
    reading         text    NOT NULL,
    layout          text,
    profile_id      text    NOT NULL,
    profile_version integer NOT NULL,
    profile_sha256  text    NOT NULL,
    as_of           text    NOT NULL,
    audience        text    NOT NULL,
    customer        text    NOT NULL,
    product         text    NOT NULL,
    deal            text    NOT NULL,
    needed_by       text    NOT NULL,
    nda             boolean NOT NULL,
    state           text    NOT NULL CHECK (state IN ('active', 'archived')),
    created         bigint  NOT NULL,
    created_by      text    NOT NULL REFERENCES users (id),
    questions       integer NOT NULL,
    proposed        integer NOT NULL,
    edited          integer NOT NULL,
    approved        integer NOT NULL,
    rejected        integer NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, blob_sha256) REFERENCES blobs (workspace_id, sha256)
);
CREATE INDEX records_of_blob ON records (workspace_id, blob_sha256);

CREATE TABLE questions (
    workspace_id text    NOT NULL,
    record_id    text    NOT NULL,
    n            integer NOT NULL CHECK (n > 0),
    question     text    NOT NULL,
    domain       text    NOT NULL,
    assignee     text,
    PRIMARY KEY (workspace_id, record_id, n),
    FOREIGN KEY (workspace_id, record_id) REFERENCES records (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, assignee) REFERENCES members (workspace_id, user_id)
);
CREATE INDEX questions_of_assignee ON questions (workspace_id, assignee);

-- Proposals are kept once, by the SHA-256 of their JSON: many revisions of an
-- answer stand beside the same one.
CREATE TABLE proposals (
    workspace_id text    NOT NULL,
    record_id    text    NOT NULL,
    n            integer NOT NULL,
    sha256       text    NOT NULL,
    proposal     text    NOT NULL,
    PRIMARY KEY (workspace_id, record_id, n, sha256),
    FOREIGN KEY (workspace_id, record_id, n) REFERENCES questions (workspace_id, record_id, n) ON DELETE CASCADE
);

-- The current answers. Nobody approves a text of their own: single_operator is
-- the workspace's, which the reference makes sure of.
CREATE TABLE answers (
    workspace_id    text    NOT NULL,
    record_id       text    NOT NULL,
    n               integer NOT NULL,
    revision        integer NOT NULL CHECK (revision > 0),
    state           text    NOT NULL CHECK (state IN ('proposed', 'edited', 'approved', 'rejected')),
    value           text    NOT NULL,
    ownership       text    NOT NULL,
    description     text    NOT NULL,
    customer        text    NOT NULL,
    text_sha256     text    NOT NULL,
    proposal_sha256 text    NOT NULL,
    band            text    NOT NULL,
    basis_hash      text    NOT NULL,
    evidence_until  text    NOT NULL,
    edited_by       text    REFERENCES users (id),
    approved_by     text    REFERENCES users (id),
    approved_at     bigint  NOT NULL,
    approved_basis  text    NOT NULL,
    approved_until  text    NOT NULL,
    reason          text    NOT NULL,
    changed_by      text    REFERENCES users (id),
    changed         bigint  NOT NULL,
    source          text    NOT NULL,
    single_operator boolean NOT NULL,
    PRIMARY KEY (workspace_id, record_id, n),
    FOREIGN KEY (workspace_id, record_id, n) REFERENCES questions (workspace_id, record_id, n) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, record_id, n, proposal_sha256) REFERENCES proposals (workspace_id, record_id, n, sha256) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, single_operator) REFERENCES workspaces (id, single_operator),
    CONSTRAINT approval_names_approver CHECK ((state = 'approved') = (approved_by IS NOT NULL)),
    CONSTRAINT separation_of_duties CHECK (approved_by IS NULL OR edited_by IS NULL OR approved_by <> edited_by OR single_operator)
);

-- Every revision of every answer, the current one included.
CREATE TABLE answer_revisions (
    workspace_id    text    NOT NULL,
    record_id       text    NOT NULL,
    n               integer NOT NULL,
    revision        integer NOT NULL CHECK (revision > 0),
    state           text    NOT NULL,
    value           text    NOT NULL,
    ownership       text    NOT NULL,
    description     text    NOT NULL,
    customer        text    NOT NULL,
    text_sha256     text    NOT NULL,
    proposal_sha256 text    NOT NULL,
    band            text    NOT NULL,
    basis_hash      text    NOT NULL,
    evidence_until  text    NOT NULL,
    edited_by       text,
    approved_by     text,
    approved_at     bigint  NOT NULL,
    approved_basis  text    NOT NULL,
    approved_until  text    NOT NULL,
    reason          text    NOT NULL,
    changed_by      text,
    changed         bigint  NOT NULL,
    source          text    NOT NULL,
    single_operator boolean NOT NULL,
    PRIMARY KEY (workspace_id, record_id, n, revision),
    FOREIGN KEY (workspace_id, record_id, n) REFERENCES questions (workspace_id, record_id, n) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, record_id, n, proposal_sha256) REFERENCES proposals (workspace_id, record_id, n, sha256) ON DELETE CASCADE,
    CONSTRAINT separation_of_duties_then CHECK (approved_by IS NULL OR edited_by IS NULL OR approved_by <> edited_by OR single_operator)
);

CREATE TABLE comments (
    workspace_id text    NOT NULL,
    id           text    NOT NULL,
    record_id    text    NOT NULL,
    n            integer NOT NULL,
    author       text    NOT NULL REFERENCES users (id),
    body         text    NOT NULL,
    created      bigint  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, record_id, n) REFERENCES questions (workspace_id, record_id, n) ON DELETE CASCADE
);
CREATE INDEX comments_of_question ON comments (workspace_id, record_id, n);

CREATE TABLE library_entries (
    workspace_id     text    NOT NULL REFERENCES workspaces (id),
    id               text    NOT NULL,
    revision         integer NOT NULL,
    profile_id       text    NOT NULL,
    question_key     text    NOT NULL,
    text_hash        text    NOT NULL,
    audience         text    NOT NULL,
    value            text    NOT NULL,
    ownership        text    NOT NULL,
    description      text    NOT NULL,
    customer         text    NOT NULL,
    text_sha256      text    NOT NULL,
    basis_hash       text    NOT NULL,
    evidence_until   text    NOT NULL,
    band             text    NOT NULL,
    owner            text,
    review_by        text    NOT NULL,
    retired          boolean NOT NULL,
    source_record_id text    NOT NULL, -- outlives the questionnaire
    source_name      text    NOT NULL,
    source_n         integer NOT NULL,
    source_revision  integer NOT NULL,
    edited_by        text    REFERENCES users (id),
    approved_by      text    NOT NULL REFERENCES users (id),
    approved_at      bigint  NOT NULL,
    created          bigint  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, profile_id, question_key, text_hash, audience),
    FOREIGN KEY (workspace_id, owner) REFERENCES members (workspace_id, user_id)
);
CREATE INDEX library_entries_of_owner ON library_entries (workspace_id, owner);

CREATE TABLE profiles (
    workspace_id text    NOT NULL REFERENCES workspaces (id),
    id           text    NOT NULL,
    version      integer NOT NULL CHECK (version > 0),
    name         text    NOT NULL,
    yaml         bytea   NOT NULL,
    sha256       text    NOT NULL,
    created      bigint  NOT NULL,
    created_by   text    NOT NULL REFERENCES users (id),
    PRIMARY KEY (workspace_id, id, version)
);

CREATE TABLE exports (
    workspace_id text    NOT NULL,
    id           text    NOT NULL,
    record_id    text    NOT NULL,
    format       text    NOT NULL,
    audience     text    NOT NULL,
    drafts       boolean NOT NULL,
    as_of        text    NOT NULL,
    seq          bigint  NOT NULL,
    file_name    text    NOT NULL,
    blob_sha256  text    NOT NULL,
    manifest     bytea   NOT NULL,
    evidence     bytea   NOT NULL,
    checkpoint   text    NOT NULL,
    created      bigint  NOT NULL,
    created_by   text    NOT NULL REFERENCES users (id),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, record_id) REFERENCES records (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, blob_sha256) REFERENCES blobs (workspace_id, sha256)
);
CREATE INDEX exports_of_record ON exports (workspace_id, record_id);
CREATE INDEX exports_of_blob ON exports (workspace_id, blob_sha256);

CREATE TABLE idempotency_keys (
    workspace_id   text   NOT NULL REFERENCES workspaces (id),
    user_id        text   NOT NULL REFERENCES users (id),
    action         text   NOT NULL,
    id             text   NOT NULL,
    request_sha256 text   NOT NULL,
    object_id      text   NOT NULL,
    created        bigint NOT NULL,
    PRIMARY KEY (workspace_id, user_id, action, id)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created);

CREATE TABLE events (
    workspace_id     text    NOT NULL REFERENCES workspaces (id),
    seq              bigint  NOT NULL CHECK (seq > 0),
    at               bigint  NOT NULL,
    actor            text    NOT NULL,
    actor_kind       text    NOT NULL,
    auth             text    NOT NULL,
    request_id       text    NOT NULL,
    action           text    NOT NULL,
    object           text    NOT NULL,
    record_id        text    NOT NULL, -- outlives the questionnaire
    from_revision    integer NOT NULL,
    from_text_sha256 text    NOT NULL,
    revision         integer NOT NULL,
    text_sha256      text    NOT NULL,
    detail           text,
    prev             text    NOT NULL,
    hash             text    NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX events_of_record ON events (workspace_id, record_id, seq);
CREATE INDEX events_of_object ON events (workspace_id, object, seq);

CREATE TABLE checkpoints (
    workspace_id text   NOT NULL REFERENCES workspaces (id),
    seq          bigint NOT NULL,
    hash         text   NOT NULL,
    at           bigint NOT NULL,
    note         text   NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);
