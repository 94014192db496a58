#!/bin/bash
#
# client_files.sh: what files of real systems look like, a table of cases for each kind: encodings,
# times, ticks, strings of marks.  Each is understood as it is meant, or refused with place and value,
# and then nothing is loaded.  Prints TAP.
set -euo pipefail

# shellcheck source=test/client/common.sh
. test/client/common.sh client_files

# One database for all cases, emptied after each: a copy for each takes too long.
fresh
emptied() {
	sql "$database" "SELECT school_urn, pupil_id, marks FROM register_line ORDER BY 1, 2" "SET session_replication_role = replica" \
		"TRUNCATE register_line, journal, journal_head, mark_nature CASCADE"
}
# is CASE ARGUMENT...: load marks gives the lines that long.csv does
is() {
	local case=$1 said
	shift
	said=$(run load marks --ignore='*' "$@")
	same "$case" "$wanted | exit 0" "$(emptied) | ${said##*$'\n'}"
	[[ ${said##*$'\n'} == "exit 0" ]] || echo "# ${said//$'\n'/$'\n'# }" >&2
}
pupils=2 # with a UPN, in the register
# refused CASE MESSAGE ARGUMENT...: of load ARGUMENT...; nothing is loaded
refused() {
	local case=$1 message=$2 said
	shift 2
	said=$(run load "$@")
	same "$case" "error: $message | exit 3 | 0 $pupils" "${said%%$'\n'*} | ${said##*$'\n'} | $(
		sql "$database" "SELECT (SELECT count(*) FROM register_line) || ' ' || (SELECT count(*) FROM pupil WHERE upn IS NOT NULL)")"
}
printable() { LC_ALL=C tr '\001-\037' '?' < <(printf %s "$1"); } # as messages show it
to() { iconv -f UTF-8 -t "$1"; } # ENCODING
big_mark=$'\xfe\xff' little_mark=$'\xff\xfe' mark=$'\xef\xbb\xbf'

# ---------- encodings, of every shape ----------

cat >page.json <<'END'
[{"data": [{"date": "2025-09-08", "session": "AM", "upn": "B801200005001", "mark": "/", "note": "Zoë €"}, {"date": "2025-09-08", "session": "PM", "upn": "B801200005001", "mark": "\\"},
 {"date": "2025-09-09", "session": "AM", "upn": "B801200005001", "mark": "I"}, {"date": "2025-09-09", "session": "PM", "upn": "B801200005001", "mark": "\\"},
 {"date": "2025-09-08", "session": "AM", "upn": "P207000016049", "mark": "L"}, {"date": "2025-09-08", "session": "PM", "upn": "P207000016049", "mark": "-"},
 {"date": "2025-09-09", "session": "AM", "upn": "P207000016049", "mark": "J1"}, {"date": "2025-09-09", "session": "PM", "upn": "P207000016049", "mark": "/"}]}]
END
xml() { # DECLARATION
	cat <<-END
		$1
		<CTfile><Header><SourceSchool><LEA>380</LEA><Estab>9001</Estab><SchoolName>Zoë €</SchoolName></SourceSchool></Header>
		<CTFpupilData><Pupil><UPN>B801200005001</UPN><Attendance><YearData><AttendSessions><AttendanceStartDate>2025-09-06</AttendanceStartDate>
		<AttendanceMarks>####/\\I/</AttendanceMarks></AttendSessions></YearData></Attendance></Pupil>
		<Pupil><UPN>P207000016049</UPN><Attendance><YearData><AttendSessions><AttendanceStartDate>2025-09-08</AttendanceStartDate>
		<AttendanceMarks>l-J1\\##</AttendanceMarks></AttendSessions></YearData></Attendance></Pupil></CTFpupilData></CTfile>
	END
}
sed 's/$/,Zoë €/; 1s/Zoë €/Comment/' long.csv >euro.csv
tr , '\t' <euro.csv >euro.txt
xml '' | tail -n +2 >euro.xml
for shape in ${SHAPES-csv txt json xml}; do
	source=euro.$shape
	[[ $shape != json ]] || source=page.json
	school=() && [[ $shape != json ]] || school=(--school 900001)
	is "$shape, UTF-8" "$source" "${school[@]}"
	for encoding in UTF-16LE UTF-16BE; do
		order=$little_mark
		[[ $encoding == UTF-16LE ]] || order=$big_mark
		{ printf %s "$order"; to $encoding <"$source"; } >file
		is "$shape, $encoding with a byte order mark" file "${school[@]}"
		to $encoding <"$source" >file
		is "$shape, $encoding without one" file "${school[@]}"
		refused "$shape, $encoding where UTF-8 is demanded" 'file: the file is in UTF-16, not in the encoding of --encoding' marks \
			--encoding utf-8 file "${school[@]}"
			to $encoding <"$source" | head -c -1 >file
		refused "$shape, $encoding that ends within a character" "file: the UTF-16 is damaged: half a character ends at byte $(stat -c %s file)" \
			marks file "${school[@]}"
		{ to $encoding <"$source"; printf '\xdc\xdc'; } >file
		refused "$shape, $encoding with half a surrogate pair" "file: the UTF-16 is damaged: half a character ends at byte $(stat -c %s file)" \
			marks file "${school[@]}"
	done
	{ printf %s "$mark"; cat "$source"; } >file
	is "$shape, a byte order mark" file "${school[@]}"
	{ printf '%s\n \xc2\xa0\n\n' "$mark$mark"; cat "$source"; } >file
	is "$shape, byte order marks and blank first lines" file "${school[@]}"
	to CP1252 <"$source" >file
	is "$shape, Windows-1252" file "${school[@]}"
	refused "$shape, Windows-1252 where UTF-8 is demanded" "file$([[ $shape == *[nl] ]] || echo ', line 2'): the text is not valid UTF-8" \
		marks --encoding utf-8 file "${school[@]}"
	printf '%s\0\0' "$little_mark" >file
	refused "$shape, UTF-32" 'file: the file is in UTF-32; save it in UTF-8' marks "${school[@]}" file
	to UTF-16 <"$source" | gzip >file
	is "$shape, UTF-16 and gzip" file "${school[@]}"
done

# what the declaration of XML says, and what the bytes are
declared() { # ENCODING REAL
	xml "<?xml version=\"1.0\" encoding=\"$1\"?>" | to "$2" >file
}
said() { # DECLARED REAL: the warning
	echo "warning: file: its declaration says $1, but it is in $2 and read as that"
}
for case in "UTF-8 UTF-8" "utf-8 UTF-16" "windows-1252 UTF-16" "UTF-16 UTF-16" "utf-16 UTF-16LE" "UTF-16BE UTF-16BE" "utf-16 UTF-8" \
	"windows-1252 CP1252" "ISO-8859-15 ISO-8859-15"; do
	read -r declared real <<<"$case"
	declared "$declared" "$real"
	is "XML that is said to be $declared and is in $real" file
	case $case in
		"utf-8 UTF-16" | "windows-1252 UTF-16" | "utf-16 UTF-8")
			same "and is said to be another" "$(said "$declared" "$real")" "$(run load marks -n file | sed -n 2p)" ;;
	esac
done
{ printf %s "$mark"; xml '<?xml version="1.0" encoding="utf-8"?>'; } >file
is "a byte order mark before an XML declaration" file
same "is no cause to warn" "loaded 8 marks of 8 rows, 0 set aside
exit 0" "$(run load marks file)"
{ printf %s "$mark"; xml '<?xml version="1.0" encoding="iso-8859-1"?>'; } >file
is "a byte order mark before an XML declaration that contradicts it" file
same "is said" "$(said iso-8859-1 UTF-8)" "$(run load marks file | sed -n 2p)"
{ printf '\n\n'; xml '<?xml version="1.0" encoding="utf-8"?>'; } >file
is "blank lines before an XML declaration" file
declared utf-8 CP1252
refused "XML whose bytes are not what it says" 'file: its declaration says utf-8, but that is not what its bytes are; see --encoding' marks file
is "unless one says what they are" --encoding windows-1252 file
declared utf-16 CP1252
refused "XML that is said to be UTF-16 and is nothing of the kind" \
	'file: its declaration says utf-16, but that is not what its bytes are; see --encoding' marks file

# ---------- CSV: separators, blank lines, no-break spaces ----------

for delimiter in ',' ';' '|' $'\t' : ^; do
	for head in 'sep=' 'SEP=' '"sep=' $'\n\n \nsep='; do
		tail=
		[[ $head != '"'* ]] || tail='"'
		{ printf '%s\r\n' "$head$delimiter$tail"; tr , "$delimiter" <long.csv; } >file
		is "$(printf '%q' "$head$delimiter$tail")" file
	done
	{ printf '%s\n' "sep=$delimiter$delimiter$delimiter"; tr , "$delimiter" <long.csv; } | to UTF-16 >file
	is "$(printf '%q' "sep=$delimiter"), saved by a spreadsheet as UTF-16" file
done
for bad in 'sep=' 'sep=""' 'sep=ab' 'sep=x' 'sep= '; do
	{ echo "$bad"; cat long.csv; } >file
	refused "$bad" "file: the first line, \"$bad\", does not name one character that separates fields" marks file
done
{ printf '\n\xc2\xa0\n  \t\n\xef\xbb\xbf\n\xa0\r\n'; tr , ';' <long.csv; } >file
is "blank first lines" file
{ printf ';;;;\n\n'; tr , ';' <long.csv; } >file
is "blank first rows" file
{ printf '\n\n'; sed '1s/mark/x/' long.csv; } >file
refused "the line of the header, below blank ones" 'file, line 3: no column has the mark' marks file
{ printf 'sep=,\n\n'; sed '4s/,I$/,Q9/' long.csv; } >file
refused "and of a row" 'file, line 6, column "mark", value "Q9": not an attendance code' marks file
for space in $'\xc2\xa0' $'\xe2\x80\xaf' $'\xef\xbb\xbf' $'\xe2\x80\x8b' $'\xe2\x80\x8e' ' ' $'\xc2\xa0 \xc2\xa0'; do
	sed "s/[^,]*/$space&$space/g" long.csv >file
	is "$(printf '%q' "$space") around values" file
	sed "s/[^,]*/\"$space&$space\"/g" long.csv | to UTF-16BE >file
	is "$(printf '%q' "$space") around values, in quotes and UTF-16" file
	sed -E "s/: \"([^\"]*)\"/: \"$space\1$space\"/g" page.json >file
	is "$(printf '%q' "$space") around values, in JSON" --school 900001 file
	sed -E "s/<(UPN|LEA|Estab|AttendanceStartDate)>([^<]*)/<\1>$space\2$space/g" euro.xml >file
	is "$(printf '%q' "$space") around values, in XML" file
done
sed 's/[^,]*/\xa0&\xa0/g' long.csv >file
is "no-break spaces of Windows-1252" file
sed "s/^/$(printf '\xa0')Zoë,/" long.csv >file
is "in another line than UTF-8" file

# ---------- times: a day of the register is a day in London ----------

lines=$wanted
sql "$database" "INSERT INTO school_day (school_urn, day) SELECT 900001, unnest('{2025-10-26,2025-10-27,2026-01-12,2026-03-29,2026-03-30}'::date[])"
not_midnight='a day begins at midnight in London, and this is another time'
no_time='there is no such time as that after the day'
no_zone='what follows the time is no time zone that is known here'
no_day='not a day (YYYY-MM-DD or DD/MM/YYYY; see --date-style)'
# dated SHAPE DAY: a file with one mark, of the morning, and in $column how the shape calls the day
dated() {
	column=day
	case $1 in
		long) printf '%s\n' school_urn,upn,day,session,mark "900001,B801200005001,\"$2\",AM,/" ;;
		halves) printf '%s\n' school_urn,upn,day,AM,PM "900001,B801200005001,\"$2\",/," ;;
		codes) printf '%s\n' 'school_urn,upn,day,session,/,L' "900001,B801200005001,\"$2\",AM,1," ;;
		wide) printf '%s\n' "school_urn,upn,$2 AM" "900001,B801200005001,/" ;;
		json) column='date' && printf '[{"urn": 900001, "upn": "B801200005001", "session": "AM", "mark": "/", "date": "%s"}]\n' "$2" ;;
		object) column='date' && printf '[{"urn": 900001, "upn": "B801200005001", "session": "AM", "mark": "/", "date": {"date": "%s", "timezone": "UTC"}}]\n' "$2" ;;
		ctf) column=AttendanceStartDate && { xml '' | sed -n "s|2025-09-06|$2|; s|>####.*|>/</AttendanceMarks></AttendSessions></YearData></Attendance></Pupil></CTFpupilData></CTfile>|; 2,4p"; } ;;
	esac >file
}
# the_day SHAPE VALUE DAY-OR-MESSAGE
the_day() {
	local said
	dated "$1" "$2"
	if [[ $3 == 2* ]]; then
		said=$(run load marks file)
		same "$1: $2 is $3" "900001|1|$3 / exit 0" "$(emptied) ${said##*$'\n'}"
	elif [[ $1 == wide ]]; then
		refused "$1: $2 is none" "file, line 1, column \"$2 AM\": $3" marks file
	else
		said=$2
		case $1 in
			json | object) refused "$1: $2 is none" "file, record 1, column \"$column\", value \"$2${4-}\": $3" marks file ;;
			ctf) refused "$1: $2 is none" "file, AttendSessions 1, column \"$column\", value \"$2\": $3" marks file ;;
			*) refused "$1: $2 is none" "file, line 2, column \"$column\", value \"$2\": $3" marks file ;;
		esac
	fi
}
while IFS='|' read -r value day; do
	the_day long "$value" "$day"
done <<-END
	2025-09-08T23:00:00Z|2025-09-09
	2025-09-08T23:00:00.000Z|2025-09-09
	2025-09-09T00:00:00+01:00|2025-09-09
	2025-09-09 00:00+01|2025-09-09
	2025-09-08 23:00:00 UTC|2025-09-09
	2025-09-08 11:00 PM GMT|2025-09-09
	2025-09-09 00:00:00 BST|2025-09-09
	2025-09-09T00:00:00 GMT+0100|2025-09-09
	20250908T230000Z|2025-09-09
	2025-09-08T18:00:00-05:00|2025-09-09
	2025-09-09T04:30:00+05:30|2025-09-09
	08/09/2025 23:00Z|2025-09-09
	9 Sep 2025 00:00 Europe/London|2025-09-09
	2025-09-09+01:00|2025-09-09
	2026-01-12T00:00:00Z|2026-01-12
	2026-01-12Z|2026-01-12
	2025-10-25T23:00:00Z|2025-10-26
	2025-10-27T00:00:00Z|2025-10-27
	2026-03-29T00:00:00Z|2026-03-29
	2026-03-29T23:00:00Z|2026-03-30
	2025-09-09T00:00:00|2025-09-09
	2025-09-09 00:00:00.000000|2025-09-09
	09/09/2025 00:00|2025-09-09
	9/9/2025 12:00:00 AM|2025-09-09
	09/09/2025 0:00|2025-09-09
	9 Sep 2025|2025-09-09
	2025-09-09 AM|2025-09-09
	2025-09-09-am|2025-09-09
	09/09/2025 morning|2025-09-09
	2025-09-08T00:00:00Z|$not_midnight
	2026-01-11T23:00:00Z|$not_midnight
	2025-10-26T23:00:00Z|$not_midnight
	2026-03-28T23:00:00Z|$not_midnight
	2025-09-08T23:00:00.001Z|$not_midnight
	2025-09-08T23:00:00.0000001Z|$not_midnight
	2025-09-09T00:00:00-01:00|$not_midnight
	2025-09-09Z|$not_midnight
	2025-09-08T09:00|$not_midnight
	2025-09-08T09:00:00|$not_midnight
	2025-09-08 09:00:00|$not_midnight
	08/09/2025 13:05|$not_midnight
	2025-09-08 12:00 PM|$not_midnight
	2025-09-08 00:00:01|$not_midnight
	2025-09-08 00:00:00.5|$not_midnight
	2025-09-08 99:99|$no_time
	2025-09-08 24:00|$no_time
	2025-09-08T25:00:00Z|$no_time
	2025-09-08 13:00 PM|$no_time
	2025-09-08 00:60|$no_time
	2025-09-08 0|$no_time
	2025-09-08 00:00:00.|$no_time
	2025-09-08T00:00:00 CET|$no_zone
	2025-09-08T00:00:00 America/New_York|$no_zone
	2025-09-08T00:00:00Z Z|$no_zone
	2025-09-08T00:00:00+99:00|$no_zone
	2025-09-08T00:00:00+01:75|$no_zone
	2025-09-08T|$no_day
	2025-09-08 later|$no_day
	99:99|$no_day
	00:00|$no_day
	1757286000|$no_day
	45908|$no_day
	2025-09-08 PM|the day names the afternoon, but the mark is for the morning
	08/09/2025 p|$no_day
END
for shape in long halves codes wide json ctf; do
	the_day $shape '2025-09-08T23:00:00Z' 2025-09-09
	the_day $shape '2025-09-09 00:00:00' 2025-09-09
	the_day $shape '2025-09-08T09:00:00' "$not_midnight"
	the_day $shape '2025-09-08 99:99' "$no_time"
	[[ $shape == wide || $shape == ctf ]] || the_day $shape '2025-09-08 PM' 'the day names the afternoon, but the mark is for the morning'
done
the_day ctf '2025-09-08 AM' 'not a day'
the_day object '2025-09-08 23:00:00.000000' 2025-09-09
the_day object '2025-09-09 00:00:00.000000' "$not_midnight" ' UTC'
the_day object '2025-09-08T23:00:00Z' 2025-09-09
the_day object '2025-09-09' 2025-09-09
printf '%s\n' school_urn,upn,day,session,mark '900001,B801200005001,2025-09-08 PM,,I' >file
same "a day that names the session" "900001|1|2025-09-08 .I exit 0" "$(said=$(run load marks file | tail -n 1); echo "$(emptied) $said")"

# every column of a day or a time, of every table
time_columns() {
	sed -n 's/.*{"\([a-z_]*\)", "\(date\|timestamptz\)",.*/\1 \2/p' "$ATT_TREE/client/tables/tables.c" | sort -u
}
of_column() { # COLUMN VALUE: file, and in $what what it is a file of
	local head row
	case $1 in
		date_of_birth) what=pupils head=upn,surname,forename row=H801200001001,a,b ;;
		to_day) what=contacts head=upn,name row=B801200005001,a ;;
		from_day) what=characteristics head=upn,characteristic row=B801200005001,fsm ;;
		day) what=calendar head=school_urn row=900001 ;;
		first_day) what=calendar head=school_urn,academic_year,term,half,last_day row=900001,2025,Autumn,1,2025-10-01 ;;
		last_day) what=calendar head=school_urn,academic_year,term,half,first_day row=900001,2025,Autumn,1,2025-09-01 ;;
		start_date) what=pupils head=school_urn,upn row=900001,B801200005001 ;;
		opened | closed) what=schools head=urn,name,phase,type,la_number row=900003,a,Primary,Academies,380 ;;
		*) what=pupils head=school_urn,upn,start_date row=900001,B801200005001,2025-09-01 ;;
	esac
	printf '%s,%s\n' "$head" "$1" "$row" "$2" >file
}
no_time_of_day='not a day with its time'
while read -r column type; do
	while IFS='|' read -r of value problem; do
		[[ $of == "$type" ]] || continue
		of_column "$column" "$value"
		refused "$column $value" "file, line 2, column \"$column\", value \"$value\": $problem" $what file
	done <<-END
		date|2025-09-08T09:00:00|$not_midnight
		date|2025-09-08T00:00:00Z|$not_midnight
		date|2025-09-08 99:99|$no_time
		date|2025-09-08 AM|$no_day
		date|yesterday|$no_day
		timestamptz|2025-09-08 99:99|$no_time
		timestamptz|2025-09-08 16:00 CET|$no_zone
		timestamptz|2025-09-08 AM|$no_time_of_day
		timestamptz|2025-09-31 10:00|$no_time_of_day
		timestamptz|now|$no_time_of_day
		timestamptz|infinity|$no_time_of_day
	END
done < <(time_columns)
same "days and times of all tables are tried" "$(time_columns | wc -l)" "$(time_columns | while read -r column _; do of_column "$column" x; cat file; done | grep -c x$)"

# in $1, a time zone of the session: those without one are London's
leaver() { # TIME: when it is said that the name was deleted
	printf '%s\n' school_urn,upn,surname,forename,dob,start_date,end_date,deletion_ground,next_school,deleted_at \
		"900001,H801200001001,a,b,2016-05-11T23:00:00Z,2025-09-01,2025-09-07T23:00:00Z,A,Elsewhere,$1" >file
	PGTZ=America/New_York PGOPTIONS='-c TimeZone=Asia/Tokyo' run load pupils file | tail -n 1
	sql "$database" "SELECT date_of_birth, end_date, deleted_at AT TIME ZONE 'UTC' FROM pupil JOIN enrolment USING (pupil_id) WHERE upn = 'H801200001001'" \
		"SET session_replication_role = replica" "DELETE FROM enrolment WHERE pupil_id IN (SELECT pupil_id FROM pupil WHERE upn = 'H801200001001')" \
		"DELETE FROM pupil WHERE upn = 'H801200001001'" "TRUNCATE journal, journal_head CASCADE"
}
for time in '2025-09-08 16:00' '08/09/2025 16:00:00' '2025-09-08T15:00:00Z' '2025-09-08T17:00:00+02:00' '8 Sep 2025 4:00 PM' '2025-09-08 16:00 BST' \
	'2025-09-08T16:00:00 Europe/London'; do
	same "deleted_at $time" "exit 0
2016-05-12|2025-09-08|2025-09-08 15:00:00" "$(leaver "$time")"
done
same "a day alone is its midnight" "2016-05-12|2025-09-08|2025-09-07 23:00:00" "$(leaver 2025-09-08 | tail -n 1)"
wanted=$lines

# ---------- day and month exchanged: the whole file, also with --reject ----------

month_first='a day only with the month first: are all days of the file so? Give --date-style mdy'
day_first='a day only with the day first: are all days of the file so? Give --date-style dmy'
# exchanged SHAPE DAY WHERE PROBLEM OPTION...: a file with a day that is one only in the other order
exchanged() {
	local shape=$1 day=$2 where=$3 problem=$4 reject
	shift 4
	dated "$shape" "$day"
	for reject in '' --reject=aside; do
		refused "$shape: $day, ${*:-day first} $reject" "file, $where: $problem" marks "$@" $reject file
	done
	same "$shape: nothing is set aside" "" "$(cat aside 2>&- || true)"
}
for shape in long halves codes; do
	exchanged $shape 01/17/2017 'line 2, column "day", value "01/17/2017"' "$month_first"
	exchanged $shape 17/01/2017 'line 2, column "day", value "17/01/2017"' "$day_first" --date-style mdy
done
exchanged long ' 9-30-25 00:00' 'line 2, column "day", value " 9-30-25 00:00"' "$month_first"
exchanged wide 09/30/2025 'line 1, column "09/30/2025 AM"' "$month_first"
exchanged wide 'Tue 30/09/2025' 'line 1, column "Tue 30/09/2025 AM"' "$day_first" --date-style mdy
exchanged json 09/30/2025 'record 1, column "date", value "09/30/2025"' "$month_first"
exchanged ctf 09/30/2025 'AttendSessions 1, column "AttendanceStartDate", value "09/30/2025"' "$month_first"
# among days that are days in both orders, in a row without a mark or with something else that is wrong
for bad in "B801200005001,09/30/2025,AM," "X,09/30/2025,EVE,Q9"; do
	printf '%s\n' urn,upn,day,session,mark 900001,B801200005001,09/09/2025,AM,/ "900001,$bad" 900001,B801200005001,09/08/2025,PM,/ >file
	refused "$bad among others" "file, line 3, column \"day\", value \"09/30/2025\": $month_first" marks --reject=aside file
done
printf '%s\n' urn,upn,day,session,mark 900001,B801200005001,31/31/2025,AM,/ 900001,B801200005001,09/09/2025,AM,/ >file
same "a day in no order is one row" "loaded 1 marks of 2 rows, 1 set aside exit 4" \
	"$(run load marks --reject=aside file | sed 's/;.*//' | paste -sd ' '; emptied >said)"
while read -r column type; do
	of_column "$column" '09/30/2025'
	for reject in '' --reject=aside; do
		refused "$column 09/30/2025 $reject" "file, line 2, column \"$column\", value \"09/30/2025\": $month_first" $what $reject file
	done
	of_column "$column" '30/09/2025'
	refused "$column 30/09/2025" "file, line 2, column \"$column\", value \"30/09/2025\": $day_first" $what --date-style mdy --reject=aside file
done < <(time_columns)

# a year that the register does not have: the day as it was read
no_year='the register has no academic year 2017/18; add_academic_year() adds it'
while IFS='|' read -r shape day iso where note; do
	dated "$shape" "$day"
	refused "$shape: $day" "file, line 2, $where: school 900001, pupil B801200005001, $iso AM: $no_year$note" marks file
	same "$shape: $day, set aside" "$no_year$note" "$(run load marks --reject=aside file >said; tail -n 1 aside | grep -o "${no_year}[^,\"]*"; emptied)"
done <<-'END'
	long|01/12/2017|2017-12-01|column "day", value "01/12/2017"| (the day is read as 2017-12-01; see --date-style)
	long|31/12/2017|2017-12-31|column "day", value "31/12/2017"| (the day is read as 2017-12-31)
	long|12/12/2017|2017-12-12|column "day", value "12/12/2017"| (the day is read as 2017-12-12)
	long|2017-12-01|2017-12-01|column "day", value "2017-12-01"|
	halves|01/12/2017|2017-12-01|column "day", value "01/12/2017"| (the day is read as 2017-12-01; see --date-style)
	wide|01/12/2017|2017-12-01|column "01/12/2017 AM", value ""| (the day is read as 2017-12-01; see --date-style)
	wide|2017-12-01|2017-12-01|column "2017-12-01 AM", value ""| (the day is read as 2017-12-01)
END

# ---------- a header in the middle: several sheets, the whole file, also with --reject ----------

repeated='the header is repeated here: is the file several sheets one below the other? load each for itself'
# sheets WHAT LINE OF-THE-FILE...: the last but one is a header
sheets() {
	local what=$1 reject
	shift
	printf '%s\n' "$@" >file
	for reject in '' --reject=aside; do
		refused "$what: ${*: -2:1} below $1 $reject" "file, line $(($# - 1)): $repeated" "$what" --ignore='*' $reject file
	done
}
row=900001,B801200005001,2025-09-08,AM,/
sheets marks urn,upn,day,session,mark $row urn,upn,day,session,mark $row
sheets marks urn,upn,day,session,mark $row 'School URN,Unique Pupil Number,Date,AM/PM,Code' $row
sheets marks urn,upn,day,session,mark $row upn,day,session,mark,urn B801200005001,2025-09-08,AM,/,900001
sheets marks urn,upn,day,session,mark $row upn,day B801200005001,2025-09-08
sheets marks urn,upn,day,session,mark $row upn,day,session,mark,urn,surname,x B801200005001,2025-09-08,AM,/,900001,a,b
sheets marks urn,upn,day,session,mark $row urn,upn,date,AM,PM 900001,B801200005001,2025-09-08,/,/
sheets marks urn,upn,day,AM,PM 900001,B801200005001,2025-09-08,/,/ urn,upn,day,AM,PM 900001,B801200005001,2025-09-08,/,/
sheets marks 'urn,upn,day,session,/,L' 900001,B801200005001,2025-09-08,AM,1, urn,upn,day,session,L,/ 900001,B801200005001,2025-09-08,AM,1,
sheets marks 'urn,upn,surname,2025-09-08 AM,2025-09-08 PM' 900001,B801200005001,x,/,/ 'urn,upn,surname,2025-09-15 AM,2025-09-15 PM' 900001,B801200005001,x,/,/
sheets marks 'urn,upn,surname,2025-09-08 AM,2025-09-08 PM' 900001,B801200005001,x,/,/ 'surname,urn,upn,Mon 15/09/2025 AM,Mon 15/09/2025 PM' x,900001,B801200005001,/,/
sheets marks 'urn,upn,2025-09-08 AM' 900001,B801200005001,/ 'urn,upn,15/09/25 AM' 900001,B801200005001,/
pupil=900001,H801200001001,Dew,Eve,2016-01-02,2024-09-01
sheets pupils urn,upn,surname,forename,dob,entry\ date $pupil urn,upn,surname,forename,dob,entry\ date $pupil
sheets pupils urn,upn,surname,forename,dob,entry\ date $pupil URN,UPN,Forename,Surname,Date\ of\ birth,Entry\ date $pupil
sheets pupils upn,surname,forename,dob H801200001001,Dew,Eve,2016-01-02 surname,forename,dob,upn Dew,Eve,2016-01-02,H801200001001
sheets contacts upn,name,relationship B801200005001,Zoe,mother name,upn,relationship Zoe,B801200005001,mother
sheets calendar urn,date,morning,closure 900001,2025-09-17,yes, urn,date,morning,closure 900001,2025-09-18,yes,
sheets calendar urn,year,term,half,from,to 900001,2025,Autumn,1,2025-09-08,2025-10-24 urn,year,term,half,from,to 900001,2025,Autumn,2,2025-11-03,2025-12-19
sheets characteristics upn,characteristic,value,from_day B801200005001,fsm,Y,2025-09-01 upn,characteristic,value,from_day B801200005001,fsm,Y,2025-09-01
sheets schools urn,name,phase,type,la_number 900003,a,Primary,Academies,380 urn,name,phase,type,la_number 900003,a,Primary,Academies,380
# words that are headings of others are no header
printf '%s\n' surname,forename,urn,upn,day,session,mark,entered_by,title,reason Day,Mark,900001,B801200005001,2025-09-08,AM,/,Mark,Day,Session >file
same "Mark Day is a pupil" "900001|1|2025-09-08 / exit 0" "$(said=$(run load marks --ignore='*' file | tail -n 1); echo "$(emptied) $said")"
printf '%s\n' 'fsm,sen,urn,upn,day,session,mark' FSM,SEN,900001,B801200005001,2025-09-08,Morning,/ >file
same "cells like the headings of columns that are not used" "900001|1|2025-09-08 / exit 0" "$(said=$(run load marks --ignore='*' file | tail -n 1); echo "$(emptied) $said")"
same "Reg Form, in Class, is a pupil" "would load 1 rows, 0 set aside exit 0" "$(printf '%s\n' urn,upn,surname,forename,dob,entry\ date,class \
	900001,H801200001001,Form,Reg,2016-01-02,2024-09-01,Class >file; run load pupils -n file | sed '1s/;.*//' | paste -sd ' ')"

# ---------- a column for each code: ticks ----------

# ticked VALUE LINES-OR-MESSAGE [CODE]: in the column of I, or of another code
ticked() {
	local code=${3:-I}
	printf '%s\n' "URN,UPN,Date,Session,/,$code" "900001,B801200005001,2025-09-08,AM,,\"$1\"" >file
	if [[ $2 == [9\ ]* ]]; then
		same "$code ticked by \"$1\"" "${2# } exit 0" "$(said=$(run load marks file | tail -n 1); echo "$(emptied) $said")"
	else
		refused "$code ticked by \"$1\"" "file, line 2, column \"$code\", value \"$1\": $2" marks file
	fi
}
for tick in 1 1.0 x X y Y yes YES t TRUE True ✓ ✔ ✔️ ☑ √ ' 1 ' $'\xc2\xa0x'; do ticked "$tick" '900001|1|2025-09-08 I'; done
for none in '' 0 0.0 n N no No NO f False FALSE na N/A n/a NULL - -- – — ☐ $'\xc2\xa0'; do ticked "$none" ' '; done
no_tick='neither a tick, such as 1 or x, nor none, such as 0 or no'
for other in 2 10 01 -1 0.5 I / ✗ ✘ on off present maybe xx ? 100% . 'not known' '#N/A' '#REF!'; do ticked "$other" "$no_tick"; done
doubtful='no code is ticked: is this one meant? Then tick it by 1 or x'
ticked N "$doubtful" N
ticked n "$doubtful" N
ticked - "$doubtful" -
ticked no ' ' N
ticked 1 '900001|1|2025-09-08 N' N
printf '%s\n' "URN,UPN,Date,Session,/,I,N" "900001,B801200005001,2025-09-08,AM,N,Y,N" >file
same "Y and N in each column" "900001|1|2025-09-08 I" "$(run load marks file >said; emptied)"
printf '%s\n' "URN,UPN,Date,Session,/,I,N" "900001,B801200005001,2025-09-08,AM,1,1,0" >file
refused "two ticks" 'file, line 2, column "I", value "1": several codes are given for one session' marks file
printf '%s\n' "URN,UPN,Date,Session,/,I" "900001,B801200005001,2025-09-08,AM,1,1" "900001,B801200005001,2025-09-08,PM,0,/" "900001,B801200005001,2025-09-09,AM,1,0" >file
same "what is set aside has no mark that could be entered by mistake" "loaded 1 marks of 3 rows, 2 set aside
exit 4
file,line 2,I,1,several codes are given for one session,900001,,B801200005001,2025-09-08,AM,,,,,
file,line 3,I,/,\"$no_tick\",900001,,B801200005001,2025-09-08,PM,,,,,
900001|1|2025-09-09 /" "$(run load marks --reject aside file | sed 's/ ([^)]*)//; s/^loaded [^:]*: */&/'; tail -n +2 aside | tr -d '\r'; emptied)"

# ---------- the text of AttendanceMarks ----------

# text TEXT LINE-OR-MESSAGE [FIRST-DAY]: of one pupil
text() {
	local day=${3:-2025-09-08}
	printf %s "$(xml '' | sed -n "s|2025-09-06|$day|; s|>####.*|>|; 2,4p")" >file
	printf '%s</AttendanceMarks>%s' "$1" '</AttendSessions></YearData></Attendance></Pupil></CTFpupilData></CTfile>' >>file
	if [[ $2 == 2* ]]; then
		same "marks $(printf '%q' "$1")" "900001|1|$2 exit 0" "$(said=$(run load marks file | tail -n 1); echo "$(emptied) $said")"
	else
		same "marks $(printf '%q' "$1")" "error: file, AttendSessions 1, column \"AttendanceMarks\": $2 exit 3 " \
			"$(run load marks file | sed 's/, value ".*": /: /' | sed -n '1p; $p' | tr '\n' ' ' | sed 's/ $//') $(emptied)"
	fi
}
want='2025-09-08 /\I\L'
tab=$'\t' nl=$'\n' cr=$'\r'
text '/\I\L' "$want"
text "$nl/\\I\\L$nl" "$want"
text "/\\${nl}I\\${nl}L" "$want"
text "/\\I${nl}\\L" "$want"
text "/\\$cr${nl}I\\${nl}${nl}L" "$want"
text "/\\$tab${tab}I\\L$tab" "$want"
text "$tab/\\I\\L" "$want"
text "$nl        /\\I\\L$nl      " "$want"
text "$nl$tab$tab$tab/\\I\\L$nl$tab$tab" "$want"
text "$nl$tab$tab/\\$nl$tab${tab}I\\$nl$tab${tab}L$nl$tab" "$want"
text "$nl    /\\$nl    I\\$nl    L$nl    " "$want"
text "/\\$nl          I\\L" "$want"
text "/\\I\\L &#13;&#10;" "$want"
text "/\\&#9;I\\&#10;L" "$want"
text "/\\I$nl${nl}\\L     $nl   " "$want"
text '/\I\L     ' "$want"
text ' \I\L' '2025-09-08 .\I\L'
text '/ I\L' '2025-09-08 /.I\L'
text '/\  L' '2025-09-08 /\..L'
text "$nl      /\\  L$nl    " '2025-09-08 /\..L'
text "$nl$tab$tab/\\  L$nl$tab" '2025-09-08 /\..L'
text "J1\\${nl}I\\L" '2025-09-08 (J1)\I\L'
text "/\\J${nl}1\\L" '2025-09-08 /\(J1)\L'
blanks='blanks beside a line break may be sessions or not: the text must be in one line'
text "$nl /\\I\\L" "$blanks"
text "/\\$nl I\\L" "$blanks"
text "$nl   /\\$nl    I\\L$nl" "$blanks"
text "$nl    /\\${nl}I\\L$nl" "$blanks"
text "/\\ ${nl}I\\L" "$blanks"
text "/\\$nl  ${nl}I\\L" "$blanks"
text "  $nl    /\\I\\L" "$blanks"
text "$nl    /\\I\\L$nl      " "$blanks"
text "$nl                    /\\I\\L$nl      " "$blanks"
text "$nl$tab  /\\I\\L$nl  $tab" "$blanks"
text $'/\\\xc2\xa0\\L' "not an attendance code: pupil B801200005001, 2025-09-09 AM"
text $'/\\\xe2\x80\x83\\L' "not an attendance code: pupil B801200005001, 2025-09-09 AM"
text $'/\\I\xef\xbb\xbfL' "not an attendance code: pupil B801200005001, 2025-09-09 PM"
# to the end of the year, and beyond it
many() { printf "%$1s" '' | tr ' ' "$2"; } # NUMBER MARK
text "/\\I\\L$(many $((2 * 327 - 5)) '#')" "$want.#"
text "/\\I\\L$(many $((2 * 327 - 4)) '#')" 'the text goes on to 2026-08-01, but the academic year ends on 2026-07-31'
beyond='the text goes on to 2026-08-01, but the academic year ends on 2026-07-31'
for fewer in 6 5 4 3 0 -500; do text "/\\I\\L$(many $((2 * 327 - fewer)) ' ')" "$want"; done
text "/\\I\\L$(many $((2 * 327 - 6)) ' ')#" "$want"
text "/\\I\\L$(many $((2 * 327 - 5)) ' ')#" "$beyond"
text "/\\I\\L$(many $((2 * 327 - 5)) ' ')- " "$beyond"
text "/\\I\\L$(many $((2 * 327 - 1)) ' ')I" "${beyond/08-01/08-03}"
text "$(many 6 '#')" 'the text goes on to 2026-08-01, but the academic year ends on 2026-07-31' 2026-07-30
text "/$(many 1000 I)" 'the text goes on to 2027-08-09, but the academic year ends on 2026-07-31'

# ---------- the same, of pupils, contacts, calendars, characteristics and benchmarks ----------

printf '%s\n' URN,UPN,Surname,Forename,DOB,Gender,EntryDate 900002,H801200001001,Zoë,Chloé,2016-05-12,F,2024-09-01 >pupils.csv
printf '%s\n' upn,name,relationship B801200005001,Zoë,mother >contacts.csv
printf '%s\n' school_urn,date,morning,closure 900001,2025-09-17,no,Zoë >calendar.csv
printf '%s\n' upn,characteristic,value,from_day B801200005001,fsm,Y,2025-09-01 >characteristics.csv
printf '%s\n' time_period,time_identifier,geographic_level,country_code,country_name,education_phase,enrolments,sess_possible,sess_overall \
	201819,Academic\ year,National,E92000001,Zoë,Special,10,37308592,3778390 >benchmarks.csv
counts() {
	sql "$database" "SELECT (SELECT count(*) FROM pupil), (SELECT count(*) FROM enrolment), (SELECT count(*) FROM contact), (SELECT count(*) FROM school_day),
		(SELECT count(*) FROM pupil_characteristic), (SELECT count(*) FROM benchmark), (SELECT count(*) FROM benchmark_file)"
}
space=$(printf '\xc2\xa0')
# A row that differs from that in the register is refused, so that each variant says the same.
for what in pupils contacts calendar characteristics benchmarks; do
	wanted="loaded 1 rows, 0 set aside exit 0" options=()
	[[ $what != benchmarks ]] || wanted="would load 1 files, 3 new figures exit 0" options=(-n)
	same "$what" "$wanted" "$(run load $what "${options[@]}" $what.csv | tr '\n' ' ' | sed 's/ $//')"
	[[ $what != pupils ]] || pupils=3
	before=$(counts)
	for variant in UTF-16 UTF-16LE UTF-16BE CP1252 mark 'sep=;' 'sep=^' blank spaces; do
		case $variant in
			UTF-16*) tr , '\t' <$what.csv | to $variant ;;
			CP1252) to CP1252 <$what.csv ;;
			mark) printf %s "$mark"; cat $what.csv ;;
			sep*) echo "$variant"; tr , "${variant#sep=}" <$what.csv ;;
			blank) printf '\n%s\n' "$space"; tr , ';' <$what.csv ;;
			spaces) sed "s/[^,]*/$space&$space/g" $what.csv ;;
		esac >file
		same "$what, $variant: the same" "$wanted $before" "$(run load $what "${options[@]}" file | tr '\n' ' ')$(counts)"
	done
	tr 1 '\377' <$what.csv >file
	refused "$what where UTF-8 is demanded" "file, line 2: the text is not valid UTF-8" $what --encoding utf-8 file
done

# ---------- what XML cannot hold: refused on the way in, replaced on the way out ----------

for character in '\001' '\010' '\033' '\037' '\xef\xbf\xbe' '\xef\xbf\xbf'; do
	code=$(printf "U+%04X" "'$(printf %b "$character")")
	named() { printf '%b%bx\n' "$1" "$character"; } # START OF A FILE
	named 'upn,surname,forename,dob\nH801200001002,a,b' >file
	sed -i 's/x$/x,2016-01-01/' file
	refused "a name with $code" "file, line 2, column \"forename\", value \"$(printable "$(sed -n 's/.*,\(b[^,]*\),.*/\1/p' file)")\": the character $code is no text, and XML cannot hold it" pupils file
	named 'school_urn,upn,day,session,mark,nature\n900001,B801200005001,2025-09-08,AM,B,a' >file
	refused "a nature with $code" "file, line 2, column \"nature\", value \"$(printable "$(sed -n '2s/.*,//p' file)")\": the character $code is no text, and XML cannot hold it" marks file
done
for text in '\\u0001' '\\ud800' '\\udc00\\ud800' '\\u0000'; do
	printf '[{"upn": "B801200005001%b", "date": "2025-09-08", "session": "AM", "mark": "/"}]' "$text" >file
	same "JSON with $text" "exit 3" "$(run load marks --school 900001 file | tail -n 1)"
done
printf 'upn,surname,forename,dob\nH801200001002,a,b\xed\xa0\x80,2016-01-01\n' >file
refused "half a surrogate pair" "file, line 2: there is half a surrogate pair, which is no character" pupils file
printf 'upn,surname,forename,dob\nH801200001002,a,b\x81,2016-01-01\n' >file
refused "a byte that is no character" "file, line 2: there is a byte that is no character, neither in UTF-8 nor in Windows-1252" pupils file

# names from before there was a constraint
database=${prefix}_1
sql "$database" "ALTER TABLE pupil DROP CONSTRAINT pupil_names_are_text" "ALTER TABLE school DROP CONSTRAINT school_name_is_text" \
	"SET session_replication_role = replica" "UPDATE pupil SET surname = 'A' || chr(1) || 'B' || chr(65534), forename = chr(31) || '<&>' || chr(65535) || 'Zoë' WHERE pupil_id = 1" \
	"UPDATE school SET name = 'S' || chr(11) WHERE urn = 900001"
run load marks long.csv >said
for export in "ctf --period 2025/26" "census --from 2025-09-01 --to 2025-12-31"; do
	read -ra words <<<"$export"
	run export "${words[@]}" --school 900001 -o out.xml >said
	same "export ${words[0]}: well-formed, with replacements" "A�B�|�<&>�Zoë" "$(psql -XqAt -d "$database" <<-'SQL'
		\set content `cat out.xml`
		SELECT surname, forename FROM xmltable('//Pupil' PASSING ((:'content')::xml) COLUMNS surname text PATH 'Surname', forename text PATH 'Forename') WHERE surname LIKE 'A%';
	SQL
	)"
done
same "and the name of the school" "<SchoolName>S�</SchoolName>" "$(run export ctf --period 2025/26 --school 900001 -o out.xml >said; grep -o '<SchoolName>S.</SchoolName>' out.xml | head -n 1)"

echo "1..$test"
