-- Refuses an insert that would leave a gap in the order, a gap in a stream, a clock running
-- backwards, or another authority's rows. It sees only committed rows and its own, so a position
-- can be taken only once the one before it is committed: that is why no reader misses an event.
CREATE OR REPLACE FUNCTION record.{log}_dense() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    first bigint; last bigint; number bigint; earliest bigint;
BEGIN
    SELECT min("position"), max("position"), count(*) INTO first, last, number FROM added;
    IF number = 0 THEN
        RETURN NULL;
    END IF;
    IF last - first + 1 <> number THEN
        RAISE EXCEPTION 'positions are not contiguous' USING ERRCODE = 'HF001';
    END IF;
    IF first > 1 THEN
        SELECT recorded_us INTO earliest FROM record.{log} WHERE "position" = first - 1;
        IF earliest IS NULL THEN
            RAISE EXCEPTION 'position % would leave a gap', first USING ERRCODE = 'HF001';
        END IF;
    END IF;
    IF EXISTS (SELECT FROM added a WHERE a.version > 1 AND NOT EXISTS (
            SELECT FROM record.{log} l WHERE l.stream = a.stream AND l.version = a.version - 1)) THEN
        RAISE EXCEPTION 'a version would leave a gap in its stream' USING ERRCODE = 'HF002';
    END IF;
    IF EXISTS (SELECT FROM (SELECT recorded_us - lag(recorded_us, 1, coalesce(earliest, recorded_us))
                OVER (ORDER BY "position") AS step FROM added) s WHERE s.step < 0) THEN
        RAISE EXCEPTION 'recorded_at would run backwards' USING ERRCODE = 'HF003';
    END IF;
    IF EXISTS (SELECT FROM added a WHERE a.authority <> (SELECT id FROM record.authority)) THEN
        RAISE EXCEPTION 'this log belongs to another authority' USING ERRCODE = 'HF004';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER dense AFTER INSERT ON record.{log}
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION record.{log}_dense();
ALTER TABLE record.{log} ENABLE ALWAYS TRIGGER dense;
