-- Links by which people who have an account join a workspace.

-- +goose Up
ALTER TABLE links ADD COLUMN workspace_id text REFERENCES workspaces (id);
ALTER TABLE links ADD COLUMN roles text NOT NULL DEFAULT '';
