-- A projection that stopped, and at which event. The class of the error and never its text, which
-- could quote what was being read. A row goes when its projection gets past the event.
CREATE TABLE IF NOT EXISTS views.health (
    projection text PRIMARY KEY,
    "position" bigint NOT NULL,
    event      text NOT NULL,
    error      text NOT NULL,
    since      timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON views.health TO holdfast_writer, holdfast_reader;
