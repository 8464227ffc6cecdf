#!/usr/bin/env bash
# Counts instructions per operation with callgrind: a table that does not depend on the machine's mood.
#   bash benches/callgrind.sh [LEVEL...]        levels that valgrind's processor has: portable sse2 avx2 (the default)
# Each operation runs N and 2 N times, and the difference is divided by N, so that start-up does not count.
set -euo pipefail

command -v valgrind >/dev/null || { echo 'callgrind.sh: valgrind is not on PATH' >&2; exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --quiet --release -p cutmix-bench --example count
count=${CARGO_TARGET_DIR:-target}/release/examples/count
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

instructions() { # instructions OPERATION LEVEL TIMES
    valgrind --quiet --tool=callgrind --callgrind-out-file="$scratch/out" "$count" "$@" 2>"$scratch/log" ||
        { sed 's/^/callgrind.sh: /' "$scratch/log" >&2; return 1; }
    awk '/^(summary|totals):/ { print $2; exit }' "$scratch/out"
}

levels=("$@")
((${#levels[@]})) || levels=(portable sse2 avx2)
times=2000
printf '| instructions per operation |'; printf ' %s |' "${levels[@]}"
printf '\n|---|'; printf -- '---|%.0s' "${levels[@]}"; printf '\n'
for operation in copy-4x4 copy-16x16 copy-112x112 exchange-16x16 mixup-u8-32x32 cutout-16x16 plan-alpha-1 beta-0.2 beta-8 batch-32x32x3x64; do
    n=$times
    [[ $operation == batch-* ]] && n=50
    printf '| %s |' "$operation"
    for level in "${levels[@]}"; do
        once=$(instructions "$operation" "$level" "$n")
        twice=$(instructions "$operation" "$level" $((2 * n)))
        printf ' %d |' $(((twice - once) / n))
    done
    printf '\n'
done
