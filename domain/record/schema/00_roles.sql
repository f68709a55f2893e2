-- Who may do what. Nobody logs in as the owner, the writer, the projector, the keeper, the
-- integrator or the reader: a login is granted membership (SET, not INHERIT) and puts on one role per connection.
--   owner      owns schemas record and keyring; migrations only
--   writer     the appending process: SELECT, INSERT on the log; nothing else anywhere near it
--   projector  follows the log, owns the views it makes
--   keeper     forgets: may delete keys, may not read the log's payloads
--   integrator makes the tree over the log and its heads: adds to those, reads the log
--   reader     dashboards: documented views without identifiers
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['holdfast_owner', 'holdfast_writer', 'holdfast_projector',
                                  'holdfast_keeper', 'holdfast_reader',
                                  'holdfast_integrator'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE', wanted);
        END IF;
    END LOOP;
END $$;
