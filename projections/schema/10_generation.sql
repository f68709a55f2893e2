-- Which table holds each view now, and by which code it was made. The row is also the lock that
-- every writer of the view takes first: a follower and a rebuild can never both write.
CREATE TABLE IF NOT EXISTS views.generation (
    projection text PRIMARY KEY,
    number     int NOT NULL,   -- the table is views.<projection>_g<number>
    version    int NOT NULL    -- Projection.version of the code that made it
);
GRANT SELECT ON views.generation TO holdfast_writer, holdfast_reader;
