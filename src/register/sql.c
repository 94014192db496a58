/*
 * sql.c
 *		The queries that the functions of a register run on its tables.
 *
 * Every name in them has its schema and every operator is that of pg_catalog: they mean the same
 * whatever the search path is.
 */
#include "register/register.h"

#include "catalog/pg_type.h"

#define EQUALS " OPERATOR(pg_catalog.=) "
#define ANY_PUPIL(alias) " AND " alias ".pupil_id OPERATOR(pg_catalog.=) ANY ($2)"
#define ENROLLED_IN_YEAR \
	" e.start_date OPERATOR(pg_catalog.<) pg_catalog.make_date($2 OPERATOR(pg_catalog.+) 1, 8, 1)" \
	" AND (e.end_date IS NULL" \
	" OR e.end_date OPERATOR(pg_catalog.>=) pg_catalog.make_date($2, 8, 1))"

/* An enrolment that ends later than the one called e. */
#define LATER_THAN_IT(alias) " COALESCE(" alias ".end_date OPERATOR(pg_catalog.>) e.end_date, true)"

/* Lines l that do not say what their enrolments and pupils say: f. */
#define LINE_SAYS(alias) \
	"ROW(" alias ".enrolment_end, " alias ".birth_cohort, " alias ".is_counted, " alias \
	".year_group, " alias ".registration_group, " alias ".sex)::pg_catalog.record"
#define STALE_LINES \
	" @.line_fact f WHERE f.school_urn" EQUALS "l.school_urn AND f.pupil_id" EQUALS "l.pupil_id" \
	" AND f.enrolment_start" EQUALS "l.enrolment_start AND COALESCE(l.school_urn" EQUALS \
	"$1, true)" ANY_PUPIL("l") " AND " LINE_SAYS("l") " OPERATOR(pg_catalog.*<>) " LINE_SAYS("f")

#define TODAY \
	" pg_catalog.timezone('Europe/London', pg_catalog.statement_timestamp())::pg_catalog.date"

const QueryText query_texts[QUERY_COUNT] = {
	[QUERY_PUPILS_BY_UPN] = {.text = "SELECT upn::pg_catalog.text, pupil_id FROM @.pupil"
									 " WHERE upn OPERATOR(pg_catalog.=) ANY ($1)",
							 .expected = SPI_OK_SELECT,
							 .parameters = 1,
							 .types = {TEXTARRAYOID},
							 .results = {TEXTOID, INT8OID}},
	[QUERY_PUPILS_BY_FORMER_UPN] = {.text = "SELECT former_upn::pg_catalog.text, pupil_id"
											" FROM @.pupil"
											" WHERE former_upn OPERATOR(pg_catalog.=) ANY ($1)",
									.expected = SPI_OK_SELECT,
									.parameters = 1,
									.types = {TEXTARRAYOID},
									.by_index = true,
									.results = {TEXTOID, INT8OID}},
	/*
	 * The lines of some pupils of a school, locked in one order whoever asks.  None is locked if some
	 * are missing, unless the last parameter is true: those must be made in one order with the locks.
	 * They are counted one by one, or all lines of the school would be read for those of a class.
	 */
	[QUERY_LOCK_LINES] =
		{.text =
			 "SELECT l.pupil_id, l.marks FROM @.register_line l"
			 " WHERE l.school_urn" EQUALS "$1 AND l.academic_year" EQUALS "$2"
			 " AND l.pupil_id OPERATOR(pg_catalog.=) ANY ($3)"
			 " AND ($4 OR pg_catalog.cardinality($3)" EQUALS "(SELECT pg_catalog.count(c.place)"
			 " FROM pg_catalog.unnest($3) AS p (pupil_id), LATERAL (SELECT 1 AS place FROM @.register_line c"
			 " WHERE c.school_urn" EQUALS "$1 AND c.academic_year" EQUALS "$2"
			 " AND c.pupil_id" EQUALS "p.pupil_id OFFSET 0) c))"
			 " ORDER BY l.pupil_id FOR NO KEY UPDATE OF l",
		 .expected = SPI_OK_SELECT,
		 .parameters = 4,
		 .types = {INT4OID, INT4OID, INT8ARRAYOID, BOOLOID},
		 .by_index = true,
		 .results = {INT8OID, SERIES_TYPE}},
	/* Whether none was locked because some are missing, or because they may not be changed. */
	[QUERY_COUNT_LINES] = {.text = "SELECT pg_catalog.count(*) FROM @.register_line"
								   " WHERE school_urn" EQUALS "$1 AND academic_year" EQUALS "$2"
								   " AND pupil_id OPERATOR(pg_catalog.=) ANY ($3)",
						   .expected = SPI_OK_SELECT,
						   .parameters = 3,
						   .types = {INT4OID, INT4OID, INT8ARRAYOID},
						   .by_index = true,
						   .results = {INT8OID}},
	/* The lines, when it is only asked what would be refused. */
	[QUERY_READ_LINES] = {.text = "SELECT pupil_id, marks FROM @.register_line"
								  " WHERE school_urn" EQUALS "$1 AND academic_year" EQUALS "$2"
								  " AND pupil_id OPERATOR(pg_catalog.=) ANY ($3)",
						  .expected = SPI_OK_SELECT,
						  .parameters = 3,
						  .types = {INT4OID, INT4OID, INT8ARRAYOID},
						  .by_index = true,
						  .results = {INT8OID, SERIES_TYPE}},
	[QUERY_ENROLLED] = {.text = "SELECT e.pupil_id FROM @.enrolment e WHERE e.school_urn" EQUALS
								"$1 AND e.pupil_id OPERATOR(pg_catalog.=) ANY ($3)"
								" AND" ENROLLED_IN_YEAR,
						.expected = SPI_OK_SELECT,
						.parameters = 3,
						.types = {INT4OID, INT4OID, INT8ARRAYOID},
						.by_index = true,
						.results = {INT8OID}},
	/*
	 * A line for each of these pupils who is enrolled in the year and has none, and a lock on each
	 * that is there, in one order: DO UPDATE locks a row even if it does not change it.
	 */
	[QUERY_OPEN_LINES] =
		{.text = "INSERT INTO @.register_line AS l (school_urn, academic_year, pupil_id)"
				 " SELECT DISTINCT e.school_urn, $2, e.pupil_id FROM @.enrolment e"
				 " WHERE e.school_urn" EQUALS "$1"
				 " AND e.pupil_id OPERATOR(pg_catalog.=) ANY ($3)"
				 " AND" ENROLLED_IN_YEAR " ORDER BY e.pupil_id"
				 " ON CONFLICT (school_urn, academic_year, pupil_id)"
				 " DO UPDATE SET marks = l.marks WHERE false",
		 .expected = SPI_OK_INSERT,
		 .parameters = 3,
		 .types = {INT4OID, INT4OID, INT8ARRAYOID}},
	/*
	 * Not a join with unnest(): planned for arrays of any length, it makes rows of all of them for
	 * every line, which was nine tenths of the time of a class register.
	 */
	[QUERY_WRITE_LINES] = {.text = "UPDATE @.register_line SET"
								   " marks = ($4)[pg_catalog.array_position($3, pupil_id)],"
								   " entered_by = $5, title = $6, reason = $7"
								   " WHERE school_urn" EQUALS "$1 AND academic_year" EQUALS "$2"
								   " AND pupil_id OPERATOR(pg_catalog.=) ANY ($3)",
						   .expected = SPI_OK_UPDATE,
						   .parameters = 7,
						   .types = {INT4OID, INT4OID, INT8ARRAYOID, SERIES_ARRAY, TEXTOID, TEXTOID,
									 TEXTOID}},
	[QUERY_YEAR_EXISTS] = {.text = "SELECT 1 FROM pg_catalog.pg_partition_tree($2) t"
								   " JOIN pg_catalog.pg_class c ON c.oid" EQUALS "t.relid"
								   " WHERE pg_catalog.pg_get_expr(c.relpartbound, c.oid)"
								   " OPERATOR(pg_catalog.~)"
								   " pg_catalog.format('\\m(%s|DEFAULT)\\M', $1)",
						   .expected = SPI_OK_SELECT,
						   .parameters = 2,
						   .types = {INT4OID, REGCLASSOID}},
	[QUERY_CALENDAR] = {.text = "SELECT day, morning, afternoon FROM @.school_day"
								" WHERE school_urn" EQUALS "$1"
								" AND day OPERATOR(pg_catalog.>=) $2"
								" AND day OPERATOR(pg_catalog.<) $3",
						.expected = SPI_OK_SELECT,
						.parameters = 3,
						.types = {INT4OID, DATEOID, DATEOID},
						.by_index = true,
						.results = {DATEOID, BOOLOID, BOOLOID},
						.latest = true},
	[QUERY_FIRST_ENROLMENT] = {.text = "SELECT e.start_date FROM @.enrolment e"
									   " WHERE e.school_urn" EQUALS "$1"
									   " AND e.pupil_id" EQUALS "$3 AND" ENROLLED_IN_YEAR
									   " ORDER BY e.start_date LIMIT 1",
							   .expected = SPI_OK_SELECT,
							   .parameters = 3,
							   .types = {INT4OID, INT4OID, INT8OID},
							   .by_index = true,
							   .results = {DATEOID}},
	/* What a line says of its enrolment ($4; NULL for the first in the year) and of its pupil. */
	[QUERY_LINE_FACTS] =
		{.text = "SELECT f.enrolment_start, f.enrolment_end, f.birth_cohort, f.is_counted,"
				 " f.year_group, f.registration_group, f.sex FROM @.line_fact f"
				 " WHERE f.school_urn" EQUALS "$1 AND f.pupil_id" EQUALS "$3"
				 " AND CASE WHEN $4 IS NOT NULL THEN f.enrolment_start" EQUALS "$4 ELSE"
				 " f.enrolment_start OPERATOR(pg_catalog.<)"
				 " pg_catalog.make_date($2 OPERATOR(pg_catalog.+) 1, 8, 1)"
				 " AND COALESCE(f.enrolment_end OPERATOR(pg_catalog.>=)"
				 " pg_catalog.make_date($2, 8, 1), true) END ORDER BY f.enrolment_start LIMIT 1",
		 .expected = SPI_OK_SELECT,
		 .parameters = 4,
		 .types = {INT4OID, INT4OID, INT8OID, DATEOID},
		 .by_index = true,
		 .results = {DATEOID, DATEOID, INT4OID, BOOLOID, TEXTOID, TEXTOID, TEXTOID},
		 .nullable = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6,
		 .latest = true},
	/* The lines of some pupils, at a school ($1) or all, that do not say so; in one order. */
	[QUERY_LOCK_STALE_LINES] = {.text = "SELECT l.school_urn, l.academic_year, l.pupil_id"
										" FROM @.register_line l," STALE_LINES
										" ORDER BY l.school_urn, l.academic_year, l.pupil_id"
										" FOR NO KEY UPDATE OF l",
								.expected = SPI_OK_SELECT,
								.parameters = 2,
								.types = {INT4OID, INT8ARRAYOID},
								.by_index = true,
								.results = {INT4OID, INT4OID, INT8OID},
								.latest = true},
	[QUERY_WRITE_FACTS] = {.text = "UPDATE @.register_line l SET enrolment_end = f.enrolment_end,"
								   " birth_cohort = f.birth_cohort, is_counted = f.is_counted,"
								   " year_group = f.year_group,"
								   " registration_group = f.registration_group, sex = f.sex"
								   " FROM" STALE_LINES,
						   .expected = SPI_OK_UPDATE,
						   .parameters = 2,
						   .types = {INT4OID, INT8ARRAYOID},
						   .latest = true},
	[QUERY_SCHOOL_LINES] = {.text = "SELECT pupil_id, marks FROM @.register_line"
									" WHERE school_urn" EQUALS "$1 AND academic_year" EQUALS "$2",
							.expected = SPI_OK_SELECT,
							.parameters = 2,
							.types = {INT4OID, INT4OID},
							.by_index = true,
							.results = {INT8OID, SERIES_TYPE},
							.latest = true},
	/* Which of the natures that are given are not in the register yet: their places, in order. */
	[QUERY_NEW_NATURES] =
		{.text =
			 "SELECT u.place FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3),"
			 " pg_catalog.unnest($4), pg_catalog.unnest($5)) WITH ORDINALITY"
			 " AS u (pupil_id, mark, session, nature, place)"
			 " WHERE NOT EXISTS (SELECT FROM @.mark_nature n WHERE n.school_urn" EQUALS "$1"
			 " AND n.pupil_id" EQUALS "u.pupil_id"
			 " AND n.mark OPERATOR(^.=) u.mark::^.session_mark AND n.nature" EQUALS "u.nature"
			 " AND pg_catalog.multirange_contains_elem(n.sessions, u.session::^.school_session))"
			 " ORDER BY u.place",
		 .expected = SPI_OK_SELECT,
		 .parameters = 5,
		 .types = {INT4OID, INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID},
		 .results = {INT8OID},
		 .latest = true},
	/* What is said of the nature of the activities of some pupils at once. */
	[QUERY_ADD_NATURES] =
		{.text = "INSERT INTO @.mark_nature (school_urn, pupil_id, mark, sessions, nature)"
				 " SELECT $1, u.pupil_id, u.mark::^.session_mark,"
				 " pg_catalog.range_agg(^.school_session_range(u.session::^.school_session,"
				 " u.session::^.school_session, '[]')), u.nature"
				 " FROM unnest($2, $3, $4, $5) AS u (pupil_id, mark, session, nature)"
				 " GROUP BY u.pupil_id, u.mark, u.nature",
		 .expected = SPI_OK_INSERT,
		 .parameters = 5,
		 .types = {INT4OID, INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID}},
	[QUERY_REQUIREMENTS] = {.text = "SELECT mark, requirement, from_day, to_day FROM @.requirement",
							.expected = SPI_OK_SELECT,
							.results = {MARK_TYPE, TEXTOID, DATEOID, DATEOID},
							.latest = true},
	/* Those of all schools first; a row at least, for the type of the school. */
	[QUERY_SETTINGS] = {.text = "SELECT s.rule, s.action" EQUALS "'refuse', k.type FROM @.school k"
								" LEFT JOIN @.rule_setting s"
								" ON s.school_urn" EQUALS "k.urn OR s.school_urn IS NULL"
								" WHERE k.urn" EQUALS "$1 ORDER BY s.school_urn NULLS FIRST",
						.expected = SPI_OK_SELECT,
						.parameters = 1,
						.types = {INT4OID},
						.results = {TEXTOID, BOOLOID, TEXTOID},
						.nullable = 1 << 0 | 1 << 1,
						.latest = true},
	[QUERY_FORMER_TYPES] = {.text = "SELECT f.to_day, f.type FROM @.school_former f"
									" WHERE f.urn" EQUALS "$1 ORDER BY f.to_day",
							.expected = SPI_OK_SELECT,
							.parameters = 1,
							.types = {INT4OID},
							.results = {DATEOID, TEXTOID},
							.latest = true},
	/* The days that are taken over; without a first one, from the beginning on. */
	[QUERY_TAKEN_OVER] = {.text = "SELECT COALESCE(pg_catalog.lower(t.days), '-infinity'),"
								  " pg_catalog.upper(t.days) FROM @.taken_over t"
								  " WHERE (t.school_urn" EQUALS "$1 OR t.school_urn IS NULL)"
								  " AND t.ended_at IS NULL",
						  .expected = SPI_OK_SELECT,
						  .parameters = 1,
						  .types = {INT4OID},
						  .results = {DATEOID, DATEOID},
						  .latest = true},
	[QUERY_ENROLMENTS] = {.text = "SELECT e.pupil_id, e.start_date, e.end_date FROM @.enrolment e"
								  " WHERE e.school_urn" EQUALS
								  "$1" ANY_PUPIL("e") " ORDER BY e.pupil_id",
						  .expected = SPI_OK_SELECT,
						  .parameters = 2,
						  .types = {INT4OID, INT8ARRAYOID},
						  .by_index = true,
						  .results = {INT8OID, DATEOID, DATEOID},
						  .nullable = 1 << 2,
						  .latest = true},
	[QUERY_AGES] = {.text = "SELECT p.pupil_id, p.date_of_birth FROM @.pupil p"
							" WHERE $1 IS NOT NULL" ANY_PUPIL("p") " ORDER BY p.pupil_id",
					.expected = SPI_OK_SELECT,
					.parameters = 2,
					.types = {INT4OID, INT8ARRAYOID},
					.by_index = true,
					.results = {INT8OID, DATEOID},
					.latest = true},
	[QUERY_GRANTED_SESSIONS] = {.text =
									"SELECT g.pupil_id, g.first_session, g.after_session, g.mark,"
									" g.licence_reference IS NOT NULL, g.last_examination"
									" FROM @.granted_session g WHERE g.school_urn" EQUALS
									"$1" ANY_PUPIL("g") " ORDER BY g.pupil_id",
								.expected = SPI_OK_SELECT,
								.parameters = 2,
								.types = {INT4OID, INT8ARRAYOID},
								.by_index = true,
								.results = {INT8OID, SESSION_TYPE, SESSION_TYPE, MARK_TYPE, BOOLOID,
											DATEOID},
								.nullable = 1 << 1 | 1 << 2 | 1 << 5,
								.latest = true},
	[QUERY_NATURES] = {.text =
						   "SELECT n.pupil_id, pg_catalog.lower(r), pg_catalog.upper(r), n.mark"
						   " FROM @.mark_nature n, pg_catalog.unnest(n.sessions) r"
						   " WHERE n.school_urn" EQUALS "$1" ANY_PUPIL("n") " ORDER BY n.pupil_id",
					   .expected = SPI_OK_SELECT,
					   .parameters = 2,
					   .types = {INT4OID, INT8ARRAYOID},
					   .by_index = true,
					   .results = {INT8OID, SESSION_TYPE, SESSION_TYPE, MARK_TYPE},
					   .nullable = 1 << 1 | 1 << 2,
					   .latest = true},
	[QUERY_OTHER_SCHOOLS] = {.text = "SELECT e.pupil_id, e.start_date, e.end_date"
									 " FROM @.enrolment e"
									 " WHERE e.school_urn OPERATOR(pg_catalog.<>) $1" ANY_PUPIL(
										 "e") " UNION ALL SELECT d.pupil_id, d.from_day, d.to_day"
											  " FROM @.dual_registration d"
											  " WHERE d.school_urn" EQUALS
											  "$1" ANY_PUPIL("d") " ORDER BY 1",
							 .expected = SPI_OK_SELECT,
							 .parameters = 2,
							 .types = {INT4OID, INT8ARRAYOID},
							 .by_index = true,
							 .results = {INT8OID, DATEOID, DATEOID},
							 .nullable = 1 << 2,
							 .latest = true},
	/*
	 * The heads of a school that are ours to replace, and how many there are.  SKIP LOCKED alone may
	 * wait: for who locks the next version of a row that was changed a moment ago.  A lock of its own
	 * for each head, which is only tried, is taken before the row's.
	 */
	[QUERY_TAKE_HEADS] = {.text =
							  "SELECT h.head_id, h.hash, h.entered_at, h.entry_id,"
							  " (SELECT pg_catalog.count(*) FROM @.journal_head a"
							  " WHERE a.school_urn" EQUALS "$1)"
							  " FROM @.journal_head h WHERE h.school_urn" EQUALS
							  "$1 AND pg_catalog.pg_try_advisory_xact_lock("
							  "pg_catalog.hashint8extended(h.head_id, h.tableoid::pg_catalog.int8))"
							  " ORDER BY h.head_id FOR UPDATE OF h SKIP LOCKED",
						  .expected = SPI_OK_SELECT,
						  .parameters = 1,
						  .types = {INT4OID},
						  .by_index = true,
						  .results = {INT8OID, BYTEAOID, TIMESTAMPTZOID, INT8OID, INT8OID},
						  .latest = true},
	/* An entry, which takes the place of a head ($12), or is a new one. */
	[QUERY_APPEND] =
		{.text = "WITH head AS (INSERT INTO @.journal_head"
				 " (school_urn, head_id, entry_id, entered_at, hash) VALUES ($1, $12, $2, $3, $11)"
				 " ON CONFLICT (school_urn, head_id)"
				 " DO UPDATE SET entry_id = $2, entered_at = $3, hash = $11)"
				 " INSERT INTO @.journal (school_urn, entry_id, entered_at, kind, login,"
				 " entered_by, title, reason, previous, payload, hash) OVERRIDING SYSTEM VALUE"
				 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		 .expected = SPI_OK_INSERT,
		 .parameters = 12,
		 .types = {INT4OID, INT8OID, TIMESTAMPTZOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
				   BYTEAOID, BYTEAOID, BYTEAOID, INT8OID},
		 .latest = true},
	[QUERY_DROP_HEADS] = {.text = "DELETE FROM @.journal_head WHERE school_urn" EQUALS
								  "$1 AND head_id OPERATOR(pg_catalog.=) ANY ($2)",
						  .expected = SPI_OK_DELETE,
						  .parameters = 2,
						  .types = {INT4OID, INT8ARRAYOID},
						  .latest = true},
	[QUERY_HEADS] = {.text = "SELECT head_id, hash, entered_at, entry_id FROM @.journal_head"
							 " WHERE school_urn" EQUALS "$1 ORDER BY head_id",
					 .expected = SPI_OK_SELECT,
					 .parameters = 1,
					 .types = {INT4OID},
					 .by_index = true,
					 .results = {INT8OID, BYTEAOID, TIMESTAMPTZOID, INT8OID},
					 .latest = true},
	[QUERY_LINES_NOW] = {.text = "SELECT academic_year, pupil_id, marks FROM @.register_line"
								 " WHERE school_urn" EQUALS "$1 ORDER BY academic_year, pupil_id",
						 .expected = SPI_OK_SELECT,
						 .parameters = 1,
						 .types = {INT4OID},
						 .results = {INT4OID, INT8OID, SERIES_TYPE}},
	/* Newest first, as they are undone. */
	[QUERY_ENTRIES_SINCE] = {.text = "SELECT entry_id, payload FROM @.journal"
									 " WHERE school_urn" EQUALS "$1 AND kind" EQUALS "'marks'"
									 " AND entered_at OPERATOR(pg_catalog.>) $2"
									 " ORDER BY entry_id DESC",
							 .expected = SPI_OK_SELECT,
							 .parameters = 2,
							 .types = {INT4OID, TIMESTAMPTZOID},
							 .results = {INT8OID, BYTEAOID}},
	[QUERY_ENTRIES] = {.text = "SELECT entry_id, entered_at, previous, hash,"
							   " ^.journal_hash(school_urn, entry_id, entered_at, kind, login,"
							   " entered_by, title, reason, previous, payload)"
							   " FROM @.journal WHERE school_urn" EQUALS "$1 ORDER BY entry_id",
					   .expected = SPI_OK_SELECT,
					   .parameters = 1,
					   .types = {INT4OID},
					   .results = {INT8OID, TIMESTAMPTZOID, BYTEAOID, BYTEAOID, BYTEAOID}},
	[QUERY_BOUNDARIES] = {.text = "SELECT h, true FROM @.disposal d, pg_catalog.unnest(d.hashes) h"
								  " WHERE COALESCE(d.school_urn, 0)" EQUALS "$1"
								  " UNION ALL SELECT f, false"
								  " FROM @.disposal d, pg_catalog.unnest(d.followed) f"
								  " WHERE COALESCE(d.school_urn, 0)" EQUALS "$1",
						  .expected = SPI_OK_SELECT,
						  .parameters = 1,
						  .types = {INT4OID},
						  .results = {BYTEAOID, BOOLOID}},
	/*
	 * What a role ($1) has access to now, with what the roles have whose rights are its own.  The days
	 * are those of the statement: a right ends with its last day, whether or not anybody takes it away.
	 */
	[QUERY_ACCESS] =
		{.text =
			 "WITH RECURSIVE r (oid) AS (SELECT $1 UNION SELECT g.roleid"
			 " FROM pg_catalog.pg_auth_members g, r WHERE g.member" EQUALS "r.oid),"
			 " t (day) AS (SELECT" TODAY "),"
			 " a AS MATERIALIZED (SELECT x.*, c.pupils, c.may_grant FROM r"
			 " JOIN pg_catalog.pg_roles n ON n.oid" EQUALS "r.oid"
			 " AND pg_catalog.pg_has_role($1, n.oid, 'USAGE')"
			 " JOIN @.access x ON x.role" EQUALS "n.rolname AND x.revoked_at IS NULL"
			 " JOIN t ON x.from_day OPERATOR(pg_catalog.<=) t.day"
			 " AND COALESCE(x.to_day OPERATOR(pg_catalog.>=) t.day, true)"
			 " JOIN @.capacity c ON c.capacity" EQUALS "x.capacity),"
			 /* schools of trusts and authorities as they are now */
			 " place (urn) AS MATERIALIZED (SELECT a.school_urn FROM a"
			 " WHERE a.school_urn IS NOT NULL"
			 " UNION SELECT k.urn FROM a JOIN @.school k ON k.trust_uid" EQUALS
			 "a.trust_uid UNION SELECT k.urn FROM a"
			 " JOIN @.school k ON k.la_number" EQUALS "a.la_number),"
			 /* children whom the virtual school looks after, of any school that they have been at */
			 " child (pupil_id) AS MATERIALIZED (SELECT v.pupil_id FROM (SELECT p.pupil_id, p.from_day,"
			 " p.to_day FROM @.pupil_characteristic p WHERE p.characteristic" EQUALS
			 "ANY ('{looked after,previously looked after,social worker}'::pg_catalog.text[])"
			 " UNION ALL SELECT w.pupil_id, w.from_day, w.to_day FROM @.pupil_worker w"
			 " WHERE w.role" EQUALS
			 "'social worker') v JOIN t ON v.from_day OPERATOR(pg_catalog.<=)"
			 " t.day AND COALESCE(v.to_day OPERATOR(pg_catalog.>=) t.day, true)"
			 " WHERE EXISTS (SELECT FROM a WHERE a.pupils" EQUALS "'of the virtual school')"
			 " AND EXISTS (SELECT FROM @.enrolment e JOIN place ON place.urn" EQUALS "e.school_urn"
			 " WHERE e.pupil_id" EQUALS "v.pupil_id)),"
			 " member (pupil_id) AS (SELECT e.pupil_id FROM a JOIN @.enrolment e ON e.school_urn" EQUALS
			 "a.school_urn AND e.registration_group" EQUALS "a.registration_group"
			 " JOIN t ON e.start_date OPERATOR(pg_catalog.<=) t.day"
			 " AND COALESCE(e.end_date OPERATOR(pg_catalog.>=) t.day, true) WHERE a.pupils" EQUALS
			 "'of the class' UNION SELECT child.pupil_id FROM child)"
			 " SELECT ARRAY(SELECT DISTINCT a.capacity FROM a),"
			 " ARRAY(SELECT place.urn FROM place UNION SELECT e.school_urn FROM child"
			 " JOIN @.enrolment e ON e.pupil_id" EQUALS "child.pupil_id),"
			 " ARRAY(SELECT place.urn FROM place),"
			 " CASE WHEN EXISTS (SELECT FROM a WHERE a.pupils" EQUALS "'all') THEN NULL"
			 " ELSE ARRAY(SELECT member.pupil_id FROM member) END,"
			 " ARRAY(SELECT DISTINCT a.trust_uid FROM a WHERE a.trust_uid IS NOT NULL),"
			 " ARRAY(SELECT DISTINCT a.la_number FROM a WHERE a.la_number IS NOT NULL),"
			 " ARRAY(SELECT DISTINCT pg_catalog.concat_ws(' ', a.school_urn, a.registration_group)"
			 " FROM a WHERE a.registration_group IS NOT NULL),"
			 " ARRAY(SELECT DISTINCT g FROM a, pg_catalog.unnest(a.may_grant) g),"
			 " EXISTS (SELECT FROM a WHERE a.everywhere)",
		 .expected = SPI_OK_SELECT,
		 .parameters = 1,
		 .types = {OIDOID},
		 .results = {TEXTARRAYOID, INT4ARRAYOID, INT4ARRAYOID, INT8ARRAYOID, INT4ARRAYOID,
					 INT4ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BOOLOID},
		 .nullable = 1 << 3,
		 .generic = true},
	/* Who was at one of these schools ($1), is there no more, and was at another one after that. */
	[QUERY_MOVED_PUPILS] =
		{.text =
			 "SELECT ARRAY(SELECT DISTINCT e.pupil_id FROM @.enrolment e WHERE e.school_urn" EQUALS
			 "ANY ($1) AND e.end_date OPERATOR(pg_catalog.<)" TODAY
			 " AND NOT EXISTS (SELECT FROM @.enrolment s WHERE s.pupil_id" EQUALS "e.pupil_id"
			 " AND s.school_urn" EQUALS "ANY ($1) AND" LATER_THAN_IT(
				 "s") ")"
					  " AND EXISTS (SELECT FROM @.enrolment o WHERE o.pupil_id" EQUALS "e.pupil_id"
					  " AND o.school_urn OPERATOR(pg_catalog.<>) ALL ($1) AND" LATER_THAN_IT(
						  "o") "))",
		 .expected = SPI_OK_SELECT,
		 .parameters = 1,
		 .types = {INT4ARRAYOID},
		 .results = {INT8ARRAYOID}},
	/*
	 * A pupil at no school so far; or one who is at one of these ($2), or was and did not go on; of
	 * one who did, to a day ($4) until which they were.
	 */
	[QUERY_MAY_ENROL] =
		{.text = "SELECT 1 FROM @.pupil p WHERE p.pupil_id" EQUALS "$1"
				 " AND (NOT EXISTS (SELECT FROM @.enrolment e WHERE e.pupil_id" EQUALS "$1)"
				 " OR EXISTS (SELECT FROM @.enrolment e WHERE e.pupil_id" EQUALS
				 "$1 AND e.school_urn" EQUALS "ANY ($2)"
				 " AND ($3 IS NULL OR e.pupil_id" EQUALS "ANY ($3))"
				 " AND (COALESCE(e.end_date OPERATOR(pg_catalog.>=) LEAST($4," TODAY "), true)"
				 " OR NOT EXISTS (SELECT FROM @.enrolment o WHERE o.pupil_id" EQUALS "$1"
				 " AND o.school_urn OPERATOR(pg_catalog.<>) ALL ($2) AND" LATER_THAN_IT("o") "))))",
		 .expected = SPI_OK_SELECT,
		 .parameters = 4,
		 .types = {INT8OID, INT4ARRAYOID, INT8ARRAYOID, DATEOID},
		 .by_index = true,
		 .results = {INT4OID}},
	/* Of a pupil who is seen ($3, NULL for all) and is or was at a school that is seen ($2). */
	[QUERY_MAY_CONTACT] = {.text = "SELECT 1 FROM @.contact c"
								   " JOIN @.enrolment e ON e.pupil_id" EQUALS "c.pupil_id"
								   " WHERE c.contact_id" EQUALS "$1 AND e.school_urn" EQUALS
								   "ANY ($2) AND ($3 IS NULL OR c.pupil_id" EQUALS "ANY ($3))",
						   .expected = SPI_OK_SELECT,
						   .parameters = 3,
						   .types = {INT8OID, INT4ARRAYOID, INT8ARRAYOID},
						   .by_index = true,
						   .results = {INT4OID}},
	[QUERY_MAY_LINK] = {.text = "SELECT 1 FROM @.person p WHERE p.person_id" EQUALS "$1"
								" AND (NOT EXISTS (SELECT FROM @.contact c WHERE c.person_id" EQUALS
								"$1) OR EXISTS (SELECT FROM @.contact c"
								" JOIN @.enrolment e ON e.pupil_id" EQUALS "c.pupil_id"
								" WHERE c.person_id" EQUALS "$1 AND e.school_urn" EQUALS "ANY ($2)"
								" AND ($3 IS NULL OR c.pupil_id" EQUALS "ANY ($3))))",
						.expected = SPI_OK_SELECT,
						.parameters = 3,
						.types = {INT8OID, INT4ARRAYOID, INT8ARRAYOID},
						.by_index = true,
						.results = {INT4OID}},
	[QUERY_FIGURE_SCHOOL] = {.text = "SELECT pg_catalog.count(*) FROM @.figure_school s"
									 " WHERE s.school_urn" EQUALS "$1",
							 .expected = SPI_OK_SELECT,
							 .parameters = 1,
							 .types = {INT4OID},
							 .results = {INT8OID}},
	[QUERY_FIGURE_TRUST] = {.text = "SELECT pg_catalog.count(*) FROM @.figure_school s"
									" WHERE s.trust_uid" EQUALS "$1",
							.expected = SPI_OK_SELECT,
							.parameters = 1,
							.types = {INT4OID},
							.results = {INT8OID}},
	[QUERY_SCHOOL_FIGURES_PAGE] = {.text = "SELECT @.page_head_termly($1, $2, NULL, 5)",
								   .expected = SPI_OK_SELECT,
								   .parameters = 2,
								   .types = {INT4OID, TEXTOID},
								   .results = {TEXTOID},
								   .nullable = 1},
	[QUERY_TRUST_FIGURES_PAGE] = {.text = "SELECT @.page_trust($1, $2, 5)",
								  .expected = SPI_OK_SELECT,
								  .parameters = 2,
								  .types = {INT4OID, TEXTOID},
								  .results = {TEXTOID},
								  .nullable = 1},
	[QUERY_REVIEW_FIGURES] = {.text = "SELECT pg_catalog.jsonb_agg(p.*) FROM @.meeting_pack($1, $2,"
									  " 'T1.2'," TODAY ", NULL) p",
							  .expected = SPI_OK_SELECT,
							  .parameters = 2,
							  .types = {INT4OID, TEXTOID},
							  .results = {JSONBOID},
							  .nullable = 1},
	[QUERY_MAY_ANSWER] = {.text = "SELECT pg_catalog.count(*) FROM @.federated_report r"
								  " WHERE r.report" EQUALS "$1 AND r.kind" EQUALS "'counts'",
						  .expected = SPI_OK_SELECT,
						  .parameters = 1,
						  .types = {TEXTOID},
						  .results = {INT8OID}},
	[QUERY_ANSWER] = {.text = "SELECT ^.answer_rows($1, $2, $3)",
					  .expected = SPI_OK_SELECT,
					  .parameters = 3,
					  .types = {NAMEOID, TEXTOID, TEXTARRAYOID},
					  .results = {JSONBOID},
					  .nullable = 1},
};
