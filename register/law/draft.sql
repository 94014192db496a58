-- The law is rows, so a report can be asked under other rows.

CREATE FUNCTION under_law(changes jsonb, report text,
    keys text[] DEFAULT '{relation,id,school_urn,pupil_id,contact_id,start_date,day,session,rule}')
    RETURNS TABLE (affected text, pupil_id bigint, draft jsonb, present jsonb)
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT u.* FROM report_under_law('register_line'::regclass, changes, report, keys) u;
END;
COMMENT ON FUNCTION under_law(jsonb, text, text[]) IS
'What a report, a query, would say under a draft law: its rows as JSON with some rows of the law changed (draft) and '
'with the law as it is (present), side by side; affected is new, no longer, or both. Changes are arrays by table of '
'the law, of objects of columns: {"penalty_framework": [{"sessions": 8}]}. Those of the key say which row, or a new '
'one if they are all there; the others are set. keys: by which columns a row is the same in both, of those that it '
'has; by all of them if it has none. Everything is taken back, and the report can only read; names in it are those of '
'the register, then of the extension. For who may change the law: the owner. No rows for NULL; 22023 for what is no '
'change of the law, 25006 in a transaction that can only read and for a report that writes';
