-- What somebody is about to record and has not: `domain/record/drafts.py`. In a room of its own and
-- in no log: a draft is nobody else's, is changed while it is written, and goes when it is recorded,
-- discarded, left alone too long, or forgotten with whoever it is about. No reference to
-- keyring.data_key, whose rows go.
CREATE SCHEMA IF NOT EXISTS desk AUTHORIZATION holdfast_owner;
GRANT USAGE ON SCHEMA desk TO holdfast_writer;
CREATE TABLE IF NOT EXISTS desk.draft (
    id       uuid PRIMARY KEY,
    owner    uuid NOT NULL,
    stream   uuid,
    command  text NOT NULL CHECK (command ~ '^[a-z][a-z0-9-]{0,79}$'),
    keys     uuid[] NOT NULL CHECK (cardinality(keys) > 0),
    saved_us bigint NOT NULL,
    nonce    bytea NOT NULL CHECK (octet_length(nonce) = 12),
    sealed   bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS draft_owner ON desk.draft (owner, saved_us);
GRANT SELECT, INSERT, DELETE, UPDATE (keys, saved_us, nonce, sealed) ON desk.draft TO holdfast_writer;
