-- What was recorded is never edited or deleted, whoever asks: these fire for the owner and under
-- session_replication_role = replica as well.
CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % is refused', TG_OP USING ERRCODE = 'HF005';
END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON record.{log}
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.{log} ENABLE ALWAYS TRIGGER append_only;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.{log}
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.{log} ENABLE ALWAYS TRIGGER never_truncated;
