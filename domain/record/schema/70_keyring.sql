-- The keyring: outside the log, wrapped, and the only place where anything may be deleted.
-- The foreign keys make a passage sealed with a key that was just destroyed fail to be appended,
-- rather than be appended unreadable.
CREATE TABLE IF NOT EXISTS keyring.epoch (epoch int PRIMARY KEY);
CREATE TABLE IF NOT EXISTS keyring.subject_key (
    subject    uuid NOT NULL,
    generation int NOT NULL,
    epoch      int NOT NULL REFERENCES keyring.epoch,
    wrapped    bytea NOT NULL,
    PRIMARY KEY (subject, generation)
);
CREATE TABLE IF NOT EXISTS keyring.data_key (
    id         uuid PRIMARY KEY,
    subject    uuid NOT NULL,
    generation int NOT NULL,
    wrapped    bytea NOT NULL,
    FOREIGN KEY (subject, generation) REFERENCES keyring.subject_key
        DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX IF NOT EXISTS data_key_subject ON keyring.data_key (subject);
CREATE TABLE IF NOT EXISTS keyring.destroyed (
    subject    uuid NOT NULL,
    generation int NOT NULL,
    PRIMARY KEY (subject, generation)
);
GRANT SELECT, INSERT ON keyring.subject_key, keyring.data_key TO holdfast_writer;
GRANT SELECT ON keyring.epoch, keyring.destroyed TO holdfast_writer;
GRANT SELECT ON keyring.epoch, keyring.subject_key, keyring.data_key, keyring.destroyed
    TO holdfast_projector;
GRANT SELECT, INSERT, UPDATE, DELETE ON keyring.epoch, keyring.subject_key, keyring.data_key
    TO holdfast_keeper;
-- That somebody was forgotten is counted, so that it is not carried out again on keys made since:
-- the count only grows.
GRANT SELECT, INSERT ON keyring.destroyed TO holdfast_keeper;
REVOKE UPDATE, DELETE ON keyring.destroyed FROM holdfast_keeper;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON keyring.destroyed
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE keyring.destroyed ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON keyring.destroyed
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE keyring.destroyed ENABLE ALWAYS TRIGGER never_truncated;
-- Forgotten by an erasure that this log does not hold: it was restored from a copy older than that.
-- Beside the erasures of this log, which are counted, so that the next of them is carried out.
ALTER TABLE keyring.destroyed ADD COLUMN IF NOT EXISTS unrecorded boolean NOT NULL DEFAULT false;
-- Keys of passages that were forgotten alone, so that a key that is missing without that is found.
CREATE TABLE IF NOT EXISTS keyring.gone (id uuid PRIMARY KEY);
GRANT SELECT ON keyring.gone TO holdfast_writer, holdfast_projector;
GRANT SELECT, INSERT ON keyring.gone TO holdfast_keeper;
REVOKE UPDATE, DELETE ON keyring.gone FROM holdfast_keeper;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON keyring.gone
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE keyring.gone ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON keyring.gone
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE keyring.gone ENABLE ALWAYS TRIGGER never_truncated;
