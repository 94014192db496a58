#!/bin/bash
#
# release.sh: tools/check-release says what is not yet as a release has to be, each thing in words, and nothing of a tree that
# is ready; a script that was released is as it was; tools/update-script writes what it can, and names the rest.  Prints TAP.
set -euo pipefail

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

dir=$ATT_WORK/release
mkdir -p "$dir"
cp -a attendance.control META.json ./*.md doc debian make "$dir/"
mkdir -p "$dir"/{tools,test/upgrade}
cp tools/check-release "$dir/tools/"
version=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" attendance.control)

# what_is_missing: as it is said
what_is_missing() { "$dir/tools/check-release" --text 2>/dev/null | sed -n 's/^not yet: //p'; }

# ---------- a tree that is ready ----------

cat >"$dir/CHANGELOG.md" <<END
# Changelog

## [Unreleased]

## [$version] - 2026-12-01

### Upgrade notes

None.
END
touch "$dir/test/upgrade/attendance--$version.sql.gz"
sed -i 's/^{$/{ "resources": { "homepage": "https:\/\/www.example.org\/" },/' "$dir/META.json"
find "$dir/debian" -type f -exec sed -i 's/attendance\.invalid/example.org/; 1s/UNRELEASED/unstable/' {} +
sed -i -E "s/([Uu]ntil )?[Vv]ersion ${version//./\\.} is (not )?released/It is there/; s/No release has been made/It is there/" \
	"$dir"/*.md "$dir"/doc/*.md
same "nothing is missing in a tree that is ready" '' "$(what_is_missing)"
# shellcheck disable=SC2317 # called by ok
ready() { "$dir/tools/check-release" --text >/dev/null; }
ok "and it ends with 0" ready

# ---------- and one that is not ----------

# lacks SAYS FILE COMMAND...: with the file changed so it says that, and that alone
lacks() {
	local says=$1 file=$2 status=0
	shift 2
	cp "$dir/$file" "$dir/kept"
	"$@" "$dir/$file"
	same "$says" "$says" "$(what_is_missing | cut -c "-${#says}")"
	"$dir/tools/check-release" --text >/dev/null 2>&1 || status=$?
	same "and it ends with 1" 1 "$status"
	cp "$dir/kept" "$dir/$file"
}
lacks "CHANGELOG.md has no section [$version]" CHANGELOG.md sed -i "s/\[$version\]/[9.9.9]/; s/9\.9\.9\] - .*/Unreleased]/"
lacks "CHANGELOG.md: the section [$version] has no date" CHANGELOG.md sed -i 's/ - 2026-12-01//'
lacks "CHANGELOG.md: there is something under [Unreleased]" CHANGELOG.md sed -i 's/^## \[Unreleased\]/&\n\n- more/'
lacks "CHANGELOG.md: [$version] has no upgrade notes" CHANGELOG.md sed -i '/Upgrade notes/d'
lacks "SQL_UPDATES has no sql/attendance--0.0.9--$version.sql" CHANGELOG.md sed -i "\$a## [0.0.9] - 2026-11-01"
lacks "a release would say that there is none: ./README.md" README.md sed -i "\$aVersion $version is not released."
lacks "debian/changelog is for nowhere" debian/changelog sed -i '1s/unstable/UNRELEASED/'
lacks "META.json has no resources" META.json sed -i 's/"resources"/"x_resources"/'
lacks "debian/ has an address that cannot be written to: debian/control.in" debian/control.in sed -i 's/@example.org/@example.invalid/'
mv "$dir/test/upgrade/attendance--$version.sql.gz" "$dir/kept"
same "a script that was not kept" "test/upgrade has no attendance--$version.sql.gz, from which later versions are tested: make freeze" "$(what_is_missing)"

# ---------- scripts ----------

kept=test/upgrade/attendance--$version.sql.gz
if [[ -e $kept ]]; then
	ok "what $version installs is what was released: after that, SQL changes in another version" cmp -s <(gzip -dc "$kept") "sql/attendance--$version.sql"
fi

cp tools/released "$dir/tools/"
touch "$dir/test/upgrade/attendance--$version.sql.gz"
same "no script leads to a version that was released" \
	"released: $version was released; what changes is of a later version: attendance.control, META.json and debian/changelog name it" \
	"$("$dir/tools/released" update 2>&1)"

cat >"$dir/old.sql" <<'SQL'
-- complain
\echo Use "CREATE EXTENSION attendance" to load this file. \quit
CREATE FUNCTION same(a text DEFAULT 'x;', b integer[] DEFAULT ARRAY[1, 2]) RETURNS text LANGUAGE sql RETURN a || '-- not a comment';
CREATE FUNCTION body(a integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
        SELECT CASE WHEN a > 0 THEN 1 END;
    END;
COMMENT ON FUNCTION body(integer) IS 'before';
CREATE FUNCTION result(a integer) RETURNS TABLE (b integer) LANGUAGE sql AS $$ SELECT 1; SELECT 2 $$;
CREATE FUNCTION gone() RETURNS integer LANGUAGE sql RETURN 1;
COMMENT ON FUNCTION gone() IS 'is gone';
CREATE TYPE colour AS ENUM ('red');
SQL
cat >"$dir/new.sql" <<'SQL'
CREATE FUNCTION same(a text DEFAULT 'x;', b integer[] DEFAULT ARRAY[1, 2]) RETURNS text LANGUAGE sql RETURN a || '-- not a comment';
-- what is said about a statement is no change of it; don't
CREATE FUNCTION body(a integer DEFAULT 1) RETURNS integer
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
        SELECT CASE WHEN a > 0 THEN 2 END;
    END;
COMMENT ON FUNCTION body(integer) IS 'after';
CREATE FUNCTION result(a integer) RETURNS TABLE (b integer, c integer) LANGUAGE sql AS $$ SELECT 1; SELECT 2, 3 $$;
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE FUNCTION added() RETURNS colour LANGUAGE sql RETURN 'red';
SQL
status=0
tools/update-script "$dir/old.sql" "$dir/new.sql" >"$dir/update.sql" 2>"$dir/by_hand" || status=$?
same "what has to be written by hand is named" "update-script: to be written by hand: CREATE FUNCTION result(a integer) RETURNS TABLE (b integer) LANGUAGE sql AS \$\$ SELECT 1; SELECT 2 \$\$
update-script: to be written by hand: CREATE FUNCTION gone() RETURNS integer LANGUAGE sql RETURN 1
update-script: to be written by hand: COMMENT ON FUNCTION gone() IS 'is gone'
update-script: to be written by hand: CREATE TYPE colour AS ENUM ('red')
1" "$(cat "$dir/by_hand"; echo "$status")"
same "all else is in the script" "CREATE OR REPLACE FUNCTION body(a integer DEFAULT 1) RETURNS integer
COMMENT ON FUNCTION body(integer) IS 'after';
CREATE FUNCTION result(a integer) RETURNS TABLE (b integer, c integer) LANGUAGE sql AS \$\$ SELECT 1; SELECT 2, 3 \$\$;
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE FUNCTION added() RETURNS colour LANGUAGE sql RETURN 'red';
SELECT build_register_model();" "$(grep -E '^(CREATE|COMMENT|SELECT)' "$dir/update.sql")"
same "and nothing but what is new" "" "$(tools/update-script "$dir/new.sql" "$dir/new.sql" | grep -E '^(CREATE|COMMENT)' || :)"
plan
