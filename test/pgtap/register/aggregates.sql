-- Every aggregate over the lines of the register r, of each school and of all: the view counted.
CREATE VIEW counted AS
    SELECT l.school_urn, tally_agg(l.marks)::text AS tally, cohort_agg(l.marks)::text AS cohort, mark_counts_agg(l.marks)::text AS counts,
        weekly_tallies_agg(l.marks)::text AS weeks
    FROM r.register_line l GROUP BY l.school_urn
    UNION ALL
    SELECT NULL, tally_agg(l.marks)::text, cohort_agg(l.marks)::text, mark_counts_agg(l.marks)::text, weekly_tallies_agg(l.marks)::text FROM r.register_line l;
