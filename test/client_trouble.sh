#!/bin/bash
#
# client_trouble.sh: pg_attendance in trouble: damaged and absurd files, disks that are full, signals,
# connections that break, passwords and certificates.  Prints TAP.
set -euo pipefail

# shellcheck source=test/client/common.sh
. test/client/common.sh client_trouble

# ---------- damage: a clear message, nothing changed ----------

fresh
# damage DESCRIPTION STATUS MESSAGE ARGUMENT...: of load ARGUMENT... bad
damage() {
	local description=$1 status=$2 message=$3 said
	shift 3
	said=$(run load "$@" bad)
	same "$description" "error: $message | exit $status | 0|2" "$(head -n 1 <<<"$said") | $(tail -n 1 <<<"$said") | $(
		sql "$database" "SELECT (SELECT count(*) FROM register_line), (SELECT count(*) FROM pupil WHERE upn IS NOT NULL)")"
}
row='900001,B801200005001,2025-09-09,AM,I'

mkdir bad
damage "a directory" 1 '"bad" is a directory' marks
rmdir bad
for what in marks pupils contacts calendar characteristics; do
	: >bad
	damage "an empty file of $what" 3 'bad: the file is empty' "$what"
	printf '\xff\xfeu\0p\0n' >bad
	damage "damaged UTF-16 as $what" 3 'bad: the UTF-16 is damaged: half a character ends at byte 7' "$what"
done
: >bad
damage "an empty file of benchmarks" 3 'bad, line 1: the file is empty' benchmarks
head -n 1 long.csv >bad
same "a header alone is no damage, but said" "loaded 0 marks of 0 rows, 0 set aside
warning: bad: there is a header, and no row below it; is the file cut off?
exit 0" "$(run load marks bad)"
same "not with --quiet" "exit 0" "$(run load marks --quiet bad)"
same "and as JSON" '{"status": "loaded", "rows": 0, "marks": 0, "rejected": 0, "warnings": ["bad: there is a header, and no row below it; is the file cut off?"]}
warning: bad: there is a header, and no row below it; is the file cut off?
exit 0' "$(run load marks --json bad)"
printf 'upn,surname,forename,dob\n\n' >bad
same "a header alone, of pupils" "loaded 0 rows, 0 set aside
warning: bad: there is a header, and no row below it; is the file cut off?
exit 0" "$(run load pupils bad)"

# heading HEADING PROBLEM ARGUMENT...: beside one that can be read
heading() {
	local heading=$1 problem=$2
	shift 2
	printf '%s\n' "UPN;2025-09-08 AM;$heading" 'B801200005001;/;/' >bad
	damage "the heading $heading${*:+ with $*}" 3 "bad, line 1, column \"$heading\": $problem" marks --school 900001 "$@"
}
heading 'Wed 10/09/2025 PN' 'not a session: AM or PM is expected beside the day'
heading '2025-09-29' 'not a session: AM or PM is expected beside the day'
heading '29/09/25 AM' 'the year has two digits: four are expected'
heading '8-Sep-25PM' 'the year has two digits: four are expected'
not_a_day='not a day (YYYY-MM-DD or DD/MM/YYYY; see --date-style) with AM or PM'
heading '2025-13-09 AM' "$not_a_day"
heading '20251309 AM' "$not_a_day"
heading 'PM 31/09/2025' "$not_a_day"
heading '10/09 AM' "$not_a_day"
heading 'Week 3 afternoon' 'not a session: AM or PM is expected beside the day'
heading '30/09/2025 AM' 'a day only with the day first: are all days of the file so? Give --date-style dmy' --date-style mdy
heading 'Tue 09/30/2025 AM' 'a day only with the month first: are all days of the file so? Give --date-style mdy'
heading '31/31/2025 AM' 'not a day (YYYY-MM-DD or MM/DD/YYYY) with AM or PM' --date-style mdy
heading '30/09/2025 AM' 'not a day (YYYY-MM-DD; see --date-style) with AM or PM' --date-style iso
heading 'Thu 10/09/2025 AM' 'the day is a Wednesday: are day and month exchanged? See --date-style'
heading 'AM Wednesday 09/10/2025' 'the day is a Thursday: are day and month exchanged? See --date-style'
printf '%s\n' 'UPN,2025-09-08,2025-09-09' 'B801200005001,/,/' >bad
damage "headings of which none can be read" 3 \
	'bad, line 1, column "2025-09-08": not a session: AM or PM is expected beside the day' marks --school 900001
printf '%s' 'UPN,2025-09-08 AM,2025-09-0' >bad
damage "a file that is cut off in its header" 3 \
	'bad, line 1, column "2025-09-0": not a session: AM or PM is expected beside the day' marks --school 900001
printf '%s\n' 'UPN;Year 10 A;Attendance 2024/25;Month 3;Weds 10-09-2025AM;Mon, 8 Sep 2025 PM' 'B801200005001;x;97;y;/;\;' >bad
same "headings that mean nothing are named" "would load 2 marks of 2 rows, 0 set aside
warning: bad: not used: \"Year 10 A\", \"Attendance 2024/25\", \"Month 3\"; --ignore names columns that are meant to be left out
exit 4" "$(run load marks -n --school 900001 bad)"
if ldd "$program" | grep -q zstd && command -v zstd >/dev/null; then
	for i in {1..3000}; do echo "$row,$RANDOM$RANDOM$i"; done | cat <(echo "$(head -n 1 long.csv),x") - | zstd -q >whole.zst
	head -c 2000 whole.zst >bad
	damage "a zstd file that is cut off" 3 'bad: the compressed file is cut off' marks
	{ head -c 2000 whole.zst; printf 'xxxxxxxx'; tail -c +2009 whole.zst; } >bad
	damage "a zstd file that is damaged" 3 'bad: the compressed file is damaged' marks
fi
gzip -c long.csv | head -c -4 >bad
damage "a gzip file without its last bytes" 3 'bad: the compressed file is cut off' marks

fields=(school_urn upn day session mark)
for i in 0 1 2 3 4; do
	IFS=, read -ra cells <<<"$row"
	cells[i]="${cells[i]}@"
	{ head -n 3 long.csv; (IFS=,; echo "${cells[*]}"); } >template
	tr '@' '\0' <template >bad
	damage "a zero byte in ${fields[i]}" 3 'bad, line 4: there is a zero byte in the line' marks
	tr '@' '\377' <template >bad
	damage "invalid UTF-8 in ${fields[i]}" 3 "bad, line 4, column \"${fields[i]}\", value \"${cells[i]%@}ÿ\": $(
		case $i in
			0) echo 'no URN (six digits) and no LAESTAB (seven digits)' ;;
			1) echo 'not a unique pupil number, which has 13 characters' ;;
			2) echo 'not a day (YYYY-MM-DD or DD/MM/YYYY; see --date-style)' ;;
			3) echo 'not a session: AM or PM is expected' ;;
			4) echo 'not an attendance code' ;;
		esac)" marks
	damage "and if UTF-8 is demanded" 3 'bad, line 4: the text is not valid UTF-8' marks --encoding utf-8
done
sed 's/$/,x/; 1s/,x$/,\xff\xfe/' long.csv >bad
same "a column with an invalid name means nothing, and is named" "exit 4" "$(run load marks -n bad | tail -n 1)"

{ printf 'school_urn,upn,day,session,mark'; printf ',x%s' {6..100000}; echo; echo "$row"; } >bad
damage "a header of 100,000 columns" 3 'bad, line 2: the line has fewer fields than the header; is the file cut off?' marks
{ printf 'school_urn,upn,day,session,mark'; printf ',x%s' {6..100001}; echo; } >bad
damage "a header of 100,001 columns" 3 'bad, line 1: the record has more than 100000 fields' marks
{ head -n 1 long.csv; head -c 100000000 /dev/zero | tr '\0' x; } >bad
damage "a line of 100 MB" 3 'bad, line 2: the record is longer than 16 MB' marks
{ head -n 1 long.csv; printf '"'; head -c 100000000 /dev/zero | tr '\0' '\n'; } >bad
damage "a quote that swallows 100 MB" 3 'bad, line 2: the record is longer than 16 MB; is a quote missing?' marks
{ head -n 1 long.csv; head -c 100000000 /dev/zero | tr '\0' ,; } >bad
damage "a line of 100,000,000 commas" 3 'bad, line 2: the record has more than 100000 fields' marks
rm bad
printf '%s\n' 'school_urn,upn,day,session,mark,Mark' "$row,I" >bad
damage "the same column twice" 3 'bad, line 1: columns "mark" and "Mark" both say the mark' marks
printf '%s\n' 'upn,surname,Surname' 'B801200005001,a,b' >bad
damage "the same column twice, of pupils" 3 'bad, line 1: two columns say the surname' pupils
printf '%s\n' 'surname,forename,dob' 'a,b,2015-01-01' 'a,"b,2015-01-01' >bad
damage "an open quote in pupils" 3 'bad, line 3: a quote that is opened here is never closed' pupils
printf '%s\n' 'surname,forename,dob' 'a,b' >bad
damage "a line of pupils that is cut off" 3 'bad, line 2: the line has fewer fields than the header; is the file cut off?' pupils
printf '%s\n' 'surname,forename,dob' 'a,b,2015-01-01,c' >bad
damage "too many fields of pupils" 3 'bad, line 2: the line has more fields than the header' pupils
# missing COLUMNS HEADER WHAT
missing() {
	printf '%s\n' "$2" >bad
	damage "load $3 without $1" 3 "bad, line 1: no column ${1/school_urn/school_urn, and no --school}" "$3"
}
missing first_day 'school_urn,academic_year,term,half,last_day' calendar
missing school_urn 'day,morning' calendar
missing 'term or day' 'school_urn,morning' calendar
missing 'date_of_birth (birth date, DOB)' 'surname,forename' pupils
missing school_urn 'upn,entry date' pupils
missing 'surname or start_date' 'upn,forename' pupils
missing 'upn or pupil_id' 'name,address' contacts
missing 'full_name (name, contact name)' 'upn,address' contacts
missing from_day 'upn,characteristic' characteristics
printf '%s\n' 'upn,surname,forename,dob' 'B80120000500,a,b,2015-01-01' >bad
damage "a short UPN in pupils" 3 'bad, line 2, column "upn", value "B80120000500": not a unique pupil number, which has 13 characters' pupils
printf '%s\n' 'a,b' '1,2' >bad
damage "columns that nobody knows" 3 'bad, line 1: no column of contacts is known' contacts
printf '%s\n' '[[[' >bad
damage "JSON that is cut off" 3 'bad: the JSON does not come to its end; is the file cut off?' marks
printf '%s\n' '["\"]"' >bad
damage "and within a text" 3 'bad: the JSON does not come to its end; is the file cut off?' marks
printf '%s\n' '[}]' >bad
damage "JSON that is none" 3 'bad: invalid input syntax for type json: Expected JSON value, but found "}".' marks
{ for i in {1..20000}; do printf '['; done; for i in {1..20000}; do printf ']'; done; } >bad
damage "JSON that is too deep" 3 'bad: stack depth limit exceeded' marks
printf '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><CTfile><AttendSessions>&x;</AttendSessions></CTfile>' >bad
damage "XML with an external entity" 3 'bad, AttendSessions 1: YearData is missing: AttendSessions is expected in Pupil/Attendance/YearData' marks
printf '<CTfile/>' >bad
damage "XML without attendance" 3 'bad: there are no AttendSessions in the file' marks

printf 'school_urn,upn,day,session,mark\r\n900001,B801200005001,2025-09-08,AM,/\r900001,B801200005001,2025-09-08,PM,\\\n\r\n\n900001,P207000016049,2025-09-08,AM,L' >mixed_ends.csv
same "line ends of all kinds in one file" "would load 3 marks of 3 rows, 0 set aside
exit 0" "$(run load marks -n mixed_ends.csv)"
printf 'surname,forename,dob\ra,b,2015-01-01\r"a, jr","c\rd",2015-01-01\r' >cr.csv
same "CR alone, in pupils" "loaded 2 rows, 0 set aside
exit 0" "$(run load pupils -n cr.csv | sed 's/would load/loaded/')"

# ---------- other tables, twice, and what is set aside ----------

fresh
printf 'school_urn|date|morning|closure\n900001|16/09/2025||\n900001|17/09/2025|no|polling\n' >days.csv
printf 'school_urn,academic_year,term,half,first_day,last_day\n900001,2025,Autumn,1,2025-09-08,2025-10-24\n' >terms.csv
printf 'upn,characteristic,value,from_day\nB801200005001,fsm,,01/09/2025\n' >characteristics.csv
for file in days terms characteristics; do
	what=${file/days/calendar}
	what=${what/terms/calendar}
	first=$(run load "$what" "$file.csv")
	counts=$(sql "$database" "SELECT (SELECT count(*) FROM school_day), (SELECT count(*) FROM term_date), (SELECT count(*) FROM pupil_characteristic)")
	same "$file twice" "$first|$counts" "$(run load "$what" - <"$file.csv" 2>&1 >/dev/null; run load "$what" "$file.csv")|$(
		sql "$database" "SELECT (SELECT count(*) FROM school_day), (SELECT count(*) FROM term_date), (SELECT count(*) FROM pupil_characteristic)")"
done
printf 'upn,surname,forename,dob\n,One,Good,2015-11-30\n,Cut,Off\n,Bad,Day,2015-11-31\n,"Text"x,y,2015-11-30\n,Two,Good,2015-11-30\n' >mixed.csv
same "rows of pupils set aside, malformed ones too" 'loaded 2 rows, 3 set aside
exit 4
One Two' "$(run load pupils --reject aside.csv mixed.csv; sql "$database" "SELECT string_agg(surname, ' ' ORDER BY surname) FROM pupil WHERE forename = 'Good'")"
same "with their lines" 'mixed.csv,line 3,"the line has fewer fields than the header; is the file cut off?"
mixed.csv,line 4,"not a day (YYYY-MM-DD or DD/MM/YYYY; see --date-style)"
mixed.csv,line 5,there is text after a closing quote' "$(tail -n +2 aside.csv | cut -d, -f1-2,5 | sort)"

{ cat long.csv; echo "${row/I/Q9}"; } >bad.csv
run load marks --reject aside.csv bad.csv >said
same "what was set aside can be read from the file that takes what is set aside" "loaded 0 marks of 1 rows, 1 set aside
exit 4
1" "$(run load marks --reject aside.csv aside.csv; grep -c Q9 aside.csv)"
cp long.csv precious.csv
for what in marks pupils; do
	same "what is no file of rows set aside is not overwritten, load $what" 'error: "precious.csv" is there already and is no file of rows that were set aside: it is not overwritten, use another name for --reject
exit 1
same' "$(run load "$what" --reject precious.csv -d nowhere precious.csv; cmp long.csv precious.csv && echo same)"
done
: >empty.csv
same "an empty file may be" "exit 4 1" "$(run load marks --reject empty.csv bad.csv | tail -n 1) $(grep -c Q9 empty.csv)"
{ printf '\xef\xbb\xbf'; sed 's/,/;/g' empty.csv; } >saved.csv
same "and one that a spreadsheet has saved" "exit 4 1" "$(run load marks --reject saved.csv bad.csv | tail -n 1) $(grep -c Q9 saved.csv)"
same "a device too" "exit 4" "$(run load marks --reject /dev/null bad.csv | tail -n 1)"

{ head -n 2 long.csv; echo '900001,B801200005001,2025-09-09'; } >short.csv
again='the row was set aside and has no mark: give one, or delete the row'
same "a short row does not go when it is loaded again as it is" "loaded 1 marks of 2 rows, 1 set aside
exit 4
error: aside.csv, line 2, column \"mark\", value \"\": $again
detail: Nothing was loaded.
exit 3
loaded 0 marks of 1 rows, 1 set aside
exit 4
aside.csv,line 2,mark,,\"$again\",900001,,B801200005001,2025-09-09,,,,,," "$(run load marks --reject aside.csv short.csv; run load marks aside.csv
	run load marks --reject aside.csv aside.csv; tail -n 1 aside.csv | tr -d '\r')"
printf 'school_urn,upn,start_date,status\n900002,B801200005001\n' >short.csv
same "nor does one of pupils" "loaded 0 rows, 1 set aside
exit 4
error: aside.csv, line 2: the row was set aside and has too little to load: complete or delete it
detail: Nothing was loaded.
exit 3" "$(run load pupils --reject aside.csv short.csv; run load pupils aside.csv)"
run load marks --reject aside.csv bad.csv >said
cp aside.csv before.csv
fresh
sed '2s/2025-09-08/2025-09-13/; 3s/B801/x/' long.csv >bad.csv
same "a load that fails leaves the old file of what was set aside" "exit 2
same" "$(PGOPTIONS='-c statement_timeout=1' run load marks --reject aside.csv -d nowhere bad.csv | tail -n 1; cmp aside.csv before.csv && echo same)"

# ---------- nowhere to write ----------

same "no room for what is set aside: nothing is loaded" 'error: could not write file "/dev/full": No space left on device
exit 1' "$(run load marks --reject /dev/full bad.csv; contents "$database")"
run load marks long.csv >said
for export in marks "ctf --school 900001 --period 2025/26" "census --school 900001 --from 2025-09-01 --to 2025-12-31" \
	"return attendance" "pupil --pupil B801200005001"; do
	read -ra words <<<"$export"
	status=0
	"$program" -d "$database" export "${words[@]}" >/dev/full 2>err || status=$?
	same "export ${words[0]} to a full disk" "pg_attendance: error: could not write to standard output: No space left on device 1" "$(cat err) $status"
	same "and as a file" 'error: could not write file "/dev/full": No space left on device
exit 1' "$(run export "${words[@]}" -o /dev/full)"
	same "in a directory that is not there" 'error: could not write file "no/where.part": No such file or directory
exit 1' "$(run export "${words[@]}" -o no/where)"
done
same "a back-up on a full disk is not recorded" 'error: could not write file "/dev/full": No space left on device
exit 1
0' "$(run export backup -o /dev/full; sql "$database" "SELECT count(*) FROM backup_record")"
mkdir directory
same "onto a directory" 'error: could not write file "directory": it is a directory
exit 1' "$(run export marks -o directory)"
status=0
"$program" --help >/dev/full 2>err || status=$?
same "help on a full disk" "pg_attendance: error: could not write to standard output: No space left on device 1" "$(cat err) $status"

# ---------- signals and broken connections ----------

fresh
mkfifo pipe
# server_has CONDITION: a session of the program's
server_has() {
	[[ $(psql -XqAt -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database' AND application_name = 'pg_attendance' AND $1") != 0 ]]
}
waits_for() { # CONDITION
	wait_for "a session of pg_attendance with $1" server_has "$1"
}
# until the server has noticed that the program is gone
all_gone() {
	wait_for "the sessions of pg_attendance to end" none_there
}
none_there() {
	! server_has true
}
lock_is_held() {
	[[ $(sql "$database" "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'register_line'::regclass AND granted") != 0 ]]
}
# start ARGUMENT...: the program, in the background; what it says is in out and err.  The shell ignores
# SIGINT in background jobs; with job control it does not.
start() {
	set -m
	"$program" -d "$database" "$@" >out 2>err &
	child=$!
	set +m
}
finish() {
	local status=0
	wait "$child" 2>/dev/null || status=$?
	sed 's/^pg_attendance: //' out err
	echo "exit $status"
}

for signal in INT TERM HUP; do
	start load marks pipe
	exec 8<>pipe # both ways: opening does not wait for a reader
	cat long.csv >&8
	waits_for "query LIKE 'COPY%' AND state = 'active'"
	kill -s "$signal" "$child"
	finish >said
	exec 8>&-
	all_gone
	same "SIG$signal during a load: nothing is loaded" "
error: interrupted
exit $((128 + $(kill -l "$signal")))
" "$(cat said)
$(contents "$database")"
done
run load marks long.csv >said
psql -Xq -d "$database" -c 'BEGIN' -c 'LOCK TABLE register.register_line' -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
locker=$!
wait_for "the lock on register_line" lock_is_held
start export marks -o interrupted.csv
waits_for "wait_event_type = 'Lock'"
there=$(ls interrupted*)
kill -s INT "$child"
finish >said
same "SIGINT during an export: the query is cancelled, no file is left" "interrupted.csv.part exit 130 gone " \
	"$there $(tail -n 1 said) $(all_gone && echo gone) $(ls interrupted* 2>/dev/null || :)"
psql -XqAt -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$database' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()" >/dev/null
wait "$locker" 2>/dev/null || :

fresh
for what in marks "marks --reject lost.csv" pupils; do
	read -ra words <<<"$what"
	start load "${words[@]}" pipe
	exec 8<>pipe # both ways: opening does not wait for a reader
	if [[ $what == pupils ]]; then echo 'surname,forename,dob' >&8; else cat long.csv >&8; fi
	waits_for "query LIKE 'COPY%' AND state = 'active'"
	psql -XqAt -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$database' AND application_name = 'pg_attendance'" >/dev/null
	exec 8>&-
	finish >said
	same "the connection is lost during load $what" "error: the connection to the server was lost
exit 2
" "$(cat said)
$(contents "$database")"
done
same "nothing is left of what was set aside" "" "$(ls lost.csv* 2>/dev/null || :)"

# ---------- JSON, and the help of each command ----------

fresh
run load marks long.csv >said
# is_json DESCRIPTION STATUS ARGUMENT...
is_json() {
	local description=$1 wanted=$2 status=0
	shift 2
	"$program" --json -d "$database" "$@" >out 2>err </dev/null || status=$?
	same "JSON: $description" "$wanted t" "$status $(psql -XqAt <<-'SQL'
		\set content `cat out`
		SELECT :'content' IS JSON;
	SQL
	)"
}
psql -XqAt -c "SELECT '1' IS JSON" >/dev/null 2>&1 || is_json() { # before PostgreSQL 16
	local description=$1 wanted=$2 status=0
	shift 2
	"$program" --json -d "$database" "$@" >out 2>err </dev/null || status=$?
	same "JSON: $description" "$wanted t" "$status $(psql -XqAt <<-'SQL' 2>&1
		\set content `cat out`
		SELECT :'content'::json IS NOT NULL;
	SQL
	)"
}
cp long.csv 'a "b" \c.csv'
sed '2s/AM/XM/' long.csv >'bad "b" \c.csv'
is_json "load marks" 0 load marks 'a "b" \c.csv'
is_json "a refused row" 3 load marks 'bad "b" \c.csv'
is_json "rows set aside" 4 load marks --reject 'r "b".csv' 'bad "b" \c.csv'
is_json "load calendar" 0 load calendar days.csv
is_json "a refused row of pupils" 3 load pupils mixed.csv
is_json "no benchmarks" 3 load benchmarks days.csv
is_json "no such file" 1 load marks nowhere
is_json "export marks" 0 export marks -o 'o "b" \c.csv'
is_json "export ctf" 0 export ctf --school 900001 --period 2025/26 -o c.xml
is_json "export census" 0 export census --school 900001 --from 2025-09-01 --to 2025-12-31 -o c.xml
is_json "export return" 0 export return sickness -o s.csv
is_json "export ees" 0 export ees --period 2025/26 -o e.csv
is_json "export backup" 0 export backup -o 'b "b".jsonl'
is_json "export pupil" 0 export pupil --pupil 1 -o p.json
is_json "a pupil on standard output" 0 export pupil --pupil 1
is_json "verify" 0 verify
is_json "report" 0 report headline --period 2025/26
is_json "reports" 0 report
is_json "no such report" 1 report nothing --period 2025/26
is_json "usage" 1 export marks --overdue
is_json "no such option" 1 --nonsense

for command in "load marks" "load pupils" "load contacts" "load calendar" "load characteristics" "load benchmarks" "export marks" \
	"export ees" "export census" "export ctf" "export return" "export backup" "export pupil" "export legal-file" verify report; do
	read -ra words <<<"$command"
	same "help of $command" "  pg_attendance $command [OPTION]... 0" "$("$program" "${words[@]}" --help | grep '^  pg_attendance' | sed 's/\.\.\. .*/.../') $(
		"$program" "${words[@]}" '-?' >/dev/null; echo $?)"
done
same "help of what is no command" 'pg_attendance: error: unknown command "fly"' "$("$program" fly --help 2>&1 | head -n 1)"
same "help names every option" "" "$(comm -3 <("$program" --help | grep -o -- '--[a-z-]*' | sort -u) \
	<(sed -n 's/^	{"\([a-z-]*\)", .*/--\1/p' "$ATT_TREE/client/support/options.c" | sort -u))"
same "and so does the manual page" "" "$(comm -23 <("$program" --help | grep -o -- '--[a-z-]*' | sort -u) \
	<(sed 's/\\-/-/g' "$ATT_TREE/client/pg_attendance.1" | grep -o -- '--[a-z-]*' | sort -u) | grep -vE '^--(host|port|username|dbname|password|no-password)$')"
same "a filter that a command does not know is no filter" 'error: option --pupil does not go with "export marks"' "$(run export marks --pupil 1 | head -n 1)"

# without -d: that nothing says in which database the register is
unnamed() { # VARIABLE=VALUE...
	env -u PGDATABASE -u PGSERVICE "$@" "$program" report --list >out 2>err && status=0 || status=$?
	sed -n 's/^pg_attendance: hint: //p' err
	echo "exit $status"
}
hint='No database is named: -d (or PGDATABASE) says in which one the register is.'
same "no database is named, and there is none of the user's name" "$hint
exit 2" "$(unnamed PGUSER=nobody_of_this_name)"
psql -Xq -c 'CREATE ROLE registrar LOGIN' -c 'CREATE DATABASE registrar'
same "nor a register in that one" "$hint
exit 1" "$(unnamed PGUSER=registrar)"
same "and as JSON" "{\"status\": \"error\", \"message\": \"there is no register in database \\\"registrar\\\"\", \"hint\": \"$hint\"}" \
	"$(env -u PGDATABASE -u PGSERVICE PGUSER=registrar "$program" --json report --list 2>/dev/null)"
same "one is named" 'exit 1' "$(unnamed PGUSER=registrar PGDATABASE=registrar)"

# ---------- the words of the server are shown, and never read ----------

# They differ by language and by version; what the program goes by are the fields of a message.
same "few take the words of a message, to show them" "connection.c explain.c load_benchmarks.c" \
	"$(grep -rlE 'PG_DIAG_(MESSAGE_PRIMARY|CONTEXT)' "$ATT_TREE/client" | sed 's/.*\///' | sort | paste -sd ' ')"
same "and none reads them" "" \
	"$(grep -rnE '(scanf|strstr|strchr|cmp|text_is|has_word)\([^;]*PG_DIAG_(MESSAGE_PRIMARY|CONTEXT|MESSAGE_HINT)' "$ATT_TREE/client")"

# ---------- passwords and certificates: a server of its own ----------

# Loopback only; a port that is free now may be taken a moment later, so others are tried.
own_server() {
	local port
	ATT_DATA=$ATT_WORK/client_trouble_data
	att_server_dir "$ATT_DATA"
	att_as_server "$bin/initdb" -D "$ATT_DATA" -U postgres -A trust --no-sync --encoding=UTF8 --lc-collate=C --lc-ctype=C >initdb.log
	stage_settings=$(att_stage_settings)
	att_as_server openssl req -new -x509 -days 30 -nodes -subj /CN=localhost -keyout "$ATT_DATA/server.key" -out "$ATT_DATA/server.crt" 2>openssl.log
	printf '%s\n' "listen_addresses = '127.0.0.1'" "unix_socket_directories = '$PGHOST'" "fsync = off" "ssl = on" \
		"password_encryption = 'scram-sha-256'" "$stage_settings" | att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null
	printf '%s\n' "local all postgres trust" "local all all scram-sha-256" "hostssl all all 127.0.0.1/32 scram-sha-256" |
		att_as_server tee "$ATT_DATA/pg_hba.conf" >/dev/null
	for _ in {1..20}; do
		port=$((20000 + RANDOM % 20000))
		att_as_server "$bin/pg_ctl" -D "$ATT_DATA" -w -s -o "-p $port" -l "$ATT_DATA/server.log" start 2>/dev/null || continue
		PGPORT=$port
		return 0
	done
	return 1
}

if ! command -v openssl >/dev/null || ! command -v script >/dev/null; then
	skip "passwords and certificates" "no openssl or script here"
else
	work=$ATT_WORK
	# shellcheck source=tools/cluster.sh
	. "$ATT_TREE/tools/cluster.sh"
	ATT_WORK=$work
	bin=$(att_pg --bindir)
	att_choose_user
	trap 'att_cluster_stop' EXIT
	own_server
	prefix=own
	make_register own_empty
	fresh
	psql -Xq -d "$database" <<-'SQL'
		CREATE ROLE clerk LOGIN PASSWORD 'secret "word"';
		GRANT USAGE ON SCHEMA register, attendance TO clerk;
		GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA register TO clerk;
		GRANT USAGE ON ALL SEQUENCES IN SCHEMA register TO clerk;
		SELECT attendance.show_all('register', 'clerk');
	SQL
	password='secret "word"'
	done='loaded 8 marks of 9 rows, 0 set aside
exit 0'
	lost() { # ARGUMENT...: the status, if no connection was made
		run load marks -n long.csv "$@" | sed -n '/^exit/p; s/.*\(password\|no password supplied\|pg_hba\).*/\1/p' | tail -n 2 | tr '\n' ' '
	}
	same "PGPASSWORD" "$done" "$(PGPASSWORD=$password run load marks long.csv -U clerk)"
	same "a connection string" "$done" "$(run load marks long.csv -d "host=$PGHOST port=$PGPORT dbname=$database user=clerk password='secret \"word\"'")"
	same "a URI" "$done" "$(run load marks long.csv -d "postgresql://clerk:secret%20%22word%22@/$database")"
	printf '[attendance]\nhost=%s\nport=%s\ndbname=%s\nuser=clerk\npassword=%s\n' "$PGHOST" "$PGPORT" "$database" "$password" >service.conf
	same "a service" "$done" "$(PGSERVICEFILE=$dir/service.conf run load marks long.csv -d service=attendance)"
	printf '*:*:*:clerk:%s\n' "$password" >passfile
	chmod 600 passfile
	same "a password file, and a second connection with it" "$done" "$(PGPASSFILE=$dir/passfile run load marks long.csv -U clerk -w)"
	same "-w without a password" "password exit 2 " "$(lost -U clerk -w | sed 's/no password supplied/password/')"
	same "a wrong password" "password exit 2 " "$(PGPASSWORD=wrong lost -U clerk)"
	same "no terminal to ask" "error: a password is needed, and there is no terminal to ask for it
exit 2" "$(setsid -w "$program" -d "$database" load marks -U clerk long.csv >out 2>err </dev/null || echo "exit $?" >>err; sed 's/^pg_attendance: //' err)"

	mkfifo keys
	prompt='Password: '
	# types KEYS ARGUMENT...: what is seen on a terminal on which KEYS are typed when a password is asked for
	types() {
		local keys=$1
		shift
		rm -f typescript
		exec 9<>keys # both ways: opening does not wait for a reader
		set -m # as in start
		script -qefc "'$program' -d $database load marks long.csv $*" typescript <keys >/dev/null 9<&- &
		set +m
		wait_for "the prompt for a password" grep -qs 'Password: ' typescript || kill $!
		printf '%b' "$keys" >&9
		wait $! && status=0 || status=$?
		exec 9>&-
		tr -d '\r' <typescript | grep -v '^Script ' | sed 's/; new: .*//' | grep -v '^$' || :
		echo "exit $status"
	}
	if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
		same "a password is asked for, and not shown" "$prompt
loaded 8 marks of 9 rows, 0 set aside
exit 0" "$(types "$password\n" -U clerk)"
		same "-W asks at once" "$prompt
loaded 8 marks of 9 rows, 0 set aside
exit 0" "$(types "$password\n" -W -U clerk)"
		same "a wrong one" "exit 2" "$(types 'wrong\n' -U clerk | tail -n 1)"
		same "an interrupted one" "exit 130" "$(types '\003' -U clerk | tail -n 1)"
	else
		skip "passwords that are typed" "no terminals can be made here"
	fi

	cp "$ATT_DATA/server.crt" root.crt 2>/dev/null || att_as_server cat "$ATT_DATA/server.crt" >root.crt
	tls="host=localhost hostaddr=127.0.0.1 port=$PGPORT dbname=$database user=clerk password='secret \"word\"' sslmode"
	same "TLS that verifies the server" "$done" "$(run load marks long.csv -d "$tls=verify-full sslrootcert=$dir/root.crt")"
	same "is refused without the server's certificate" "exit 2" "$(run load marks long.csv -d "$tls=verify-full sslrootcert=$dir/passfile" | tail -n 1)"
	same "and where the server wants TLS, without it" "pg_hba exit 2 " "$(lost -d "$tls=disable")"
	sed '2s/,\/$/,Z/' long.csv >bad.csv
	same "a bad row over TLS" 'error: bad.csv, line 2, column "mark", value "Z": school 900001, pupil B801200005001, 2025-09-08 AM: the mark "Z" is for prospective pupils, this pupil'"'"'s name is on the register
detail: This is the rule "prospective pupil": see register_rules().
detail: Nothing was loaded.
hint: Enter the mark that applies; a pupil who never came is deleted from the register by enrolment.end_date. Or have breaches of it recorded and listed: rule_setting, rule "prospective pupil", action record; take_over() or load --take-over for what another system has.
exit 3' "$(run load marks bad.csv -d "$tls=require")"
	printf '[{"date": "2025-09-08", "session": "AM", "upn": "B801200005001", "mark": "/"}]' >page.json
	same "a file that needs the second connection, over TLS" "loaded 1 marks of 1 rows, 0 set aside
exit 0" "$(run load marks --school 900001 page.json -d "$tls=require")"
	att_cluster_stop
	trap - EXIT
fi
plan
