-- Three rooms: the log, its keys, and what follows from it.
CREATE SCHEMA IF NOT EXISTS record AUTHORIZATION holdfast_owner;
CREATE SCHEMA IF NOT EXISTS keyring AUTHORIZATION holdfast_owner;
CREATE SCHEMA IF NOT EXISTS views AUTHORIZATION holdfast_projector;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA record TO holdfast_writer, holdfast_projector, holdfast_integrator;
GRANT USAGE ON SCHEMA keyring TO holdfast_writer, holdfast_projector, holdfast_keeper;
GRANT USAGE ON SCHEMA views TO holdfast_writer, holdfast_reader;
