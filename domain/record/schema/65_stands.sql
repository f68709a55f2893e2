-- Whose record this is stands for ever: every leaf hashes it. A migration writes the version of the
-- schema beside it, and nothing else of the row changes.
CREATE OR REPLACE FUNCTION record.refuse_another_authority() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' THEN
        IF NEW.id = OLD.id AND NEW.one THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'whose record this is stands: % is refused', TG_OP USING ERRCODE = 'HF005';
END $$;
CREATE OR REPLACE TRIGGER one_authority BEFORE UPDATE OR DELETE ON record.authority
    FOR EACH ROW EXECUTE FUNCTION record.refuse_another_authority();
ALTER TABLE record.authority ENABLE ALWAYS TRIGGER one_authority;
CREATE OR REPLACE TRIGGER never_truncated BEFORE TRUNCATE ON record.authority
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
ALTER TABLE record.authority ENABLE ALWAYS TRIGGER never_truncated;
