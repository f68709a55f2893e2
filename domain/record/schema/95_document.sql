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
GRANT SELECT, INSERT ON record.document TO holdfast_writer;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON record.document
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.document ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.document
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.document ENABLE ALWAYS TRIGGER never_truncated;
