-- Refuses an insert that would leave a gap in the order, a gap in a stream, a clock running
-- backwards, or another authority's rows. It sees only committed rows and its own, so a position
-- can be taken only once the one before it is committed: that is why no reader misses an event.
-- One statement for most of it, because every statement here is paid for by every append.
CREATE OR REPLACE FUNCTION record.{log}_dense() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    first bigint; last bigint; number bigint; slowest bigint; fastest bigint; earliest bigint;
    orphan boolean; stranger boolean; backwards boolean;
BEGIN
    SELECT min(a."position"), max(a."position"), count(*), min(a.recorded_us), max(a.recorded_us),
           -- A stream begins at version 0 or 1; after that each version follows the one before it.
           bool_or(CASE WHEN a.version > 1 THEN NOT EXISTS (
                        SELECT FROM record.{log} l WHERE l.stream = a.stream
                            AND l.version = a.version - 1 AND l."position" < a."position")
                    WHEN a.version = 0 THEN EXISTS (
                        SELECT FROM record.{log} l WHERE l.stream = a.stream
                            AND l.version > 0 AND l."position" < a."position")
                    ELSE false END),
           bool_or(a.authority <> (SELECT id FROM record.authority))
        INTO first, last, number, slowest, fastest, orphan, stranger FROM added a;
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
    IF orphan THEN
        RAISE EXCEPTION 'a version would leave a gap in its stream' USING ERRCODE = 'HF002';
    END IF;
    backwards := slowest < earliest;  -- NULL at the first position: nothing was before it
    IF slowest < fastest AND backwards IS NOT TRUE THEN  -- else they are all of one moment
        SELECT bool_or(s.step < 0) INTO backwards FROM (SELECT a.recorded_us
            - lag(a.recorded_us) OVER (ORDER BY a."position") AS step FROM added a) s;
    END IF;
    IF backwards THEN
        RAISE EXCEPTION 'recorded_at would run backwards' USING ERRCODE = 'HF003';
    END IF;
    IF stranger IS NOT FALSE THEN  -- NULL where there is no authority at all
        RAISE EXCEPTION 'this log belongs to another authority' USING ERRCODE = 'HF004';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER dense AFTER INSERT ON record.{log}
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION record.{log}_dense();
ALTER TABLE record.{log} ENABLE ALWAYS TRIGGER dense;
