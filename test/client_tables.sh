#!/bin/bash
#
# client_tables.sh: pg_attendance load schools, pupils, contacts, calendar, characteristics.  Prints TAP.
#
# Files in the words of schools: each value is understood, or refused with its column, its value and what
# there is to choose from; each column is used, or named; nothing is doubled by loading a file twice.
set -euo pipefail

# shellcheck source=test/client/common.sh
. test/client/common.sh tables
fresh

# header WHAT HEADER [OPTION...]: of the files of the cases that follow
header() {
	what=$1 head=$2
	shift 2
	given=("$@")
}
# is ROW WANTED: a row that is refused, with what is said of it, up to the exit status
is() {
	printf '%s\n%s\n' "$head" "$1" >f.csv
	same "$what: $head | $1" "$2" "$(run load "$what" -n "${given[@]}" f.csv |
		sed -E 's/^error: f.csv, line [0-9]+(, |: )//; s/pupil [0-9]+/pupil N/; /^detail/d' | tr '\n' '|')"
}
# understood QUERY < "ROW => VALUE"...: all rows in one file, with @ for the number of the row; the query
# gives the values in order
understood() {
	local query=$1 row value n=100 wanted=
	echo "$head" >f.csv
	while IFS= read -r row; do
		value=${row##* => } n=$((n + 1)) row=${row% => *}
		echo "${row//@/$n}" >>f.csv
		wanted+=$value$'\n'
	done
	fresh
	run load "$what" "${given[@]}" f.csv >said
	same "$what: $head, $((n - 100)) rows" "$wanted" "$(sql "$database" "$query"; [[ $(tail -n 1 said) == "exit 0" ]] || cat said)"$'\n'
}

# ---------- closed lists of values ----------

header pupils 'pupil_id,urn,surname,forename,dob,entry date,sex,status,boarder,NC Year'
understood "SELECT concat_ws(' ', sex, status, boarder, year_group) FROM enrolment JOIN pupil USING (pupil_id) WHERE pupil_id > 100 ORDER BY pupil_id" <<'END'
@,900001,Dew,E@,2016-01-02,2024-09-01,Female,,,Year 4 => F C N 4
@,900001,Dew,E@,2016-01-02,2024-09-01,male,Current,No,Y4 => M C N 4
@,900001,Dew,E@,2016-01-02,2024-09-01,f,Main,False,04 => F M N 4
@,900001,Dew,E@,2016-01-02,2024-09-01,M,Guest,Boarder,Yr 10 => M G B 10
@,900001,Dew,E@,2016-01-02,2024-09-01,GIRL,s,7,Reception => F S 7 R
@,900001,Dew,E@,2016-01-02,2024-09-01,,,,year r => C N R
@,900001,Dew,E@,2016-01-02,2024-09-01,,,,n2 => C N N2
@,900001,Dew,E@,2016-01-02,2024-09-01,NA,N/A,-,NULL => C N
@,900001,Null,Na,2016-01-02,2024-09-01,NA,n/a,null,-- => C N
END
same "Null and Na are names" "Null|Na" "$(sql "$database" "SELECT surname, forename FROM pupil WHERE pupil_id = 109")"
person=101,900001,Dew,Eve,2016-01-02,2024-09-01
years='N1, N2, R, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, X'
is "$person,Unknown,,," 'column "sex", value "Unknown": none of: F, M|exit 3|'
is "$person,,Here,," 'column "status", value "Here": none of: C, M, S, F, O, G|exit 3|'
is "$person,,,5," 'column "boarder", value "5": none of: N, B, 6, 7|exit 3|'
is "$person,,,,Nursery" "column \"year_group\", value \"Nursery\": none of: $years|exit 3|"
is "$person,,,,Year 15" "column \"year_group\", value \"Year 15\": none of: $years|exit 3|"
is "$person,,,,4A" "column \"year_group\", value \"4A\": none of: $years|exit 3|"

header schools 'URN,Name,Phase,Type,LA Code'
understood "SELECT phase, type FROM school WHERE urn > 900100 ORDER BY urn" <<'END'
900@,New,primary,Academy,380 => Primary|Academies
900@,New,ALL THROUGH,Voluntary aided school,380 => All-through|Local authority maintained schools
900@,New,Pru,free school,380 => Alternative provision|Free schools
END
is '900003,New,infant,Academy,380' 'column "phase", value "infant": none of: Nursery, Primary, Middle deemed primary, Secondary, Middle deemed secondary, All-through, 16 plus, Special, Alternative provision, Not applicable|exit 3|'
is '900003,New,Primary,Converter,380' 'column "type", value "Converter": none of: Local authority maintained schools, Academies, Free schools, Independent schools, Special schools, Colleges, Universities, Other types|exit 3|'
is '900003,New,Primary,Academy,381' 'column "la_number", value "381": the register has no such local_authority; it has: 380|exit 3|'
is '90003,New,Primary,Academy,380' 'column "urn", value "90003": not a URN, which has six digits|exit 3|'
is '900001,Other,Primary,Academy,380' 'column "name", value "Other": the register has another name: change it by UPDATE|exit 3|'

header calendar 'urn,Year,Term,Half,First day,Last day'
understood 'SELECT academic_year, term, half, first_day FROM term_date ORDER BY first_day' <<'END'
900001,2025/26,autumn,1st,08/09/2025,24/10/2025 => 2025|Autumn|1|2025-09-08
900001,2025-2026,Autumn Term,2,2025-11-03,2025-12-19 => 2025|Autumn|2|2025-11-03
900001,202526,SPRING,first,5 Jan 2026,13 Feb 2026 => 2025|Spring|1|2026-01-05
END
is '900001,2025/27,Autumn,1,2025-09-08,2025-10-24' 'column "academic_year", value "2025/27": not an academic year, such as 2025/26|exit 3|'
is '900001,2025,Michaelmas,1,2025-09-08,2025-10-24' 'column "term", value "Michaelmas": none of: Autumn, Spring, Summer|exit 3|'
is '900001,2025,Summer,3,2026-04-13,2026-05-22' 'column "half", value "3": none of: 1, 2|exit 3|'
is '900001,2025,Summer,1,2026-05-22,2026-04-13' 'column "last_day", value "2026-04-13": last_day is not before first_day|exit 3|'
is '900001,2024,Summer,1,2026-04-13,2026-05-22' 'column "last_day", value "2026-05-22": first_day and last_day are in academic_year, which begins on 1 August|exit 3|'
is '900001,2025,Summer,1,2026-02-13,2026-05-22' 'column "last_day", value "2026-05-22": another half term of the school has some of these days|exit 3|'

# every value of every closed list of these tables, as the register has it, is taken in any case
closed=$(sql "$database" "SELECT count(*) FROM pg_constraint WHERE connamespace = 'register'::regnamespace AND contype = 'c' AND cardinality(conkey) = 1
	AND conrelid = ANY ('{school,pupil,enrolment,term_date,contact,school_day,pupil_characteristic}'::regclass[]) AND pg_get_constraintdef(oid) ~ 'ARRAY'")
same "closed lists of the tables that are loaded: one more wants its cases above" 9 "$closed"
same "every other constraint of theirs is said in words" "" "$(sql "$database" "SELECT conname FROM pg_constraint WHERE connamespace = 'register'::regnamespace
	AND (contype = 'x' OR contype = 'c' AND NOT (cardinality(conkey) = 1 AND pg_get_constraintdef(oid) ~ 'ARRAY'))
	AND conrelid = ANY ('{school,pupil,enrolment,term_date,contact,school_day,pupil_characteristic}'::regclass[])
	AND obj_description(oid, 'pg_constraint') IS NULL AND conname !~ '_signature$|^pupil_pupil_id_check$'")"

# ---------- what a characteristic says ----------

header characteristics 'upn,characteristic,value,from day,to day'
understood "SELECT characteristic || ' ' || value FROM pupil_characteristic ORDER BY from_day" <<'END'
B801200005001,fsm,Y,2@-09-01,2@-09-01 => fsm Y
B801200005001,fsm,y,2@-09-01,2@-09-01 => fsm Y
B801200005001,FSM,Yes,2@-09-01,2@-09-01 => fsm Y
B801200005001,Free school meals,true,2@-09-01,2@-09-01 => fsm Y
B801200005001,fsm,T,2@-09-01,2@-09-01 => fsm Y
B801200005001,fsm,1,2@-09-01,2@-09-01 => fsm Y
B801200005001,fsm,,2@-09-01,2@-09-01 => fsm Y
B801200005001,SEN,SEN support,2@-09-01,2@-09-01 => sen K
B801200005001,sen status,EHCP,2@-09-01,2@-09-01 => sen E
B801200005001,Social Worker,child in need,2@-09-01,2@-09-01 => social worker CIN
B801200005001,ethnicity,WBRI,2@-09-01,2@-09-01 => ethnicity WBRI
END
header characteristics 'upn,characteristic,value,from_day'
for value in N no False F 0 none; do
	printf '%s\nB801200005001,fsm,%s,2025-09-01\n' "$head" "$value" >f.csv
	fresh
	same "fsm = $value is not having it" "loaded 1 rows, 0 set aside
warning: 1 rows say that a pupil does not have a characteristic: no row is needed for that
exit 0
0" "$(run load characteristics f.csv; sql "$database" "SELECT count(*) FROM pupil_characteristic")"
done
is 'B801200005001,fsm,NA,2025-09-01' 'column "value", value "NA": pupil N, fsm: the value "NA" is none of: Y|hint: A pupil without a row has not the characteristic.|exit 3|'
is 'B801200005001,fsm,maybe,2025-09-01' 'column "value", value "maybe": pupil N, fsm: the value "maybe" is none of: Y|hint: A pupil without a row has not the characteristic.|exit 3|'
is 'B801200005001,shoe size,9,2025-09-01' 'column "characteristic", value "shoe size": the register has no such characteristic; it has: eal, ethnicity, fsm, fsm6, looked after, medical condition, previously looked after, pupil premium, sen, sen need, service child, social worker, young carer|exit 3|'
is 'B801200005001,fsm,Y,' 'column "from_day", value "": a value is needed|exit 3|'
sql "$database" "INSERT INTO pupil_characteristic (pupil_id, characteristic, from_day) VALUES (1, 'fsm', '2025-09-01')"
is 'B801200005001,fsm,N,2025-10-01' 'column "value", value "N": the register says that the pupil has it from 2025-09-01 on: end that by UPDATE of to_day|exit 3|'

# ---------- contacts ----------

header contacts 'UPN,Name,Parent,Telephone'
understood "SELECT full_name, is_parent, emergency_numbers FROM contact ORDER BY contact_id" <<'END'
b801200005001,Ann @,yes,01632 960001 => Ann 101|t|{"01632 960001"}
B801200005001,Ann @,Y,01632 960001; 07700 900123 (work) => Ann 102|t|{"01632 960001","07700 900123 (work)"}
B801200005001,Ann @,no,"{""01632 960001"",x}" => Ann 103|f|{"01632 960001",x}
B801200005001,Ann @,false,"say ""Ann"" \; 1" => Ann 104|f|{"say \"Ann\" \\",1}
B801200005001,Null,, => Null|f|{}
END
is 'B801200005001,Ann,perhaps,' 'column "is_parent", value "perhaps": neither yes nor no|exit 3|'
is 'B801200005001,Ann,yes,7.7009E+09' 'column "emergency_numbers", value "7.7009E+09": a spreadsheet has rounded the telephone number|exit 3|'
is 'B80120000500,Ann,yes,' 'column "upn", value "B80120000500": not a unique pupil number, which has 13 characters|exit 3|'
is 'H801200001001,Ann,yes,' 'column "upn", value "H801200001001": the register has no such pupil|exit 3|'

# ---------- the errors of Excel, in every column ----------

# of_columns WHAT COLUMN=VALUE...: each in turn is an error
of_columns() {
	local what=$1 error='#REF!' cells=() names=() changed
	shift
	names=("${@%%=*}") cells=("${@#*=}")
	for i in "${!names[@]}"; do
		changed=("${cells[@]}")
		changed[i]=$error
		[[ $error == '#REF!' ]] && error='#N/A' || error='#REF!'
		(IFS=,; printf '%s\n' "${names[*]}" "${changed[*]}") >f.csv
		same "$what: ${names[i]} is ${changed[i]}" "error: f.csv, line 2, column \"${names[i]}\", value \"${changed[i]}\": an error of a spreadsheet is no value" \
			"$(run load "$what" -n f.csv | head -n 1)"
	done
}
of_columns schools urn=900003 laestab=3809003 name=New phase=Primary type=Academies la_number=380 trust_uid=1 opened=2020-09-01
of_columns pupils school_urn=900001 upn=H801200001001 former_upn= surname=Dew forename=Eve middle_names= sex=F date_of_birth=2016-01-02 known_as= \
	start_date=2024-09-01 status=C year_group=4 registration_group=4A last_school=x deleted_at=
of_columns contacts upn=B801200005001 full_name=Ann address=x relationship=mother is_parent=yes emergency_numbers=1 priority=1
of_columns calendar school_urn=900001 day=2025-10-02 morning=yes afternoon=yes closure=
of_columns characteristics upn=B801200005001 characteristic=fsm value=Y from_day=2025-09-01

# ---------- contradictions ----------

header pupils 'urn,upn,surname,forename,dob,entry date'
is '900001,H801200001001,Dew,Eve,2025-01-02,2024-09-01' 'column "start_date", value "2024-09-01": school 900001, pupil N: the starting day 2024-09-01 is not after the date of birth 2025-01-02|exit 3|'
is '900001,H801200001001,Dew,Eve,2055-01-02,2024-09-01' 'column "date_of_birth", value "2055-01-02": a date of birth is not after the day on which it is entered|exit 3|'
is '900001,H801200001001,Dew,Eve,2016-02-30,2024-09-01' 'column "date_of_birth", value "2016-02-30": not a day (YYYY-MM-DD or DD/MM/YYYY; see --date-style)|exit 3|'
is '900001,H801200001001,,Eve,2016-01-02,2024-09-01' 'column "surname", value "": a value is needed|exit 3|'
is '900001,H801200001002,Dew,Eve,2016-01-02,2024-09-01' 'column "upn", value "H801200001002": not right: Unique pupil number: 13 characters with a check letter|exit 3|'
is '900009,H801200001001,Dew,Eve,2016-01-02,2024-09-01' 'column "school_urn", value "900009": the register has no school with this URN|exit 3|'
is '900001,B801200005001,O'"'"'Brien & Sons,"Ada <""x"">",2016-03-01,2023-09-01' 'column "start_date", value "2023-09-01": the pupil is on the roll of this school at that time already|exit 3|'
header pupils 'urn,upn,surname,forename,dob,entry date,leaving date'
is '900001,H801200001001,Dew,Eve,2016-01-02,2024-09-01,2025-01-02' 'column "deleted_at", value "": school 900001, pupil N: an enrolment that has an end (2025-01-02) when it is entered needs deleted_at, the time at which its deletion was entered; deletion_ground is missing|hint: Give it, or begin with take_over() or load --take-over for what another system has.|exit 3|'
header pupils 'urn,upn,surname,forename,dob,entry date,leaving date,deletion ground,deleted at'
is '900001,H801200001001,Dew,Eve,2016-01-02,2024-09-01,2025-01-02,E,2025-01-02 12:00' 'column "deletion_ground", value "E": school 900001, pupil N: the name cannot be deleted with 2025-01-02 as last day on ground E: ground_arose_on is missing: the day on which the order was revoked; deletion_evidence is missing: the order and its authority|hint: deletion_ground lists the grounds in force on a day and what each needs. Or have breaches of it recorded and listed: rule_setting, rule "deletion ground", action record; take_over() or load --take-over for what another system has.|exit 3|'
header calendar 'urn,day,morning,closure'
is '900001,2025-10-02,no,' 'column "morning", value "no": a session that is not held (morning, afternoon) needs closure, the reason|exit 3|'

# ---------- registers that another system kept ----------

fresh
signed=(--entered-by 'Ms Trust' --title Director --reason 'from Quill')
cat >over.csv <<'END'
urn,pupil_id,day,session,mark
900002,3,2025-09-08,AM,M
900002,3,2025-09-08,PM,B
900001,1,2025-09-10,AM,/
END
over=$(sql "$database" "SELECT count(*) FROM journal")
same "marks that need papers" 'error: over.csv, line 2, column "mark", value "M": school 900002, pupil 3, 2025-09-08 AM: the mark "M" needs a leave granted for the session (leave_of_absence)
detail: This is the rule "leave": see register_rules().
detail: Nothing was loaded.
hint: Enter the leave in leave_of_absence and grant it with grant_leave(), or enter O. Or have breaches of it recorded and listed: rule_setting, rule "leave", action record; take_over() or load --take-over for what another system has.
exit 3' "$(say load marks over.csv)"
same "are taken over by somebody" 'error: --take-over needs --entered-by, --title and --reason
hint: Try "pg_attendance --help" for more information.
exit 1' "$(say load marks --take-over over.csv)"
same "who signs in full" 'error: --entered-by, --title and --reason go together' "$(say load pupils --take-over --title x over.csv | head -n 1)"
same "a dry run leaves nothing" "would load 3 marks of 3 rows, 0 set aside; new: 3, amended: 0, the same: 0
exit 0
0|$over" "$(say load marks -n --take-over "${signed[@]}" over.csv; sql "$database" "SELECT (SELECT count(*) FROM taken_over), (SELECT count(*) FROM journal)")"
same "who, what and why are kept, and it has ended" 'loaded 3 marks of 3 rows, 0 set aside; new: 3, amended: 0, the same: 0
exit 0
900001|[2025-09-08,2025-09-11)|from Quill|Ms Trust|Director|t|Ms Trust
900002|[2025-09-08,2025-09-11)|from Quill|Ms Trust|Director|t|Ms Trust
leave|M|from Quill
nature|B|from Quill' "$(say load marks --take-over "${signed[@]}" over.csv
	sql "$database" "SELECT school_urn, days, reason, decided_by, title, ended_at >= entered_at, ended_by FROM taken_over ORDER BY 1" \
		"SELECT rule, mark, taken_over FROM breach ORDER BY 1" "SELECT * FROM verify_journal()")"
same "so that what comes later is refused" 'error: more.csv, line 2, column "mark", value "M": school 900002' \
	"$(printf 'urn,pupil_id,day,session,mark\n900002,3,2025-09-09,AM,M\n' >more.csv; say load marks more.csv | head -n 1 | cut -d, -f1-4)"
same "the same again" 'loaded 3 marks of 3 rows, 0 set aside; new: 0, amended: 0, the same: 3' "$(say load marks --take-over "${signed[@]}" over.csv | head -n 1)"
same "from a pipe, as JSON" '{"status": "loaded", "rows": 1, "marks": 1, "new": 1, "amended": 0, "same": 0, "rejected": 0}' \
	"$("$program" -d "$database" --json load marks --take-over "${signed[@]}" <more.csv | sed 's/, "seconds": [0-9.]*//')"
printf 'urn,pupil_id,day,session,mark\n900002,3,2025-09-10,AM,M\n900002,3,2025-09-13,AM,M\n' >saturday.csv
same "what is never in a register is in its place refused" 'error: saturday.csv, line 3, column "day", value "2025-09-13": school 900002, pupil 3, 2025-09-13 AM: the calendar of the school (school_day, build_calendar) has no such session, the mark "M" cannot be entered
0' "$(say load marks --take-over "${signed[@]}" saturday.csv | head -n 1; sql "$database" "SELECT count(*) FROM taken_over WHERE days @> date '2025-09-13'")"
same "or set aside" 'loaded 1 marks of 2 rows, 1 set aside; new: 1, amended: 0, the same: 0
exit 4
[2025-09-10,2025-09-14)|t' "$(say load marks --take-over --reject r.csv "${signed[@]}" saturday.csv; sql "$database" "SELECT days, ended_at IS NOT NULL FROM taken_over WHERE days @> date '2025-09-13'")"
same "a file without marks takes nothing over" 'loaded 0 marks of 1 rows, 0 set aside; new: 0, amended: 0, the same: 0' \
	"$(printf 'urn,pupil_id,day,session,mark\n900002,3,2025-09-12,AM,\n' >none.csv; say load marks --take-over "${signed[@]}" none.csv | head -n 1)"
printf 'urn,upn,surname,forename,dob,entry date,leaving date\n900001,H801200001001,Dew,Eve,2016-01-02,2022-09-01,2025-01-02\n900001,,Fay,Gil,2016-01-02,2023-09-01,\n' >leavers.csv
same "leavers of whom the file says no more than the day" 'loaded 2 rows, 0 set aside; new: 2 pupil, 2 enrolment
exit 0
2025-01-02 00:00:00
deletion ground|from Quill
[2022-09-01,2025-01-03)|t' "$(say load pupils --take-over "${signed[@]}" leavers.csv
	sql "$database" "SELECT deleted_at AT TIME ZONE 'Europe/London' FROM enrolment WHERE end_date IS NOT NULL" \
		"SELECT rule, taken_over FROM admission_breach WHERE rule <> 'late admission'" "SELECT days, ended_at IS NOT NULL FROM taken_over WHERE days @> date '2024-01-01'" "SELECT * FROM verify_journal()")"
printf 'urn,upn,surname,forename,dob,entry date\n900001,B801200005001,,,,2999-09-01\n' >future.csv
same "what is to come is not taken over" "0" "$(say load pupils -q --take-over "${signed[@]}" future.csv >said; sql "$database" "SELECT count(*) FROM taken_over WHERE upper(days) > current_date + 1")"
same "only marks and pupils are" 'error: option --take-over does not go with "load calendar"' "$(say load calendar --take-over days.csv | head -n 1)"

# ---------- what would be lost ----------

# refused HEADER PROBLEM OPTION...: of a file of the header, with one row
refused() {
	local header=$1 problem=$2
	shift 2
	printf '%s\n1\n' "$header" >f.csv
	same "$what: $header $*" "error: f.csv, line 1$problem
exit 3" "$(run load "$what" "$@" f.csv | sed '/^detail: The columns/d; /^hint: A file of pupils/d')"
}
what=pupils
for heading in 'NC Year' Class Status boarder 'Leaving date' agreed_on next_school deleted_at URN; do
	refused "UPN,Surname,Forename,DOB,$heading" ": no column start_date (entry date, admission date): $heading is of the table enrolment, which needs it"
done
refused 'UPN,Surname,Forename,DOB' ': no column start_date (entry date, admission date): --school is of the table enrolment, which needs it' --school 900001
refused 'Surname,Name,DOB' ': no column forename (first name, legal forename)'
refused 'Forename,DOB' ': no column surname or start_date'
refused 'Colour,Size' ': no column of pupils is known'
same "the headings of the file are listed, ten at most" 'detail: The columns of the file are "Surname", "a", "b", "c", "d", "e", "f", "g", "h", "i" and 2 more.' \
	"$(printf 'Surname,a,b,c,d,e,f,g,h,i,j,k\n' >f.csv; run load pupils f.csv | grep ^detail)"
printf '%s\n' 'surname,forename,dob' Dew,Eve,2016-01-02 >f.csv
fresh
same "pupils alone" 'loaded 1 rows, 0 set aside; new: 1 pupil, 0 enrolment
exit 0' "$(say load pupils f.csv)"
header pupils 'urn,upn,surname,forename,dob,entry date,NC Year'
is '900001,H801200001001,Dew,Eve,2016-01-02,,4' 'column "start_date", value "": a value is needed|exit 3|'
header contacts 'UPN,Name,Telephone'
is 'B801200005001,,01632 960001' 'column "full_name", value "": a value is needed|exit 3|'
what=calendar
refused 'urn,year,term,half,first day,last day,closure' ': no column day (date, school day): closure is of the table school_day, which needs it'
for heading in Closed Open 'Is closed?'; do
	refused "Date;$heading" ", column \"$heading\": say in closure why, and in morning and afternoon whether a session is held (yes or no)" --school 900001
done
same "unless it is meant to be left out" 'exit 0' "$(printf 'Date;Open\n2025-10-01;1\n' >f.csv; run load calendar -qn --school 900001 --ignore open f.csv)"
for what in schools pupils contacts calendar characteristics; do
	same "the help of load $what names the columns that a file must have" 1 "$("$program" load "$what" --help | grep -c '^Columns that a file must have:')"
done
same "those of pupils" '  pupil: surname (last name, legal surname); forename (first name, legal forename); date_of_birth (birth date, DOB)
  enrolment: start_date (entry date, admission date); school_urn, or --school; and upn or pupil_id (or the names and the date of birth)' \
	"$("$program" load pupils --help | grep -E '^  (pupil|enrolment): ')"

# a closure is of the sessions that are not held
header calendar 'Date;Closure' --school 900001
understood "SELECT morning, afternoon, closure FROM school_day WHERE day BETWEEN '2025-10-01' AND '2025-10-02' ORDER BY day" <<'END'
2025-10-01;INSET => f|f|INSET
2025-10-02; => t|t|
END
header calendar 'Date;AM;PM;Closure' --school 900001
understood "SELECT morning, afternoon, closure FROM school_day WHERE day BETWEEN '2025-10-01' AND '2025-10-07' ORDER BY day" <<'END'
2025-10-01;no;no;INSET => f|f|INSET
2025-10-02;;;INSET => f|f|INSET
2025-10-03;yes;no;polling => t|f|polling
2025-10-06;no;;polling => f|t|polling
2025-10-07;Yes;Yes; => t|t|
END
held='column "closure", value "INSET": morning and afternoon are both held beside a closure|exit 3|'
is '2025-10-01;yes;yes;INSET' "$held"
is '2025-10-01;yes;;INSET' "$held"
is '2025-10-01;;1;INSET' "$held"
is '2025-10-09;no;no;' 'column "afternoon", value "no": a session that is not held (morning, afternoon) needs closure, the reason|exit 3|'
is '2025-10-01;/;no;INSET' 'column "morning", value "/": neither yes nor no|exit 3|'

# ---------- columns ----------

fresh
printf 'urn,upn,surname,forename,dob,entry date,Year,House,Empty\n900001,H801200001001,Dew,Eve,2016-01-02,2024-09-01,4,Red,\n' >year.csv
same "Year is the year group; a column that is not used is named, if it has a value" 'loaded 1 rows, 0 set aside; new: 1 pupil, 1 enrolment
warning: year.csv: not used: "House"; --ignore names columns that are meant to be left out
exit 4
4' "$(say load pupils year.csv; sql "$database" "SELECT year_group FROM enrolment WHERE pupil_id > 3")"
same "in JSON" '{"status": "loaded", "rows": 1, "rejected": 0, "new": {"pupil": 0, "enrolment": 0}, "changed": {"enrolment": 0}, "warnings": ["year.csv: not used: \"House\"; --ignore names columns that are meant to be left out"]}' \
	"$(say load pupils --json -q year.csv | head -n 1)"
same "unless it is meant to be left out" "exit 0" "$(say load pupils -q --ignore=form,house year.csv)"
same "or all are" "exit 0" "$(say load pupils -q --ignore='*' year.csv)"
same "a school by LAESTAB" "exit 0" "$(sed 's/^urn/laestab/; s/^900001/380-9001/' year.csv >laestab.csv; say load pupils -q --ignore=house laestab.csv)"

# ---------- facts that have dates ----------

fresh
head='UPN,URN,Surname,Forename,DOB,Entry date,Year,Reg,Boarder,Status'
ada="B801200005001,900001,\"O'Brien & Sons\",\"Ada <\"\"x\"\">\",2016-03-01,2022-09-01"
ben='P207000016049,900001,Nevis,Ben,2015-11-30,2022-09-01'
rows() { # ROW...: the file f.csv
	printf '%s\n' "$head" "$@" >f.csv
}
# change OPTION...: what the program says of f.csv, signed
change() {
	say load pupils --entered-by 'Jo Smith' --title Clerk --reason "the school's list" "$@" f.csv
}
periods() { # of the enrolment of pupil 1
	sql "$database" "SELECT concat_ws(' ', from_day, coalesce(to_day::text, '-'), status, boarder, coalesce(year_group, '?'), coalesce(registration_group, '?'))
		FROM enrolment_period WHERE pupil_id = ${1:-1} ORDER BY from_day"
}
today=$(sql "$database" "SELECT (now() AT TIME ZONE 'Europe/London')::date")
tomorrow=$(sql "$database" "SELECT date '$today' + 1")
yesterday=$(sql "$database" "SELECT date '$today' - 1")

rows "$ada,Year 4,4A,," "$ben,,,B,"
unsigned='error: f.csv, line 2, column "year_group", value "Year 4": the register has another year_group
detail: 2 rows change something of the table enrolment: boarder 1, year_group 1, registration_group 1
detail: Nothing was loaded.
hint: To change it, give --entered-by, --title and --reason, and --holds-from if it does not hold from today on.
exit 3'
same "a change is signed" "$unsigned" "$(say load pupils f.csv)"
same "also with a day" "$unsigned" "$(say load pupils --holds-from 2025-09-01 f.csv)"
same "by all three" 'error: --entered-by, --title and --reason go together' "$(say load pupils --entered-by x f.csv | head -n 1)"
same "nothing is changed" "2022-09-01 - C N ? ?" "$(periods)"
same "what is tried is not done" 'would load 2 rows, 0 set aside; new: 0 pupil, 0 enrolment; changed: 2 enrolment
exit 0 2022-09-01 - C N ? ?' "$(change --dry-run) $(periods)"
same "today's class and boarding are changes" 'loaded 2 rows, 0 set aside; new: 0 pupil, 0 enrolment; changed: 2 enrolment
exit 0' "$(change)"
same "what was not known was never otherwise" "2022-09-01 - C N 4 4A" "$(periods)"
same "what was known holds until today" "2022-09-01 $yesterday C N ? ?
$today - C B ? ?" "$(periods 2)"
same "who changed it, in words of any kind" "Jo Smith|Clerk|the school's list" "$(sql "$database" "SELECT DISTINCT entered_by, title, reason FROM record_change WHERE relation = 'enrolment' AND original IS NOT NULL")"
entries=$(sql "$database" 'SELECT count(*) FROM record_change')
same "the same file again" 'loaded 2 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(change)"
same "also unsigned" 'loaded 2 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(say load pupils f.csv)"
same "changes nothing" "$entries" "$(sql "$database" 'SELECT count(*) FROM record_change')"
rows "$ada,5,5B,," ",900001,New,Pupil,2020-01-01,2025-09-01,1,1A,,"
same "a promotion from its day, and who is new" '{"status": "loaded", "rows": 2, "rejected": 0, "new": {"pupil": 1, "enrolment": 1}, "changed": {"enrolment": 1}}
exit 0' "$(change --holds-from 2025-09-01 --json)"
same "what held before is kept" "2022-09-01 2025-08-31 C N 4 4A
2025-09-01 - C N 5 5B" "$(periods)"
same "the file again, with its day" 'loaded 2 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(change --holds-from 2025-09-01)"
rows "$ada,4,,,"
same "what held on the day is no change" 'loaded 1 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(change --holds-from 2025-08-31)"
rows "$ada,6,,,"
same "a change from before another one" 'error: f.csv, line 2, column "year_group", value "6": the register has a change from a later day on already: change it by UPDATE' \
	"$(change --holds-from 2025-08-31 | head -n 1)"
change --holds-from "$tomorrow" >said
rows "$ada,5,5B,,"
same "what holds from tomorrow on is not undone by today's file" "loaded 1 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0 2022-09-01 2025-08-31 C N 4 4A
2025-09-01 $today C N 5 5B
$tomorrow - C N 6 5B" "$(change) $(periods)"
rows "$ben,5,5A,," "$ben,5,5B,,"
same "two rows that contradict each other" 'error: f.csv, line 2, column "registration_group", value "5A": another row says something else' "$(change | head -n 1)"
same "neither of which is chosen" "loaded 0 rows, 2 set aside; new: 0 pupil, 0 enrolment
exit 4" "$(change --reject r.csv)"
rows "$ben,5,5A,," "$ben,5,,,"
same "that do not" 'loaded 2 rows, 0 set aside; new: 0 pupil, 0 enrolment; changed: 1 enrolment
exit 0' "$(change)"
same "and again" 'loaded 2 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(change)"
rows "$ben,6,,," ",900001,Other,Pupil,2020-01-01,2025-09-01,1,1A,,"
same "unsigned, with rows set aside" 'loaded 1 rows, 1 set aside; new: 1 pupil, 1 enrolment
exit 4
f.csv,line 2,year_group,6,the register has another year_group' "$(say load pupils --reject r.csv f.csv; tail -n 1 r.csv | cut -d, -f1-5)"
rows "${ben/Nevis/Niven},6,,,"
same "what has no dates is refused beside it" 'error: f.csv, line 2, column "surname", value "Niven": the register has another surname: change it by UPDATE, with entered_by, title and reason
2022-09-01 '"$yesterday C N 5 5A
$today - C B 5 5A" "$(change | head -n 1; periods 2)"
sql "$database" "INSERT INTO enrolment (school_urn, pupil_id, start_date, status, entry_reason) VALUES (900002, 2, '2022-09-01', 'M', 'x')"
rows "$ben,,,,M"
same "what the register refuses is told as ever" 'error: f.csv, line 2, column "status", value "M": the pupil has another main school (status M) at that time' "$(change | head -n 1)"
rows "$ben,7,,,M" "$ada,,5C,,"
same "and can be set aside" "loaded 1 rows, 1 set aside; new: 0 pupil, 0 enrolment; changed: 1 enrolment
exit 4 5 5A" "$(change --reject r.csv) $(sql "$database" "SELECT year_group || ' ' || registration_group FROM enrolment WHERE school_urn = 900001 AND pupil_id = 2")"
same "no day" 'error: invalid day "01/09/2025" for --holds-from: YYYY-MM-DD is expected' "$(change --holds-from 01/09/2025 | head -n 1)"

rows "$ada,,5E,,"
same "who takes over changes nothing" 'error: f.csv, line 2, column "registration_group", value "5E": the register has another registration_group' "$(change --take-over | head -n 1)"
same "but from a day on" '{"status": "loaded", "rows": 1, "rejected": 0, "new": {"pupil": 0, "enrolment": 0}, "changed": {"enrolment": 1}}' "$(change --take-over --holds-from "$today" --json | head -n 1)"

printf 'upn,name,parent,lives with\nB801200005001,Ann,yes,yes\nB801200005001,Bob,yes,no\n' >c.csv
say load contacts c.csv >said
sed -i 's/Ann,yes,yes/Ann,yes,no/; s/Bob,yes,no/Bob,no,yes/' c.csv
same "contacts" 'error: c.csv, line 2, column "lives_with", value "no": the register has another lives_with
detail: 2 rows change something of the table contact: is_parent 1, lives_with 2
detail: Nothing was loaded.
hint: To change it, give --entered-by, --title and --reason, and --holds-from if it does not hold from today on.' "$(say load contacts c.csv | head -n 4)"
same "from a day on" "loaded 2 rows, 0 set aside; new: 0 contact; changed: 2 contact
exit 0
loaded 2 rows, 0 set aside; new: 0 contact
exit 0
Ann  2025-08-31 t t
Ann 2025-09-01  t f
Bob  2025-08-31 t f
Bob 2025-09-01  f t" "$(for _ in 1 2; do say load contacts --entered-by x --title y --reason z --holds-from 2025-09-01 c.csv; done
	sql "$database" "SELECT concat(c.full_name, ' ', p.from_day, ' ', p.to_day, ' ', p.is_parent, ' ', p.lives_with) FROM contact_period p JOIN contact c USING (contact_id) ORDER BY 1")"

printf 'URN,Name,Phase,Type,LA Code,Trust\n900002,Fernroyd,Primary,Free schools,380,\n' >s.csv
same "schools keep no names of who changed them, but say from which day on" 'error: s.csv, line 2, column "type", value "Free schools": the register has another type
detail: 1 rows change something of the table school: type 1
detail: Nothing was loaded.
hint: To change it, give --holds-from, the day from which on it holds.' "$(say load schools s.csv | head -n 4)"
same "with it" 'loaded 1 rows, 0 set aside; new: 0 school; changed: 1 school
exit 0 900002  2025-08-31 Academies,900002 2025-09-01  Free schools' "$(say load schools --holds-from 2025-09-01 s.csv) $(sql "$database" \
	"SELECT concat(school_urn, ' ', from_day, ' ', to_day, ' ', type) FROM school_membership WHERE school_urn = 900002 ORDER BY 1" | paste -sd ,)"
same "a name that is kept nowhere is not taken" 'error: option --reason does not go with "load schools"' "$(say load schools --reason x s.csv | head -n 1)"
same "the journal has it all" "" "$(sql "$database" 'SELECT * FROM verify_journal()')"

# ---------- who is meant ----------

fresh
printf 'surname,forename,dob,entry date\nDew,Eve,2016-01-02,2025-09-01\nDew,Ivy,2016-01-02,2025-09-01\n' >none.csv
same "pupils without UPN" 'loaded 2 rows, 0 set aside; new: 2 pupil, 2 enrolment
exit 0' "$(say load pupils --school 900001 none.csv)"
same "are not doubled by loading twice" 'loaded 2 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(say load pupils --school 900001 none.csv)"
same "nor by other capitals" 'loaded 2 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(sed 's/Dew/DEW/' none.csv >capitals.csv; say load pupils --school 900001 capitals.csv)"
same "the same name and date of birth at another school is not guessed at" 'error: none.csv, line 2, column "upn", value "": the register has a pupil of this name and date of birth at another school: give upn or pupil_id
detail: Nothing was loaded.
exit 3' "$(say load pupils --school 900002 none.csv)"
printf 'urn,surname,forename,dob,entry date\n900001,Fay,Gil,2016-01-02,2025-09-01\n900002,Fay,Gil,2016-01-02,2025-09-01\n' >two.csv
same "nor in one file; the row that is set aside has its column" 'loaded 1 rows, 1 set aside; new: 1 pupil, 1 enrolment
exit 4
two.csv,line 3,upn,,another row has a pupil of this name and date of birth at another school: give upn or pupil_id' \
	"$(say load pupils --reject r.csv two.csv; tail -n 1 r.csv | cut -d, -f1-5)"
printf 'pupil_id,urn,surname,forename,dob,entry date\n,900001,One,New,2016-01-02,2025-09-01\n77,900001,Two,New,2016-01-02,2025-09-01\n,900001,Three,New,2016-01-02,2025-09-01\n' >mixed.csv
same "some with a number, some without" 'loaded 3 rows, 0 set aside; new: 3 pupil, 3 enrolment
exit 0
loaded 3 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(say load pupils mixed.csv; say load pupils mixed.csv)"
sql "$database" "UPDATE pupil SET former_upn = 'H801200001001', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 1"
printf 'upn,name\nH801200001001,Ann\n' >former.csv
same "a former UPN is found" 'loaded 1 rows, 0 set aside; new: 1 contact
exit 0' "$(say load contacts former.csv)"
printf "upn,surname,forename,dob\nH801200001001,O'Brien & Sons,\"Ada <\"\"x\"\">\",2016-03-01\n" >former.csv
same "and its pupil not doubled" 'loaded 1 rows, 0 set aside; new: 0 pupil, 0 enrolment
exit 0' "$(say load pupils former.csv)"
printf 'pupil_id,upn,name\n2,B801200005001,Ann\n' >differ.csv
same "two pupils at once" 'error: differ.csv, line 2, column "pupil_id", value "2": pupil_id and unique pupil number are those of two pupils' "$(say load contacts differ.csv | head -n 1)"

# ---------- --school, for every load ----------

printf 'day\n2025-10-01\n' >days.csv
printf 'upn,name\nB801200005001,Bob\n' >bob.csv
printf 'surname,forename,dob,characteristic,from day\nDew,Eve,2016-01-02,fsm,2025-09-01\n' >named.csv
same "calendar" 'loaded 1 rows, 0 set aside; new: 0 term_date, 1 school_day
exit 0' "$(say load calendar --school 900001 days.csv)"
same "contacts of a pupil of the school" 'loaded 1 rows, 0 set aside; new: 1 contact
exit 0' "$(say load contacts --school 900001 bob.csv)"
same "of another one" 'error: bob.csv, line 2, column "school_urn", value "900002": the pupil is not and was not on the roll of this school
detail: Nothing was loaded.
exit 3' "$(say load contacts --school 900002 bob.csv)"
same "characteristics, by name and date of birth" 'loaded 1 rows, 0 set aside; new: 1 pupil_characteristic
exit 0' "$(say load characteristics --school 900001 named.csv)"
same "a school that there is not" 'error: the register has no school 999999
exit 1' "$(say load calendar --school 999999 days.csv)"

# ---------- marks: how many were new ----------

# counts DESCRIPTION MARKS NEW AMENDED SAME FILE OPTION...: of a load, in words and in JSON
counts() {
	local description=$1 marks=$2 new=$3 amended=$4 same=$5 file=$6
	shift 6
	same "$description, in JSON" "\"marks\": $marks, \"new\": $new, \"amended\": $amended, \"same\": $same," \
		"$(say load marks -n --json "$@" "$file" | grep -o '"marks".*"same": [0-9]*,')"
	same "$description" "$marks marks; new: $new, amended: $amended, the same: $same" \
		"$(say load marks "$@" "$file" | sed -n 's/^loaded \(.* marks\) of [^;]*/\1/p')"
}
sign=(--entered-by 'J Smith' --title Secretary --reason 'letter from home')
fresh
counts "a first load" 8 8 0 0 long.csv
counts "the same again" 8 0 0 8 long.csv
sed 's/,\/$/,I/' long.csv >ill.csv
amended=$(grep -c ',/$' long.csv)
counts "amended" 8 0 "$amended" $((8 - amended)) ill.csv "${sign[@]}"
fresh
head -n 4 long.csv >some.csv
counts "some" 3 3 0 0 some.csv
counts "the others" 8 5 0 3 long.csv
counts "set aside: those that are loaded" 8 0 "$amended" $((8 - amended)) ill.csv --reject counts.csv "${sign[@]}"
fresh
printf 'urn,upn,date,session,mark\n900001,B801200005001,2025-09-08,%s\n' AM,- >blank.csv
counts "a mark that is no mark yet" 1 1 0 0 blank.csv
sed 's/-$/\//' blank.csv >filled.csv
counts "and its mark" 1 1 0 0 filled.csv
counts "which no mark takes away" 1 0 0 1 blank.csv
{ cat filled.csv; tail -n 1 filled.csv; } >twice.csv
fresh
counts "twice in a file" 2 1 0 1 twice.csv
fresh
{ cat filled.csv; sed -n '2s/AM,/PM,/p' filled.csv; sed -n '2s|,/$|,Z|; 2s/09-08/09-09/p' filled.csv; } >halved.csv
counts "beside one that is set aside" 2 2 0 0 halved.csv --reject counts.csv

# ---------- marks: a former UPN, and what the register refuses ----------

# pupil 1 had H801200001001, which nobody has; two had X801200001002; one has what another one had
fresh
sql "$database" "UPDATE pupil SET former_upn = 'H801200001001', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 1" \
	"INSERT INTO pupil (pupil_id, upn, former_upn, surname, forename, date_of_birth)
	VALUES (101, NULL, 'X801200001002', 'Dew', 'Eve', '2016-01-02'), (102, NULL, 'X801200001002', 'Dew', 'Max', '2016-01-02'),
		(103, 'L801200001003', NULL, 'Dew', 'Lea', '2016-01-02'), (104, NULL, 'L801200001003', 'Dew', 'Ian', '2016-01-02')" \
	"INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT 900001, p, '2025-09-01' FROM generate_series(101, 104) p"

# shellcheck disable=SC2054  # commas of CSV
former=(900001,H801200001001,2025-09-08,AM,/ 900001,L801200001003,2025-09-08,AM,/)
for way in plain reject; do
	{ echo urn,upn,date,session,mark; printf '%s\n' "${former[@]}"; } >former.csv
	[[ $way == plain ]] && options=() || options=(--reject counts.csv)
	same "a former UPN in marks, $way" "2 marks; new: $([[ $way == plain ]] && echo 2 || echo 0)" \
		"$(say load marks "${options[@]}" former.csv | sed -n 's/^loaded \(.* marks\) of [^;]*/\1/; s/, amended.*//p')"
done
same "is that of the pupil who had it, if nobody has it today" '1 103' \
	"$(sql "$database" "SELECT string_agg(pupil_id::text, ' ' ORDER BY 1) FROM register_line")"

# refusal COLUMN VALUE PROBLEM ROW...: of the last row, without and with --reject; of PROBLEM the latter alone
refusal() {
	local column=$1 value=$2 problem=$3
	shift 3
	{ echo urn,upn,date,session,code; printf '%s\n' "$@"; } >refused.csv
	same "$problem" "error: refused.csv, line $(($# + 1)), column \"$column\", value \"$value\"" \
		"$(say load marks refused.csv | sed -n '1s/": .*/"/p')"
	run load marks --reject counts.csv refused.csv >said
	same "$problem, set aside" "refused.csv,line $(($# + 1)),$column,$value,$problem" \
		"$(tail -n 1 counts.csv | tr -d '"' | sed 's/school [^:]*: //' | grep -o "^.*$problem")"
}
row=900001,B801200005001,2025-09-09
refusal upn X801200001002 'several pupils had the unique pupil number X801200001002 before: give that of today' $row,AM,/ 900001,X801200001002,2025-09-09,AM,/
refusal upn A801200001004 'the register has no pupil with the unique pupil number A801200001004' 900001,A801200001004,2025-09-09,AM,/
refusal upn P207000016049 'the pupil has no enrolment at the school' 900002,P207000016049,2025-09-09,AM,/
refusal date 2025-09-13 'the calendar of the school (school_day, build_calendar) has no such session' ${row%09}13,AM,/
refusal date 2024-09-09 'the register has no academic year 2024/25' 900001,B801200005001,2024-09-09,AM,/
refusal code Z 'the mark Z is for prospective pupils' ${row%09}10,AM,Z
refusal code Z 'the mark Z is for prospective pupils' 900001,H801200001001,2025-09-10,AM,Z
refusal code I 'to amend the mark /, entered_by, title and reason must be given' 900001,B801200005001,2025-09-08,AM,I

# ---------- marks: nothing is left out without a word ----------

fresh
# left DESCRIPTION WANTED FILE OPTION...: what is said of a file of marks, rolled back
left() {
	local description=$1 wanted=$2 file=$3
	shift 3
	same "$description" "$wanted" "$(run load marks -n "$@" "$file" | sed '/^detail/d' | tr '\n' '|')"
}
named() { echo "warning: $1: not used: $2; --ignore names columns that are meant to be left out|exit 4|"; }
sed 's/$/,Jo,5/; 1s/,Jo,5$/,Teacher,Minutes late/' long.csv >late.csv
left "columns that are not used are named" "would load 8 marks of 9 rows, 0 set aside|$(named late.csv '"Teacher", "Minutes late"')" late.csv
left "but for those that are meant to be left out" 'would load 8 marks of 9 rows, 0 set aside|exit 0|' late.csv --ignore 'minutes late,TEACHER'
printf 'urn,upn,date,session,mark,2025-09-10 AM,I,PM\n900001,B801200005001,2025-09-08,AM,/,I,1,L\n' >shapes.csv
left "marks of another shape than the file's are named" "would load 1 marks of 1 rows, 0 set aside|$(named shapes.csv '"2025-09-10 AM", "I", "PM"')" shapes.csv
printf 'urn,upn,date,session,mark,reason\n900001,B801200005001,2025-09-08,AM,/,ill\n' >reason.csv
left "a reason that is not that of an entry" "would load 1 marks of 1 rows, 0 set aside|$(named reason.csv '"reason"')" reason.csv
printf 'urn,upn,date,session,mark,,x\n900001,B801200005001,2025-09-08,AM,/,,\n' >blank.csv
left "columns without a value are not" 'would load 1 marks of 1 rows, 0 set aside|exit 0|' blank.csv
printf 'urn,upn,date,session,mark,\n900001,B801200005001,2025-09-08,AM,/,!\n' >nameless.csv
left "a column without a name" "would load 1 marks of 1 rows, 0 set aside|$(named nameless.csv '"column 6"')" nameless.csv
for missing in NA N/A NULL null -- ''; do
	printf 'urn,upn,date,AM,PM\n900001,B801200005001,2025-09-08,%s,/\n' "$missing" >missing.csv
	[[ $missing == -- ]] && marks=2 || marks=1
	left "a mark that is $missing" "would load $marks marks of 2 rows, 0 set aside|exit 0|" missing.csv
done
upn='"upn": "B801200005001", "date": "2025-09-08", "session": "AM"'
# the errors of Excel, in every column
no_value='an error of a spreadsheet is no value'
columns=(urn upn date session code nature entered_by title reason)
cells=(900001 B801200005001 2025-09-08 AM B 'a visit' Jo Clerk letter)
problems=('no URN (six digits) and no LAESTAB (seven digits)' 'not a unique pupil number, which has 13 characters'
	'not a day (YYYY-MM-DD or DD/MM/YYYY; see --date-style)' 'not a session: AM or PM is expected' 'not an attendance code'
	"$no_value" "$no_value" "$no_value" "$no_value")
for error in '#REF!' '#N/A'; do
	for i in "${!columns[@]}"; do
		changed=("${cells[@]}")
		changed[i]=$error
		(IFS=,; printf '%s\n' "${columns[*]}" "${changed[*]}") >error.csv
		left "${columns[i]} that is $error" "error: error.csv, line 2, column \"${columns[i]}\", value \"$error\": ${problems[i]}|exit 3|" error.csv
	done
done
for error in '#VALUE!' '#NAME?' '#DIV/0!' '#NUM!' '#NULL!' '#n/a'; do
	printf 'urn,upn,date,AM,PM,nature\n900001,B801200005001,2025-09-08,B,/, %s \n' "$error" >error.csv
	left "a text that is $error" "error: error.csv, line 2, column \"nature\", value \"$error\": $no_value|exit 3|" error.csv
done
left "set aside" 'would load 0 marks of 2 rows, 2 set aside|exit 4|' error.csv --reject r.csv
for json in '[]' '{"data": []}' '[{"data": []}]'; do
	echo "$json" >no.json
	left "JSON without a record: $json" 'error: no.json: there is no record in the file: no marks, or no data|exit 3|' no.json --school 900001
done
echo "[{$upn, \"attendance\": \"/\"}]" >no.json
left "JSON whose marks have another name" 'error: no.json, record 1: the record has no mark: attendance_code, code or mark|exit 3|' no.json --school 900001
echo "[{$upn, \"code\": null}, {$upn, \"code\": \"/\"}]" >null.json
left "JSON with one mark" 'would load 1 marks of 2 rows, 0 set aside|exit 0|' null.json --school 900001
echo '{"marks": [1]}' >no.json
left "JSON of something else" 'error: no.json, record 1: the record has no mark: attendance_code, code or mark|exit 3|' no.json --school 900001

# member JSON NAMES: what is not used of one mark
member() {
	local said='exit 0|'
	[[ ! $2 ]] || said=$(named member.json "$2")
	echo "$1" >member.json
	left "JSON members: $1" "would load 1 marks of 1 rows, 0 set aside|$said" member.json --school 900001
}
day='"date": "2025-09-08", "session": "AM"'
member "[{$upn, \"code\": \"/\", \"id\": \"A1\", \"student_id\": \"A2\", \"comment\": null, \"minutes\": \"\", \"tags\": [], \"more\": {}}]" ''
member "[{$upn, \"code\": \"/\", \"comment\": \"ill\", \"minutes_late\": 0, \"tags\": [1], \"employee\": {\"data\": {\"id\": 1}}}]" '"tags", "comment", "employee", "minutes_late"'
member "{\"data\": [{$upn, \"code\": \"/\"}], \"meta\": {\"pagination\": {\"more\": false}}, \"links\": {}, \"school\": \"A3\"}" '"school"'
member "[{$day, \"student\": {\"id\": 1, \"type\": \"x\", \"data\": {\"id\": 1, \"surname\": \"Dew\", \"education_details\": {\"data\": {\"upn\": \"B801200005001\", \"form\": \"4A\"}}}},
	\"attendance_code\": {\"data\": {\"id\": 2, \"code\": \"/\", \"name\": \"Present\"}}}]" \
	'"student.type", "student.data.surname", "student.data.education_details.data.form", "attendance_code.data.name"'
member "[{$upn, \"code\": \"/\", \"date\": {\"date\": \"2025-09-08\", \"timezone_type\": 3, \"timezone\": \"Europe/London\", \"week\": 37}}]" '"date.week"'
left "but for those that are meant to be left out" 'would load 1 marks of 1 rows, 0 set aside|exit 0|' member.json --school 900001 --ignore 'Date.Week'
echo "[{$upn, \"code\": \"/\", \"x\": 1}, {$upn, \"code\": \"/\", \"y\": 1, \"x\": 2}]" >twice.json
left "each is named once" "would load 2 marks of 2 rows, 0 set aside|$(named twice.json '"x", "y"')" twice.json --school 900001

# ---------- marks: a file that lacks a column lists those that it has ----------

# lacks HEADER PROBLEM
lacks() {
	printf '%s\n' "$1" >lacks.csv
	same "$1" "error: lacks.csv, line 1: $2
detail: The columns of the file are \"${1//,/\", \"}\".
exit 3" "$(run load marks lacks.csv)"
}
lacks 'URN,Pupil,Date,AM,PM' 'no column names the pupil (upn or pupil_id)'
lacks 'School,UPN,Date,AM,PM' 'no column names the school (school_urn or laestab): give --school'
lacks 'URN,UPN,Day of attendance,AM,PM' 'no column has the day'
lacks 'URN,UPN,Date,Lesson' 'no column has the session (session, or AM and PM)'
lacks 'URN,UPN,Date,Session,Attendance' 'no column has the mark'
lacks 'URN,UPN,/,\,I,L' 'the file counts codes but has no days: marks cannot be made of totals'
same "without what --reject has put before them, in JSON" \
	'{"status": "error", "message": "lacks.csv, line 1: no column has the day", "detail": "The columns of the file are \"upn\", \"urn\"."}' \
	"$(echo 'file,place,column,value,problem,upn,urn' >lacks.csv; run load marks --json lacks.csv | head -n 1)"

# ---------- benchmarks: what is not used is named ----------

published='time_period,time_identifier,geographic_level,old_la_code,education_phase,attendance_perc,moon'
printf '%s\n' "$published" '2025,Week 37,Local authority,380,Total,90,1' '2025,Week 37,Local authority,381,Total,190,1' '2025,Week 37,Local authority,382,Independent school,90,1' \
	'2025,Week 37,Local authority,383,Total,NA,1' '2025,Week 37,Local authority,384,Total,foo,1' '2025,Week 37,Ward,384,Total,1,1' >b.csv
fresh
same "a row that is wrong refuses the file" 'error: b.csv, line 3: attendance_perc is 190, which is no percentage
detail: Nothing was loaded.
exit 3' "$(run load benchmarks b.csv)"
same "but with --reject; columns, rows and codes are named" 'loaded 1 files, 2 new figures, 2 rows set aside
warning: b.csv: not used: "moon"; --ignore names columns that are meant to be left out
warning: b.csv: 2 rows are left out, as their phase or level is not kept
warning: b.csv: the register does not know: education_phase "Independent school", geographic_level "Ward"
exit 4' "$(run load benchmarks --reject r.csv b.csv)"
same "the rows are in the file, with their problems" "file,place,column,value,problem,$published
b.csv,line 3,,,\"attendance_perc is 190, which is no percentage\",2025,Week 37,Local authority,381,Total,190,1
b.csv,line 6,,,\"attendance_perc is \"\"foo\"\", neither a number nor a symbol\",2025,Week 37,Local authority,384,Total,foo,1" "$(tr -d '\r' <r.csv)"
sed '2s/,190,1/,19,1/; 3s/,foo,1/,30,1/' r.csv >again.csv
same "and can be loaded when they are right" 'loaded 1 files, 2 new figures
exit 0' "$(run load benchmarks --ignore moon again.csv)"
same "last year's file with this year's days" 'error: last.csv, line 2: 202425 Academic year is of [2024-08-01,2025-08-01), not of the days that are given, [2025-09-08,2026-07-11)' \
	"$(printf '%s\n' "$published" '202425,Academic year,Local authority,380,Total,90,1' >last.csv; run load benchmarks --days '[2025-09-08,2026-07-11)' last.csv | head -n 1)"

# ---------- files for people: no formulas, and two days for a range ----------

fresh
names=("=HYPERLINK(1)" "+44 20" "-1+2" "@x" $'\tx' "-" "-2.5" "x=1")
for i in "${!names[@]}"; do
	sql "$database" "INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES ($((100 + i)), '${names[i]}', 'x', '2016-01-01')" \
		"INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (900001, $((100 + i)), '2022-09-01')"
done
same "what begins as a formula is text; a mark and a number stay as they are" "'=HYPERLINK(1)|'+44 20|'-1+2|'@x|\"'	x\"|-|-2.5|x=1" \
	"$(run export return new-pupil --school 900001 | sed -n 's/^900001,10[0-9],,\(.*\),x,2022.*/\1/p' | paste -sd '|')"
sql "$database" "INSERT INTO return_arrangement (la_number, irregular_sessions) VALUES (380, 5)" "INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark)
	SELECT 900001, 100, day, session, 'O' FROM school_day, unnest('{AM,PM}'::text[]) AS session WHERE school_urn = 900001 AND day <> '2025-09-11'"
same "a range is two days" 'covers_from,covers_to
2025-09-10,2025-09-15' "$(run export return attendance | sed '/^exit/d' | cut -d, -f9,10)"
same "in reports, too" "'=HYPERLINK(1)" "$(run report persistent_absentees --period 2025/26 --format csv | sed -n 's/^900001,100,,\([^,]*\),.*/\1/p')"
same "but not in files for programs" "900001,100,,2025-09-08,AM,O," "$(run export marks | sed -n 2p)"

# ---------- periods are no sessions ----------

periods='error: p.csv, line 4, column "session", value "3": the file has periods of lessons, of which 1 and 2 would be AM and PM: give the sessions, AM and PM|exit 3|'
printf 'urn,upn,date,session,mark\n' >p.csv
for period in 1 2 3 4 5; do echo "900001,B801200005001,2025-09-08,$period,/" >>p.csv; done
left "periods 1 to 5" "$periods" p.csv
left "also with --reject" "$periods" p.csv --reject r.csv
{ head -n 1 p.csv; tail -n +4 p.csv; sed -n 2p p.csv; } >q.csv
left "in another order" "error: q.csv, line 5, column \"session\", value \"1\": ${periods#*: *: }" q.csv --reject r.csv
sed 2d p.csv | sed 2d | sed '2s/,3,/,EVE,/; 3,$d' >one.csv
left "one that is no session is one row" 'would load 0 marks of 1 rows, 1 set aside|exit 4|' one.csv --reject r.csv
head -n 3 p.csv >two.csv
left "1 and 2 alone are AM and PM" 'would load 2 marks of 2 rows, 0 set aside|exit 0|' two.csv
echo "1..$test"
