#!/bin/bash
#
# fuzz.sh: a short run of tools/fuzz, the same every time; and a look at whether it can find anything.
set -euo pipefail

echo 1..3
number=0
result() {
	number=$((number + 1))
	if (($1 == 0)); then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

log=$ATT_WORK/fuzz.log
export FUZZ_BUILD=$ATT_WORK/fuzz FUZZ_RUNS=20000
status=0
timeout 600 tools/fuzz --short >"$log" 2>&1 || status=$?
((status == 0)) || sed 's/^/# /' "$log" | tail -n 40
result "$status" 'inputs of every kind are read without a fault'

grep -qE '^Done [0-9]{5,} runs' "$log" && status=0 || status=1
result "$status" "$(grep -oE 'Done [0-9]+ runs' "$log" || echo 'no run')"

# Only the file that was changed is compiled again.
weak=$ATT_WORK/weak
mkdir -p "$weak/test" "$weak/tools"
cp -Rp src "$weak"
cp -Rp test/fuzz "$weak/test"
cp -p tools/fuzz "$weak/tools"
sed -i 's/ends_with_mark(runs) && //' "$weak/src/series/check.c"
status=0
if cmp -s src/series/check.c "$weak/src/series/check.c" ||
	timeout 600 "$weak/tools/fuzz" --short >"$log" 2>&1; then
	status=1
fi
result "$status" 'a validator that takes a blank at the end is found out'
