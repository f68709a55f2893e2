-- How far the followers have come whose tables are UNLOGGED. A crash of the server empties those
-- tables and this one together, so that they begin again from the record.
CREATE UNLOGGED TABLE IF NOT EXISTS views.tracking_unlogged (
    application text PRIMARY KEY,
    "position"  bigint NOT NULL
);
GRANT SELECT ON views.tracking_unlogged TO holdfast_writer, holdfast_reader;
