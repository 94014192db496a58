#!/bin/bash
#
# vectors.sh: the bytes of doc/storage.md are those that are sent, received and stored, on every processor.  Prints TAP.
#
# Each row of a table there with the header | TYPE | bytes | is a text form and what its send function makes of it, in hex;
# the receive function has to make the same text of the bytes.  The summary says what of it is stored.
set -euo pipefail

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

work=$ATT_WORK/vectors
mkdir -p "$work"
psql -Xqc 'CREATE DATABASE vectors TEMPLATE att_template' -c 'ALTER DATABASE vectors SET search_path = attendance, public'

run() {
	psql -XqAt -v ON_ERROR_STOP=1 -d vectors "$@" 2>&1
}

# TYPE, text form and bytes of each row, with tabs between them
list_vectors() {
	awk -v OFS='\t' '
		/^\| [a-z_]+ \| bytes \|$/ { type = $2; next }
		!/^\|/ { type = ""; next }
		type != "" && split($0, part, "`") == 5 { print type, part[2], part[4] }
	' "$1"
}

# literal TEXT: as an SQL string
literal() {
	printf "'%s'" "${1//\'/\'\'}"
}

# The file of COPY ... (FORMAT binary) for rows of a number from 1 on and a value, from lines of hex
binary_copy_file() {
	local hex row=0
	printf 'PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0'
	while read -r hex; do
		row=$((row + 1))
		# shellcheck disable=SC2059  # a format made of \x escapes
		printf "$(printf '000200000004%08x%08x%s' "$row" $((${#hex} / 2)) "$hex" | sed 's/../\\x&/g')"
	done
	printf '\377\377'
}

# machine_order SIZE HEX: numbers of so many bytes as this processor stores them
machine_order() {
	if [[ $(printf '\1\0' | od -An -t u2) == *256* ]]; then
		echo "$2"
	else
		fold -w $(($1 * 2)) <<<"$2" | sed -E 's/../& /g' | awk '{ for (i = NF; i; i--) printf "%s", $i }'
	fi
}

# stored TYPE TEXT HEX: the bytes in a table, in hex
stored() {
	case $1 in
	session_mark | absence_code) run -c "SELECT encode(substr(mark_counts_send(($(literal "$2") || ':1')::mark_counts), 2, 1), 'hex')" ;;
	school_session) machine_order 4 "$3" ;;
	mark_series | mark_counts) echo "$3" ;;
	*) machine_order 8 "$3" ;;
	esac
}

# Behind each value stands a text of its own, by which it is found in the file of the table.
check_stored() {
	local type=$1 file row=0 text hex missing=''
	file=$(run -c "CREATE TABLE ${type}_stored AS SELECT v, format('<%s>', n) FROM ${type}_vector" -c CHECKPOINT \
		-c "SELECT encode(pg_read_binary_file(pg_relation_filepath('${type}_stored')), 'hex')")
	while IFS=$'\t' read -r _ text hex; do
		row=$((row + 1))
		[[ $file =~ $(stored "$type" "$text" "$hex")..$(printf '<%s>' "$row" | od -An -t x1 | tr -d ' \n') ]] || missing+=" $text"
	done
	same "$type is stored in these bytes" "" "$missing"
}

check_type() {
	local type=$1 file=$work/$1 text hex
	while IFS=$'\t' read -r _ text hex; do
		same "bytes of $type $text" "$hex" "$(run -c "SELECT encode(${type}_send($(literal "$text")::$type), 'hex')")"
	done <"$file"
	cut -f 3 "$file" | binary_copy_file >"$file.copy"
	same "documented values of $type are received" "$(cut -f 2 "$file")" "$(run -c "CREATE TABLE ${type}_vector (n integer, v $type)" \
		-c "\\copy ${type}_vector FROM '$file.copy' (FORMAT binary)" -c "SELECT v FROM ${type}_vector ORDER BY n")"
	check_stored "$type" <"$file"
}

types=$(run -c "SELECT typname FROM pg_type WHERE typnamespace = 'attendance'::regnamespace AND typtype = 'b' AND typelem = 0 ORDER BY 1")
same "doc/storage.md has vectors of every type" "$types" "$(list_vectors doc/storage.md | cut -f 1 | sort -u)"
for type in $types; do
	list_vectors doc/storage.md | grep -P "^$type\t" >"$work/$type"
	check_type "$type"
done
plan
