#!/usr/bin/env bash
# Fuzzes every target for a while, one after the other, from the committed corpora, which it does not touch.
#   bash fuzz/run.sh [--seconds N] [--corpus DIR] [--jobs N] [--target-dir DIR] [TARGET...]
# --seconds      for each target; 60 without it
# --corpus       keeps what is found in DIR/TARGET and goes on from there the next time; a scratch folder without it
# --jobs         processes a target; 1 without it
# --target-dir   where to build, instead of cargo's choice (CARGO_TARGET_DIR)
# Exits 0 if all is well, 1 if a target crashed or was not built, 2 for a usage error, 75 if the tools are missing.
# Crashing inputs are in fuzz/artifacts/TARGET, what the fuzzer said in fuzz/artifacts/TARGET.log.
set -u -o pipefail

usage='usage: bash fuzz/run.sh [--seconds N] [--corpus DIR] [--jobs N] [--target-dir DIR] [TARGET...]'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
toolchain=${FUZZ_TOOLCHAIN:-nightly}

seconds=60 corpus='' jobs=1 targets=()
while (($#)); do
    case $1 in
        --seconds | --corpus | --jobs | --target-dir)
            (($# > 1)) || { echo "$usage" >&2; exit 2; }
            case $1 in
                --seconds) seconds=$2 ;;
                --corpus) mkdir -p "$2" && corpus=$(cd "$2" && pwd) || exit 1 ;;
                --jobs) jobs=$2 ;;
                --target-dir) mkdir -p "$2" && CARGO_TARGET_DIR=$(cd "$2" && pwd) && export CARGO_TARGET_DIR || exit 1 ;;
            esac
            shift 2
            ;;
        -h | --help) sed -n '2,9s/^# //p' "$0"; exit 0 ;;
        -*) echo "$usage" >&2; exit 2 ;;
        *)
            [[ -f $here/fuzz_targets/$1.rs ]] || { echo "no target $1 in fuzz/fuzz_targets" >&2; exit 2; }
            targets+=("$1")
            shift
            ;;
    esac
done
if ! [[ $seconds =~ ^[1-9][0-9]*$ && $jobs =~ ^[1-9][0-9]*$ ]]; then
    echo "$usage" >&2
    exit 2
fi
if ((${#targets[@]} == 0)); then
    for file in "$here"/fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done
fi

skip() { echo "skipped: $1"; exit 75; }
cargo fuzz --version >/dev/null 2>&1 || skip 'no cargo-fuzz; cargo install cargo-fuzz'
cargo "+$toolchain" --version >/dev/null 2>&1 || skip "no $toolchain toolchain; rustup toolchain install $toolchain"

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
corpus=${corpus:-$scratch/corpus}
cd "$here/.." || exit 1

# Many codegen units: most of the build is code that is not fuzzed.
if ! cargo "+$toolchain" fuzz build --codegen-units 16; then
    echo 'fuzz: the targets cannot be built' >&2
    exit 1
fi

# The last number after a word in a log.
last() { grep -aoE "$2 *[0-9]+" "$1" | grep -oE '[0-9]+$' | tail -n 1; }

failed=0 rows=()
for target in "${targets[@]}"; do
    mkdir -p "$corpus/$target" || exit 1
    # Only the first folder is written to.
    folders=("$corpus/$target")
    for folder in "fuzz/corpus/$target" "fuzz/seeds/$target"; do [[ -d $folder ]] && folders+=("$folder"); done
    options=("-max_total_time=$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1)
    ((jobs > 1)) && options+=("-fork=$jobs")
    log=$scratch/$target.log start=$SECONDS status=ok
    printf '\n=== %s ===\n' "$target"
    if ! cargo "+$toolchain" fuzz run --codegen-units 16 "$target" "${folders[@]}" -- "${options[@]}" >"$log" 2>&1; then
        status=CRASHED failed=1
        grep -aE 'panicked at|^SUMMARY|^==.*ERROR|artifact_prefix|libFuzzer: ' -A 3 "$log" | cut -c 1-400 | head -n 40
        mkdir -p fuzz/artifacts && cp "$log" "fuzz/artifacts/$target.log"
    fi
    execs=$(last "$log" 'number_of_executed_units:')
    # With several processes there are no final statistics, but the number of the last report.
    execs=${execs:-$(grep -aoE '^#[0-9]+' "$log" | tail -n 1 | tr -d '#')}
    new=$(last "$log" 'new_units_added:')
    [[ $status == CRASHED ]] || ((${execs:-0} > 0)) || { status='did not run' failed=1; tail -n 20 "$log"; }
    row=$(printf '%-10s %12s %7s %6s %8s  %s' "$target" "${execs:--}" "$(last "$log" 'cov:')" "${new:--}" \
        "$((SECONDS - start))" "$status")
    echo "$row"
    rows+=("$row")
done

printf '\n%-10s %12s %7s %6s %8s  %s\n' target execs cov new seconds status
printf '%s\n' "${rows[@]}"
((failed)) && exit 1
echo "reached: ${#targets[@]} targets, $seconds s each"
