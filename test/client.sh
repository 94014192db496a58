#!/bin/bash
#
# client.sh: the program pg_attendance.  Prints TAP.
#
# Every shape of file, with its quirks, ends in the same register; every kind of damage has a message
# that names the place, and changes nothing; what is exported and loaded elsewhere is the same.
set -euo pipefail

# shellcheck source=test/client/common.sh
. test/client/common.sh client

# ---------- shapes ----------

# loads DESCRIPTION ARGUMENT...: gives the two lines that all shapes below say
loads() {
	local description=$1
	shift
	fresh
	run load marks "$@" >said || :
	same "$description" "$wanted" "$(contents "$database")"
	[[ $(tail -n 1 said) == "exit 0" ]] || sed 's/^/# /' said
}

loads "long CSV" long.csv
same "says how many" "loaded 8 marks of 9 rows, 0 set aside" "$(head -n 1 said)"

cat >quirks.csv <<'END'
"AttendanceMark";"Pupil UPN";"Comment";"Session Name";"AttendanceDate";"LA";"Estab"
"\";"b801200005001";"mixed; quoted ""and"" so
on";"AM";"08/09/2025";"380";"9001"
"/";"B801200005001";"";"pm";"8/9/2025";"380";"9001"
i;B801200005001;;Morning;09-Sep-2025;380;9001
 / ; B801200005001 ;;Afternoon;09.09.2025;380;9001
l;P207000016049;;1;2025-09-08T00:00:00;380;9001
--;P207000016049;;2;20250908;380;9001
j1;P207000016049;;A;09 September 2025;380;9001
\;P207000016049;;P;2025-09-09 00:00:00.000;380;9001
END
loads "long CSV with semicolons, other names, British dates, lower case, mixed / and \\, quoted line ends" quirks.csv
tr ';' '\t' <quirks.csv >quirks.tsv
loads "the same with tabs" quirks.tsv
{ printf '\xef\xbb\xbf'; sed 's/$/\r/' long.csv; } >crlf.csv
loads "with a byte order mark and CR LF" crlf.csv
tr '\n' '\r' <long.csv >cr.csv
loads "with CR alone" cr.csv
printf '%s' "$(cat long.csv)" >unended.csv
loads "without an end of the last line" unended.csv
sed 's/^900001,//; s/^school_urn,//' long.csv >no_school.csv
loads "the school by --school" --school 900001 no_school.csv
sed '1s/.*/laestab,pupil_id,date,"AM\/PM",code/; s/B801200005001/1/; s/P207000016049/2/; s/^900001/380\/9001/' long.csv >ids.csv
loads "the school by LAESTAB, pupils by pupil_id" ids.csv
sed 's/2025-09-\(..\)/09\/\1\/2025/' long.csv >american.csv
loads "American dates, if one says so" --date-style mdy american.csv
gzip -c long.csv >long.csv.gz
loads "gzip" long.csv.gz
{ head -n 4 long.csv | gzip; tail -n +5 long.csv | gzip; } >joined.csv.gz
loads "gzip, in two members" joined.csv.gz
if command -v zstd >/dev/null && ldd "$program" | grep -q zstd; then
	zstd -q -c long.csv >long.csv.zst
	loads "zstd" long.csv.zst
else
	test=$((test + 1))
	echo "ok $test - zstd # SKIP no zstd here"
fi
head -n 5 long.csv >part1.csv
{ head -n 1 long.csv; tail -n +6 long.csv; } >part2.csv
loads "two files" part1.csv part2.csv

cat >wide.csv <<'END'
UPN,Surname,2025-09-08 AM,08/09/2025 PM,Tue 09/09/2025 AM,2025-09-09PM,AM 2025-09-10
B801200005001,"O'Brien, jr",/,/,I,\,
P207000016049,Nevis,l,-,J1,\,
END
loads "a column for each session" --school 900001 wide.csv
cat >halves.csv <<'END'
URN,UPN,Date,AM,PM
900001,B801200005001,08/09/2025,/,\
900001,B801200005001,09/09/2025,I,\
900001,B801200005001,10/09/2025,,
900001,P207000016049,08/09/2025,L,-
900001,P207000016049,09/09/2025,J1,\
END
loads "columns AM and PM for each day" halves.csv
cat >coded.csv <<'END'
URN,UPN,Date,Session,/,\,L,T_Reason_I,J1,-
900001,B801200005001,2025-09-08,AM,1,0,0,0,0,0
900001,B801200005001,2025-09-08,PM,,x,,,,
900001,B801200005001,2025-09-09,AM,,,,1,,
900001,B801200005001,2025-09-09,PM,1,,,,,
900001,B801200005001,2025-09-10,AM,,,,,,
900001,P207000016049,2025-09-08,AM,,,1,,,
900001,P207000016049,2025-09-08,PM,,,,,,1
900001,P207000016049,2025-09-09,AM,,,,,1,
900001,P207000016049,2025-09-09,PM,,1,,,,
END
loads "a column for each code" coded.csv
cat >ctf.xml <<'END'
<?xml version="1.0" encoding="windows-1252"?>
<CTfile><Header><DocumentName>Common Transfer File</DocumentName><SourceSchool><LEA>380</LEA><Estab>9001</Estab></SourceSchool></Header>
<CTFpupilData><Pupil><UPN>B801200005001</UPN><Surname>O'Brien</Surname><Attendance><YearData><Year>2025</Year><LEA>380</LEA><Estab>9001</Estab>
<AttendSessions><AttendanceStartDate>2025-09-06</AttendanceStartDate><AttendanceMarks>####/\I/</AttendanceMarks></AttendSessions></YearData></Attendance></Pupil>
<Pupil><UPN>P207000016049</UPN><Attendance><YearData><Year>2025</Year>
<AttendSessions><AttendanceStartDate>2025-09-08</AttendanceStartDate><AttendanceMarks>l-J1\##</AttendanceMarks></AttendSessions></YearData></Attendance></Pupil>
</CTFpupilData></CTfile>
END
loads "Common Transfer File, two-character codes among single ones" ctf.xml
cat >page.json <<'END'
{"data": [
 {"id": "A1", "date": {"date": "2025-09-08 00:00:00.000000", "timezone": "Europe/London"}, "session": "AM", "student": {"data": {"id": "A9", "education_details": {"data": {"upn": "B801200005001"}}}}, "attendance_code": {"data": {"code": "/"}}},
 {"date": {"date": "2025-09-08 00:00:00.000000"}, "session": "PM", "student": {"data": {"upn": "B801200005001"}}, "attendance_code": {"data": {"code": "\\"}}},
 {"date": "2025-09-09", "session": "AM", "upn": "B801200005001", "attendance_code": "I"},
 {"date": "2025-09-09", "session": "PM", "upn": "B801200005001", "code": "/"}],
 "meta": {"pagination": {"more": true}}}
END
cat >pages.json <<'END'
[{"data": [{"date": "2025-09-08", "session": "AM", "upn": "P207000016049", "mark": "L"}, {"date": "2025-09-08", "session": "PM", "upn": "P207000016049", "mark": "-"}]},
 {"data": [{"date": "2025-09-09", "session": "AM", "upn": "P207000016049", "mark": "J1"}, {"date": "2025-09-09", "session": "PM", "upn": "P207000016049", "mark": "/"}]}]
END
loads "JSON pages" --school 900001 page.json pages.json

more='page.json: its pagination says that another page follows; is the file one of several?'
same "a page that another one follows" "loaded 4 marks of 4 rows, 0 set aside
warning: $more
exit 0
{\"status\": \"loaded\", \"rows\": 4, \"marks\": 4, \"rejected\": 0, \"warnings\": [\"$more\"]}
exit 0" "$(run load marks --school 900001 page.json; run load marks --school 900001 page.json --json --quiet)"
sed 's/"more": true/"more": false, "next": null/' page.json >last.json
same "the last page" "exit 0" "$(run load marks --school 900001 -q page.json last.json)"
sed 's/"more": true/"next": "page 2"/' page.json >next.json
same "an address of the next page" "warning: next.json${more#page.json}" "$(run load marks --school 900001 next.json | sed -n 2p)"

fresh
status=0
"$program" -q -d "$database" load marks <long.csv >out 2>err || status=$?
same "standard input, and nothing said with --quiet" "0 $wanted" "$status$(cat out err) $(contents "$database")"
fresh
# shellcheck disable=SC2002  # it is to be a pipe
cat long.csv.gz | "$program" --json -d "$database" load marks - >out
same "a pipe; --json" '{"status": "loaded", "rows": 9, "marks": 8, "new": 8, "amended": 0, "same": 0, "rejected": 0} '"$wanted" \
	"$(sed 's/, "seconds": [0-9.]*//' out) $(contents "$database")"

printf 'urn,upn,date,session,mark,nature,entered by\n900001,B801200005001,2025-09-08,AM,B,caf\xe9 \x96 visit,Zo\xeb\n' >windows.csv
fresh
run load marks windows.csv >said
same "Windows-1252" "café – visit" "$(sql "$database" "SELECT nature FROM mark_nature")"
same "is refused when UTF-8 is demanded" "error: windows.csv, line 2: the text is not valid UTF-8
detail: Nothing was loaded.
exit 3" "$(run load marks --encoding utf-8 windows.csv)"

# ---------- twice, amendments, dry run ----------

fresh
run load marks long.csv >said
entries=$(sql "$database" "SELECT count(*) FROM journal")
same "loaded twice: the same lines" "$wanted" "$(run load marks long.csv >said; contents "$database")"
same "and no entry in the journal" "$entries" "$(sql "$database" "SELECT count(*) FROM journal")"
sed '2s/,\/$/,I/' long.csv >amended.csv
same "an amendment is refused without a signature" 'error: amended.csv, line 2, column "mark", value "I": school 900001, pupil B801200005001, 2025-09-08 AM: to amend the mark "/", entered_by, title and reason must be given
detail: This is the rule "unsigned amendment": see register_rules().
detail: Nothing was loaded.
hint: Give entered_by, title and reason with the mark. Or have breaches of it recorded and listed: rule_setting, rule "unsigned amendment", action record.
exit 3' "$(run load marks amended.csv)"
said=$(run load marks --json amended.csv)
same "and as JSON, the server's detail and hint too" 'amended.csv 2 This is the rule "unsigned amendment": see register_rules(). Give entered_by' \
	"$(psql -XqAt -v said="$(head -n 1 <<<"$said")" <<<"SELECT v ->> 'file', v ->> 'line', v ->> 'detail', left(v ->> 'hint', 15) FROM CAST(:'said' AS json) AS v" | tr '|' ' ')"
same "a dry run changes nothing" "would load 8 marks of 9 rows, 0 set aside
exit 0
$wanted" "$(run load marks -n --entered-by 'Jo Smith' --title Clerk --reason letter amended.csv; contents "$database")"
same "an amendment with a signature" "loaded 8 marks of 9 rows, 0 set aside
exit 0
Jo Smith|Clerk|letter|/|I" "$(run load marks --entered-by 'Jo Smith' --title Clerk --reason letter amended.csv
	sql "$database" "SELECT entered_by, title, reason, original, amended FROM amendment")"
same "half a signature is none" "error: --entered-by, --title and --reason go together
hint: Try \"pg_attendance --help\" for more information.
exit 1" "$(run load marks --entered-by 'Jo Smith' amended.csv)"

# ---------- damage: a clear message, nothing changed ----------

fresh
# damage DESCRIPTION MESSAGE ARGUMENT...: of the file bad
damage() {
	local description=$1 message=$2 said
	shift 2
	said=$(run load marks "$@" bad)
	same "$description" "error: $message | exit 3 | 0" \
		"$(head -n 1 <<<"$said") | $(tail -n 1 <<<"$said") | $(sql "$database" "SELECT count(*) FROM register_line")"
}
# change LINE TEXT: long.csv with the line replaced
change() { awk -v line="$1" -v text="$2" 'NR == line { print text; next } { print }' long.csv; }

change 4 '900001,B801200005001,2025-09-09,AM,Q9' >bad
damage "no code" 'bad, line 4, column "mark", value "Q9": not an attendance code'
change 4 '900001,B801200005001,2025-09-31,AM,I' >bad
damage "no day" 'bad, line 4, column "day", value "2025-09-31": not a day (YYYY-MM-DD or DD/MM/YYYY; see --date-style)'
change 4 '900001,B801200005001,09/13/2025,AM,I' >bad
damage "an American day" 'bad, line 4, column "day", value "09/13/2025": a day only with the month first: are all days of the file so? Give --date-style mdy'
change 4 '900001,B801200005001,2025-09-09,EVE,I' >bad
damage "no session" 'bad, line 4, column "session", value "EVE": not a session: AM or PM is expected'
change 4 '900009,B801200005001,2025-09-09,AM,I' >bad
damage "another school" 'bad, line 4, column "school_urn", value "900009": the register has no school with this URN'
change 4 'x,B801200005001,2025-09-09,AM,I' >bad
damage "no school" 'bad, line 4, column "school_urn", value "x": no URN (six digits) and no LAESTAB (seven digits)'
change 4 '900001,,2025-09-09,AM,I' >bad
damage "no pupil" 'bad, line 4, column "upn", value "": no pupil is given'
change 4 '900001,B80120000500,2025-09-09,AM,I' >bad
damage "a short UPN" 'bad, line 4, column "upn", value "B80120000500": not a unique pupil number, which has 13 characters'
change 4 '900001,H801200001001,2025-09-09,AM,I' >bad
damage "an unknown UPN" 'bad, line 4, column "upn", value "H801200001001": the register has no pupil with the unique pupil number "H801200001001"'
change 4 '900002,B801200005001,2025-09-09,AM,I' >bad
damage "not enrolled" 'bad, line 4, column "upn", value "B801200005001": school 900002, pupil B801200005001, 2025-09-09 AM: the pupil has no enrolment at the school in 2025/26'
change 4 '900001,B801200005001,2025-09-13,AM,I' >bad
damage "no school day" 'bad, line 4, column "day", value "2025-09-13": school 900001, pupil B801200005001, 2025-09-13 AM: the calendar of the school (school_day, build_calendar) has no such session, the mark "I" cannot be entered'
change 4 '900001,B801200005001,2025-09-09,AM,Z' >bad
damage "a rule of the register" 'bad, line 4, column "mark", value "Z": school 900001, pupil B801200005001, 2025-09-09 AM: the mark "Z" is for prospective pupils, this pupil'"'"'s name is on the register'
change 4 '900001,B801200005001,2025-09-08,PM,I' >bad
damage "two marks for a session" 'bad, line 4, column "mark", value "I": school 900001, pupil B801200005001, 2025-09-08 PM: the mark "I" contradicts "\" in bad, line 3'
change 4 '900001,B801200005001' >bad
damage "a line that is cut off" 'bad, line 4: the line has fewer fields than the header; is the file cut off?'
change 4 '900001,B801200005001,2025-09-09,AM,I,too,many' >bad
damage "too many fields" 'bad, line 4: the line has more fields than the header'
change 4 '900001,"B801200005001,2025-09-09,AM,I' >bad
damage "an open quote" 'bad, line 4: a quote that is opened here is never closed'
change 4 '900001,"B801200005001"x,2025-09-09,AM,I' >bad
damage "text after a quote" 'bad, line 4: there is text after a closing quote'
change 4 '900001,B801200005001,2025-09-09,AM,@' | tr '@' '\0' >bad
damage "a zero byte" 'bad, line 4: there is a zero byte in the line'
change 1 'school_urn,upn,day,session,x' >bad
damage "no column of marks" 'bad, line 1: no column has the mark'
change 1 'school_urn,x,day,session,mark' >bad
damage "no column of pupils" 'bad, line 1: no column names the pupil (upn or pupil_id)'
change 1 'x,upn,day,session,mark' >bad
damage "no column of schools" 'bad, line 1: no column names the school (school_urn or laestab): give --school'
change 1 'school_urn,upn,day,date,mark' >bad
damage "two columns of days" 'bad, line 1: columns "day" and "date" both say the day'
printf '' >bad
damage "an empty file" 'bad: the file is empty'
printf 'UPN,/,\\,I,L,SessionsPossible\nB801200005001,1,2,3,4,10\n' >bad
damage "totals by code" \
	'bad, line 1: the file counts codes but has no days: marks cannot be made of totals' --school 900001
printf 'PK\003\004xxxx' >bad
damage "a workbook" 'bad: this is a workbook or an archive, no text; save it as CSV in UTF-8'
head -c 60 long.csv.gz >bad
damage "a compressed file that is cut off" 'bad: the compressed file is cut off'
{ head -c 40 long.csv.gz; printf 'xxxxxxxxxxxxxxxxxxxx'; tail -c 30 long.csv.gz; } >bad
damage "a damaged compressed file" 'bad: the compressed file is damaged'
head -c 100000 /dev/urandom | tr -d '\037\050' | sed '1s/^/x/' >random
same "random bytes" "exit 3" "$(run load marks random | tail -n 1)"
head -c 700 ctf.xml >bad
damage "XML that is cut off" 'bad: invalid XML content: line 6: StartTag: invalid element name'
no_laestab="the register has no school with this LAESTAB: it is found by school.laestab, the LA's number and the establishment's"
sed 's/9001/9009/' ctf.xml >bad
damage "a transfer file of another school" 'bad, AttendSessions 1, column "LEA, Estab", value "3809009": '"$no_laestab"
damage "and of a school that has another LAESTAB" 'bad, AttendSessions 1, column "LEA, Estab", value "3809009": '"$no_laestab" --school 900001
sed 's/<LEA>380<\/LEA>//; s/<Estab>9001<\/Estab>//' ctf.xml >bad
damage "a transfer file without its school" 'bad, AttendSessions 1, column "LEA, Estab", value "": the file does not have the LA'"'"'s number (LEA) and the establishment'"'"'s (Estab)'
sed 's/<\/*YearData>//g' ctf.xml >bad
damage "a transfer file without YearData" 'bad, AttendSessions 1: YearData is missing: AttendSessions is expected in Pupil/Attendance/YearData'
sed 's/l-J1/l-Q9/' ctf.xml >bad
damage "a transfer file with a wrong mark" 'bad, AttendSessions 2, column "AttendanceMarks", value "9": not an attendance code: pupil P207000016049, 2025-09-09 PM'
head -c 200 page.json >bad
damage "JSON that is cut off" 'bad: the JSON does not come to its end; is the file cut off?'
head -n 3 page.json | sed '$s/,$//' >bad
damage "and between two records" 'bad: the JSON does not come to its end; is the file cut off?'
sed '2s/"AM"/AM/' page.json >bad
damage "JSON with a wrong token" 'bad: invalid input syntax for type json: Token "AM" is invalid.'
echo '{"data": [{"date": "2025-09-08", "session": "AM", "student_id": "A77", "code": "/"}]}' >bad
damage "JSON without UPN" \
	'bad, record 1, column "student.upn", value "A77": the record does not have the pupil'"'"'s UPN: ask for pages that include student' --school 900001
same "JSON says where, too" '{"status": "refused", "file": "bad", "record": 1, "column": "student.upn", "value": "A77", "reason": "the record does not have the pupil'"'"'s UPN: ask for pages that include student"}' \
	"$(run load marks --json --school 900001 bad | head -n 1)"
sed 's|<YearData><Year>2025</Year>$|<YearData><Year>2024</Year><SessionsPossible>300</SessionsPossible></YearData>&|; s|####/.I/||' ctf.xml >unmarked.xml
same "years with totals alone or without marks are named" "would load 4 marks of 4 rows, 0 set aside
warning: unmarked.xml: 2 years have no marks (AttendanceMarks is missing or empty), first one of pupil B801200005001: marks cannot be made of totals
exit 4" "$(run load marks -n unmarked.xml)"
sql "$database" "UPDATE school SET laestab = NULL WHERE urn = 900001"
cp ctf.xml bad
damage "a transfer file of a school without LAESTAB" 'bad, AttendSessions 1, column "LEA, Estab", value "3809001": '"$no_laestab"
sed '3s/9001/9009/' ctf.xml >bad
damage "a year at another school than that of --school" 'bad, AttendSessions 1, column "LEA, Estab", value "3809009": '"$no_laestab" --school 900001
same "--school says which school it is" "loaded 8 marks of 8 rows, 0 set aside
exit 0
$wanted" "$(run load marks --school 900001 ctf.xml; contents "$database")"
fresh
same "no file" 'error: could not open file "nowhere": No such file or directory
exit 1' "$(run load marks nowhere)"

# ---------- bad rows set aside ----------

{
	cat long.csv
	printf '%s\n' '900001,B801200005001,2025-09-10,AM,Q9' '900001,H801200001001,2025-09-10,AM,/' \
		'900002,B801200005001,2025-09-10,AM,/' '900001,B801200005001,2025-09-13,AM,/' \
		'900001,B801200005001,2025-09-12,AM,Z' '900001,B801200005001,2025-09-12,PM,/' \
		'900001,B801200005001,2025-09-15,AM,I' '900001,B801200005001,2025-09-15,AM,/' '900001,B801200005001'
} >mixed.csv
fresh
same "bad rows are set aside" "loaded 9 marks of 18 rows, 8 set aside
exit 4" "$(run load marks --reject rejects.csv mixed.csv)"
same "the others are loaded" "${wanted/I\\/I\\.....\\}" "$(contents "$database")"
same "with reasons" "$(cat <<'END'
line 11,mark,Q9,not an attendance code
line 12,upn,H801200001001,"the register has no pupil with the unique pupil number ""H801200001001"""
line 13,upn,B801200005001,"school 900002, pupil B801200005001, 2025-09-10 AM: the pupil has no enrolment at the school in 2025/26"
line 14,day,2025-09-13,"school 900001, pupil B801200005001, 2025-09-13 AM: the calendar of the school (school_day, build_calendar) has no such session, the mark ""/"" cannot be entered"
line 15,mark,Z,"school 900001, pupil B801200005001, 2025-09-12 AM: the mark ""Z"" is for prospective pupils, this pupil's name is on the register"
line 17,mark,I,"school 900001, pupil B801200005001, 2025-09-15 AM: the mark ""I"" contradicts ""/"" in another row"
line 18,mark,/,"school 900001, pupil B801200005001, 2025-09-15 AM: the mark ""/"" contradicts ""I"" in another row"
line 19,,,"the line has fewer fields than the header; is the file cut off?"
END
)" \
	"$(tail -n +2 rejects.csv | tr -d '\r' | sed 's/^mixed.csv,//; s/,900001,.*//; s/,900002,.*//' | sort -t, -k1,1V)"
sed -n '1p; s/,Q9,/,I,/gp' rejects.csv >repaired.csv
same "what was put right is loaded" "loaded 1 marks of 1 rows, 0 set aside
exit 0" "$(run load marks repaired.csv)"

# ---------- out and in again ----------

for shape in csv ctf; do
	fresh
	source=$database
	run load marks long.csv >said
	sql "$source" "INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (900001, 1, '2025-09-11', 'AM', '#'),
		(900001, 1, '2025-09-12', 'PM', '/')"
	if [[ $shape == csv ]]; then
		sql "$source" "INSERT INTO mark (school_urn, pupil_id, day, session, mark, nature) VALUES (900002, 3, '2025-09-15', 'AM', 'B', 'a \"visit\"')"
		run export marks -o out.csv >said
	else
		run export ctf --school 900001 --period 2025/26 -o out.xml >said
		same "a transfer file is well-formed" t "$(psql -XqAt -d "$source" <<-'SQL'
			\set content `cat out.xml`
			SELECT xml_is_well_formed_document(:'content');
		SQL
		)"
	fi
	before=$(contents "$source")
	fresh
	run load marks "out.${shape/ctf/xml}" >said
	same "round trip by $shape: identical lines" "$before" "$(contents "$database")"
	[[ $(tail -n 1 said) == "exit 0" ]] || sed 's/^/# /' said
done
database=$source

for command in "export marks" "export return attendance" "export backup -o none.jsonl" "export ctf --period 2025/26" \
	"export ees --period 2025/26 -o none.csv" "load marks --dry-run long.csv"; do
	read -ra words <<<"$command"
	same "a school that is not in the register: $command" "error: the register has no school 999999
exit 1" "$(run "${words[@]}" --school 999999)"
done
same "of a report, with what the server hints at" "error: the register has no school 999999
hint: The table school has those that there are, by their URN.
exit 1" "$(run report headline --period 2025/26 --school 999999)"
same "and as JSON" '{"status": "error", "message": "the register has no school 999999", "hint": "The table school has those that there are, by their URN."}' \
	"$(run report headline --json --period 2025/26 --school 999999 | head -n 1)"
same "nor among several" "error: the register has no school 999999
exit 1" "$(run export marks --schools 900001,999999)"
# the lines of a second year, and a line that is stored after others
fresh
sql "$database" "SELECT attendance.add_academic_year('register', 2024)" "INSERT INTO school_day (school_urn, day) VALUES (900001, '2025-01-06')" \
	"INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark) VALUES (900002, 3, '2025-09-08', 'PM', 'I')" \
	"INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark) VALUES (900001, 2, '2025-09-08', 'AM', 'I')" \
	"INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark) VALUES (900001, 1, '2025-09-08', 'PM', 'I')" \
	"INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark) VALUES (900001, 1, '2025-01-06', 'PM', 'I'), (900001, 1, '2025-09-08', 'AM', '/')" >said
ordered='900001,,B801200005001,2025-01-06,PM,I,
900001,,B801200005001,2025-09-08,AM,/,
900001,,B801200005001,2025-09-08,PM,I,
900001,,P207000016049,2025-09-08,AM,I,
900002,3,,2025-09-08,PM,I,'
same "marks are exported by school, pupil, day and session" "school_urn,pupil_id,upn,day,session,mark,nature
$ordered" "$("$program" -d "$database" export marks)"
same "of some days" "$(tail -n +2 <<<"$ordered")" "$("$program" -d "$database" export marks --from 2025-01-07 --to 2025-09-08 | tail -n +2)"
same "up to a day, of a school" "$(head -n 1 <<<"$ordered")" "$("$program" -d "$database" export marks --to 2025-09-07 --school 900001 | tail -n +2)"
database=$source

run export census --school 900001 --from 2025-09-01 --to 2025-12-31 -o census.xml >said
same "the census block" "5|I|1|3|J1|1" "$(psql -XqAt -d "$database" <<-'SQL'
	\set content `cat census.xml`
	SELECT string_agg(concat_ws('|', possible, reason, n), '|' ORDER BY upn) FROM xmltable('//Pupil' PASSING ((:'content')::xml) COLUMNS
	    upn text PATH 'UPN', possible text PATH 'Attendance/TermlyAttendance/SessionsPossible',
	    reason text PATH '(.//AttendanceReason)[1]', n text PATH '(.//AbsenceSessions)[1]');
SQL
)"

# The elements of a document in order, each with its parent, those that repeat once.
elements() { # FILE
	psql -XqAt -d "$database" <<-SQL | uniq | tr '\n' ' '
		\\set content \`cat $1\`
		SELECT parent || '/' || name FROM xmltable('//*' PASSING ((:'content')::xml) COLUMNS
		    n FOR ORDINALITY, parent text PATH 'local-name(..)', name text PATH 'local-name()') AS x ORDER BY n;
	SQL
}
pupil="Pupil/UPN Pupil/Surname Pupil/Forename Pupil/DOB Pupil/Sex"
year="Attendance/YearData YearData/Year YearData/LEA YearData/Estab YearData/SchoolName YearData/SessionsPossible YearData/SessionsAuthorised"
year+=" YearData/SessionsAttended YearData/SessionsUnauthorised YearData/AttendSessions AttendSessions/AttendanceStartDate AttendSessions/AttendanceMarks"
run export ctf --school 900001 --period 2025/26 -o out.xml >said
same "the elements of a transfer file and their order" "/CTfile CTfile/Header Header/DocumentName Header/CTFversion Header/DateTime \
Header/SourceSchool SourceSchool/LEA SourceSchool/Estab SourceSchool/SchoolName SourceSchool/AcademicYear CTfile/CTFpupilData \
CTFpupilData/Pupil $pupil Pupil/Attendance $year CTFpupilData/Pupil $pupil Pupil/Attendance $year " "$(elements out.xml)"
same "its totals are those of its marks" "3 5|2 1 0|4 1 0 " "$(psql -XqAt -d "$database" <<-'SQL' | tr '\n' ' '
	\set content `cat out.xml`
	SELECT string_agg(possible, ' ') || '|' || string_agg(attended || ' ' || authorised || ' ' || unauthorised, '|')
	FROM xmltable('//YearData' PASSING ((:'content')::xml) COLUMNS possible text PATH 'SessionsPossible', attended text PATH 'SessionsAttended',
	    authorised text PATH 'SessionsAuthorised', unauthorised text PATH 'SessionsUnauthorised');
SQL
)"
fresh
run load marks long.csv >said
# at the end of August one pupil is 4, one 15 and a boarder, one has turned 16; one has left
sql "$database" "INSERT INTO pupil (pupil_id, surname, forename, sex, date_of_birth) VALUES (104, 'Four', 'A', 'F', '2020-09-01'),
		(115, 'Boards', 'B', 'M', '2010-01-01'), (116, 'Sixteen', 'C', 'M', '2009-08-31'), (120, 'Zeal', 'Left', 'M', '2015-01-01')" \
	"INSERT INTO enrolment (school_urn, pupil_id, start_date, boarder) VALUES (900001, 104, '2025-09-01', 'N'), (900001, 115, '2025-09-01', 'B'), (900001, 116, '2025-09-01', 'N')" \
	"INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at) VALUES (900001, 120, '2025-09-01', '2025-09-09', 'A', 'Elsewhere', '2025-09-09 16:00')" \
	"INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 900001, p, '2025-09-08', s, CASE s WHEN 'AM' THEN '/' ELSE 'I' END::session_mark
		FROM unnest('{104,115,116,120}'::bigint[]) AS p, unnest('{AM,PM}'::text[]) AS s"
run export census --school 900001 --from 2025-09-01 --to 2025-12-31 --half-term-from 2025-06-01 --half-term-to 2025-07-31 -o census.xml >said
basic="Pupil/Surname Pupil/Forename Pupil/DOB"
window="SessionsPossible"
reasons() { printf '%s/SessionsPossible %s/SessionDetails SessionDetails/SessionDetail SessionDetail/AttendanceReason SessionDetail/AbsenceSessions ' "$1" "$1"; }
termly="Pupil/Attendance Attendance/TermlyAttendance $(reasons TermlyAttendance)Attendance/SummerHalfTerm2Attendance SummerHalfTerm2Attendance/$window "
same "the elements of the census, for each kind of pupil" "/Message Message/Header Header/CollectionDetails CollectionDetails/Collection \
CollectionDetails/Year CollectionDetails/ReferenceDate Header/Source Source/SourceLevel Source/LEA Source/Estab Source/URN Source/SoftwareCode \
Source/DateTime Message/Pupils Pupils/PupilsOnRoll PupilsOnRoll/Pupil $basic Pupil/Sex PupilsOnRoll/Pupil $basic Pupil/Sex Pupil/Attendance \
Attendance/TermlyAttendance TermlyAttendance/SessionsPossible TermlyAttendance/SessionsAuthorised Attendance/SummerHalfTerm2Attendance \
SummerHalfTerm2Attendance/SessionsPossible SummerHalfTerm2Attendance/SessionsAuthorised PupilsOnRoll/Pupil Pupil/UPN $basic Pupil/Sex ${termly}\
PupilsOnRoll/Pupil Pupil/UPN $basic Pupil/Sex ${termly}PupilsOnRoll/Pupil $basic Pupil/Sex \
Pupils/PupilsNoLongerOnRoll PupilsNoLongerOnRoll/Pupil $basic Pupil/Sex Pupil/LeavingDate $termly" "$(elements census.xml)"
database=$source

same "a back-up says its digest and is recorded" "$(run export backup -o backup.jsonl | sed -n 's/^SHA-256 //p')" "$(sha256sum backup.jsonl | cut -d' ' -f1)"
same "with it" "$(sha256sum backup.jsonl | cut -d' ' -f1)|$(realpath backup.jsonl)" "$(sql "$database" "SELECT encode(digest, 'hex'), location FROM backup_record")"
same "every line of it is JSON, and all lines are in it" "2" "$(psql -XqAt -d "$database" <<-'SQL'
	CREATE TEMPORARY TABLE line (line jsonb);
	\copy line FROM 'backup.jsonl' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
	SELECT count(*) FROM line WHERE line ->> 'table' = 'register_line';
SQL
)"
run export pupil --pupil B801200005001 -o pupil.json >said
same "a pupil's file" "O'Brien & Sons|6" "$(psql -XqAt -d "$database" <<-'SQL'
	\set content `cat pupil.json`
	SELECT :'content'::jsonb #>> '{pupil,0,surname}', jsonb_array_length(:'content'::jsonb -> 'mark');
SQL
)"
same "is nobody else's to read" 600 "$(stat -c %a pupil.json)"
run export pupil --pupil B801200005001 -o pupil.json --entered-by 'Kim Oak' --title Head --reason 'the parents ask' >said
who_read="SELECT what, p.upn, r.notice_id, r.login = session_user, r.entered_by, r.title, r.reason FROM file_reading r JOIN pupil p ON p.pupil_id = r.pupil_id ORDER BY entry_id"
same "who reads it is in the journal" "pupil file|B801200005001||t|||
pupil file|B801200005001||t|Kim Oak|Head|the parents ask" "$(sql "$database" "$who_read")"
sql "$database" "CREATE ROLE client_reader LOGIN" "SELECT attendance.grant_register('register', 'client_reader', 'audit')" "REVOKE INSERT ON register.reading FROM client_reader" >said
rm pupil.json
same "who may not say so does not read" "exit 1" "$(PGUSER=client_reader run export pupil --pupil B801200005001 -o pupil.json | tail -n 1; ls pupil.json 2>/dev/null)"
sql "$database" "DROP OWNED BY client_reader" "DROP ROLE client_reader" >said
for kind in attendance sickness new-pupil deletion; do
	same "return: $kind" "exit 0" "$(run export return "$kind" | tail -n 1)"
done
run export ees --period 2025/26 --series census -o ees.csv >said
same "statistics have a meta file" "col_name" "$(head -c 8 ees.meta.csv)"

# ---------- verify, report ----------

same "the journal is kept and verified" "the journal is whole
exit 0
the journal is whole
exit 0" "$(run verify --digest-file digests --keep; run verify --digest-file digests)"
echo "900001:1:$(printf '%064d' 0)" >>digests
same "a digest that is not there is a fault" "error: school 900001, entry 1: the entry of the kept digest 900001:1:$(printf '%064d' 0) is not in the journal
exit 3" "$(run verify --digest-file digests)"
echo 'DROP' >digests
same "what is no digest" 'error: digests: "DROP" is not a digest of a journal
exit 3' "$(run verify --digest-file digests)"
# ---------- a legal file ----------

fresh
sql "$database" "INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (900001, 2, '2025-09-10', 'AM', 'O')" \
	"INSERT INTO contact (contact_id, pupil_id, full_name, is_parent) VALUES (5, 2, E'Zoë \"x\" \\\\\n& Čedo', true)" \
	"INSERT INTO penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, below_threshold_reason, without_support)
		VALUES (7, 900001, 2, 5, '{[2025-09-10 AM,2025-09-10 AM]}', '2025-09-12', 'Kim Oak', 'x', 'x')"
same "a legal file is written" "wrote 21 lines to \"n.jsonl\"
exit 0" "$(run export legal-file --notice 7 -o n.jsonl)"
run report page_legal_file --notice 7 -o n.html >said
same "who reads it is in the journal, as of a page of it" "legal file|P207000016049|7|t|||
legal file|P207000016049|7|t|||" "$(sql "$database" "$who_read")"
same "with the lines that the register makes" "" "$(psql -XqAt -d "$database" -c 'SET search_path = register, attendance' -c 'SELECT legal_file_line(7)' | cmp - n.jsonl 2>&1)"
at_issue=$(sql "$database" 'SELECT at_issue FROM legal_file_digest(7)')
whole=$(sql "$database" 'SELECT whole FROM legal_file_digest(7)')
verified="the legal file of notice 7 is as it was written
SHA-256 at issue $at_issue
SHA-256 whole    $whole"
same "it is verified without a database" "$verified 0" "$("$program" -h /nowhere -d nothing verify --legal-file n.jsonl) $?"
same "its digest is one that any program computes" "$whole" "$(head -n -1 n.jsonl | sha256sum | cut -d' ' -f1)"
same "and that at issue" "$at_issue" "$(sed '/"at issue"/,$d' n.jsonl | sha256sum | cut -d' ' -f1)"
same "and against the register" "$verified
exit 0" "$(run verify --legal-file n.jsonl --compare)"
same "as JSON" "{\"status\": \"verified\", \"notice\": 7, \"at_issue\": \"$at_issue\", \"whole\": \"$whole\"}
exit 0" "$(run --json verify --legal-file n.jsonl)"
same "from standard input, compressed" "$verified 0" "$(gzip -c n.jsonl | "$program" verify --legal-file -) $?"

# altered FILE: the first line of what is said of it
altered() { run verify --legal-file "$1" | sed -n '1p;$p' | tr '\n' ' '; }
no_digest="error: the file was altered: a digest in it is not that of the lines above it exit 3 "
no_end="error: the file was altered: it does not end with its digests exit 3 "
sed 's/"O: /"I: /; s/AM O/AM I/' n.jsonl >altered.jsonl
same "a mark was altered" "$no_digest" "$(altered altered.jsonl)"
for line in $(seq 2 "$(wc -l <n.jsonl)"); do
	sed "${line}d" n.jsonl >altered.jsonl
	[[ $(altered altered.jsonl) == "$no_digest" || $(altered altered.jsonl) == "$no_end" ]] || echo "# without line $line: $(altered altered.jsonl)"
	sed "${line}s/[0-9a-z]/~/9" n.jsonl >altered.jsonl
	[[ $(altered altered.jsonl) == "$no_digest" || $(altered altered.jsonl) == "$no_end" ]] || echo "# another byte in line $line: $(altered altered.jsonl)"
done >missed
same "each line is missed, and a byte that is another" "" "$(cat missed)"
head -c -2 n.jsonl >altered.jsonl
same "the end is missing" "$no_end" "$(altered altered.jsonl)"
{ cat n.jsonl; echo '{"section" : "since"}'; } >altered.jsonl
same "a line is added" "$no_end" "$(altered altered.jsonl)"
sed 's/$/\r/' n.jsonl >altered.jsonl
same "ends of lines are others" "$no_digest" "$(altered altered.jsonl)"
sed "s/$whole/${whole^^}/" n.jsonl >altered.jsonl
same "the digest is written otherwise" "$no_digest" "$(altered altered.jsonl)"
for file in long.csv /dev/null; do
	same "what is none: $file" "error: \"$file\" is not a legal file exit 3 " "$(altered "$file")"
done
same "nor a file that is not there" "exit 1" "$(run verify --legal-file nowhere | tail -n 1)"

sql "$database" "UPDATE mark SET mark = 'I', entered_by = 'A', title = 'Clerk', reason = 'a letter' WHERE pupil_id = 2 AND day = '2025-09-10'"
same "what was entered since is said, and is no fault" "$verified
warning: something was entered since the file was written
exit 0" "$(run verify --legal-file n.jsonl --compare)"
same "as JSON, too" ', "warnings": ["something was entered since the file was written"]}' "$(run --json verify --legal-file n.jsonl --compare | grep -o ', "warnings.*')"
sql "$database" "UPDATE penalty_framework SET source = 'another'"
same "another law is another file" "error: the register says something else of what was entered by the issue
exit 3" "$(run verify --legal-file n.jsonl --compare | sed -n '1p;$p')"
same "a notice that there is not" "error: the register has no penalty notice 8" "$(run export legal-file --notice 8 -o none.jsonl | head -n 1)"
same "and no file of it" "" "$(ls none.jsonl* 2>/dev/null)"
same "no notice" "error: export legal-file needs --notice, a notice_id" "$(run export legal-file | head -n 1)"
same "no number" 'error: invalid value "7; DROP" for --notice' "$(run export legal-file --notice '7; DROP' | head -n 1)"
same "one or the other" "error: --legal-file does not go with --digest-file and --keep" "$(run verify --legal-file n.jsonl --digest-file digests | head -n 1)"
same "of what" "error: --compare needs --legal-file" "$(run verify --compare | head -n 1)"
same "as a page" "exit 0
same" "$(run report page_legal_file --notice 7 -o page.html
	cmp page.html <(sql "$database" "SELECT page_legal_file(7)") && echo same)"
same "of a notice that has to be named" 'error: report "page_legal_file" needs --notice' "$(run report page_legal_file | head -n 1)"
database=$source

same "report" 'phase,school_urn,enrolments
Primary,900001,2
exit 0' "$(run report school_comparison --period 2025/26 --population all --schools 900001 --format csv | cut -d, -f1,2,5)"
same "no such report" 'error: there is no report "x"; "pg_attendance report --list" lists those that there are' "$(run report x --period 2025/26 | head -n 1)"
same "reports are listed" "1" "$(run report --format csv | grep -c '^school_comparison,')"
same "with their arguments, those in brackets that may be left out, and what they are made of is not" "headline,
pupils_at_risk,[from_percent] [below_percent]
similar_schools,[urn] [weights] [nearest]" "$(run report --format csv | grep -E '^(headline|pupils_at_risk|similar_schools|report_|held_line|cohort_group|band_counts|leaders_figures|school_figures)' |
	grep -v '^headline_by' | cut -d, -f1,2)"
same "with --list, too" "$(run report)" "$(run report --list)"
same "pages are among them" "page_class,school_urn registration_group
page_follow_up,school_urn [day]
page_legal_file,notice
page_pupil,school_urn pupil_id
page_school_week,school_urn
page_trust,trust_uid [threshold]" "$(run report --list --format csv | grep -E '^page_(class|follow_up|legal|pupil|school_week|trust)' | cut -d, -f1,2)"
same "a page is written as it is" "exit 0
same" "$(run report page_school_week --school 900001 --period '2025-09-08' -o page.html
	cmp page.html <(sql "$database" "SELECT page_school_week(period => '2025-09-08', school_urn => 900001)") && echo same)"
same "for one school" "error: a page is about one school: use --school" "$(run report page_school_week --schools 900001 --period 2025/26 | head -n 1)"
same "without a period, if it is about a day" "exit 0
same" "$(run report page_follow_up --school 900001 day=2025-09-08 -o page.html
	cmp page.html <(sql "$database" "SELECT page_follow_up(900001, '2025-09-08')") && echo same)"
same "which others need" 'error: report "page_school_week" needs --period, such as --period=2025/26' "$(run report page_school_week --school 900001 | head -n 1)"
same "which has to be named" 'error: report "page_school_week" needs --school' "$(run report page_school_week --period 2025/26 | head -n 1)"
same "as other arguments have" 'error: report "page_trust" needs trust_uid' "$(run report page_trust --period 2025/26 | head -n 1)"
same "in one format" "error: a page is written as HTML: --format is for reports" \
	"$(run report page_school_week --school 900001 --period 2025/26 --format csv | head -n 1)"
sql "$database" "CREATE FUNCTION numbers(period text, population text DEFAULT '', schools integer[] DEFAULT NULL)
	RETURNS TABLE (n numeric, f float8) LANGUAGE sql
	AS 'VALUES (999.995, 1.5e-300), (-0.004, 1), (-0.005, -2), (9.99499999, ''NaN''), (-99.999, 0.1), (NULL, 12345678.129)'"
same "a table as psql's has two decimals, rounded as PostgreSQL rounds" "    n    |      f
---------+-------------
 1000.00 |    1.5e-300
    0.00 |           1
   -0.01 |          -2
    9.99 |         NaN
 -100.00 |         0.1
         | 12345678.13
(6 rows)

exit 0" "$(run report numbers --period x | sed 's/ *$//')"
sql "$database" "CREATE FUNCTION names(period text, population text DEFAULT '', schools integer[] DEFAULT NULL)
	RETURNS TABLE (name text) LANGUAGE sql AS 'VALUES (chr(27) || E''a\\nb''), (''李'')'"
same "what is in a cell breaks no table: lines, control characters, wide letters" ' name
-------
 \x1Ba+
 b
 李
(2 rows)

exit 0' "$(run report names --period x | sed 's/ *$//')"
sql "$database" "DROP FUNCTION names"
same "CSV has all of them" "9.99499999,NaN" "$(run report numbers --period x --format csv | sed -n 5p)"
sql "$database" "DROP FUNCTION numbers"
same "a single row of many columns has a line for each" "enrolments                 | 2
persistently_absent        |" "$(run report headline --period 'week 2025-09-08' --population all | grep -E '^(enrolments|persistently_absent) ' | sed 's/ *$//')"
same "and the first sentence of what they are" "" "$(run report --format csv | grep -F '. ' || :)"

# ---------- other tables ----------

fresh
cat >pupils.csv <<'END'
URN,UPN,Surname,Forename,DOB,Gender,Entry Date,NC Year
900002,h801200001001,Nightingale,Flo,12/05/2016,F,01/09/2024,4
900002,B801200005001,,,,,02/09/2024,4
END
sed -i 's/h80/H80/' pupils.csv
same "pupils and their enrolments" "loaded 2 rows, 0 set aside
exit 0
H801200001001|Nightingale|2016-05-12|900002|2024-09-01|4
B801200005001|O'Brien & Sons|2016-03-01|900002|2024-09-02|4" "$(run load pupils pupils.csv
	sql "$database" "SELECT upn, surname, date_of_birth, school_urn, start_date, year_group FROM pupil JOIN enrolment USING (pupil_id)
		WHERE school_urn = 900002 AND upn IS NOT NULL ORDER BY 5")"
same "twice" "loaded 2 rows, 0 set aside
exit 0
4|5" "$(run load pupils pupils.csv; sql "$database" "SELECT (SELECT count(*) FROM pupil), (SELECT count(*) FROM enrolment)")"
printf 'upn,surname,forename,dob\nP207000016049,Nevis,Benjamin,2015-11-30\n' >changed.csv
same "what the register has otherwise is not changed" 'error: changed.csv, line 2, column "forename", value "Benjamin": the register has another forename: change it by UPDATE, with entered_by, title and reason
detail: Nothing was loaded.
exit 3' "$(run load pupils changed.csv)"
printf 'upn,surname,forename,dob\n,New,One,2015-11-30\n,New,Two,2015-11-31\n' >baddate.csv
same "a wrong day" 'error: baddate.csv, line 3, column "date_of_birth", value "2015-11-31": not a day (YYYY-MM-DD or DD/MM/YYYY; see --date-style)
detail: Nothing was loaded.
exit 3
0' "$(run load pupils baddate.csv; sql "$database" "SELECT count(*) FROM pupil WHERE surname = 'New'")"
same "set aside" 'loaded 1 rows, 1 set aside
exit 4
One' "$(run load pupils --reject r.csv baddate.csv; sql "$database" "SELECT forename FROM pupil WHERE surname = 'New'")"
printf 'pupil_id,surname,forename,dob\n50,Number,Given,2015-11-30\n' >numbered.csv
printf 'upn,surname,forename,dob\n,Number,Next,2015-11-30\n' >next.csv
same "numbers of pupils go on after those of a file" "50 51" "$(run load pupils numbered.csv >said; run load pupils next.csv >said
	sql "$database" "SELECT string_agg(pupil_id::text, ' ' ORDER BY pupil_id) FROM pupil WHERE surname = 'Number'")"
printf 'upn,name,relationship,is parent,emergency numbers\nB801200005001,Ann,mother,yes,"{""01632 960001""}"\nB801200005001,Bob,,no,\n' >contacts.csv
same "contacts, twice" "B801200005001|Ann|t|{\"01632 960001\"}
B801200005001|Bob|f|{}" "$(run load contacts contacts.csv >said; run load contacts contacts.csv >said
	sql "$database" "SELECT upn, full_name, is_parent, emergency_numbers FROM contact JOIN pupil USING (pupil_id) ORDER BY 2")"
printf 'upn,name\nH000000000000,Ann\n' >stranger.csv
same "a contact of nobody" 'error: stranger.csv, line 2, column "upn", value "H000000000000": the register has no such pupil' \
	"$(run load contacts stranger.csv | head -n 1)"
printf 'school_urn,date,morning,closure\n900001,16/09/2025,,\n900001,17/09/2025,no,polling\n' >calendar.csv
printf 'school_urn,academic_year,term,half,first_day,last_day\n900001,2025,Autumn,1,2025-09-08,2025-10-24\n' >terms.csv
same "calendar: days and half terms" "t|f|polling|2025-10-24" "$(run load calendar calendar.csv >said; run load calendar terms.csv >said
	sql "$database" "SELECT (SELECT morning FROM school_day WHERE school_urn = 900001 AND day = '2025-09-16'), morning, closure,
		(SELECT last_day FROM term_date) FROM school_day WHERE school_urn = 900001 AND day = '2025-09-17'")"
printf 'upn,characteristic,value,from_day\nB801200005001,fsm,,01/09/2025\n' >characteristics.csv
same "characteristics" "fsm|Y|2025-09-01" "$(run load characteristics characteristics.csv >said
	sql "$database" "SELECT characteristic, value, from_day FROM pupil_characteristic")"

cat >published.csv <<'END'
time_period,time_identifier,geographic_level,country_code,country_name,education_phase,num_schools,enrolments,sess_possible,sess_overall,sess_authorised,sess_unauthorised,sess_overall_percent
201819,Academic year,National,E92000001,England,Special,1,10,37308592,3778390,3000000,778390,10.12740
END
same "benchmarks" "loaded 1 files, 7 new figures
exit 0
loaded 1 files, 0 new figures
exit 0
sent|1" "$(run load benchmarks --name sent published.csv; run load benchmarks --name sent published.csv
	sql "$database" "SELECT title, count(*) FROM benchmark_file GROUP BY 1")"
sed 's/201819/x/' published.csv >unpublished.csv
same "no benchmarks" 'error: unpublished.csv, line 2: time_period "x" with time_identifier "Academic year" and time_frame "" is no period
detail: Nothing was loaded.
exit 3' "$(run load benchmarks unpublished.csv)"
same "no half-written file is left" "" "$(run export pupil --pupil nobody -o nobody.json >said; ls ./*.part 2>/dev/null)"

# ---------- progress ----------

fresh
if command -v script >/dev/null; then
	{ cat long.csv; yes "900001,B801200005001,2025-09-08,AM,/" | head -n 400000; } >many.csv 2>/dev/null || :
	script -qec "'$program' -d $database load marks many.csv" /dev/null >typescript </dev/null || :
	same "progress on a terminal: percent, bytes, rate, what is left" yes "$(tr '\r' '\n' <typescript |
		awk '/marks: [0-9]+ %, [0-9.]+ MB, [0-9]+ rows, [0-9]+ rows\/s, [0-9]+:[0-9]+ left/ { said = "yes" } END { print said }')"
else
	test=$((test + 1))
	echo "ok $test - progress # SKIP no script here"
fi

# ---------- usage ----------

database=postgres
same "a database without a register" 'error: there is no register in database "postgres"
exit 1' "$(run verify)"
database=nowhere
same "no connection" "exit 2" "$(run verify | tail -n 1)"
same "an unknown option" "error: option \"--nonsense\" is not known" "$(run --nonsense | head -n 1)"
same "an unknown command" 'error: unknown command "fly"' "$(run fly | head -n 1)"
same "help" "pg_attendance gets attendance data into and out of a register in PostgreSQL." "$("$program" --help | head -n 1)"
same "version" "pg_attendance (attendance) $EXTVERSION" "$("$program" --version)"
plan
