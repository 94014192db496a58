#!/bin/bash
#
# book.sh: the book that tools/html makes can be searched in a browser without a server, and its cheat sheet is printed on
# one side of A4.  Prints TAP.
set -euo pipefail

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

tools/html >/dev/null
book=file://$PWD/html

browser() {
	timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-background-networking \
		--user-data-dir="$ATT_WORK/browser" "$@" 2>/dev/null
}

# found WORDS: the pages that a search finds
found() {
	browser --virtual-time-budget=10000 --dump-dom "$book/search.html?q=$1" |
		grep -oE '<li><a href="[^"?#]*' | sed 's/.*"//' | sort -u
}
pages=$(found persistent+absence) || :
for page in doc/reports.html doc/glossary.html; do
	ok "a search finds $page" grep -qxF "$page" <<<"$pages"
done
same "and nothing for what is in no page" '' "$(found unheardofword || :)"

browser --no-pdf-header-footer --print-to-pdf="$ATT_WORK/sheet.pdf" "$book/doc/cheat-sheet.html" >/dev/null
same "the cheat sheet is one side of A4" '210 x 297' "$(perl -0777 -ne '
	printf "%.0f x %.0f\n", $1 / 72 * 25.4, $2 / 72 * 25.4
		while m{/Type\s*/Page\b.*?/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]}gs' "$ATT_WORK/sheet.pdf")"
plan
