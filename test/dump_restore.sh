#!/bin/bash
#
# dump_restore.sh: tables with columns of all types, dumped and restored.
#
# pg_dump writes every name for an empty search path, so the extension is also put into a schema
# whose name needs quoting and which is in no path.  IS DISTINCT FROM, NULLIF, CASE x WHEN and
# JOIN USING name no operator that could be qualified: PostgreSQL cannot restore views that have
# them with types outside pg_catalog, so there are none here.
set -euo pipefail

run() { # DATABASE PSQL-ARGUMENT...
	local database=$1
	shift
	psql -XqAt -v ON_ERROR_STOP=1 -d "$database" "$@"
}

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

# ---------- the tables ----------

# make_tables DATABASE SCHEMA-OF-THE-EXTENSION
make_tables() {
	psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE $1 TEMPLATE template0"
	run "$1" -v extension="$2" <<-'SQL'
		SET client_min_messages = warning;
		CREATE SCHEMA IF NOT EXISTS :"extension";
		CREATE EXTENSION attendance SCHEMA :"extension";
		SET search_path = school, :"extension";
		CREATE SCHEMA school;

		CREATE TABLE line (
		    id int PRIMARY KEY, pupil upn, school urn, number laestab, mark session_mark DEFAULT '\', code absence_code,
		    session school_session, period school_session_range,
		    series mark_series NOT NULL DEFAULT 'empty',
		    tally attendance_tally GENERATED ALWAYS AS (tally(series)) STORED, counts mark_counts,
		    cohort cohort_summary, marks session_mark[],
		    CHECK (mark <> '-'), CHECK (is_possible(mark) OR mark IN ('#', 'Z') OR mark BETWEEN 'D' AND 'Y7'),
		    CHECK (possible(tally) >= 0), CHECK (series <> '2025-09-08 N' OR code IS NULL),
		    EXCLUDE USING gist (period WITH &&));
		INSERT INTO line (id, pupil, school, number, mark, code, session, period, series, counts, cohort, marks)
		SELECT n, 'H801200001001', 100000 + n, '3802000', mark, CASE WHEN absence THEN mark::absence_code END,
		       school_session(day, 'PM'),
		       school_session_range(school_session(day, 'AM'), school_session(day, 'PM'), '[]'), series,
		       mark_counts(series), cohort_summary_add('empty', series), ARRAY[mark, NULL, '\']
		FROM attendance_codes() WITH ORDINALITY AS c (mark, class, possible, attended, absence, late, session,
		                                              valid_from, valid_to, description, n),
		     LATERAL (SELECT date '2025-09-08' + n::int) AS d (day),
		     LATERAL (SELECT mark_series_agg(school_session(day + i, 'PM'), mark)
		              FROM generate_series(0, n::int * 3) AS i) AS s (series)
		WHERE mark <> '-';
		INSERT INTO line (id, series) VALUES (1000,
		                                      ('2025-09-08' || repeat(' /ULIG(C1)(Y7)(X02)-#BKPV', 1100))::mark_series);
		INSERT INTO line (id, mark) VALUES (1001, NULL);

		CREATE TABLE entry (id int, mark session_mark NOT NULL, PRIMARY KEY (id, mark)) PARTITION BY HASH (mark);
		SELECT format('CREATE TABLE entry_%s PARTITION OF entry FOR VALUES WITH (MODULUS 5, REMAINDER %s)', i, i)
		    FROM generate_series(0, 4) AS i \gexec
		INSERT INTO entry SELECT i, mark FROM attendance_codes(), generate_series(1, 20) AS i;
		CREATE TABLE term (session school_session NOT NULL) PARTITION BY RANGE (session);
		CREATE TABLE term_1 PARTITION OF term FOR VALUES FROM ('2025-09-01 AM') TO ('2026-01-01 AM');
		CREATE TABLE term_2 PARTITION OF term FOR VALUES FROM ('2026-01-01 AM') TO ('2026-04-01 PM');
		INSERT INTO term SELECT school_session(day::date, 'AM')
		    FROM generate_series('2025-09-01'::timestamp, '2026-04-01', '1 day') AS day;
		CREATE TABLE kind (mark session_mark) PARTITION BY LIST (mark);
		CREATE TABLE kind_present PARTITION OF kind FOR VALUES IN ('/', '\', 'L');
		CREATE TABLE kind_other PARTITION OF kind DEFAULT;
		INSERT INTO kind SELECT mark FROM attendance_codes();

		-- an index of either kind on each column of a type of the extension
		SELECT format('CREATE INDEX line_%1$s_%2$s ON line USING %2$s (%1$s)', c, m)
		FROM unnest('{mark,code,session,tally,cohort,counts}'::text[]) AS c, unnest('{btree,hash}'::text[]) AS m \gexec
		CREATE INDEX line_series_hash ON line USING hash (series);
		CREATE INDEX line_series_btree ON line (series) WHERE id < 1000;
		CREATE INDEX line_rate ON line (attendance_rate(tally), is_persistently_absent(tally))
		    WHERE mark_class(mark) = 'present' OR mark >= 'G';

		CREATE VIEW summary AS
		SELECT mark_class(mark) AS class, attendance_rate(tally_agg(tally)) AS rate, cohort_agg(series) AS cohort,
		       mark_counts_agg(counts) + mark_counts_agg(mark) AS counts,
		       mark_series_agg(series ORDER BY id) FILTER (WHERE id = 2) AS series,
		       mark_series_agg(session, mark) AS by_mark, persistent_absence_rate(cohort_agg(cohort)) AS persistent,
		       max(mark::text) AS last
		FROM line WHERE mark NOT IN ('-', 'Z') AND (code <> 'U') IS NOT false AND session > '2025-09-08 AM'
		    AND (series || 'empty') <> 'empty' AND period && '[2025-09-08 AM,)' GROUP BY 1;
		CREATE VIEW detail AS
		SELECT l.id, m.*, spell.sessions, mark_at(l.series, m.day, m.session) = m.mark AS same,
		       lag(m.mark) OVER w AS before
		FROM line AS l, marks(l.series, '[2025-09-10,2025-09-20)') AS m LEFT
		    JOIN absence_spells('2025-09-08 II') AS spell ON spell.first_session < school_session(m.day,
		    m.session) WINDOW w AS (PARTITION BY l.id ORDER BY m.day, m.session);
		CREATE MATERIALIZED VIEW week AS SELECT id, w.* FROM line, weekly_tallies(series) AS w;
		CREATE FUNCTION rate(line mark_series) RETURNS numeric IMMUTABLE RETURN attendance_rate(tally(line));
	SQL
}

# ---------- what is in them ----------

# contents DATABASE SCHEMA-OF-THE-EXTENSION: every row with where it lies, every query by index too
contents() {
	run "$1" -v extension="$2" <<-'SQL'
		SET search_path = school, :"extension";
		SELECT line.*, rate(series) FROM line ORDER BY id;
		SELECT tableoid::regclass, * FROM entry ORDER BY id, mark;
		SELECT tableoid::regclass, * FROM term ORDER BY session;
		SELECT tableoid::regclass, * FROM kind ORDER BY mark;
		SELECT * FROM summary ORDER BY class;
		SELECT * FROM detail ORDER BY id, day, session;
		SELECT * FROM week ORDER BY id, week;
		SELECT conname, contype, convalidated FROM pg_constraint WHERE connamespace = 'school'::regnamespace
		       AND contype <> 'n' ORDER BY 1;
		SELECT c.relname, a.amname, i.indisvalid FROM pg_index AS i JOIN pg_class AS c ON c.oid = indexrelid
		    JOIN pg_am AS a ON a.oid = relam WHERE relnamespace = 'school'::regnamespace ORDER BY 1;
		SET enable_seqscan = off; -- the same by index
		SELECT count(*), count(id) FROM line AS a WHERE EXISTS (SELECT FROM line AS b WHERE b.mark = a.mark
		    AND b.series = a.series AND b.tally = a.tally AND b.counts = a.counts AND b.cohort = a.cohort
		    AND b.session = a.session);
		SELECT id FROM line WHERE mark = '\' OR code = 'G' OR session = '2025-10-01 PM' OR series = 'empty' ORDER BY id;
	SQL
}

# round_trip NAME FROM-DATABASE SCHEMA PG_DUMP-ARGUMENT...: a dump into an empty database
round_trip() {
	local name=$1 from=$2 schema=$3 into=att_dump_$1
	shift 3
	psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE $into TEMPLATE template0" &&
		pg_dump "$@" "$from" >"$dir/$name.sql" &&
		run "$into" -f "$dir/$name.sql" >/dev/null &&
		contents "$into" "$schema" >"$dir/$name.contents"
}

# ---------- main ----------

echo "1..13"
dir=$ATT_WORK/dump_restore
mkdir "$dir"

make_tables att_dump_source public
contents att_dump_source public >"$dir/source.contents"
make_tables att_dump_other 'Att 1'
contents att_dump_other 'Att 1' >"$dir/other.contents"

lines() {
	wc -l <"$1"
}
ok "there is something to compare" test "$(lines "$dir/source.contents")" -gt 1500
ok "in another schema it is the same" cmp "$dir/source.contents" "$dir/other.contents"

ok "dump and restore" round_trip plain att_dump_source public
ok "gives the same" cmp "$dir/source.contents" "$dir/plain.contents"
ok "as INSERT, through the root of partitions" round_trip inserts att_dump_source public --rows-per-insert=100 --load-via-partition-root
ok "gives the same" cmp "$dir/source.contents" "$dir/inserts.contents"
ok "from another schema" round_trip schema att_dump_other 'Att 1'
ok "gives the same" cmp "$dir/other.contents" "$dir/schema.contents"
ok "a dump of what was restored" round_trip again att_dump_schema 'Att 1'
ok "is the same dump" cmp <(grep -v '^\\\(un\)\?restrict ' "$dir/schema.sql") <(grep -v '^\\\(un\)\?restrict ' "$dir/again.sql")
ok "the extension's own objects are not in it" test -z "$(grep -E '^CREATE (TYPE|DOMAIN|OPERATOR|AGGREGATE|CAST)' "$dir/schema.sql")"

refused() { # SQLSTATE COMMAND: psql says so
	[[ $(run att_dump_schema -v VERBOSITY=sqlstate -c "$2" 2>&1) == "ERROR:  $1" ]]
}
ok "constraints hold after restoring" refused 23514 "INSERT INTO school.line (id, mark) VALUES (2000, '-')"
ok "and so do those of domains" refused 23514 "INSERT INTO school.line (id, pupil) VALUES (2000, 'A801200001001')"
