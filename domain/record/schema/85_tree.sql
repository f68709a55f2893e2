-- The transparency log over each log's positions: what of its tree is stored, and every tree head.
-- All of it follows from the leaves, save that a head was signed: a head is committed here before
-- anything is signed, so that whatever was signed stands, and is what the next leader goes on from.
--
-- The root of every full tree of 256^level leaves; `index` counts them from 0. Level 0 are the leaves.
CREATE TABLE IF NOT EXISTS record.subtree (
    log     smallint NOT NULL,
    level   smallint NOT NULL CHECK (level BETWEEN 1 AND 7),
    "index" bigint NOT NULL CHECK ("index" >= 0),
    hash    bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (log, level, "index")
);
-- A log begins once, and once more after each restore: under another origin, going on from the last
-- head that the restored database knows. `vkey` is the public key that its heads are signed with;
-- `begun` what that key signed when it began again, which nobody makes who has the database alone.
CREATE TABLE IF NOT EXISTS record.incarnation (
    log              smallint NOT NULL,
    number           int NOT NULL CHECK (number > 0),
    origin           text NOT NULL UNIQUE CHECK (origin ~ '^[!-*,-~]{1,200}$'),
    vkey             text NOT NULL CHECK (length(vkey) <= 1000),
    began_us         bigint NOT NULL,
    continued_origin text,
    continued_size   bigint CHECK (continued_size >= 0),
    continued_root   bytea CHECK (octet_length(continued_root) = 32),
    PRIMARY KEY (log, number),
    CHECK ((number = 1) = (continued_origin IS NULL)),
    CHECK ((continued_origin IS NULL) = (continued_size IS NULL)
       AND (continued_origin IS NULL) = (continued_root IS NULL))
);
ALTER TABLE record.incarnation ADD COLUMN IF NOT EXISTS begun bytea;
CREATE TABLE IF NOT EXISTS record.head (
    log         smallint NOT NULL,
    incarnation int NOT NULL,
    size        bigint NOT NULL CHECK (size >= 0),
    root        bytea NOT NULL CHECK (octet_length(root) = 32),
    made_us     bigint NOT NULL,
    PRIMARY KEY (log, incarnation, size),
    FOREIGN KEY (log, incarnation) REFERENCES record.incarnation
);
CREATE TABLE IF NOT EXISTS record.signed_head (
    log         smallint NOT NULL,
    incarnation int NOT NULL,
    size        bigint NOT NULL,
    note        bytea NOT NULL,
    PRIMARY KEY (log, incarnation, size),
    FOREIGN KEY (log, incarnation, size) REFERENCES record.head
);
-- Stamps of heads by a time-stamp authority outside (RFC 3161): the answers as they came.
CREATE TABLE IF NOT EXISTS record.anchor (
    log         smallint NOT NULL,
    incarnation int NOT NULL,
    size        bigint NOT NULL,
    stamp       bytea NOT NULL,
    made_us     bigint NOT NULL,
    PRIMARY KEY (log, incarnation, size),
    FOREIGN KEY (log, incarnation, size) REFERENCES record.signed_head
);
GRANT SELECT ON record.authority, record.cases, record.readings TO holdfast_integrator;
GRANT SELECT, INSERT ON record.subtree, record.incarnation, record.head, record.signed_head,
    record.anchor
    TO holdfast_integrator;
GRANT SELECT ON record.subtree, record.incarnation, record.head, record.signed_head,
    record.anchor
    TO holdfast_writer, holdfast_projector;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON record.subtree
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.subtree ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.subtree
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.subtree ENABLE ALWAYS TRIGGER never_truncated;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON record.incarnation
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.incarnation ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.incarnation
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.incarnation ENABLE ALWAYS TRIGGER never_truncated;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON record.head
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.head ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.head
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.head ENABLE ALWAYS TRIGGER never_truncated;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON record.signed_head
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.signed_head ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.signed_head
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.signed_head ENABLE ALWAYS TRIGGER never_truncated;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON record.anchor
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.anchor ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.anchor
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.anchor ENABLE ALWAYS TRIGGER never_truncated;
