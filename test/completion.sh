#!/bin/bash
#
# completion.sh: what bash offers for pg_attendance is what its --help says.  Prints TAP.
set -euo pipefail

PATH=$ATT_STAGE$("${PG_CONFIG:-pg_config}" --bindir):$PATH
# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh
# shellcheck source=client/bash-completion/pg_attendance
. client/bash-completion/pg_attendance

# complete_line WORD...: what is offered for the last of them, in a line; the words as bash splits them, at "=" too
complete_line() {
	COMP_WORDS=(pg_attendance "$@")
	COMP_CWORD=$#
	_pg_attendance
	echo "${COMPREPLY[*]}"
}

# options_of WORD...: the first things with two dashes in the lines of --help that are of options
options_of() {
	pg_attendance "$@" --help | awk '/^ +-/ { gsub(/,/, ""); option = $1 ~ /^--/ ? $1 : $2; sub(/=.*/, "=", option); print option }' |
		sort -u | paste -sd ' '
}

same "the first words" "export load report verify" "$(complete_line '')"
same "what begins like that" "export" "$(complete_line e)"
same "no others" "" "$(complete_line x)"

commands=0
while read -r first second; do
	commands=$((commands + 1))
	[[ ! $second ]] || ok "$first $second is offered" grep -qw -e "$second" <<<"$(complete_line "$first" '')"
	same "the options of $first $second" "$(options_of "$first" ${second:+"$second"})" \
		"$(complete_line "$first" ${second:+"$second"} --)"
done < <(pg_attendance --help | awk '$1 == "pg_attendance" && /\[OPTION\]/ { print $2, $3 ~ /^[a-z-]+$/ ? $3 : "" }')
ok "all commands" [ "$commands" -gt 15 ]

same "the returns that there are" "attendance deletion new-pupil sickness" "$(complete_line export return '')"
same "values after =" "auto csv ctf json" "$(complete_line load marks --shape =)"
same "those that begin like that" "csv ctf" "$(complete_line load marks --shape = c)"
same "values as a word of their own" "csv json table" "$(complete_line report --format '')"
same "what is after a value" "marks" "$(complete_line load -d school ma)"
same "and after a value behind =" "marks" "$(complete_line load --dbname = school ma)"
same "but a value is no word of a command" "" "$(complete_line load -d ma)"
same "a report has names that only the register knows" "" "$(complete_line report '')"

cd "$ATT_WORK"
mkdir completion
cd completion
touch week.csv 'two words.csv'
same "files" "week.csv" "$(complete_line load marks we)"
same "more files" "two words.csv" "$(complete_line load marks week.csv tw)"
same "files as values" "week.csv" "$(complete_line load marks --reject = week)"
same "of a short option" "week.csv" "$(complete_line report -o w)"
plan
