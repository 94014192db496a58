-- Chance that is the same on every machine: a hash of somebody's number and of a question.
CREATE FUNCTION pg_temp.hash(who bigint, what text) RETURNS integer -- 28 bits
    LANGUAGE sql IMMUTABLE
    RETURN ('x' || substr(md5(who::text || what), 1, 7))::bit(28)::integer;
CREATE FUNCTION pg_temp.chance(who bigint, what text) RETURNS numeric -- 0 to below 1
    LANGUAGE sql IMMUTABLE
    RETURN pg_temp.hash(who, what) / 268435456.0;
CREATE FUNCTION pg_temp.pick(who bigint, what text, n integer) RETURNS integer -- 1 to n
    LANGUAGE sql IMMUTABLE
    RETURN 1 + pg_temp.hash(who, what) % n;
CREATE FUNCTION pg_temp.choose(who bigint, what text, among text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN among[pg_temp.pick(who, what, cardinality(among))];
