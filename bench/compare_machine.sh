# shellcheck shell=bash disable=SC2154 # variables of compare
# To be sourced by compare: large pages, and what machine it is.

# Where processes and memory are virtual, first touching a page of 4 kB can cost more than reading all that is in it. As
# root, large pages are set aside for the server's buffers, as its manual advises for such a size, and given to whoever
# asks for much memory, as Debian does; both are put back when the script ends.
thp=/sys/kernel/mm/transparent_hugepage/enabled
set_large_pages() {
	local before
	[[ $(id -u) == 0 && -w /proc/sys/vm/nr_hugepages ]] || return 0
	before=$(</proc/sys/vm/nr_hugepages)
	trap 'put_back_pages $?' EXIT
	thp_before=$(sed 's/.*\[\(.*\)\].*/\1/' "$thp" 2>/dev/null) || thp_before=
	large_pages=2200 # of 2 MB
	echo $((before + large_pages)) >/proc/sys/vm/nr_hugepages || true
	(($(</proc/sys/vm/nr_hugepages) == before + large_pages)) || { echo "$before" >/proc/sys/vm/nr_hugepages && large_pages=0; }
	[[ ! $thp_before ]] || echo always >"$thp" || thp_before=
}

put_back_pages() {
	trap '' HUP INT TERM
	[[ ! $thp_before ]] || echo "$thp_before" >"$thp"
	((large_pages == 0)) || echo $(($(</proc/sys/vm/nr_hugepages) - large_pages)) >/proc/sys/vm/nr_hugepages
	att_cleanup "$1"
}

machine() {
	local buffers='pages of 4 kB'
	! awk '/^HugePages_Total/ { total = $2 } /^HugePages_Free/ { free = $2 } END { exit total == free }' /proc/meminfo || buffers='large pages'
	printf '\n### The machine\n\n'
	printf -- '- %s\n' "$(nproc) processors, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(awk '/^MemTotal/ { print int($2 / 1048576 + 0.5) }' /proc/meminfo) GB" \
		"Linux $(uname -r), shared buffers of 4 GB in $buffers" "PostgreSQL $(sql -c 'SHOW server_version')"
	[[ ! $duck ]] || printf -- '- DuckDB %s\n' "$duck"
}
