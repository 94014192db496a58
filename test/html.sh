#!/bin/bash
#
# html.sh: tools/html makes a book of all pages in which every link leads somewhere, that can be searched and that loads
# nothing from elsewhere; and refuses a page that leads nowhere or that nothing leads to.  Prints TAP.
set -euo pipefail

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

tools/html >/dev/null

# ---------- the book ----------

same "a page for each page of the sources" \
	"$(printf '%s\n' ./*.md doc/*.md doc/*/*.md | sed 's/^\.\///; s/\.md$/.html/' | sort)" \
	"$(cd html && find . -name '*.html' ! -name index.html ! -name search.html -printf '%P\n' | sort)"
same "its parts are those of doc/README.md" "$(sed -n 's/^## //p' doc/README.md)" \
	"$(sed -nE 's/.*<p class="caption"[^>]*><span class="caption-text">([^<]*)<.*/\1/p' html/README.html)"

# links: how many there are in all pages, and each that leads to no file or to no place in it
links() {
	local pages
	cd html
	mapfile -t pages < <(find . -name '*.html' -printf '%P\n')
	perl -e '
		my (%text, %places);
		local $/;
		for my $page (@ARGV) {
			open my $file, "<", $page or die "$page: $!";
			$text{$page} = <$file>;
			$places{$page}{$1} = 1 while $text{$page} =~ /\sid="([^"]*)"/g;
		}
		my $all = 0;
		for my $page (@ARGV) {
			while ($text{$page} =~ /<[^>]*\s(?:href|src)="([^"]*)"/g) {
				my $link = $1;
				next if $link =~ /^[a-z]+:/;
				$all++;
				my ($path, $place) = split /#/, $link, 2;
				$path =~ s/\?.*//;
				my $file = $page;
				if ($path ne "") {
					$file =~ s{[^/]*$}{$path};
					1 while $file =~ s{(^|/)(?!\.\./)[^/]+/\.\./}{$1};
				}
				next if -e $file && (!length($place // "") || $places{$file}{$place});
				print "$page: $link\n";
			}
		}
		print $all > 5000 ? "thousands\n" : "$all\n";' "${pages[@]}"
}
same "every link leads somewhere" thousands "$(links)"
same "nothing is loaded from elsewhere" '' "$(
	grep -rnoiE '<(script|link|img|iframe|source)[^>]* (src|href)="([a-z]+:)?//[^"]*"' --include='*.html' html
	grep -rnoiE '(url\(|@import) *["'\'']?([a-z]+:)?//[^)]*' --include='*.html' --include='*.css' html
)"
for word in persist absenc; do # as the search has them
	ok "the search knows $word" grep -qE ", ?\"$word\":" html/searchindex.js
done

# ---------- what is refused ----------

dir=$ATT_WORK/html
mkdir -p "$dir"/{tools,doc/roles}
cp tools/html "$dir/tools/"
cp attendance.control LICENSE "$dir/"
for page in README doc/page doc/roles/README doc/roles/clerk; do
	echo "# A page" >"$dir/$page.md"
done
printf '%s\n\n' '# Contents' '[roles](roles/README.md)' '## Part' '[front](../README.md), [page](page.md)' >"$dir/doc/README.md"
same "a small book" "html/index.html: a book of 7 pages" "$("$dir/tools/html")"

# refuses SAYS PAGE LINE: with this line in the page
refuses() {
	local answer
	printf '# A page\n\n%s\n' "$3" >"$dir/$2"
	answer=$("$dir/tools/html" 2>&1) && answer="no error"
	ok "$1" grep -qE "${1//\'/}" <<<"${answer//\'/}" # newer ones quote what they name
	echo '# A page' >"$dir/$2"
}
refuses "reference target not found: doc/gone.md" README.md '[gone](doc/gone.md)'
refuses "(reference target not found: doc/page.md#|local id not found in doc doc/page: )gone" README.md '[gone](doc/page.md#gone)'
refuses "lost.md: WARNING: document isn't included in any toctree" doc/lost.md 'Nothing leads here.'
ok "and the book of before is still there" test -e "$dir/html/doc/page.html"
plan
