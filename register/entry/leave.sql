-- Decisions on leave, and the marks that are planned for it.

CREATE FUNCTION grant_leave(leave_id bigint, decided_by text, decided_at timestamptz DEFAULT now(),
    fill boolean DEFAULT false, decision_reason text DEFAULT NULL) RETURNS bigint
    LANGUAGE sql VOLATILE
    BEGIN ATOMIC
        SELECT decide_leave('register_line'::regclass, leave_id, 'granted', decided_by, decided_at, decision_reason,
            fill);
    END;
COMMENT ON FUNCTION grant_leave(bigint, text, timestamptz, boolean, text) IS
'Grants a leave that was applied for, in the name of an authorised person. With fill, plans its mark for the sessions '
'to come, and returns for how many; writes nothing in the register';

CREATE FUNCTION refuse_leave(leave_id bigint, decided_by text, decided_at timestamptz DEFAULT now(),
    decision_reason text DEFAULT NULL) RETURNS void
    LANGUAGE sql VOLATILE
    BEGIN ATOMIC
        SELECT decide_leave('register_line'::regclass, leave_id, 'refused', decided_by, decided_at, decision_reason,
            false);
    END;
COMMENT ON FUNCTION refuse_leave(bigint, text, timestamptz, text) IS 'Refuses a leave that was applied for';

CREATE FUNCTION cancel_leave(leave_id bigint, cancelled_by text, cancel_reason text,
    cancelled_at timestamptz DEFAULT now()) RETURNS bigint
    LANGUAGE sql VOLATILE
    BEGIN ATOMIC
        SELECT cancel_leave('register_line'::regclass, leave_id, cancelled_by, cancel_reason, cancelled_at);
    END;
COMMENT ON FUNCTION cancel_leave(bigint, text, text, timestamptz) IS
'Cancels a leave that was granted, and takes back the planned marks that are not confirmed; returns how many. Marks of '
'the register stay';

CREATE FUNCTION confirm_planned_marks(school_urn integer, day date, session text, entered_by text, title text)
    RETURNS bigint
    LANGUAGE sql VOLATILE
    BEGIN ATOMIC
        SELECT confirm_planned_marks('register_line'::regclass, school_urn, day, session, entered_by, title);
    END;
COMMENT ON FUNCTION confirm_planned_marks(integer, date, text, text, text) IS
'Enters the planned marks of a session for pupils whose register was taken and who have no mark; returns how many. The '
'plans of those pupils are done with';
