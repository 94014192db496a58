/*
 * pupil.c
 *		Which pupils of the register the rows of files are about.
 *
 * A pupil is known by pupil_id, by UPN, by a UPN that the pupil had before, or, where a row has none
 * of these, by surname, forename and date of birth at the school that the row names.
 */
#include "tables/tables.h"

#define STAGE "pg_temp.attendance_stage"

static const char *const two_pupils_sql =
	"SELECT s.place, 'pupil_id and unique pupil number are those of two pupils', 'pupil_id'"
	" FROM " STAGE " s JOIN pupil p ON p.upn::text = s.upn WHERE s.pupil_id <> p.pupil_id::text"
	" AND s.place >= $1 AND s.place < $2";

static const char *const by_upn_sql =
	"UPDATE " STAGE " s SET pupil_id = p.pupil_id::text FROM pupil p"
	" WHERE s.pupil_id IS NULL AND p.upn::text = s.upn";

/* The register's UPN takes the place of the former one, so that the row does not contradict it. */
static const char *const by_former_upn_sql =
	"UPDATE " STAGE " s SET pupil_id = f.pupil_id::text, upn = f.upn"
	" FROM (SELECT p.former_upn::text AS former_upn, min(p.pupil_id) AS pupil_id, min(p.upn::text) AS upn"
	"  FROM pupil p WHERE p.former_upn IS NOT NULL GROUP BY 1 HAVING count(*) = 1) AS f"
	" WHERE s.pupil_id IS NULL AND f.former_upn = s.upn";

static const char *const several_former_sql =
	"SELECT s.place, 'several pupils had this unique pupil number before: give that of today', 'upn'"
	" FROM " STAGE
	" s WHERE s.pupil_id IS NULL AND s.upn IN (SELECT p.former_upn::text FROM pupil p"
	"  GROUP BY 1 HAVING count(*) > 1) AND s.place >= $1 AND s.place < $2";

/* A pupil whose UPN has changed, in a file that has both. */
static const char *const by_changed_upn_sql =
	"UPDATE " STAGE " s SET pupil_id = p.pupil_id::text FROM pupil p"
	" WHERE s.pupil_id IS NULL AND p.upn::text = s.former_upn";

/* Of who has neither number: how many there are at the school (or nowhere yet), and elsewhere. */
static const char *const named_sql =
	"CREATE TEMPORARY TABLE attendance_named ON COMMIT DROP AS"
	" SELECT s.place, min(p.pupil_id) FILTER (WHERE h.here) AS pupil_id,"
	"  count(*) FILTER (WHERE h.here) AS here, count(*) FILTER (WHERE NOT h.here) AS elsewhere"
	" FROM " STAGE " s JOIN pupil p ON p.date_of_birth::text = s.date_of_birth"
	"  AND lower(p.surname) = lower(s.surname) AND lower(p.forename) = lower(s.forename)"
	" CROSS JOIN LATERAL (SELECT s.school_urn IS NULL"
	"  OR EXISTS (SELECT FROM enrolment e WHERE e.pupil_id = p.pupil_id AND e.school_urn::text = s.school_urn)"
	"  OR NOT EXISTS (SELECT FROM enrolment e WHERE e.pupil_id = p.pupil_id) AS here) AS h"
	" WHERE s.pupil_id IS NULL AND s.upn IS NULL GROUP BY s.place";

static const char *const by_name_sql =
	"UPDATE " STAGE " s SET pupil_id = n.pupil_id::text FROM pg_temp.attendance_named n"
	" WHERE n.place = s.place AND n.here = 1";

static const char *const several_named_sql =
	"SELECT n.place, CASE WHEN n.here > 1 THEN 'the register has several pupils of this name and date of birth'"
	"  ELSE 'the register has a pupil of this name and date of birth at another school' END"
	" || ': give upn or pupil_id', 'upn' FROM pg_temp.attendance_named n"
	" WHERE n.here <> 1 AND n.place >= $1 AND n.place < $2";

/* Two schools' files may have two children of one name. */
static const char *const other_school_sql =
	"SELECT s.place, 'another row has a pupil of this name and date of birth at another school:"
	" give upn or pupil_id', 'upn' FROM (SELECT place, school_urn, min(school_urn)"
	"  OVER (PARTITION BY person ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS first"
	"  FROM " STAGE " WHERE person LIKE 'name %') AS s"
	" WHERE s.school_urn <> s.first AND s.place >= $1 AND s.place < $2";

/* Rows about one pupil whom the register does not have yet have one person. */
static const char *const person_sql =
	"UPDATE " STAGE " s SET person = coalesce('upn ' || s.upn, 'name ' || lower(s.surname) || ' '"
	" || lower(s.forename) || ' ' || s.date_of_birth) WHERE s.pupil_id IS NULL";

static void
find_by_name(TableLoad *load)
{
	run_command(named_sql);
	run_command(by_name_sql);
	refuse_found(load, several_named_sql);
	run_command("DROP TABLE pg_temp.attendance_named");
}

/* Gives the rows of known pupils their pupil_id, and the others what they are known by. */
void
find_pupils(TableLoad *load)
{
	refuse_found(load, two_pupils_sql);
	run_command(by_upn_sql);
	run_command(by_former_upn_sql);
	refuse_found(load, several_former_sql);
	if (find_name(load, "former_upn") >= 0)
		run_command(by_changed_upn_sql);
	if (find_name(load, "date_of_birth") < 0)
		return;
	find_by_name(load);
	run_command(person_sql);
	if (find_name(load, "school_urn") >= 0)
		refuse_found(load, other_school_sql);
}

/* Of tables that are about pupils. */
void
need_pupils(TableLoad *load)
{
	refuse_found(load,
				 "SELECT s.place, 'the register has no such pupil', CASE WHEN s.upn IS NULL AND"
				 " s.pupil_id IS NOT NULL THEN 'pupil_id' ELSE 'upn' END FROM " STAGE
				 " s WHERE NOT EXISTS (SELECT FROM pupil p WHERE p.pupil_id::text = s.pupil_id)"
				 " AND s.place >= $1 AND s.place < $2");
	if (load->set->also != NULL)
		refuse_found(
			load,
			"SELECT s.place, 'the pupil is not and was not on the roll of this school', 'school_urn'"
			" FROM " STAGE " s WHERE NOT EXISTS (SELECT FROM enrolment e WHERE"
			"  e.pupil_id::text = s.pupil_id AND e.school_urn::text = s.school_urn)"
			" AND s.school_urn IS NOT NULL AND s.place >= $1 AND s.place < $2");
}
