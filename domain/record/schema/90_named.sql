-- The references that a payload of the log of readings names in clear, and an index over them: who
-- looked at one thing among very many is asked without reading that log from end to end. Total, and
-- never refusing: of bytes that are no JSON of ours there are none. A reference stands as it is
-- written everywhere, in lower case and in quotation marks. Compared by LIKE and translate, which
-- take a fifth of what a regular expression takes: every reading is paid for.
CREATE OR REPLACE FUNCTION record.named(payload bytea) RETURNS uuid[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 1000
RETURN ARRAY(SELECT part::uuid FROM string_to_table(encode(payload, 'escape'), '"') AS part
    WHERE part LIKE '________-____-____-____-____________'
        AND translate(part, '0123456789abcdef', '') = '----');
CREATE INDEX IF NOT EXISTS readings_named ON record.readings USING gin (record.named(payload))
    WITH (gin_pending_list_limit = 512);
