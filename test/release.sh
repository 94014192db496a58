#!/bin/bash
#
# release.sh: tools/check-release says what is not yet as a release has to be, each thing in words, and nothing of a tree that
# is ready.  Prints TAP.
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
plan
