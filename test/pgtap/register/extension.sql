-- All that the catalogues say of the extension, a row for each object and property; OIDs as names.  What they say of any schema
-- is catalogue()'s.
CREATE FUNCTION extension_catalogue() RETURNS TABLE (object text, property text) LANGUAGE sql SET search_path = pg_catalog AS $$
    WITH member AS (
        SELECT d.classid, d.objid, i.type || ' ' || i.identity AS object
        FROM pg_extension e JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
        CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) i
        WHERE e.extname = 'attendance'),
    routine AS (SELECT m.object, p.* FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid),
    family AS (SELECT m.object, f.* FROM member m JOIN pg_opfamily f ON m.classid = 'pg_opfamily'::regclass AND f.oid = m.objid)
    SELECT m.object, coalesce(obj_description(m.objid, c.relname), '') FROM member m JOIN pg_class c ON c.oid = m.classid
    UNION ALL SELECT c.object, c.property FROM public.catalogue('attendance') c
    UNION ALL SELECT r.object, r.prosupport::text FROM routine r
    UNION ALL SELECT r.object, concat_ws(' ', a.aggkind, a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn,
        a.aggminvtransfn, a.aggmfinalfn, a.aggsortop::regoperator, a.aggtranstype::regtype, a.aggtransspace, a.agginitval, r.proparallel,
        a.aggnumdirectargs, a.aggfinalextra, a.aggfinalmodify, a.aggmfinalextra, a.aggmfinalmodify, a.aggmtranstype::regtype, a.aggmtransspace, a.aggminitval)
        FROM routine r JOIN pg_aggregate a ON a.aggfnoid = r.oid
    UNION ALL SELECT m.object, concat_ws(' ', t.typlen, t.typbyval, t.typtype, t.typcategory, t.typispreferred, t.typdelim, t.typsubscript, t.typinput,
        t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typalign, t.typstorage, t.typelem::regtype) FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
    UNION ALL SELECT m.object, concat_ws(' ', o.oprcanmerge, o.oprcanhash, o.oprresult::regtype, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprcode,
        o.oprrest, o.oprjoin) FROM member m JOIN pg_operator o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid
    UNION ALL SELECT m.object, concat_ws(' ', c.castfunc::regprocedure, c.castcontext, c.castmethod)
        FROM member m JOIN pg_cast c ON m.classid = 'pg_cast'::regclass AND c.oid = m.objid
    UNION ALL SELECT m.object, concat_ws(' ', c.opcdefault, c.opcintype::regtype, c.opckeytype::regtype,
        pg_describe_object('pg_opfamily'::regclass, c.opcfamily, 0)) FROM member m JOIN pg_opclass c ON m.classid = 'pg_opclass'::regclass AND c.oid = m.objid
    UNION ALL SELECT f.object, concat_ws(' ', a.amopstrategy, a.amoppurpose, a.amopopr::regoperator) FROM family f JOIN pg_amop a ON a.amopfamily = f.oid
    UNION ALL SELECT f.object, concat_ws(' ', a.amprocnum, a.amproclefttype::regtype, a.amprocrighttype::regtype, a.amproc::regprocedure) FROM family f JOIN pg_amproc a ON a.amprocfamily = f.oid
    UNION ALL SELECT 'extension', concat_ws(' ', e.extowner::regrole, e.extrelocatable, e.extconfig::regclass[], e.extcondition, obj_description(e.oid, 'pg_extension'))
        FROM pg_extension e WHERE e.extname = 'attendance'
    -- a model is of a name by chance
    UNION ALL SELECT 'model', md5(replace(m::text, m.model, 'model')) FROM attendance.register_model m
$$;
