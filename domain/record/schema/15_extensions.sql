-- Lets one GiST index hold a plain column beside a range of positions: how a view answers for any
-- day in the past. A trusted extension: whoever owns the database may make it.
CREATE EXTENSION IF NOT EXISTS btree_gist;
