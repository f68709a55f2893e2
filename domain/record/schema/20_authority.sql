-- One database is one authority: this table has one row, written by the migration that made it.
CREATE TABLE IF NOT EXISTS record.authority (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    id uuid NOT NULL,
    schema_version int NOT NULL
);
GRANT SELECT ON record.authority TO holdfast_writer, holdfast_projector, holdfast_keeper;
