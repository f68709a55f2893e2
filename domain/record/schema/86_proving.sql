-- What keeps each log's proof from going on, for whoever watches (/health). It is no part of the
-- record: the leader says it again, and nothing is lost with it.
CREATE TABLE IF NOT EXISTS views.proving (
    log       smallint PRIMARY KEY,
    trouble   text CHECK (trouble ~ '^[a-z-]{1,40}$'),
    since_us  bigint NOT NULL,
    witnesses jsonb NOT NULL
);
ALTER TABLE views.proving OWNER TO holdfast_projector;
GRANT USAGE ON SCHEMA views TO holdfast_integrator;
GRANT SELECT, INSERT, UPDATE ON views.proving TO holdfast_integrator;
GRANT SELECT ON views.proving TO holdfast_writer;
