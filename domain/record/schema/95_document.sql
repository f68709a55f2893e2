-- Documents, sealed, by a digest that nobody can try words against: `domain/record/documents.py`. Not
-- part of any log: an event that names a document holds its digest, and through it proves it. Kept
-- for ever; what is forgotten are the keys. No reference to keyring.data_key, whose rows go.
CREATE TABLE IF NOT EXISTS record.document (
    id          uuid PRIMARY KEY,
    digest      bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    keys        uuid[] NOT NULL CHECK (cardinality(keys) > 0),
    media       text NOT NULL CHECK (media ~ '^[a-z]+/[a-z0-9.+-]{1,100}$'),
    recorded_us bigint NOT NULL,
    nonce       bytea NOT NULL CHECK (octet_length(nonce) = 12),
    sealed      bytea NOT NULL
);
-- The case it was kept for, and is opened in; null in what was kept before schema 7.
ALTER TABLE record.document ADD COLUMN IF NOT EXISTS "case" uuid;
ALTER TABLE record.document DROP CONSTRAINT IF EXISTS of_a_case;
ALTER TABLE record.document ADD CONSTRAINT of_a_case CHECK ("case" IS NOT NULL) NOT VALID;
-- Where the log of readings says that it was kept; null in what was kept before schema 10, which that
-- log names from the first start of this schema on (`domain/record/entered.py`).
ALTER TABLE record.document ADD COLUMN IF NOT EXISTS kept_at bigint;
ALTER TABLE record.document DROP CONSTRAINT IF EXISTS entered;
ALTER TABLE record.document ADD CONSTRAINT entered CHECK (kept_at IS NOT NULL) NOT VALID;
GRANT SELECT, INSERT ON record.document TO holdfast_writer;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON record.document
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.document ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.document
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.document ENABLE ALWAYS TRIGGER never_truncated;
