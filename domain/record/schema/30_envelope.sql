-- The 128 bytes that the leaf hashes, big-endian, no name and no event type among them:
--   1  'HFST'                        4
--   5  schema version (1)            2
--   7  log number                    2
--   9  authority                    16
--  25  position                      8
--  33  stream                       16
--  49  version in the stream         8
--  57  recorded_at, µs since 1970    8
--  65  commitment of the header     32   sha256('holdfast/header/v1\n'  || header)
--  97  commitment of the payload    32   sha256('holdfast/payload/v1\n' || payload)
CREATE OR REPLACE FUNCTION record.envelope(
    log smallint, authority uuid, "position" bigint, stream uuid, version bigint,
    recorded_us bigint, header bytea, payload bytea
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN '\x484653540001'::bytea || int2send(log) || uuid_send(authority) || int8send("position")
    || uuid_send(stream) || int8send(version) || int8send(recorded_us)
    || sha256('\x686f6c64666173742f6865616465722f76310a'::bytea || header)
    || sha256('\x686f6c64666173742f7061796c6f61642f76310a'::bytea || payload);
