-- A log: rows in one dense order, each with its place in its own stream.
-- position = leaf index + 1 = notification id. The leaf is computed here, from the columns as
-- they stand, so that nobody can store a row whose leaf says something else.
CREATE TABLE IF NOT EXISTS record.{log} (
    "position"     bigint PRIMARY KEY CHECK ("position" > 0),
    stream         uuid NOT NULL,
    version        bigint NOT NULL CHECK (version >= 0),
    recorded_us    bigint NOT NULL,
    authority      uuid NOT NULL,
    name           text NOT NULL,
    header         bytea NOT NULL,
    payload        bytea NOT NULL,
    command_id     uuid,                 -- on the first event of a command only,
    command_digest bytea,                -- with the digest of its request
    command_events int,                  -- and how many events it made
    leaf           bytea NOT NULL GENERATED ALWAYS AS (
        sha256('\x00484653540001'::bytea || int2send({number}::smallint) || uuid_send(authority)
            || int8send("position") || uuid_send(stream) || int8send(version)
            || int8send(recorded_us)
            || sha256('\x686f6c64666173742f6865616465722f76310a'::bytea || header)
            || sha256('\x686f6c64666173742f7061796c6f61642f76310a'::bytea || payload))) STORED,
    UNIQUE (stream, version),
    CHECK ((command_id IS NULL) = (command_digest IS NULL)
       AND (command_id IS NULL) = (command_events IS NULL))
) WITH (autovacuum_vacuum_insert_scale_factor = 0.2);
CREATE UNIQUE INDEX IF NOT EXISTS {log}_command ON record.{log} (command_id)
    WHERE command_id IS NOT NULL;
GRANT SELECT, INSERT ON record.{log} TO holdfast_writer;
GRANT SELECT ON record.{log} TO holdfast_projector;
