# shellcheck shell=bash
# To be sourced, after tools/cluster.sh, by what needs a library of another version.

# build_library VERSION: prints where it is; only what says the version is compiled anew
build_library() {
	local tree
	tree=$(mktemp -d "$ATT_WORK/library.XXXXXX")
	(cd "$ATT_TREE" && tar -c --exclude=version.o --exclude=module.o Makefile attendance.control make src) | tar -C "$tree" -x
	ATT_TREE=$tree att_make "$tree" "EXTVERSION=$1" attendance.so >/dev/null
	echo "$tree/attendance.so"
}

# install_library FILE STAGE: as a package does it: those who have the old one open go on with it
install_library() {
	local library
	library=$2$(att_pg --pkglibdir)/attendance.so
	cp "$1" "$library.new"
	mv "$library.new" "$library"
}
