-- How far each follower of a log has come; written in the same transaction as what it made.
CREATE TABLE IF NOT EXISTS views.tracking (
    application text PRIMARY KEY,
    "position"  bigint NOT NULL
);
ALTER TABLE views.tracking OWNER TO holdfast_projector;
GRANT SELECT ON views.tracking TO holdfast_writer, holdfast_reader;
