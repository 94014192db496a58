#!/bin/bash
#
# docs.sh: README.md and doc/*.md say what is true.  Prints TAP.
#
# Examples.  The ```sql blocks of a document are run in order, in one session on an
# empty database of its own, where the extension can be created.  A ```text block
# that follows one (blank lines between them do not matter) is what psql -Xq then
# prints, with footer off, null NULL and no context of errors; blanks at the ends of lines do not count.
# A block without one just has to run without an error.  The line <!-- not run -->
# before a block exempts it.
#
# The pages of doc/roles share the register that doc/roles/README.md makes: each is run
# in a transaction that is taken back.  A row of a table there that has `SELECT ...` is a
# question; it is asked where it stands, and has to have an answer.  The answers to people
# are such as they can read (make_answer_problems), with the rights that the page names.
#
# Reference.  Every function of the extension that users call stands in
# doc/reference.md with its name and arguments: `mark_at(series mark_series, day date,
# session text)`, and every type and operator; what is internal, in a section of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$ATT_WORK/docs
tests=0
export PGCLIENTENCODING=UTF8 PGDATESTYLE='ISO, YMD' PGTZ=UTC PGOPTIONS='-c lc_messages=C'

# report NAME PROBLEM: one test, passed if there is no problem
report() {
	tests=$((tests + 1))
	if [[ ! $2 ]]; then
		echo "ok $tests - ${1//#/\\#}"
	else
		echo "not ok $tests - ${1//#/\\#}"
		printf '# %s\n' "$1" "${2//$'\n'/$'\n'# }" >&2 # prove passes it on
	fi
}

# same WANTED REAL: nothing, or what to say
same() {
	[[ $1 == "$2" ]] || printf 'wanted:\n%s\nreal:\n%s\n' "$1" "$2"
}

# ---------- examples ----------

# split_blocks DOCUMENT DIR: blocks as DIR/LINE.sql, their output as DIR/LINE.expected
split_blocks() {
	awk -v dir="$2" '
		/^[ \t]+```sql/ { print FILENAME ":" FNR ": an indented block is not run"; exit 1 }
		fence == "" && /^```sql[ \t]*$/ {
			fence = "sql"; line = FNR; skip = not_run; not_run = 0
			file = dir "/" line ".sql"
			if (!skip) printf "" >file
			next
		}
		fence == "" && /^```(text)?[ \t]*$/ && after {
			fence = "text"; after = 0
			file = dir "/" line ".expected"
			if (!skip) printf "" >file
			next
		}
		fence == "" && /^```/ { fence = "other"; after = 0; next }
		fence != "" && /^```[ \t]*$/ {
			if (fence != "other" && !skip) close(file)
			after = fence == "sql"; fence = ""
			next
		}
		fence == "other" { next }
		fence != "" { if (!skip) print >file; next }
		/^[ \t]*$/ { next }
		{ not_run = /^<!-- not run -->[ \t]*$/; after = 0 }
		END { if (fence != "") { print FILENAME ": a block has no end"; exit 1 } }
	' "$1"
}

# split_questions DOCUMENT DIR READER: the questions as blocks, which say what is wrong with their answers
split_questions() {
	awk -F '`' -v dir="$2" -v reader="$3" '
		/^\|/ {
			for (part = 2; part < NF; part += 2) {
				if ($part !~ /^SELECT /) continue
				file = dir "/" FNR ".sql"
				printf "SELECT * FROM answer_problems($question$%s$question$, \047%s\047);\n", $part, reader >file
				printf " problem\n---------\n\n" >(dir "/" FNR ".expected")
			}
		}' "$1"
}

# Those who read answers, not programs: at a school, whose questions are about it or a pupil, and of many schools, whose lists are cut.
readers=' class-teacher attendance-officer head-teacher senior-champion senco safeguarding-lead governor parent inspector '
readers+='trust-lead authority-lead virtual-school-head legal-officer '

# answer_problems(question, reader): an answer has rows.  One for readers is a screen of lines that they understand:
# no numbers of pupils and schools for their names, no codes without words, no ranges, no more than two decimals.
# A governor is told of nobody, a parent of no other child.
make_answer_problems() {
	psql -Xqd "$1" -v ON_ERROR_STOP=1 <<-'SQL'
		-- names that readers without rights on them are not to read
		CREATE VIEW public.pupil_name AS SELECT pupil_id, surname AS name FROM register.pupil;
		CREATE VIEW public.school_name AS SELECT trust_uid, name FROM register.school;
		GRANT SELECT ON public.pupil_name, public.school_name TO PUBLIC;
		CREATE FUNCTION public.answer_problems(question text, reader text) RETURNS TABLE (problem text)
		    LANGUAGE plpgsql AS $function$
		DECLARE
		    answers jsonb;
		    wide boolean := reader IN ('trust-lead', 'authority-lead', 'virtual-school-head', 'legal-officer');
		BEGIN
		    EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(q)), ''[]'') FROM (%s) AS q', question) INTO answers;
		    RETURN QUERY
		    WITH item AS (
		        SELECT i.key, i.value, i.value #>> '{}' AS said FROM jsonb_array_elements(answers) AS a (line), jsonb_each(a.line) AS i)
		    SELECT 'no answer' WHERE answers = '[]'
		    UNION ALL SELECT 'it is about every school' WHERE reader <> '' AND NOT wide AND question !~ '90000[1-3]|pupil|case_|regime_code'
		    UNION ALL SELECT 'more than 40 lines' WHERE reader <> '' AND jsonb_array_length(answers) > 40
		    UNION ALL SELECT DISTINCT format('more than 9 columns: %s', (SELECT count(DISTINCT i.key) FROM item i)) FROM item
		    WHERE reader <> '' AND (SELECT count(DISTINCT i.key) FROM item i) > 9
		    UNION ALL SELECT 'it lists all pupils or schools of an authority' WHERE wide AND answers @? '$[*] ? (exists (@.surname) || exists (@.school))'
		        AND question !~ 'LIMIT \d|trust_uid = \d|90000[1-3]|pupil_id = \d'
		    UNION ALL SELECT 'it names ' || s.name FROM public.school_name s
		    WHERE reader = 'trust-lead' AND s.trust_uid IS NULL AND answers::text LIKE '%' || s.name || '%'
		    -- of England, and of the year before, there is nothing in the register of these pages
		    UNION ALL SELECT 'nothing in ' || key FROM item WHERE reader <> '' AND key !~ '(england|year_before)$' GROUP BY key HAVING count(nullif(said, '')) = 0
		    UNION ALL SELECT format('nobody understands %s: %s', key, left(min(said), 60)) FROM item
		    WHERE reader <> '' AND (key ~ '(_id|_urn|upn)$' OR said ~ '^([A-Z][A-Z0-9]?|[\[{(].*,.*)$' AND said NOT IN ('AM', 'PM')
		        OR jsonb_typeof(value) IN ('array', 'object') OR said ~ '^-?\d+[.]\d{3}|^[^<]*\d\d:\d\d:\d\d[.]\d' OR reader <> 'governor' AND said LIKE '%<b>c</b>%')
		    GROUP BY key
		    UNION ALL SELECT DISTINCT format('%s names %s', key, p.name) FROM item, public.pupil_name p
		    WHERE said LIKE '%' || p.name || '%'
		        AND (reader = 'governor' OR reader = 'parent' AND question !~ ('\m' || p.pupil_id || '\M'));
		END $function$;
	SQL
}

# The blocks of a directory by their line numbers, in order.
blocks_of() {
	find "$1" -name '*.sql' -printf '%f\n' | sed 's/\.sql$//' | sort -n
}

# run_blocks DATABASE DIR [BEFORE]: what each block prints, as DIR/LINE.real
run_blocks() {
	local block
	{
		printf '\\pset footer off\n\\pset null NULL\n\\pset pager off\n\\set SHOW_CONTEXT never\n%s\n' "${3:-}"
		for block in $(blocks_of "$2"); do
			printf '\\echo @@@ %s\n' "$block"
			cat "$2/$block.sql"
		done
	} >"$2/session"
	psql -Xq -d "$1" <"$2/session" 2>&1 |
		awk -v dir="$2" '
			/^@@@ [0-9]+$/ { file = dir "/" $2 ".real"; printf "" >file; next }
			file == "" { print "unexpected: " $0 >"/dev/stderr"; next }
			{ print >file }'
}

# Without blanks at the ends of lines, and empty lines at the end.
trimmed() {
	local text
	text=$(sed 's/[ \t]*$//' "$1")
	printf '%s\n' "$text"
}

# block_problem FILE: what is wrong with a block that has run, if anything is
block_problem() {
	local file=$1 last
	last=$(grep -vE '^[ \t]*(--|$)' "$file.sql" | tail -n 1) || :
	if [[ $last != *\; && $last != \\* && $last != *\\g* ]]; then
		echo "the block does not end with a complete command"
	elif [[ ! -e $file.real ]]; then
		echo "the block did not run"
	elif [[ -e $file.expected ]]; then
		diff -U 20 --label document --label psql \
			<(trimmed "$file.expected") <(trimmed "$file.real") || :
	else
		grep -E '^(ERROR|FATAL|PANIC|server closed|psql:|invalid command)' "$file.real" || :
	fi
}

# Documents begin alike.  What takes a second each time is run once, and each gets a copy of the database.
extension='CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;'
register="$extension
SELECT attendance.create_register('register')"

make_openings() {
	psql -Xqc 'CREATE DATABASE docs_extension'
	psql -Xqd docs_extension -v ON_ERROR_STOP=1 <<<"$extension"
	psql -Xqc 'CREATE DATABASE docs_register TEMPLATE docs_extension'
	psql -Xqd docs_register -v ON_ERROR_STOP=1 -c "SELECT attendance.create_register('register')" >/dev/null
}

# take_opening DIR: takes it out of the first block, if nothing is said of what that prints; the database that has it
take_opening() {
	local file text opening database=template1
	file=$1/$(blocks_of "$1" | head -n 1)
	text=$(<"$file.sql")
	[[ ! -e $file.expected ]] || { echo $database; return; }
	for opening in "$register;" "$register \\g /dev/null" "$extension"; do
		[[ $database == template1 && $text == *"$opening"* ]] || continue
		[[ $opening == "$extension" ]] && database=docs_extension || database=docs_register
		printf '%s\n' "${text/"$opening"/}" >"$file.sql"
	done
	echo $database
}

check_examples() {
	local document=$1 database dir block problem
	database=docs_$(tr "A-Z/-" "a-z__" <<<"${document%.md}") # README.md and doc/README.md are two
	dir=$work/$database
	mkdir -p "$dir"
	if ! problem=$(split_blocks "$document" "$dir"); then
		report "$document can be read" "$problem"
		return
	fi
	[[ $(blocks_of "$dir") ]] || return 0
	psql -Xqc "CREATE DATABASE $database TEMPLATE $(take_opening "$dir")"
	run_blocks "$database" "$dir"
	for block in $(blocks_of "$dir"); do
		report "$document:$block" "$(block_problem "$dir/$block")"
	done
}

# The register of the pages of roles is made once; what a page does to it is taken back.
# A page's reader has the rights that it names above its first block, and no others, whatever role the block takes.
check_roles() {
	local document dir block role reader purposes
	check_examples doc/roles/README.md
	make_answer_problems docs_doc_roles_readme
	for document in doc/roles/[a-z]*.md; do
		role=$(basename "$document" .md)
		dir=$work/$role
		mkdir -p "$dir"
		split_blocks "$document" "$dir"
		reader=$role
		[[ $readers == *" $role "* ]] || reader=
		split_questions "$document" "$dir" "$reader"
		# shellcheck disable=SC2016 # the marks of Markdown
		purposes=$(sed '/^```/,$d' "$document" | grep -oE '`[a-z]+`' | tr -d '`' | paste -sd,)
		sed -i 's/^SET ROLE .*;$/SET ROLE docs_reader;/' "$dir"/*.sql
		run_blocks docs_doc_roles_readme "$dir" "\\set ON_ERROR_ROLLBACK on
			SET search_path = register, public, attendance;
			BEGIN;
			CREATE ROLE docs_reader;
			SELECT grant_register('register', 'docs_reader', p) FROM unnest('{$purposes}'::text[]) AS p \\g /dev/null"
		for block in $(blocks_of "$dir"); do
			report "$document:$block" "$(block_problem "$dir/$block")"
		done
	done
}

# ---------- a database with the extension, to look things up in ----------

db_query() {
	psql -XqAt -v ON_ERROR_STOP=1 -d docs_catalog "$@"
}

make_catalog() {
	psql -Xqc 'CREATE DATABASE docs_catalog TEMPLATE att_template' \
		-c 'ALTER DATABASE docs_catalog SET search_path = attendance, public'
}

# ---------- reference ----------

# members INTERNAL: members of the extension as the reference is to show them, internal ones
# (true) or those for users (false).  Left out: functions that implement types, operator
# classes, comparison, ranges, aggregates, triggers and the planner's support.
members() {
	db_query -v internal="$1" <<-'SQL'
		WITH member AS (
		    SELECT d.classid, d.objid
		    FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
		    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'attendance'
		), implementation AS (
		    SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze]::oid[]) AS oid
		    FROM pg_type
		    UNION SELECT amproc::oid FROM pg_amproc
		    UNION SELECT o.oprcode FROM pg_amop a JOIN pg_operator o ON o.oid = a.amopopr
		    UNION SELECT oprcode FROM pg_operator WHERE oprname = '<>'
		    UNION SELECT unnest(ARRAY[rngcanonical, rngsubdiff]::oid[]) FROM pg_range
		    UNION SELECT unnest(ARRAY[aggtransfn, aggcombinefn, aggserialfn, aggdeserialfn]::oid[]) FROM pg_aggregate
		    UNION SELECT aggfinalfn FROM pg_aggregate WHERE aggtranstype = 'bytea'::regtype
		    UNION SELECT oid FROM pg_proc WHERE prorettype IN ('trigger'::regtype, 'event_trigger'::regtype)
		    UNION SELECT prosupport FROM pg_proc
		)
		SELECT format('%s(%s)', p.proname, (
		    SELECT string_agg(concat_ws(' ',
		        CASE a.mode WHEN 'v' THEN 'VARIADIC' END, nullif(a.name, ''), format_type(a.type, NULL)), ', ' ORDER BY a.n)
		    FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes)
		        WITH ORDINALITY AS a(type, name, mode, n)
		    WHERE coalesce(a.mode, 'i') IN ('i', 'b', 'v')))
		FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
		WHERE p.oid NOT IN (SELECT oid FROM implementation WHERE oid IS NOT NULL)
		    AND (obj_description(p.oid, 'pg_proc') LIKE 'Internal: %') = :internal
		UNION ALL
		SELECT format_type(t.oid, NULL) || '`'
		FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
		WHERE NOT :internal AND t.typtype IN ('b', 'd', 'e', 'r', 'm') AND t.typelem = 0
		UNION ALL
		SELECT DISTINCT format('%s %s %s', nullif(o.oprleft, 0)::regtype, o.oprname, o.oprright::regtype)
		FROM member m JOIN pg_operator o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid
		WHERE NOT :internal AND o.oprname NOT IN ('<', '<=', '=', '<>', '>=', '>')
		ORDER BY 1
	SQL
}

# check_part WHAT INTERNAL PART OTHER: these members stand in one part of the document and not in the other.
# A default value in the document's signature is no part of the name.
check_part() {
	local member missing='' count=0 part other
	part=$(sed -E 's/ DEFAULT [^,)]*//g' <<<"$3")
	other=$(sed -E 's/ DEFAULT [^,)]*//g' <<<"$4")
	while IFS= read -r member; do
		count=$((count + 1))
		grep -qF -- "\`$member" <<<"$part" || missing+=$'\n'$member
		[[ $member != *'('* ]] || ! grep -qF -- "\`$member" <<<"$other" || missing+=$'\n'"in the other part: $member"
	done < <(members "$2")
	((count > 50)) || missing="only $count members found"
	report "doc/reference.md has $1" "${missing:+missing:$missing}"
}

# What users call stands before the section Internal, the rest in it: what it is, its comment says.
check_reference() {
	local users internal
	users=$(sed '/^## Internal$/,$d' doc/reference.md)
	internal=$(sed -n '/^## Internal$/,$p' doc/reference.md)
	check_part "every function, type and operator for users" false "$users" "$internal"
	check_part "every internal function, as its comment calls it" true "$internal" "$users"
}

# The rules stand in the guide and in the reference as the extension lists them.
check_rules() {
	local sqlstate rule regulation binding missing='' count=0
	while IFS='~' read -r sqlstate rule regulation binding; do
		count=$((count + 1))
		grep -F -- "| \`$sqlstate\` | $rule |" doc/law.md | grep -F -- "| $regulation |" | grep -qF -- "| $binding |" ||
			missing+=$'\n'"doc/law.md: $sqlstate $rule, $regulation, $binding"
		grep -F -- "\`$sqlstate\`" doc/reference.md | grep -qF -- "$rule" || missing+=$'\n'"doc/reference.md: $sqlstate $rule"
	done < <(db_query <<<"SELECT concat_ws('~', sqlstate, rule, regulation,
		CASE WHEN school_types IS NULL THEN 'every school' WHEN school_types = '{}' THEN 'nobody: guidance'
			ELSE 'maintained and special schools' END) FROM attendance.register_rules()")
	((count)) || missing='no rules found'
	report "the rules are documented" "${missing:+missing:$missing}"
}

# What is in a register is documented as the catalogue has it.
check_register_reference() {
	local real
	db_query <<<"SELECT create_register('register')" >/dev/null
	real=$(psql -XAtq -v ON_ERROR_STOP=1 -d docs_catalog -f tools/register-reference.sql 2>&1) || :
	report "doc/register_reference.md is what make register-reference writes" \
		"$(diff -U 0 --label document --label catalogue doc/register_reference.md <(printf '%s\n' "$real") 2>&1 | head -n 40 || :)"
}

# So are the pictures: each has the id of its graph.
check_pictures() {
	local real
	real=$(psql -XAtq -v ON_ERROR_STOP=1 -d docs_catalog -f tools/register-pictures.sql 2>&1 |
		sed -E 's|^(\w+)\t[^{]*\{ id="(\w+)".*|doc/images/\1.svg:<g id="\2" class="graph"|' | sort) || :
	report "doc/images has the pictures that make register-reference makes" "$(diff -U 0 --label images --label catalogue \
		<(grep -oE '^<g id="\w+" class="graph"' doc/images/register*.svg | sort) <(echo "$real") || :)"
}

# ---------- the book ----------

check_contents() {
	local document missing=''
	for document in doc/*.md doc/roles/*.md; do
		[[ $document == doc/README.md ]] || grep -qF "](${document#doc/})" doc/README.md || missing+=" $document"
	done
	report "doc/README.md lists every document" "$missing"
}

# Where a change goes is worth nothing if the file has another name by now.
check_architecture() {
	# shellcheck disable=SC2016 # the marks of Markdown
	report "architecture.md names files that there are" "$(grep -oE '`(src|sql|register|client|test|make|tools)/[a-z0-9_/]+[.][a-z]+`' doc/architecture.md |
		tr -d '`' | sort -u | while read -r file; do [[ -e $file ]] || echo "$file"; done)"
}

# One spelling of the search path, with a register and without.
check_search_path() {
	report "the search path is spelt one way" "$(grep -nE 'SET search_path (=|TO)' README.md doc/*.md doc/roles/*.md demo/*.sql |
		grep -vE 'SET search_path = (register, )?public, attendance;|pg_temp' || :)"
}

# The table of expectations in doc/guidance.md: number, words, SQL and how it is shown, with tabs between them.
list_expectations() {
	awk -F ' [|] ' '/^[|] [A-Z][0-9]+[.][0-9]+ [|] / {
		sub(/^[|] /, "", $1); gsub(/\140/, "", $3); sub(/ [|]$/, "", $4)
		print $1 "\t" $2 "\t" $3 "\t" $4
	}' doc/guidance.md
}

# Every expectation stands there, as it is in a register, with SQL that serves it: it is run where the examples were.
check_guidance() {
	local id says query how count=0
	report "doc/guidance.md has every expectation, and how it is shown" "$(diff -U 0 --label register --label document \
		<(psql -XqAt -F $'\t' -d docs_doc_guidance -c "SELECT expectation, says, CASE shown_by WHEN 'register' THEN 'shown'
			WHEN 'record' THEN 'recorded' ELSE 'attested' END FROM register.expectation" | sort) \
		<(list_expectations | cut -f 1,2,4 | sort))"
	while IFS=$'\t' read -r id says query how; do
		count=$((count + 1))
		report "doc/guidance.md: what serves $id ($how: $says)" "$(
			PGOPTIONS="$PGOPTIONS -c search_path=register,public,attendance" psql -XqAt -v ON_ERROR_STOP=1 \
				-d docs_doc_guidance -c "$query" 2>&1 >/dev/null | grep -vE '^(WARNING|HINT)' || :)"
	done < <(list_expectations)
	((count > 100)) || report "doc/guidance.md has a table of expectations" "only $count rows"
}

# What the sources raise, C by PostgreSQL's macros and SQL by its names of conditions.
raised() {
	local codes
	codes=$("${PG_CONFIG:-pg_config}" --sharedir)/errcodes.txt
	{
		grep -rhoE '\bERRCODE_[A-Z_]+' src
		grep -rhoE "ERRCODE = '[a-z_]+'" sql | cut -d "'" -f 2
	} | sort -u | awk 'NR == FNR { if (length($1) == 5 && NF > 2) { code[$3] = $1; code[$4] = $1 } next }
		$1 in code { print code[$1] }' "$codes" - | sort -u
}

check_sqlstates() {
	local code missing='' count=0
	while IFS= read -r code; do
		count=$((count + 1))
		grep -q "^| .*\`$code\`.* |" doc/troubleshooting.md || missing+=" $code"
	done < <(raised)
	((count > 20)) || missing+=" only $count found"
	report "doc/troubleshooting.md has every SQLSTATE that is raised" "$missing"
}

# ---------- main ----------

mkdir -p "$work"
make_openings
for document in README.md doc/*.md; do
	check_examples "$document"
done
check_roles
make_catalog
check_reference
check_rules
check_register_reference
check_pictures
check_contents
check_architecture
check_search_path
check_guidance
check_sqlstates
echo "1..$tests"
