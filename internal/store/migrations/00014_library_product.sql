-- Which product or system an approved answer spoke of: for another one it is offered
-- with that said, and not approved in bulk. Entries of before name none: what events
-- vouch for is not changed past them.

-- +goose Up
ALTER TABLE library_entries ADD COLUMN product text NOT NULL DEFAULT '';
