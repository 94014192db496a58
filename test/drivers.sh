#!/bin/bash
#
# drivers.sh: the drivers that BI tools and programs use read and filter every view for
# BI, and write marks, with parameters; and a database without the extension imports the
# views through postgres_fdw.  Prints TAP.
#
# The programs in test/drivers/ all print the same: of each view its columns, rows, the sum
# of its keys, and the rows that have its least key; how many sessions of a day have a code;
# and the marks that they have written to a pupil of their own.  psql says what is right.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$ATT_WORK/drivers
mkdir -p "$dir"
sources=$PWD/test/drivers
# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

psql -Xqc 'CREATE DATABASE drivers'
psql -XqAt -v ON_ERROR_STOP=1 -d drivers -f "$sources/register.sql" >/dev/null
export PGDATABASE=drivers PGUSER=driver

keys=$(psql -XAt -v ON_ERROR_STOP=1 <<-'SQL' | paste -sd ' '
	SELECT view_name || '.' || column_name FROM bi_data_dictionary WHERE is_key = 1 ORDER BY 1
SQL
)
same "there are views to read" t "$([[ $(wc -w <<<"$keys") -ge 18 ]] && echo t)"

# What a driver should print; marks of one more pupil have been written each time.
wanted() {
	local word view key
	{
		for word in $keys; do
			view=${word%.*} key=${word#*.}
			cat <<-SQL
				SELECT '$view', (SELECT count(*) FROM bi_data_dictionary WHERE view_name = '$view'), count(*), sum($key),
				    count(*) FILTER (WHERE $key = least_key)
				FROM (SELECT $key, min($key) OVER () AS least_key FROM $view) AS v;
			SQL
		done
		echo "SELECT 'filter', count(*) FROM bi_session WHERE mark_code = '/' AND date_key = 20250908;"
	} | psql -XqAt -F ' ' -v ON_ERROR_STOP=1
	echo "marks / C2"
}

# check DRIVER COMMAND...: PUPIL and KEYS are added to it
pupil=9007199254740900
check() {
	local name=$1 real
	shift
	pupil=$((pupil + 1))
	wanted >"$dir/wanted"
	real=$("$@" "$pupil" "$keys" 2>&1 | sed 's/ *$//') || :
	same "$name" "$(cat "$dir/wanted")" "$real"
}

gcc -O1 -Wall -Wextra -Werror -I"$("${PG_CONFIG:-pg_config}" --includedir)" "$sources/libpq.c" -o "$dir/libpq" \
	-L"$("${PG_CONFIG:-pg_config}" --libdir)" -lpq
check "libpq, text" "$dir/libpq" 0
check "libpq, binary" "$dir/libpq" 1

check "psycopg 2" /usr/bin/python3 "$sources/dbapi.py" psycopg2
check "psycopg 3" /usr/bin/python3 "$sources/dbapi.py" psycopg
check "psycopg 3, binary" /usr/bin/python3 "$sources/dbapi.py" psycopg-binary

# a set-up of its own: Debian's has the driver log to /tmp
export ODBCSYSINI=$dir ODBC_DRIVER=attendance
printf '[attendance]\nDriver=%s\nDebug=0\nCommLog=0\nLogdir=%s\n' \
	"$(find /usr/lib -name psqlodbcw.so -print -quit)" "$dir" >"$dir/odbcinst.ini"
check "ODBC" /usr/bin/python3 "$sources/dbapi.py" pyodbc

javac -J-XX:-UsePerfData -d "$dir" "$sources/Jdbc.java"
check "JDBC" java -XX:-UsePerfData -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$dir:/usr/share/java/postgresql.jar" Jdbc

check "node-pg" env NODE_PATH=/usr/share/nodejs:/usr/local/share/nodejs node "$sources/node.js"
check "RPostgreSQL" Rscript --vanilla "$sources/dbi.R"

# ---------- a warehouse without the extension ----------

export PGUSER=postgres
psql -XqAt -v ON_ERROR_STOP=1 <<-'SQL'
	CREATE DATABASE drivers_warehouse TEMPLATE template0;
SQL
export PGDATABASE=drivers_warehouse
psql -XqAt -v ON_ERROR_STOP=1 -v host="$PGHOST" -v port="$PGPORT" <<-SQL
	CREATE EXTENSION postgres_fdw;
	CREATE SCHEMA register;
	CREATE SERVER attendance FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'host', port :'port', dbname 'drivers');
	CREATE USER MAPPING FOR postgres SERVER attendance OPTIONS (user 'driver', password_required 'false');
	IMPORT FOREIGN SCHEMA register LIMIT TO ($(sed 's/\.[a-z_]*//g; s/ /, /g' <<<"$keys")) FROM SERVER attendance INTO register;
	ALTER DATABASE drivers_warehouse SET search_path = register;
SQL
same "postgres_fdw reads the same" "$(PGDATABASE=drivers PGUSER=driver wanted)" "$(wanted)"
same "and filters at the source" 1 "$(psql -XAt -c "EXPLAIN (VERBOSE) SELECT count(*) FROM bi_session
	WHERE school_urn = 100001 AND calendar_date = '2025-09-08'" | grep -c 'Remote SQL: SELECT count.*WHERE.*100001.*2025-09-08')"
plan
