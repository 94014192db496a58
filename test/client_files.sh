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
	same "$case" "$wanted | exit 0" "$(emptied) | $(tail -n 1 <<<"$said")"
	[[ $(tail -n 1 <<<"$said") == "exit 0" ]] || echo "# ${said//$'\n'/$'\n'# }" >&2
}
pupils=2 # with a UPN, in the register
# refused CASE MESSAGE ARGUMENT...: of load ARGUMENT...; nothing is loaded
refused() {
	local case=$1 message=$2 said
	shift 2
	said=$(run load "$@")
	same "$case" "error: $message | exit 3 | 0 $pupils" "$(head -n 1 <<<"$said") | $(tail -n 1 <<<"$said") | $(
		sql "$database" "SELECT (SELECT count(*) FROM register_line) || ' ' || (SELECT count(*) FROM pupil WHERE upn IS NOT NULL)")"
}
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
for shape in csv txt json xml; do
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

echo "1..$test"
